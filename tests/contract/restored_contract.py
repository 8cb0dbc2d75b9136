"""What every journal must do with rows that come back: subclass `RestoredContract`, give a `rig`."""

from __future__ import annotations

import pytest

from kiosk.journal_values import Aside, JournalError, JournalPort, Reason
from sync.envelopes import hash_of, sign_statement
from sync.messages import Head
from tests.contract.journal_contract import (
    ENCODING,
    KEY,
    PLENTY,
    JournalRig,
    accept,
    checkpoint,
    fill,
    replayed,
    statement,
)


def following(journal: JournalPort, after: int, count: int) -> list[str]:
    """Rows that another copy of this card has signed after row `after`."""
    prev = journal.hash_at(after)
    texts: list[str] = []
    for seq in range(after + 1, after + 1 + count):
        payload = {**statement(seq, "opened", copy=2).payload(), "prev": prev}
        texts.append(sign_statement(payload, KEY))
        prev = hash_of(texts[-1])
    return texts


def everything(journal: JournalPort) -> list[object]:
    return list(journal.after(0, most=1000, most_bytes=PLENTY))


class RestoredContract:
    def test_nothing_lies_aside_of_a_journal_that_was_never_copied(self, rig: JournalRig) -> None:
        fill(rig.journal, 3)
        assert rig.journal.aside() is None
        assert rig.journal.hash_aside(3) is None
        with pytest.raises(ValueError, match="nothing lies aside"):
            rig.journal.take_in([statement(4)])

    @pytest.mark.parametrize("after", [0, 2, 3])
    def test_rows_lie_aside_behind_the_one_that_both_have(
        self, rig: JournalRig, after: int
    ) -> None:
        fill(rig.journal, 3)
        held, base = everything(rig.journal), rig.journal.hash_at(after)
        texts = following(rig.journal, after, 2)
        rig.journal.lay_aside(after, texts)
        for _ in range(2):
            head = Head(after + 2, hash_of(texts[1]))
            assert rig.journal.aside() == Aside(Head(after, base or ""), head)
            assert rig.journal.hash_aside(after) == base
            assert rig.journal.hash_aside(after + 1) == hash_of(texts[0])
            assert rig.journal.hash_aside(after + 3) is None
            assert everything(rig.journal) == held
            assert list(rig.journal.verify()) == []
            rig.reopen()

    def test_a_page_follows_on_the_last_and_another_branch_takes_its_place(
        self, rig: JournalRig
    ) -> None:
        fill(rig.journal, 3)
        texts = following(rig.journal, 3, 4)
        rig.journal.lay_aside(3, texts[:2])
        rig.journal.lay_aside(5, texts[2:])
        lying = rig.journal.aside()
        assert lying is not None
        assert (lying.base.seq, lying.head.seq) == (3, 7)
        rig.journal.lay_aside(4, ["another"])
        assert rig.journal.hash_aside(5) == hash_of("another")
        assert rig.journal.hash_aside(6) is None
        rig.journal.lay_aside(2, following(rig.journal, 2, 1))
        lying = rig.journal.aside()
        assert lying is not None
        assert (lying.base.seq, lying.head.seq) == (2, 3)

    def test_what_lies_aside_is_taken_in_whole_and_goes_on(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 2)
        accept(rig.journal, 7, "sealed-7")
        checkpoint(rig.journal, b"kept")
        texts = [str(row) for row in everything(rig.journal)]
        fill(rig.journal, 6)
        accept(rig.journal, 8, "sealed-8")
        checkpoint(rig.journal, b"gone")
        came = following(rig.journal, 4, 9)
        rig.journal.lay_aside(4, came)
        rig.journal.take_in([statement(14, "conflict"), statement(15, "conflict")])
        for _ in range(2):
            rows = everything(rig.journal)
            assert rows[:13] == [*texts, *came]
            assert rig.journal.head == Head(15, hash_of(str(rows[14])))
            assert rig.journal.aside() is None
            assert rig.journal.in_force() == (7, "hash-7", "sealed-7")
            start = rig.journal.start(ENCODING)
            assert (start.base_seq, start.folded, start.alarms) == (4, b"kept", ())
            assert [each.seq for each in start.statements] == list(range(5, 16))
            assert list(rig.journal.verify()) == []
            rig.reopen()
        fill(rig.journal, 17)
        assert list(rig.journal.verify()) == []

    def test_rows_that_gave_way_are_known_again(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 3)
        assert not rig.journal.gave_way(texts[2])
        rig.journal.lay_aside(1, following(rig.journal, 1, 2))
        rig.journal.take_in([statement(4, "conflict")])
        for _ in range(2):
            assert [rig.journal.gave_way(text) for text in texts] == [False, True, True]
            rig.reopen()

    def test_a_journal_with_no_row_in_common_is_taken_in_from_the_first_on(
        self, rig: JournalRig
    ) -> None:
        fill(rig.journal, 1)
        came = following(rig.journal, 0, 3)
        rig.journal.lay_aside(0, came)
        rig.journal.take_in([statement(4, "conflict")])
        assert everything(rig.journal)[:3] == came
        assert replayed(rig.journal) == [1, 2, 3, 4]

    def test_it_may_happen_again(self, rig: JournalRig) -> None:
        fill(rig.journal, 3)
        for _ in range(2):
            after = rig.journal.head.seq
            rig.journal.lay_aside(after, following(rig.journal, after, 2))
            rig.journal.take_in([statement(after + 3, "conflict")])
            fill(rig.journal, after + 5)
        assert rig.journal.head.seq == 13
        assert list(rig.journal.verify()) == []

    def test_a_full_disk_takes_in_nothing_by_halves(self, rig: JournalRig) -> None:
        fill(rig.journal, 3)
        checkpoint(rig.journal, b"state")
        held = everything(rig.journal)
        rig.journal.lay_aside(2, following(rig.journal, 2, 2))
        lying = rig.journal.aside()
        rig.fill()
        with pytest.raises(JournalError) as caught:
            rig.journal.take_in([statement(5, "conflict", much="x" * 10**6)])
        assert caught.value.reason is Reason.FULL
        with pytest.raises(JournalError):
            rig.journal.lay_aside(2, ["x" * 10**6])
        assert (everything(rig.journal), rig.journal.aside()) == (held, lying)
        rig.make_room()
        rig.journal.take_in([statement(5, "conflict")])
        assert list(rig.journal.verify()) == []

    def test_a_manifest_whose_copy_is_elsewhere_is_stored_again(self, rig: JournalRig) -> None:
        accept(rig.journal, 7, "sealed-7")
        fill(rig.journal, 2)
        payload = {**statement(3, "manifest_accepted", ver=8, hash="hash-8").payload()}
        came = sign_statement({**payload, "prev": rig.journal.hash_at(2)}, KEY)
        rig.journal.lay_aside(2, [came])
        rig.journal.take_in([statement(4, "conflict")])
        assert rig.journal.in_force() == (7, "hash-7", "sealed-7")
        rig.journal.keep_again(9, "hash-9", "sealed-9")  # no row accepted it
        assert rig.journal.in_force() == (7, "hash-7", "sealed-7")
        for _ in range(2):
            rig.journal.keep_again(8, "hash-8", "sealed-8")
            assert rig.journal.in_force() == (8, "hash-8", "sealed-8")
            assert list(rig.journal.verify()) == []
            rig.reopen()
