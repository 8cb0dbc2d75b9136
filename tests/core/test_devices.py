"""Devices, power and climate: stated once when they break, once when they are well, and counted between."""

from __future__ import annotations

import pytest

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Outcome
from kiosk.core import devices
from kiosk.core.automaton import outage, step, wake_at
from kiosk.core.clock import Now
from kiosk.core.effects import Effect, Pulse, Record
from kiosk.core.events import Event, Tick
from kiosk.core.scenes import Outage
from kiosk.core.state import FAULT_ROWS, TALLY_MS, State, Turn
from sync.messages import Clock, Kind
from tests.core.make import WALL_MS, a_manifest, a_memory, a_state

BOARD = DeviceState(Device.BOARD, Trouble.LOST, "bus1/2", (1, 2))
WELL = DeviceState(Device.BOARD, Trouble.NONE, "bus1/2", (1, 2))


def now(up_ms: int = 1_000) -> Now:
    return Now(up_ms, WALL_MS + up_ms, Clock.SYNCED)


def after(*events: Event, state: State | None = None, up_ms: int = 1_000) -> State:
    return told(*events, state=state, up_ms=up_ms)[0]


def told(
    *events: Event, state: State | None = None, up_ms: int = 1_000
) -> tuple[State, list[tuple[str, dict[str, object]]]]:
    """The state after these events, and the faults stated on the way."""
    state = state or a_state(a_memory(), a_manifest())
    said: list[tuple[str, dict[str, object]]] = []
    for event in events:
        state, effects = step(state, event, now(up_ms))
        said += [
            (str(e.statement.kind), dict(e.statement.fields))
            for e in effects
            if isinstance(e, Record)
            and e.statement.kind in (Kind.FAULT, Kind.FAULT_CLEARED, Kind.TALLY)
        ]
    return state, said


def test_a_lost_board_is_stated_once_and_once_more_when_it_is_back() -> None:
    _, said = told(BOARD, BOARD, Tick(), WELL, WELL)
    what = "board_lost:bus1/2"
    assert said == [
        ("fault", {"what": what, "compartments": [1, 2]}),
        ("fault_cleared", {"what": what}),
    ]


def test_a_device_that_was_never_ill_is_no_news() -> None:
    state, said = told(WELL)
    assert (said, dict(state.devices), dict(state.tallies)) == ([], {}, {})


def test_another_trouble_of_the_same_device_takes_the_place_of_the_first() -> None:
    low = DeviceState(Device.PRINTER, Trouble.PAPER_LOW)
    out = DeviceState(Device.PRINTER, Trouble.PAPER_OUT)
    state, said = told(low, out)
    assert [(kind, fields["what"]) for kind, fields in said] == [
        ("fault", "printer_paper_low"),
        ("fault_cleared", "printer_paper_low"),
        ("fault", "printer_paper_out"),
    ]
    assert state.faults == {"printer_paper_out"}


def test_two_boards_are_ill_and_well_apart_from_each_other() -> None:
    other = DeviceState(Device.BOARD, Trouble.LOST, "bus1/3", (3,))
    assert after(BOARD, other, WELL).faults == {"board_lost:bus1/3"}


@pytest.mark.parametrize("trouble", [t for t in Trouble if t])
@pytest.mark.parametrize("device", Device)
def test_every_trouble_of_every_device_has_words_and_goes_away(
    device: Device, trouble: Trouble
) -> None:
    ill, well = DeviceState(device, trouble, "a"), DeviceState(device, Trouble.NONE, "a")
    assert after(ill).faults == {f"{device}_{trouble}:a"}
    assert not after(ill, well).faults


def test_a_board_that_comes_and_goes_is_counted_and_the_truth_is_stated_in_the_end() -> None:
    state, said = told(*[BOARD, WELL] * 100, BOARD)
    assert len(said) == FAULT_ROWS
    assert state.barred(1)
    assert state.faults == set()
    later = 1_000 + TALLY_MS
    wake = wake_at(state)
    assert wake is not None
    assert wake <= later
    state, said = told(Tick(), state=state, up_ms=later)
    assert ("tally", {"of": "fault", "count": 201, "seconds": 600}) in said
    assert "board_lost:bus1/2" in after(Tick(), state=state, up_ms=later).faults


def test_a_few_faults_need_no_sum() -> None:
    state = after(BOARD, WELL)
    state, said = told(Tick(), Tick(), state=state, up_ms=1_000 + TALLY_MS)
    assert "tally" not in [kind for kind, _ in said]
    assert not state.tallies


BARS = {
    Trouble.LOST: (True, False),
    Trouble.ADDRESS_CLASH: (True, False),
    Trouble.OUTPUT_STUCK: (True, True),
    Trouble.WRONG_MODE: (True, True),
    Trouble.PAPER_OUT: (False, False),
    Trouble.PAPER_LOW: (False, False),
    Trouble.OPENED: (False, False),
}


@pytest.mark.parametrize("trouble", BARS)
def test_a_board_in_trouble_bars_its_own_compartments_and_no_others(trouble: Trouble) -> None:
    state = after(DeviceState(Device.BOARD, trouble, "b", (1,)))
    assert (state.barred(1), state.barred(1, staff=True)) == BARS[trouble]
    assert not state.barred(2)


def test_a_pulse_of_a_barred_compartment_never_leaves_the_kiosk_and_is_stated_so() -> None:
    turn = Turn(after(DeviceState(Device.BOARD, Trouble.OUTPUT_STUCK, "b", (1,))), now())
    turn.pulse(1, cid="r1", staff="7")
    effects: list[Effect] = turn.effects
    assert not [e for e in effects if isinstance(e, Pulse)]
    (record,) = [e for e in effects if isinstance(e, Record)]
    assert record.statement.fields == {"compartment": 1, "outcome": "not_sent"}
    asked = turn.state.doors.asked
    assert asked is not None
    assert asked.outcome is Outcome.NOT_SENT
    turn.pulse(2, cid="r1", staff="7")
    assert turn.effects[-1] == Pulse(2)


def drained(*percents: int, mains: bool | None = False) -> State:
    return after(*[Vitals(mains=mains, battery_percent=percent) for percent in percents])


def test_a_low_battery_stops_every_pulse_until_it_is_well_charged_again() -> None:
    assert not drained(devices.BATTERY_LOW).battery_low
    low = drained(devices.BATTERY_LOW - 1)
    assert low.barred(1, staff=True)
    assert outage(low, 1_000) is Outage.POWER
    assert drained(14, devices.BATTERY_GOOD - 1).battery_low
    assert not drained(14, devices.BATTERY_GOOD).battery_low
    assert not after(Vitals(mains=False, battery_percent=5), Vitals(mains=True)).battery_low


def test_a_low_battery_bars_nothing_while_the_mains_are_there_or_nobody_knows() -> None:
    assert not drained(3, mains=True).battery_low
    assert not drained(3, mains=None).battery_low
    assert not after(Vitals(mains=False)).battery_low


def test_lost_mains_alone_are_told_and_service_goes_on() -> None:
    state, said = told(Vitals(mains=False, battery_percent=90), Vitals(mains=True))
    assert [(kind, fields["what"]) for kind, fields in said] == [
        ("fault", "mains_lost"),
        ("fault_cleared", "mains_lost"),
    ]
    assert outage(drained(90), 1_000) is not Outage.POWER
    assert not state.faults


def test_a_hot_cabinet_is_told_until_it_has_cooled() -> None:
    def faults(*celsius: int) -> frozenset[str]:
        return after(*[Vitals(celsius=c) for c in celsius]).faults

    assert faults(devices.HOT) == frozenset()
    assert faults(devices.HOT + 1) == {"hot"}
    assert faults(devices.HOT + 1, devices.COOL + 1) == {"hot"}
    assert faults(devices.HOT + 1, devices.COOL) == frozenset()
    assert after(Vitals(celsius=71), Vitals()).faults == frozenset()
