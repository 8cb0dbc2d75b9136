"""The simulated bank in process: what comes when, in time that the test makes."""

from __future__ import annotations

from drivers.doors import DoorsRead, DriverEvent, Outcome, PulseDone, Reading, Scanned
from drivers.simulated.bank import SCAN_CHARS_MAX, SWEEP_MS, SimulatedBank
from drivers.simulated.board import PULSE_MS, WAITING_PULSES_MAX
from drivers.simulated.cabinet import Cabinet

QUIET_MS = 60_000


def _times(events: list[DriverEvent]) -> list[int]:
    return [event.up_ms for event in events if isinstance(event, DoorsRead)]


def test_the_first_sweep_is_of_the_first_moment_and_then_one_comes_every_100_ms() -> None:
    events: list[DriverEvent] = []
    bank = SimulatedBank(Cabinet([1]))
    bank.start(events.append)
    bank.advance(7_000)
    assert _times(events) == [7_000]
    bank.advance(7_000 + 3 * SWEEP_MS)
    assert _times(events) == [7_000, 7_100, 7_200, 7_300]


def test_the_answer_stands_between_the_sweeps_at_its_own_time() -> None:
    events: list[DriverEvent] = []
    bank = SimulatedBank(Cabinet([1]))
    bank.start(events.append)
    bank.advance(50)
    bank.pulse(1)
    bank.advance(450)
    kinds = [e.up_ms if isinstance(e, DoorsRead) else e for e in events]
    assert kinds == [50, 150, 250, PulseDone(1, Outcome.ACKNOWLEDGED), 350, 450]


def test_times_count_from_the_boot_of_the_kiosk() -> None:
    cabinet = Cabinet([1])
    cabinet.at(90_000)
    events: list[DriverEvent] = []
    bank = SimulatedBank(cabinet, boot_ms=80_000)
    bank.start(events.append)
    bank.advance(90_100)
    assert _times(events) == [10_100]


def test_a_bank_over_the_same_cabinet_finds_the_doors_and_hears_no_old_answer() -> None:
    cabinet = Cabinet([1])
    first = SimulatedBank(cabinet)
    first.start(lambda _: None)
    first.advance(0)
    first.pulse(1)
    first.advance(PULSE_MS - 1)  # and here the kiosk loses its power
    events: list[DriverEvent] = []
    second = SimulatedBank(cabinet)
    second.start(events.append)
    second.advance(5_000)
    second.advance(6_000)
    assert [event for event in events if isinstance(event, PulseDone)] == []
    assert events[0] == DoorsRead(5_000, {1: Reading.OPEN})
    assert [run.off_ms - run.on_ms for run in cabinet.board.coil_runs()] == [PULSE_MS]


def test_quiet_sweeps_are_rare_and_a_hand_stirs_them() -> None:
    events: list[DriverEvent] = []
    cabinet = Cabinet([1])
    bank = SimulatedBank(cabinet, quiet_ms=QUIET_MS)
    bank.start(events.append)
    bank.advance(10_000)
    bank.advance(200_000)
    assert _times(events) == [10_000, 70_000, 130_000, 190_000]
    events.clear()
    cabinet.open_by_key(1)
    bank.advance(230_000)
    assert _times(events) == [200_000, 200_100]
    assert events[-1] == DoorsRead(200_100, {1: Reading.OPEN})


def test_a_pulse_in_a_quiet_time_is_seen_to_open_as_soon_as_in_a_busy_one() -> None:
    events: list[DriverEvent] = []
    bank = SimulatedBank(Cabinet([1]), quiet_ms=QUIET_MS)
    bank.start(events.append)
    bank.advance(10_000)
    bank.advance(20_000)
    bank.pulse(1)
    bank.advance(20_000 + 2 * SWEEP_MS)
    assert isinstance(events[-1], DoorsRead)
    assert events[-1].readings == {1: Reading.OPEN}


def test_more_pulses_than_the_board_can_keep_are_not_sent() -> None:
    events: list[DriverEvent] = []
    bank = SimulatedBank(Cabinet([1]))
    bank.start(events.append)
    bank.advance(0)
    for _ in range(WAITING_PULSES_MAX + 3):
        bank.pulse(1)
    bank.advance(600_000)
    outcomes = [event.outcome for event in events if isinstance(event, PulseDone)]
    assert outcomes.count(Outcome.NOT_SENT) == 2
    assert outcomes.count(Outcome.ACKNOWLEDGED) == WAITING_PULSES_MAX + 1


def test_a_scan_is_one_line_and_capped() -> None:
    events: list[DriverEvent] = []
    bank = SimulatedBank(Cabinet([1]))
    bank.start(events.append)
    bank.scan("HS1.tu-01.abc\r\nmore")
    bank.scan("x" * 5_000)
    assert events == [Scanned("HS1.tu-01.abc"), Scanned("x" * SCAN_CHARS_MAX)]
