"""Bytes turned over, cut off and withheld in a real file."""

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.journal import Journal
from kiosk.journal_values import Damaged, JournalError, Reason
from tests.contract.journal_contract import (
    ENCODING,
    EPOCH,
    KEY,
    KIOSK,
    PLENTY,
    accept,
    checkpoint,
    fill,
    replayed,
    statement,
)

STATE = b"the folded state " * 50
BASE = 40  # the checkpoint's row
LAST = 60


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """39 rows, a checkpoint, 19 rows, an accepted manifest: 60 in all; closed, WAL folded in."""
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    journal = Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=KEY)
    fill(journal, BASE - 1)
    checkpoint(journal, STATE)
    fill(journal, LAST - 1)
    accept(journal, 7, "sealed-7")
    journal.close()
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "journal.db"
    shutil.copy(sound, copy)
    return copy


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    journal = Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=KEY)
    try:
        yield journal
    finally:
        journal.close()


def text_of(path: Path, seq: int) -> str:
    with opened(path) as journal:
        text = journal.after(seq - 1, most=1, most_bytes=PLENTY)[0]
    assert isinstance(text, str)
    return text


def flip(path: Path, where: bytes, at: int = 0, bit: int = 1) -> None:
    """Turn one bit over, `at` bytes into the place where the file holds `where`."""
    data = bytearray(path.read_bytes())
    data[data.index(where) + at] ^= bit
    path.write_bytes(data)


PARTS = ["header", "payload", "signature"]


@pytest.mark.parametrize("bit", [1, 0x80], ids=["another letter", "no letter at all"])
@pytest.mark.parametrize("part", [0, 1, 2], ids=PARTS)
def test_a_byte_flipped_before_the_checkpoint_is_sent_as_a_hole(
    path: Path, part: int, bit: int
) -> None:
    text = text_of(path, 12)
    flip(path, text.encode(), text.index(text.split(".")[part]) + 8, bit)
    with opened(path) as journal:
        assert replayed(journal) == list(range(BASE + 1, LAST + 1))
        assert [f.seq for f in journal.verify()] == [12]
        sent = journal.after(10, most=3, most_bytes=PLENTY)
    assert [type(each) for each in sent] == [str, Damaged, str]


@pytest.mark.parametrize("bit", [1, 0x80], ids=["another letter", "no letter at all"])
@pytest.mark.parametrize("part", [0, 1, 2], ids=PARTS)
def test_a_byte_flipped_after_the_checkpoint_stops_the_start(
    path: Path, part: int, bit: int
) -> None:
    text = text_of(path, 50)
    flip(path, text.encode(), text.index(text.split(".")[part]) + 8, bit)
    with opened(path) as journal, pytest.raises(JournalError) as caught:
        replayed(journal)
    assert caught.value.reason is Reason.DAMAGED
    assert caught.value.seq in {50, 51}


def test_a_byte_flipped_in_the_newest_signature_stops_the_start(path: Path) -> None:
    text = text_of(path, LAST)
    flip(path, text.encode(), len(text) - 20)
    with opened(path) as journal, pytest.raises(JournalError) as caught:
        journal.start(ENCODING)
    assert caught.value.seq == LAST


def test_a_newest_row_that_is_no_text_stops_the_opening(path: Path) -> None:
    flip(path, text_of(path, LAST).encode(), 20, 0x80)
    with pytest.raises(JournalError) as caught, opened(path):
        pass
    assert (caught.value.reason, caught.value.seq) == (Reason.DAMAGED, LAST)


def test_a_byte_flipped_in_the_state_makes_the_start_fold_from_the_first_row(path: Path) -> None:
    flip(path, STATE, 100)
    with opened(path) as journal:
        start = journal.start(ENCODING)
        assert (start.base_seq, [alarm.seq for alarm in start.alarms]) == (0, [BASE])
        assert len(list(start.statements)) == LAST
        assert [f.seq for f in journal.verify()] == [BASE]


def test_another_manifest_hash_than_stated_is_found(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("UPDATE manifests SET hash = 'hash-8'")
    other.close()
    with opened(path) as journal:
        assert [f.seq for f in journal.verify()] == [LAST]


def test_rows_that_changed_places_are_not_taken_for_each_other(path: Path) -> None:
    with sqlite3.connect(path) as other:
        for old, new in ((12, 1000), (13, 12), (1000, 13)):
            other.execute("UPDATE statements SET seq = ? WHERE seq = ?", (new, old))
    other.close()
    with opened(path) as journal:
        assert journal.after(11, most=2, most_bytes=PLENTY) == [Damaged(12), Damaged(13)]
        assert [f.seq for f in journal.verify()] == [12, 13]


def test_a_row_whose_number_jumped_far_ahead_ends_the_search(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("UPDATE statements SET seq = ? WHERE seq = ?", (2**40, LAST))
    other.close()
    with opened(path) as journal:
        findings = list(journal.verify())
        with pytest.raises(JournalError) as caught:
            journal.start(ENCODING)
    assert findings[0].seq == LAST
    assert len(findings) < 300
    assert caught.value.reason is Reason.DAMAGED


def test_an_error_of_the_database_quotes_no_statement(path: Path) -> None:
    with opened(path) as journal:
        fill(journal, LAST + 1)
        with sqlite3.connect(path) as other:
            other.execute("INSERT INTO statements VALUES (?, 'papers')", (LAST + 2,))
        other.close()
        with pytest.raises(JournalError) as caught:
            fill(journal, LAST + 2)
    assert caught.value.reason is Reason.IO
    assert "eyJ" not in f"{caught.value} {caught.value.__cause__}"


def test_a_row_that_somebody_else_wrote_is_an_error_until_it_is_gone(path: Path) -> None:
    def behind(sql: str) -> None:
        with sqlite3.connect(path) as other:
            other.execute(sql)
        other.close()

    with opened(path) as journal:
        behind(f"INSERT INTO statements VALUES ({LAST + 1}, 'papers')")
        with pytest.raises(JournalError):
            accept(journal, 8, "sealed-8")
        behind(f"DELETE FROM statements WHERE seq > {LAST}")
        accept(journal, 8, "sealed-8")
        assert journal.in_force() == (8, "hash-8", "sealed-8")
        assert list(journal.verify()) == []


def test_a_page_that_sqlite_cannot_read_hides_only_its_own_rows(path: Path) -> None:
    with sqlite3.connect(path) as other:
        size = other.execute("PRAGMA page_size").fetchone()[0]
    other.close()
    page = path.read_bytes().index(text_of(path, 20).encode()) // size
    data = bytearray(path.read_bytes())
    data[page * size : page * size + 8] = b"\xff" * 8
    path.write_bytes(data)
    with opened(path) as journal:
        sent = journal.after(0, most=LAST, most_bytes=PLENTY)
        holes = [at for at, each in enumerate(sent, 1) if isinstance(each, Damaged)]
        assert 0 < len(holes) < 20
        assert len(sent) == LAST
        assert [f.seq for f in journal.verify()] == holes
        assert len(replayed(journal)) == LAST - BASE


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "no SQLite file": lambda _: b"papers" * 1000,
    "first page gone": lambda data: bytes(4096) + data[4096:],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "cut after the first page": lambda data: data[:4096],
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_called_damaged(path: Path, breaking: Callable[[bytes], bytes]) -> None:
    path.write_bytes(breaking(path.read_bytes()))
    with pytest.raises(JournalError) as caught, opened(path) as journal:
        replayed(journal)
    assert caught.value.reason is Reason.DAMAGED


def test_a_wal_cut_anywhere_leaves_whole_rows_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "live" / "journal.db"
    with opened(path) as journal:
        texts = fill(journal, 8)
        accept(journal, 7, "sealed-7" * 1000)
        wal = path.with_name("journal.db-wal").read_bytes()
        data = path.read_bytes()
    lengths = set()
    for cut in range(0, len(wal) + 1, 1001):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / "journal.db").write_bytes(data)
        (folder / "journal.db-wal").write_bytes(wal[:cut])
        with opened(folder / "journal.db") as journal:
            head = journal.head.seq
            assert journal.after(0, most=8, most_bytes=PLENTY) == texts[:head]
            assert (journal.in_force() is not None) == (head == 9)
            assert list(journal.verify()) == []
        lengths.add(head)
    assert len(lengths) > 5


def test_a_disk_that_refuses_to_write_is_an_error_and_no_more(tmp_path: Path) -> None:
    with opened(tmp_path / "journal.db") as journal:
        fill(journal, 3)
        head = journal.head
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = (tmp_path / "journal.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            with pytest.raises(JournalError) as caught:
                journal.append(statement(4, note="x" * 20_000))
            with pytest.raises(JournalError):
                journal.append(statement(4, "checkpoint", encoding=1), folded=b"x" * 20_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert caught.value.reason in {Reason.IO, Reason.FULL}
        assert journal.head == head
        fill(journal, 5)
        assert replayed(journal) == [1, 2, 3, 4, 5]
    with opened(tmp_path / "journal.db") as journal:
        assert list(journal.verify()) == []
