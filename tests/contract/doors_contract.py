"""What every `LockBank` must do, simulated or real: subclass `DoorsContract` and give a `rig`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.doors import DoorsRead, DriverEvent, LockBank, Outcome, PulseDone, Reading

UNKNOWN_COMPARTMENT = 200

Wanted = Callable[[Sequence[DriverEvent]], bool]


class DoorsRig(Protocol):
    """A bank, not started, over at least two healthy doors, all shut, whose springs throw them."""

    @property
    def bank(self) -> LockBank: ...

    @property
    def compartments(self) -> tuple[int, ...]: ...

    def inbox(self, event: DriverEvent) -> None:
        """What the contract gives to `start`."""

    def until(self, wanted: Wanted) -> list[DriverEvent]:
        """Let time pass until the events since the last call satisfy `wanted`; take them."""
        ...

    def rest(self) -> list[DriverEvent]:
        """Let at least three sweeps' time pass; take the events, which may be none."""
        ...

    def runs_ms(self) -> list[int]:
        """How long each run of any coil was; one that is still on counts until now."""
        ...

    def coil_is_on(self) -> bool: ...

    def lose_board(self) -> None: ...


def swept(events: Sequence[DriverEvent]) -> bool:
    return any(isinstance(event, DoorsRead) for event in events)


def answers(events: Sequence[DriverEvent]) -> list[PulseDone]:
    return [event for event in events if isinstance(event, PulseDone)]


def sees(compartment: int, reading: Reading) -> Wanted:
    def wanted(events: Sequence[DriverEvent]) -> bool:
        sweeps = [event for event in events if isinstance(event, DoorsRead)]
        return bool(sweeps) and sweeps[-1].readings.get(compartment) is reading

    return wanted


class DoorsContract:
    def test_the_doors_are_read_without_being_asked(self, rig: DoorsRig) -> None:
        rig.bank.start(rig.inbox)
        first, *_ = [e for e in rig.until(swept) if isinstance(e, DoorsRead)]
        assert first.readings == dict.fromkeys(rig.compartments, Reading.CLOSED)

    def test_no_coil_moves_at_start(self, rig: DoorsRig) -> None:
        rig.bank.start(rig.inbox)
        rig.until(swept)
        assert answers(rig.rest()) == []
        assert rig.runs_ms() == []

    def test_sweeps_go_on_and_their_times_never_go_back(self, rig: DoorsRig) -> None:
        rig.bank.start(rig.inbox)
        events = rig.until(lambda events: len(events) >= 4)
        times = [event.up_ms for event in events if isinstance(event, DoorsRead)]
        assert len(times) >= 4
        assert times == sorted(times)

    def test_a_pulse_opens_its_door_and_no_other(self, rig: DoorsRig) -> None:
        one, *others = rig.compartments
        rig.bank.start(rig.inbox)
        rig.until(swept)
        rig.bank.pulse(one)
        sweeps = [
            event
            for event in rig.until(sees(one, Reading.OPEN)) + rig.rest()
            if isinstance(event, DoorsRead)
        ]
        assert sweeps[-1].readings[one] is Reading.OPEN
        # A board that reports one door unasked says nothing of the others.
        seen = {sweep.readings[n] for sweep in sweeps for n in others if n in sweep.readings}
        assert seen == {Reading.CLOSED}

    def test_each_pulse_is_answered_exactly_once(self, rig: DoorsRig) -> None:
        one, two = rig.compartments[:2]
        rig.bank.start(rig.inbox)
        rig.until(swept)
        for compartment in (one, two, one):
            rig.bank.pulse(compartment)
        events = rig.until(lambda events: len(answers(events)) == 3) + rig.rest()
        assert [(done.compartment, done.outcome) for done in answers(events)] == [
            (one, Outcome.ACKNOWLEDGED),
            (two, Outcome.ACKNOWLEDGED),
            (one, Outcome.ACKNOWLEDGED),
        ]

    def test_every_coil_run_is_within_what_the_bank_declares(self, rig: DoorsRig) -> None:
        one, two = rig.compartments[:2]
        rig.bank.start(rig.inbox)
        rig.until(swept)
        rig.bank.pulse(one)
        rig.bank.pulse(two)
        rig.until(lambda events: len(answers(events)) == 2)
        shortest, longest = rig.bank.capabilities.pulse_ms
        assert len(rig.runs_ms()) == 2
        assert all(shortest <= ms <= longest for ms in rig.runs_ms())

    def test_a_compartment_that_is_not_there_is_not_sent(self, rig: DoorsRig) -> None:
        rig.bank.start(rig.inbox)
        rig.until(swept)
        rig.bank.pulse(UNKNOWN_COMPARTMENT)
        events = rig.until(lambda events: len(answers(events)) == 1) + rig.rest()
        assert answers(events) == [PulseDone(UNKNOWN_COMPARTMENT, Outcome.NOT_SENT)]
        assert rig.runs_ms() == []

    def test_after_close_every_coil_is_off_and_nothing_is_said(self, rig: DoorsRig) -> None:
        rig.bank.start(rig.inbox)
        rig.until(swept)
        for compartment in rig.compartments[:2]:
            rig.bank.pulse(compartment)
        rig.bank.close()
        assert not rig.coil_is_on()
        rig.until(lambda _: True)  # what came before close returned
        assert rig.rest() == []
        assert len(rig.runs_ms()) <= 1  # what still waited was forgotten

    def test_close_twice_is_safe_and_pulses_are_not_sent_then(self, rig: DoorsRig) -> None:
        one = rig.compartments[0]
        rig.bank.start(rig.inbox)
        rig.until(swept)
        rig.bank.close()
        rig.bank.close()
        rig.until(lambda _: True)
        rig.bank.pulse(one)
        assert rig.rest() == [PulseDone(one, Outcome.NOT_SENT)]
        assert rig.runs_ms() == []

    def test_a_lost_board_is_never_taken_for_shut_doors(self, rig: DoorsRig) -> None:
        one = rig.compartments[0]
        rig.bank.start(rig.inbox)
        rig.until(swept)
        rig.lose_board()
        rig.bank.pulse(one)
        done = answers(rig.until(lambda events: len(answers(events)) == 1))
        assert done[0].outcome in (Outcome.NOT_SENT, Outcome.NO_ANSWER)
        sweeps = [event for event in rig.rest() if isinstance(event, DoorsRead)]
        assert {r for sweep in sweeps for r in sweep.readings.values()} <= {Reading.UNKNOWN}
