"""The two databases that central runs on, SQLite and PostgreSQL, made alike; and what their errors mean.

The law of this file: what was answered is on the disk (SQLite: WAL, synchronous FULL), one unit of work
is one transaction, and nothing waits for ever: not for a lock, not for a server that is gone. An error
of the database is one of three things: worth another try, out of order, or the sender's fault.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import DataError as RefusedValueError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 10_000  # how long a transaction waits for another one's lock
CONNECT_S = 5
STATEMENT_MS = 30_000  # longest single statement on PostgreSQL
IDLE_MS = 60_000  # longest that a transaction of a stuck replica holds its locks there
CONNECTIONS = 20  # of one process, plus the one that listens
POOL_WAIT_S = 10
POSTGRES = "postgresql"
_DRIVER = "postgresql+psycopg"
_ALIASES = ("postgres", POSTGRES, _DRIVER)
_COLLISIONS = ("40001", "40P01", "23505")  # serialisation, deadlock, somebody else was first
_FAILURES = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)
_SETTINGS = {
    "lock_timeout": BUSY_MS,
    "statement_timeout": STATEMENT_MS,
    "idle_in_transaction_session_timeout": IDLE_MS,
}
_KEEPALIVE = {  # a server whose machine has gone is noticed within a minute
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class StoreError(Exception):
    """The database did not take it; nothing was changed, and the same may be tried again."""


class BusyError(StoreError):
    """Others were at the same rows; another try at once is likely to succeed."""


class DownError(StoreError):
    """The database cannot be reached, or refuses to work."""


class UnkeepableError(ValueError):
    """No database keeps this text or number: a NUL, half a character, beyond all bounds."""


def read_url(text: str) -> URL:
    """A database address: `postgresql://USER:PASSWORD@HOST/NAME` or `sqlite:///PATH`.

    Raises:
        ValueError: it is none, or of another kind of database; the text does not repeat it.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("wanted postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH") from None
    if url.drivername in _ALIASES:
        return url.set(drivername=_DRIVER)
    if url.drivername == "sqlite":
        return url
    raise ValueError(f"{url.drivername}: wanted postgresql or sqlite")


def plain_url(url: URL) -> str:
    """The address for psycopg itself, password included."""
    return url.set(drivername=POSTGRES).render_as_string(hide_password=False)


def open_engine(url: URL) -> Engine:
    """Connections to that database; none is made yet."""
    if url.drivername != _DRIVER:
        engine = create_engine(url, hide_parameters=True)
        _set_up_sqlite(engine)
        return engine
    options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    return create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={"connect_timeout": CONNECT_S, "options": options, **_KEEPALIVE},
    )


def judged(error: SQLAlchemyError) -> Exception:
    """What the error means for whoever asked; itself when it is our own fault."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    if state in _COLLISIONS or _unique_in_sqlite(error):
        return BusyError(f"others were at the same rows ({state or 'unique'})")
    if isinstance(error, RefusedValueError):
        return UnkeepableError("a value is out of all bounds")
    if isinstance(error, _FAILURES):
        return DownError(f"the database does not work ({type(error).__name__} {state or ''})")
    return error


def _unique_in_sqlite(error: SQLAlchemyError) -> bool:
    if not isinstance(error, IntegrityError):
        return False
    return "UNIQUE constraint" in str(error.orig)


def _write_ahead(cursor: DBAPICursor, path: str) -> None:
    """WAL, once per file. SQLite does not wait for others in this one change: a lock beside it does."""
    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone() == ("wal",):
        return
    if path in ("", ":memory:"):
        cursor.execute("PRAGMA journal_mode = WAL")
        return
    with Path(f"{path}.lock").open("ab") as lock:  # let go of when it is closed
        fcntl.flock(lock, fcntl.LOCK_EX)
        cursor.execute("PRAGMA journal_mode = WAL")


def _set_up_sqlite(engine: Engine) -> None:
    def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: `began` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        _write_ahead(cursor, engine.url.database or "")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    def began(connection: Connection) -> None:
        # Writers queue here instead of failing halfway.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
