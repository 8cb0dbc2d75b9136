"""The row of waiting pulses, and plans that do not fit together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.doors import Integrity
from drivers.locks.bank import BoardsBank
from drivers.locks.duty import HARD_CAP_MS, MARGIN_MS, Duty
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan, Wire
from drivers.locks.row import MOST_WAITING, PATIENCE_MS, RUN_MARGIN_MS, Row

PULSE_MS = 300
ONE, TWO, THREE = (Wire(n, "a", 1, n, "closed", PULSE_MS, cool_down_ms=1_000) for n in (1, 2, 3))


def row(duty: Duty | None = None, parallel: int = 8, *, ready: bool | None = True) -> Row:
    return Row(duty or Duty(8), lambda _: ready, parallel)


def test_pulses_go_in_the_order_in_which_they_were_asked_for() -> None:
    waiting = row()
    for wire in (TWO, ONE, THREE):
        assert waiting.ask(wire, 0)
    assert [waiting.take(n)[0] for n in range(4)] == [TWO, ONE, THREE, None]


def test_a_coil_that_must_cool_lets_the_others_pass_and_goes_when_it_may() -> None:
    waiting = row()
    for wire in (ONE, ONE, TWO):
        waiting.ask(wire, 0)
    rested_ms = PULSE_MS + MARGIN_MS + 1_000
    assert [waiting.take(n)[0] for n in (0, 1, rested_ms - 1)] == [ONE, TWO, None]
    assert waiting.take(rested_ms) == (ONE, ())


def test_a_pulse_that_cannot_begin_in_time_is_refused_at_once() -> None:
    tired = replace(ONE, cool_down_ms=PATIENCE_MS)
    waiting = row()
    waiting.ask(tired, 0)
    waiting.ask(tired, 0)
    assert waiting.take(0) == (tired, ())
    assert waiting.take(1) == (None, (tired,))


def test_a_board_that_is_not_ready_yet_is_awaited_but_not_for_long() -> None:
    waiting = row(ready=False)
    waiting.ask(ONE, 0)
    assert waiting.take(PATIENCE_MS) == (None, ())
    assert waiting.take(PATIENCE_MS + 1) == (None, (ONE,))


def test_a_board_that_must_not_be_pulsed_refuses_at_once() -> None:
    waiting = row(ready=None)
    waiting.ask(ONE, 0)
    assert waiting.take(0) == (None, (ONE,))


def test_a_pulse_beyond_the_hard_cap_is_refused() -> None:
    waiting = row()
    too_long = replace(ONE, pulse_ms=HARD_CAP_MS + 1)
    waiting.ask(too_long, 0)
    assert waiting.take(0) == (None, (too_long,))


def test_the_supply_is_shared_with_other_buses() -> None:
    duty = Duty(1)
    here, there = row(duty), row(duty)
    here.ask(ONE, 0)
    there.ask(TWO, 0)
    assert here.take(0) == (ONE, ())
    assert there.take(0) == (None, ())
    assert there.take(PULSE_MS + MARGIN_MS) == (TWO, ())


def test_a_bus_has_no_more_coils_on_than_its_family_bears() -> None:
    waiting = row(parallel=1)
    waiting.ask(ONE, 0)
    waiting.ask(TWO, 0)
    times = (0, 1, PULSE_MS + RUN_MARGIN_MS - 1, PULSE_MS + RUN_MARGIN_MS)
    assert [waiting.take(n)[0] for n in times] == [ONE, None, None, TWO]


def test_the_row_is_bounded() -> None:
    waiting = row()
    assert all(waiting.ask(ONE, 0) for _ in range(MOST_WAITING))
    assert not waiting.ask(ONE, 0)
    assert len(waiting.empty()) == MOST_WAITING
    assert waiting.ask(ONE, 0)


def test_a_closed_row_takes_nobody_and_sends_nobody() -> None:
    waiting = row()
    waiting.ask(ONE, 0)
    waiting.close()
    assert not waiting.ask(TWO, 0)
    assert waiting.take(0) == (None, ())


# Plans

A = BusPlan("a", FAMILIES["xor-8a80"], Path("/dev/a"))
B = BusPlan("b", FAMILIES["waveshare-modbus"], Path("/dev/b"))
ON_B = Wire(9, "b", 1, 1, "open", 700)


def bank(buses: list[BusPlan], wires: list[Wire]) -> BoardsBank:
    return BoardsBank(buses, wires, Duty(2), lambda _: None, lambda: 0)


def test_a_bank_promises_what_each_of_its_buses_keeps() -> None:
    together = bank([A, B], [ONE, ON_B]).capabilities
    assert together.board_times_pulse
    assert together.has_feedback
    assert together.parallel_pulses == 1
    assert together.pulse_ms == (100, 3_000)
    assert together.integrity is Integrity.XOR
    assert not together.reads_outputs


@pytest.mark.parametrize(
    ("buses", "wires", "says"),
    [
        ([A], [ONE, replace(TWO, compartment=1)], "named twice: 1"),
        ([A], [ONE, replace(TWO, channel=1)], "named twice"),
        ([A, A], [ONE], "named twice: a"),
        ([A, replace(B, port=A.port)], [ONE, ON_B], "named twice: /dev/a"),
        ([A], [ONE, ON_B], "compartment 9: there is no bus b"),
        ([A], [replace(ONE, channel=51)], "compartment 1: xor-8a80: channel 51"),
        ([A], [replace(ONE, board=40)], "compartment 1: xor-8a80: board 40"),
        ([A], [replace(ONE, pulse_ms=400)], "compartment 1: xor-8a80: a pulse of 400"),
        ([B], [replace(ON_B, pulse_ms=3_100)], "at most 3000 ms"),
        ([A, B], [ONE], "nothing hangs on b"),
        ([A], [], "nothing hangs on a"),
    ],
)
def test_plans_that_do_not_fit_together_are_refused(
    buses: list[BusPlan], wires: list[Wire], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        bank(buses, wires)


def test_a_bank_that_was_never_started_may_be_closed() -> None:
    bank([A], [ONE]).close()
