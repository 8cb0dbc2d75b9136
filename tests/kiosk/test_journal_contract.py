import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journal import Journal
from kiosk.journal_values import JournalPort, Reason
from tests.contract.journal_contract import EPOCH, KEY, KIOSK, JournalContract, JournalRig
from tests.contract.restored_contract import RestoredContract
from tests.journal_fake import Disk, MemoryJournal


class SqliteRig:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._journal = Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=KEY)

    @property
    def journal(self) -> JournalPort:
        return self._journal

    def reopen(self) -> None:
        self._journal.close()
        self._journal = Journal.open(self._path, kiosk=KIOSK, epoch=EPOCH, key=KEY)

    def garble(self, seq: int) -> None:
        self._behind(
            "UPDATE statements SET compact = replace(compact, 'e', 'f') WHERE seq = ?", seq
        )

    def lose(self, seq: int) -> None:
        self._behind("DELETE FROM statements WHERE seq = ?", seq)

    def garble_state(self, seq: int) -> None:
        self._behind("UPDATE checkpoints SET state = x'00' WHERE seq = ?", seq)

    def fill(self) -> None:
        # SQLite's own SQLITE_FULL: no page beyond those that are there.
        self._pragma("max_page_count = 1")

    def make_room(self) -> None:
        self._pragma("max_page_count = 1000000")

    def _pragma(self, text: str) -> None:
        self._journal._file._connection.exec_driver_sql(f"PRAGMA {text}").close()

    def _behind(self, sql: str, seq: int) -> None:
        other = sqlite3.connect(self._path)
        other.execute(sql, (seq,))
        other.commit()
        other.close()


class MemoryRig:
    def __init__(self) -> None:
        self._disk = Disk()
        self.reopen()

    @property
    def journal(self) -> JournalPort:
        return self._journal

    def reopen(self) -> None:
        self._journal = MemoryJournal(self._disk, kiosk=KIOSK, epoch=EPOCH, key=KEY)

    def garble(self, seq: int) -> None:
        self._disk.rows[seq - 1] = str(self._disk.rows[seq - 1]).replace("e", "f")

    def lose(self, seq: int) -> None:
        self._disk.rows[seq - 1] = None

    def garble_state(self, seq: int) -> None:
        self._disk.states[seq] = (self._disk.states[seq][0], b"\0")

    def fill(self) -> None:
        self._disk.fails = Reason.FULL

    def make_room(self) -> None:
        self._disk.fails = None


class TestSqlite(JournalContract, RestoredContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[JournalRig]:
        rig = SqliteRig(tmp_path / "data" / "journal.db")
        yield rig
        rig.journal.close()


class TestInMemory(JournalContract, RestoredContract):
    @pytest.fixture
    def rig(self) -> JournalRig:
        return MemoryRig()
