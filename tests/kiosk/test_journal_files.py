"""Whose file it is, who may read it, and reading beside a writer."""

import sqlite3
import stat
from pathlib import Path

import pytest

from kiosk.journal import Journal
from kiosk.journal_values import JournalError, Reason
from sync.keys import public
from tests.contract.journal_contract import EPOCH, KEY, KIOSK, PLENTY, fill, statement


def _open(path: Path, kiosk: str = KIOSK, epoch: int = EPOCH) -> Journal:
    return Journal.open(path, kiosk=kiosk, epoch=epoch, key=KEY)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_and_its_folder_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "journal.db"
    journal = _open(path)
    fill(journal, 1)
    assert _mode(path.parent) == 0o700
    assert {_mode(each) for each in path.parent.iterdir()} == {0o600}
    journal.close()


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    journal = _open(tmp_path / "journal.db")
    ask = journal._file._connection.exec_driver_sql
    assert ask("PRAGMA journal_mode").scalar() == "wal"
    assert ask("PRAGMA synchronous").scalar() == 2  # FULL
    journal.close()


@pytest.mark.parametrize(("kiosk", "epoch"), [("q1-p07", EPOCH), (KIOSK, EPOCH + 1)])
def test_the_journal_of_another_kiosk_or_epoch_is_left_alone(
    tmp_path: Path, kiosk: str, epoch: int
) -> None:
    path = tmp_path / "journal.db"
    _open(path).close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match=f"belongs to kiosk {KIOSK}, epoch {EPOCH}") as caught:
        _open(path, kiosk, epoch)
    assert caught.value.reason is Reason.OTHER_KIOSK
    assert path.read_bytes() == before


def test_a_journal_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _open(path).close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE meta SET value = '3' WHERE name = 'schema'")
    other.close()
    with pytest.raises(JournalError, match="later version") as caught:
        _open(path)
    assert caught.value.reason is Reason.NEWER
    with pytest.raises(JournalError, match="later version"):
        Journal.read_only(path, key=KEY)


def test_a_database_of_somebody_else_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE papers (id)")
    other.close()
    with pytest.raises(JournalError) as caught:
        _open(path)
    assert caught.value.reason is Reason.DAMAGED


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(JournalError, match="data") as caught:
        _open(tmp_path / "data" / "journal.db")
    assert caught.value.reason is Reason.IO


def test_a_reader_sees_each_row_while_the_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    writer = _open(path)
    reader = Journal.read_only(path, key=public(KEY))
    for until in (1, 5, 6):
        fill(writer, until)
        assert reader.head == writer.head
        assert len(reader.after(0, most=9, most_bytes=PLENTY)) == until
    assert list(reader.verify()) == []
    reader.close()
    fill(writer, 7)
    writer.close()


def test_a_reader_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _open(path).close()
    before = path.read_bytes()
    reader = Journal.read_only(path, key=KEY)
    with pytest.raises(ValueError, match="not the one"):
        reader.append(statement(1))
    reader.close()
    assert path.read_bytes() == before


def test_a_missing_journal_is_not_made_by_a_reader(tmp_path: Path) -> None:
    for path in (tmp_path / "journal.db", tmp_path / "nowhere" / "journal.db"):
        with pytest.raises(JournalError, match="not there") as caught:
            Journal.read_only(path, key=KEY)
        assert caught.value.reason is Reason.MISSING
    assert list(tmp_path.iterdir()) == []


def test_a_journal_in_a_folder_that_nobody_can_write_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    writer = _open(path)
    fill(writer, 3)
    writer.close()
    # Root may write everywhere, so the operating system's answer is given for it.
    monkeypatch.setattr("os.access", lambda *_: False)
    reader = Journal.read_only(path, key=public(KEY))
    assert (reader.head.seq, list(reader.verify())) == (3, [])
    reader.close()
    assert [each.name for each in tmp_path.iterdir()] == ["journal.db"]
