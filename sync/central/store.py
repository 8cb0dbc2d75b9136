"""The database as units of work, and the few things that every one of them needs.

The law of this file: what was answered is on the disk (WAL, synchronous FULL); one unit is one
transaction, and everything about a kiosk happens under that kiosk's row lock. Time is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from sync.central.settings import Settings
from sync.central.tables import Alarm, Kiosk, Table
from sync.central.vault import Vault

BUSY_MS = 10_000  # how long a transaction waits for another process's
MOST_DETAIL = 200  # characters of an alarm's text


class UnknownError(LookupError):
    """There is no such kiosk, result, holder or compartment; the text names it."""


class Store:
    """`now` is wall time in milliseconds."""

    def __init__(self, settings: Settings, now: Callable[[], int]) -> None:
        self.settings = settings
        self.now = now
        self.vault = Vault(settings.derived("at rest"))
        self.stamp_secret = settings.derived("stamps")
        self.fingerprint_secret = settings.derived("fingerprints")
        self._engine = create_engine(settings.database_url(), hide_parameters=True)
        if self._engine.dialect.name == "sqlite":
            _set_up_sqlite(self._engine)
        Table.metadata.create_all(self._engine)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when something is raised."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close the connections; the store may not be used after."""
        self._engine.dispose()

    def kiosk(self, session: Session, kiosk: str) -> Kiosk:
        """The kiosk's row, locked until the transaction ends.

        Raises:
            UnknownError: no such kiosk.
        """
        row = session.scalar(select(Kiosk).where(Kiosk.id == kiosk).with_for_update())
        if row is None:
            raise UnknownError(f"no kiosk {kiosk[:64]!r}")
        return row

    def alarm(self, session: Session, kiosk: str, kind: str, detail: str) -> None:
        """Keep something that a person must see; never a secret."""
        row = Alarm(kiosk=kiosk, kind=kind, detail=detail[:MOST_DETAIL], at_ms=self.now())
        session.add(row)


def _set_up_sqlite(engine: Engine) -> None:
    def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: `began` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def began(connection: Connection) -> None:
        # Writers queue here instead of failing halfway.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
