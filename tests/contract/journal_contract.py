"""What every journal must do, on SQLite or in memory: subclass `JournalContract`, give a `rig`."""

from __future__ import annotations

from typing import Protocol

import pytest

from kiosk.journal_values import Damaged, Finding, JournalError, JournalPort, Reason
from sync.envelopes import check_statement, hash_of
from sync.keys import Key, new_signing_key
from sync.messages import Clock, Head, Statement

KIOSK = "q6-p02"
EPOCH = 3
KEY: Key = new_signing_key()
ENCODING = 1
PLENTY = 10**6


class JournalRig(Protocol):
    """A journal of KIOSK and EPOCH under KEY, empty at first, and ways to hurt it."""

    @property
    def journal(self) -> JournalPort: ...

    def reopen(self) -> None:
        """Let go of the journal and open it anew on what lies there."""

    def garble(self, seq: int) -> None:
        """Change one row's text behind the journal's back."""

    def lose(self, seq: int) -> None:
        """Take one row away, not the newest."""

    def garble_state(self, seq: int) -> None:
        """Change the folded state of a checkpoint."""

    def fill(self) -> None:
        """From now on the disk is full."""

    def make_room(self) -> None:
        """The disk has room again."""


def statement(seq: int, kind: str = "rated", **fields: object) -> Statement:
    at_ms = 1_795_000_000_000 + 1000 * seq
    return Statement(KIOSK, EPOCH, seq, "", at_ms, Clock.SYNCED, 500 * seq, kind, fields)


def fill(journal: JournalPort, until: int) -> list[str]:
    """Plain rows up to number `until`; their signed texts."""
    first = journal.head.seq + 1
    return [
        journal.append(statement(seq, stars=seq % 5)).compact for seq in range(first, until + 1)
    ]


def checkpoint(journal: JournalPort, folded: bytes, encoding: int = ENCODING) -> int:
    seq = journal.head.seq + 1
    return journal.append(statement(seq, "checkpoint", encoding=encoding), folded=folded).seq


def accept(journal: JournalPort, ver: int, sealed: str) -> int:
    fields = {"ver": ver, "hash": f"hash-{ver}"}
    seq = journal.head.seq + 1
    return journal.append(statement(seq, "manifest_accepted", **fields), sealed=sealed).seq


def replayed(journal: JournalPort, encoding: int = ENCODING) -> list[int]:
    return [each.seq for each in journal.start(encoding).statements]


class JournalContract:
    def test_an_empty_journal_has_nothing_to_say(self, rig: JournalRig) -> None:
        journal = rig.journal
        start = journal.start(ENCODING)
        assert journal.head == Head(0, "")
        assert (journal.hash_at(0), journal.hash_at(1)) == ("", None)
        assert journal.after(0, most=10, most_bytes=PLENTY) == []
        assert journal.in_force() is None
        assert (start.base_seq, start.folded, list(start.statements)) == (0, None, [])
        assert list(journal.verify()) == []

    def test_each_row_is_signed_and_names_the_one_before_it(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 3)
        payloads = [check_statement(text, KEY) for text in texts]
        assert [payload["seq"] for payload in payloads] == [1, 2, 3]
        assert [payload["prev"] for payload in payloads] == ["", *map(hash_of, texts[:2])]

    def test_the_head_is_the_newest_row(self, rig: JournalRig) -> None:
        row = rig.journal.append(statement(1, cid="c1"))
        assert rig.journal.head == Head(1, row.hash) == Head(1, hash_of(row.compact))
        assert rig.journal.hash_at(1) == row.hash

    def test_a_statement_out_of_turn_is_our_own_mistake(self, rig: JournalRig) -> None:
        fill(rig.journal, 2)
        for seq in (1, 2, 4):
            with pytest.raises(ValueError, match="cannot follow"):
                rig.journal.append(statement(seq))
        assert rig.journal.head.seq == 2

    def test_a_statement_of_another_kiosk_or_epoch_is_our_own_mistake(
        self, rig: JournalRig
    ) -> None:
        strangers = [
            Statement("q1-p01", EPOCH, 1, "", 0, Clock.SYNCED, 0, "started", {}),
            Statement(KIOSK, EPOCH + 1, 1, "", 0, Clock.SYNCED, 0, "started", {}),
        ]
        for stranger in strangers:
            with pytest.raises(ValueError, match="not the one"):
                rig.journal.append(stranger)

    def test_everything_is_there_again_after_reopening(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 3)
        accept(rig.journal, 7, "sealed-7")
        head = rig.journal.head
        rig.reopen()
        assert rig.journal.head == head
        assert rig.journal.after(0, most=3, most_bytes=PLENTY) == texts
        assert rig.journal.in_force() == (7, "hash-7", "sealed-7")
        assert fill(rig.journal, 5)
        assert list(rig.journal.verify()) == []

    def test_rows_are_given_in_bites(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 5)
        two = len(texts[1]) + len(texts[2])
        after = rig.journal.after
        assert after(1, most=2, most_bytes=PLENTY) == texts[1:3]
        assert after(1, most=9, most_bytes=two) == texts[1:3]
        assert after(1, most=9, most_bytes=two - 1) == texts[1:2]
        assert after(1, most=9, most_bytes=1) == texts[1:2]
        assert after(5, most=9, most_bytes=PLENTY) == []
        assert after(99, most=9, most_bytes=PLENTY) == []

    def test_the_newest_manifest_is_in_force_and_two_are_kept(self, rig: JournalRig) -> None:
        for ver in (7, 8, 9):
            accept(rig.journal, ver, f"sealed-{ver}")
        assert rig.journal.in_force() == (9, "hash-9", "sealed-9")
        assert list(rig.journal.verify()) == []

    def test_without_a_checkpoint_everything_is_folded(self, rig: JournalRig) -> None:
        fill(rig.journal, 600)
        statements = list(rig.journal.start(ENCODING).statements)
        assert [each.seq for each in statements] == list(range(1, 601))
        assert statements[1].prev == rig.journal.hash_at(1)
        assert statements[4].fields == {"stars": 0}

    def test_folding_starts_at_the_newest_checkpoint(self, rig: JournalRig) -> None:
        fill(rig.journal, 2)
        checkpoint(rig.journal, b"old")
        fill(rig.journal, 5)
        base = checkpoint(rig.journal, b"new")
        fill(rig.journal, 9)
        start = rig.journal.start(ENCODING)
        assert (start.base_seq, start.folded, start.encoding) == (base, b"new", ENCODING)
        assert [each.seq for each in start.statements] == [7, 8, 9]
        assert start.alarms == ()

    def test_a_checkpoint_at_the_very_end_leaves_nothing_to_fold(self, rig: JournalRig) -> None:
        fill(rig.journal, 2)
        checkpoint(rig.journal, b"all")
        assert replayed(rig.journal) == []

    def test_another_encoding_is_folded_anew_without_alarm(self, rig: JournalRig) -> None:
        checkpoint(rig.journal, b"mine")
        checkpoint(rig.journal, b"theirs", encoding=2)
        start = rig.journal.start(ENCODING)
        assert (start.base_seq, start.folded, start.alarms) == (1, b"mine", ())
        assert rig.journal.start(3).base_seq == 0

    def test_an_older_checkpoint_may_be_asked_for(self, rig: JournalRig) -> None:
        first = checkpoint(rig.journal, b"one")
        second = checkpoint(rig.journal, b"two")
        assert rig.journal.start(ENCODING, before=second).folded == b"one"
        assert rig.journal.start(ENCODING, before=first).folded is None

    def test_states_older_than_the_third_are_let_go(self, rig: JournalRig) -> None:
        seqs = [checkpoint(rig.journal, b"%d" % number) for number in range(5)]
        assert rig.journal.start(ENCODING, before=seqs[2]).base_seq == 0
        assert rig.journal.start(ENCODING, before=seqs[3]).base_seq == seqs[2]
        assert list(rig.journal.verify()) == []

    def test_a_damaged_state_is_an_alarm_and_an_older_one_serves(self, rig: JournalRig) -> None:
        older = checkpoint(rig.journal, b"one")
        newer = checkpoint(rig.journal, b"two")
        rig.garble_state(newer)
        start = rig.journal.start(ENCODING)
        assert (start.base_seq, [alarm.seq for alarm in start.alarms]) == (older, [newer])
        assert [each.seq for each in start.statements] == [newer]
        assert [finding.seq for finding in rig.journal.verify()] == [newer]

    @pytest.mark.parametrize("hurt", ["garble", "lose"])
    def test_damage_after_the_checkpoint_stops_the_start(self, rig: JournalRig, hurt: str) -> None:
        checkpoint(rig.journal, b"state")
        fill(rig.journal, 9)
        getattr(rig, hurt)(5)
        rig.reopen()
        with pytest.raises(JournalError) as caught:
            replayed(rig.journal)
        assert caught.value.reason is Reason.DAMAGED
        assert caught.value.seq in {5, 6}  # the row itself, or the one that names its hash

    @pytest.mark.parametrize("hurt", ["garble", "lose"])
    def test_damage_before_the_checkpoint_is_found_later(self, rig: JournalRig, hurt: str) -> None:
        texts = fill(rig.journal, 9)
        checkpoint(rig.journal, b"state")
        getattr(rig, hurt)(5)
        rig.reopen()
        assert replayed(rig.journal) == []
        sent = rig.journal.after(0, most=9, most_bytes=PLENTY)
        assert sent == [*texts[:4], Damaged(5), *texts[5:]]
        assert [finding.seq for finding in rig.journal.verify()] == [5]

    def test_a_newest_row_that_is_not_ours_stops_the_start(self, rig: JournalRig) -> None:
        checkpoint(rig.journal, b"state")
        fill(rig.journal, 4)
        rig.garble(4)
        rig.reopen()
        with pytest.raises(JournalError) as caught:
            rig.journal.start(ENCODING)
        assert (caught.value.reason, caught.value.seq) == (Reason.DAMAGED, 4)

    def test_a_garbled_checkpoint_row_is_damage_after_the_older_one(self, rig: JournalRig) -> None:
        checkpoint(rig.journal, b"one")
        newer = checkpoint(rig.journal, b"two")
        fill(rig.journal, 4)
        rig.garble(newer)
        start = rig.journal.start(ENCODING)
        assert start.alarms == (Finding(newer, "checkpoint cannot be used"),)
        with pytest.raises(JournalError):
            list(start.statements)

    def test_a_full_disk_keeps_nothing_by_halves(self, rig: JournalRig) -> None:
        texts = fill(rig.journal, 3)
        head = rig.journal.head
        rig.fill()
        with pytest.raises(JournalError) as caught:
            rig.journal.append(statement(4, "checkpoint", encoding=1), folded=b"x" * 10**6)
        assert caught.value.reason is Reason.FULL
        assert rig.journal.head == head
        assert rig.journal.start(ENCODING).base_seq == 0
        rig.make_room()
        texts += fill(rig.journal, 6)
        rig.reopen()
        assert rig.journal.after(0, most=9, most_bytes=PLENTY) == texts
        assert list(rig.journal.verify()) == []

    def test_free_room_is_told(self, rig: JournalRig) -> None:
        assert rig.journal.free_bytes() > 0
