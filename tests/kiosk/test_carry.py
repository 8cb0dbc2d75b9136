"""Decide, record, pulse: effects are carried out in order, and a failed record stops what follows."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.doors import Capabilities, Inbox
from kiosk.carry import Carrier
from kiosk.core.effects import AnswerOffer, CheckPin, Effect, Pulse, Record
from kiosk.journal_values import JournalError, Reason
from sync.messages import Kind, Pin, Refusal, Statement
from tests.journal_fake import Disk, MemoryJournal
from tests.kiosk.station import EPOCH, KIOSK, Station, said

JOB = CheckPin("7", "135790", Pin("AAAA", 1024, 8, 1, "A" * 43))


@dataclass
class Hands:
    """Whatever is asked of the world, in order; a pulse notes how many rows were on the disk then."""

    disk: Disk = field(default_factory=Disk)
    done: list[object] = field(default_factory=list)
    inbox: Inbox | None = None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            board_times_pulse=True, has_feedback=True, parallel_pulses=1, pulse_ms=(1, 1)
        )

    def start(self, inbox: Inbox) -> None:
        self.inbox = inbox

    def pulse(self, compartment: int) -> None:
        self.done.append(("pulse", compartment, len(self.disk.rows)))

    def close(self) -> None:
        self.done.append("closed")

    def recorded(self, statement: Statement) -> None:
        self.done.append(("recorded", statement.seq, len(self.disk.rows)))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def carrier(hands: Hands, tmp_path: Path) -> Carrier:
    key = Station(tmp_path).keys.statement
    journal = MemoryJournal(hands.disk, kiosk=KIOSK, epoch=EPOCH, key=key)
    return Carrier(journal, hands, hands.done.append, hands.done.append, hands.recorded)


def _records(*seqs: int) -> list[Effect]:
    return [Record(said(seq, Kind.RATED, score=seq % 5)) for seq in seqs]


def test_effects_happen_in_the_order_they_were_decided(hands: Hands, carrier: Carrier) -> None:
    answer = AnswerOffer(1, 5, None)
    one, two = _records(1, 2)
    carrier.carry((one, Pulse(3), JOB, two, Pulse(4), answer))
    assert hands.done == [
        ("recorded", 1, 1),
        ("pulse", 3, 1),
        JOB,
        ("recorded", 2, 2),
        ("pulse", 4, 2),
        answer,
    ]


@pytest.mark.parametrize("reason", [Reason.FULL, Reason.IO])
def test_after_a_failed_record_nothing_more_happens(
    hands: Hands, carrier: Carrier, reason: Reason
) -> None:
    first, second = _records(1, 2)
    carrier.carry((first,))
    hands.disk.fails = reason
    hands.done.clear()
    with pytest.raises(JournalError) as caught:
        carrier.carry((second, Pulse(3), JOB, AnswerOffer(1, 5, None)))
    assert caught.value.reason is reason
    assert (hands.done, len(hands.disk.rows)) == ([], 1)


def test_what_was_done_before_the_disk_failed_stays_done(hands: Hands, carrier: Carrier) -> None:
    hands.disk.fails = Reason.IO
    with pytest.raises(JournalError):
        carrier.carry((AnswerOffer(1, 5, Refusal.VERSION), *_records(1), Pulse(3)))
    assert hands.done == [AnswerOffer(1, 5, Refusal.VERSION)]


def test_a_manifest_and_a_state_lie_beside_their_statements(hands: Hands, carrier: Carrier) -> None:
    accepted = said(1, Kind.MANIFEST_ACCEPTED, ver=9, hash="abc")
    checkpoint = said(2, Kind.CHECKPOINT, encoding=1)
    carrier.carry((Record(accepted, sealed="sealed"), Record(checkpoint, folded=b"state")))
    assert hands.disk.sealed == {1: (9, "abc", "sealed")}
    assert hands.disk.states == {2: (1, b"state")}


def test_nothing_to_do_does_nothing(hands: Hands, carrier: Carrier) -> None:
    carrier.carry(())
    assert (hands.done, hands.disk.rows) == ([], [])


def test_an_effect_shows_no_pin_and_no_manifest() -> None:
    record = Record(said(1, Kind.RATED), sealed="sealed-text", folded=b"folded-state")
    shown = repr(JOB) + repr(record)
    assert [s for s in ("135790", "sealed-text", "folded-state", "AAAA") if s in shown] == []
