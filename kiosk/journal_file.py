"""The journal's file: SQLite (WAL, synchronous FULL) through SQLAlchemy Core on one held connection.

The law of this file: a write is on the disk when the call returns, or it did not happen and a
`JournalError` says so. Nothing read here is believed; texts come as they lie there, and what SQLite
itself cannot read any more is None, row by row. SQLite errors leave this file as `JournalError` only.

One file serves one thread. Others (sockets, `kiosk journal show`) open it read-only for themselves.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from kiosk import journal_tables as db
from kiosk.journal_values import JournalError, Reason, Stored

FILE_MODE = 0o600
FOLDER_MODE = 0o700
BUSY_S = 5.0  # a reader recovering the WAL holds it for moments

Step = tuple[str, tuple[object, ...] | list[tuple[object, ...]]]


class JournalFile:
    """One open journal.db. `Rows` of `kiosk.journal_values`, and the writing side."""

    def __init__(self, path: Path, address: str, pragmas: Sequence[str]) -> None:
        self._path = path
        self.engine = sa.create_engine(
            "sqlite://",
            creator=lambda: _connect(address),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",  # one INSERT is one transaction; more say BEGIN
            hide_parameters=True,  # errors must not carry statements into logs
        )
        try:
            self._connection = self.engine.connect()
        except sa.exc.DBAPIError as error:
            raise self._trouble(error) from error
        try:
            for pragma in pragmas:
                self._connection.exec_driver_sql(pragma)
        except sa.exc.DBAPIError as error:
            self.close()
            raise self._trouble(error) from error

    @classmethod
    def writing(cls, path: Path) -> Self:
        """Open for service; file (0600) and folder (0700) are made if missing.

        Raises:
            JournalError: io, damaged.
        """
        try:
            path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
            _sync_folder(path.parent)
        except OSError as error:
            raise JournalError(Reason.IO, f"{path}: {error.strerror}; check the disk") from error
        file = cls(path, f"file:{quote(str(path))}?mode=rw", db.PRAGMAS)
        if file.journal_mode() != "wal":
            file.close()
            raise JournalError(Reason.IO, f"{path}: no WAL on this file system; move `data`")
        return file

    @classmethod
    def reading(cls, path: Path) -> Self:
        """Open beside a running kiosk without disturbing it.

        Raises:
            JournalError: missing, io, damaged.
        """
        if not path.is_file():
            raise JournalError(Reason.MISSING, f"{path} is not there; see `data` in kiosk.toml")
        # In a folder that nobody can write (a mounted card) SQLite cannot share memory, but neither
        # can the file change: where there is no WAL, there is no writer, and it is read as it is.
        wal = path.with_name(path.name + "-wal")
        frozen = not os.access(path.parent, os.W_OK) and not wal.exists()
        how = "immutable=1" if frozen else "mode=ro"
        return cls(path, f"file:{quote(str(path))}?{how}", ())

    def journal_mode(self) -> str:
        """What SQLite made of "WAL, please"; only "wal" survives power cuts as promised."""
        return str(self.read(sa.text("PRAGMA journal_mode"))[0][0])

    def facts(self) -> dict[str, str]:
        """Kiosk, epoch and schema, or nothing in a file that was only just made."""
        if not self.read(sa.text("SELECT name FROM sqlite_master LIMIT 1")):
            return {}
        return {str(name): str(value) for name, value in self.read(sa.select(db.facts))}

    def create(self, facts: dict[str, str]) -> None:
        """Make the tables and write the facts, in one transaction. After an error: close it."""
        try:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            db.meta.create_all(self._connection, checkfirst=False)
            for fact in facts.items():
                self._connection.exec_driver_sql(db.INSERT_FACT, fact)
            self._connection.exec_driver_sql("COMMIT")
        except sa.exc.DBAPIError as error:
            raise self._trouble(error) from error

    def keep(self, seq: int, compact: str) -> None:
        """One row; durable on return.

        Raises:
            JournalError: nothing was kept.
        """
        try:
            self._connection.exec_driver_sql(db.INSERT_STATEMENT, (seq, compact))
        except sa.exc.DBAPIError as error:
            raise self._trouble(error) from error

    def keep_manifest(self, seq: int, compact: str, manifest: tuple[int, str, str]) -> None:
        """One row with the sealed manifest (ver, hash, sealed) that it accepts."""
        row = (db.INSERT_STATEMENT, (seq, compact))
        self.in_one((row, (db.INSERT_MANIFEST, (seq, *manifest)), (db.DROP_MANIFESTS, ())))

    def keep_state(self, seq: int, compact: str, encoding: int, state: bytes) -> None:
        """One row with the folded state whose hash it states."""
        row = (db.INSERT_STATEMENT, (seq, compact))
        beside = (db.INSERT_CHECKPOINT, (seq, encoding, state))
        self.in_one((row, beside, (db.DROP_CHECKPOINTS, ())))

    def in_one(self, steps: Sequence[Step]) -> None:
        """All of these writes in one transaction; durable on return.

        Raises:
            JournalError: nothing was kept.
        """
        try:
            for sql, parameters in (("BEGIN IMMEDIATE", ()), *steps, ("COMMIT", ())):
                self._connection.exec_driver_sql(sql, parameters)
        except sa.exc.DBAPIError as error:
            self._roll_back()
            raise self._trouble(error) from error

    def last_seq(self) -> int:
        """As `Rows` says."""
        return int(self.read(sa.select(sa.func.max(db.statements.c.seq)))[0][0] or 0)

    def texts(self, after: int, most: int) -> list[tuple[int, str | None]]:
        """As `Rows` says: a row on a damaged page does not take its neighbours with it."""
        until = min(after + most, self.last_seq())
        try:
            found = self._range(after, until)
        except JournalError as error:
            if error.reason is not Reason.DAMAGED:
                raise
            found = {seq: self._single(seq) for seq in range(after + 1, until + 1)}
        return [(seq, found.get(seq)) for seq in range(after + 1, until + 1)]

    def checkpoints(self) -> list[Stored]:
        """As `Rows` says."""
        wanted = sa.select(db.checkpoints.c.seq, db.checkpoints.c.encoding)
        found = self.read(wanted.order_by(db.checkpoints.c.seq.desc()))
        return [Stored(seq, encoding) for seq, encoding in found]

    def state(self, seq: int) -> bytes | None:
        """As `Rows` says."""
        found = self.read(sa.select(db.checkpoints.c.state).where(db.checkpoints.c.seq == seq))
        return found[0][0] if found and isinstance(found[0][0], bytes) else None

    def manifests(self) -> list[tuple[int, int, str, str]]:
        """As `Rows` says."""
        found = self.read(sa.select(db.manifests).order_by(db.manifests.c.seq.desc()))
        return [(seq, ver, str(name), str(sealed)) for seq, ver, name, sealed in found]

    def free_bytes(self) -> int:
        """Room for the owner of the file on its disk."""
        return room(self._path.parent)

    def close(self) -> None:
        """Let go of the file; the last one to close it folds the WAL in."""
        self._connection.close()
        self.engine.dispose()

    def _roll_back(self) -> None:
        driver = self._connection.connection.driver_connection
        if driver is not None and driver.in_transaction:  # a full disk ends it by itself
            try:
                self._connection.exec_driver_sql("ROLLBACK")
            except sa.exc.DBAPIError as error:
                raise self._trouble(error) from error

    def _range(self, after: int, until: int) -> dict[int, str | None]:
        wanted = sa.select(db.statements).where(db.statements.c.seq.between(after + 1, until))
        return {int(seq): _text(compact) for seq, compact in self.read(wanted)}

    def _single(self, seq: int) -> str | None:
        try:
            return self._range(seq - 1, seq).get(seq)
        except JournalError as error:
            if error.reason is not Reason.DAMAGED:
                raise
            return None

    def read(self, wanted: sa.Executable) -> list[tuple[Any, ...]]:
        """What this selects, nothing of it believed."""
        try:
            return [tuple(row) for row in self._connection.execute(wanted)]
        except sa.exc.DBAPIError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: sa.exc.DBAPIError) -> JournalError:
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return JournalError(Reason.FULL, f"no room for {self._path}; nothing was written")
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
            return JournalError(Reason.DAMAGED, f"{self._path}: {error.orig}; keep a copy of it")
        return JournalError(Reason.IO, f"{self._path}: {error.orig}; nothing was written")


def room(folder: Path) -> int:
    """Bytes that this user may still write there; 0 where the disk does not even say."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    return disk.f_bavail * disk.f_frsize


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.isascii() else None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
