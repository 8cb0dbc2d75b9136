"""The power goes at every boundary while rows come back and are taken in: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk import journal_tables
from kiosk.core.restored import Verdict
from kiosk.journal import Journal
from kiosk.journal_aside import set_aside
from kiosk.journal_values import JournalError, Reason
from sync.restore import RESTORED
from tests.contract.journal_contract import (
    ENCODING,
    EPOCH,
    KEY,
    KIOSK,
    PLENTY,
    accept,
    checkpoint,
    fill,
    statement,
)
from tests.contract.restored_contract import everything, following
from tests.kiosk.test_journal_cuts import picture

COMMON, HERE, THERE = 4, 6, 9  # rows of both; of this card; of the other one


def opened(path: Path) -> Journal:
    return Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=KEY)


def an_older_card(path: Path) -> Journal:
    journal = opened(path)
    fill(journal, 2)
    accept(journal, 7, "sealed-7")
    checkpoint(journal, b"kept")
    fill(journal, HERE)
    return journal


def cut_everywhere(
    journal: Journal, path: Path, folder: Path, do: Callable[[], None]
) -> list[Path]:
    """A picture of the card before and after each word to SQLite."""
    pictures: list[Path] = []

    def cut(*_: object) -> None:
        pictures.append(picture(path, folder / f"cut{len(pictures)}"))

    for moment in ("before_cursor_execute", "after_cursor_execute"):
        sa.event.listen(journal._file.engine, moment, cut)
    do()
    for moment in ("before_cursor_execute", "after_cursor_execute"):
        sa.event.remove(journal._file.engine, moment, cut)
    return pictures


def test_a_cut_while_rows_are_laid_aside_leaves_the_journal_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "live" / "journal.db"
    journal = an_older_card(path)
    held = everything(journal)
    came = following(journal, COMMON, THERE - COMMON)

    def pages() -> None:
        journal.lay_aside(COMMON, came[:2])
        journal.lay_aside(COMMON + 2, came[2:])
        journal.lay_aside(COMMON, came)

    seen = set()
    for cut in cut_everywhere(journal, path, tmp_path, pages):
        after = opened(cut)
        lying = after.aside()
        assert everything(after) == held
        assert list(after.verify()) == []
        seen.add(lying.head.seq if lying else 0)
        after.lay_aside(COMMON, came)  # and it is simply begun again
        assert after.aside() is not None
        after.close()
    assert seen == {0, COMMON + 2, THERE}
    journal.close()


def test_a_cut_while_they_are_taken_in_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "live" / "journal.db"
    journal = an_older_card(path)
    held = everything(journal)
    came = following(journal, COMMON, THERE - COMMON)
    journal.lay_aside(COMMON, came)
    said = [statement(THERE + 1, "conflict"), statement(THERE + 2, "conflict")]
    pictures = cut_everywhere(journal, path, tmp_path, lambda: journal.take_in(said))
    whole = everything(journal)
    assert whole[:THERE] == [*held[:COMMON], *came]
    outcomes = []
    for cut in pictures:
        after = opened(cut)
        rows, gone = everything(after), [seq for seq, _ in set_aside(after._file)]
        done = rows == whole
        assert rows == (whole if done else held)
        assert (after.aside() is None) is done
        assert gone == (list(range(COMMON + 1, HERE + 1)) if done else [])
        assert after.start(ENCODING).folded == b"kept"
        assert list(after.verify()) == []
        if not done:
            after.take_in(said)  # what lies aside is still whole
            assert everything(after) == whole
        fill(after, after.head.seq + 2)
        assert list(after.verify()) == []
        after.close()
        outcomes.append(done)
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}
    journal.close()


def test_a_program_that_knows_nothing_of_restored_cards_does_not_serve_from_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    journal = an_older_card(path)
    journal.close()
    with monkeypatch.context() as older:
        older.setattr("kiosk.journal.SCHEMA_VERSION", journal_tables.FIRST_SCHEMA)
        opened(path).close()  # it never came back from anything
    journal = opened(path)
    journal.lay_aside(COMMON, following(journal, COMMON, 2))
    journal.close()
    with monkeypatch.context() as older:
        older.setattr("kiosk.journal.SCHEMA_VERSION", journal_tables.FIRST_SCHEMA)
        with pytest.raises(JournalError) as caught:
            opened(path)
    assert caught.value.reason is Reason.NEWER


def test_readers_see_the_one_journal_or_the_other(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = an_older_card(path)
    reader = Journal.read_only(path, key=KEY)
    journal.lay_aside(COMMON, following(journal, COMMON, 5))
    assert (reader.head.seq, reader.aside()) == (HERE, journal.aside())
    journal.take_in([statement(THERE + 1, "conflict")])
    assert reader.head == journal.head
    assert reader.after(0, most=99, most_bytes=PLENTY) == everything(journal)
    reader.close()
    journal.close()


def test_the_words_of_the_core_are_those_of_the_line() -> None:
    assert str(Verdict.WHOLE) == RESTORED
