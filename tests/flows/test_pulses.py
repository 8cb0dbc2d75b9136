"""Pulses that are answered, repeated or not, and readings that stay away (DESIGN §9)."""

from __future__ import annotations

import pytest

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from kiosk.core.automaton import step, wake_at
from kiosk.core.clock import Now
from kiosk.core.doors import BLIND_MS
from kiosk.core.events import Key, Tick
from kiosk.core.scenes import (
    Closed,
    Digits,
    Idle,
    Opening,
    Out,
    Stuck,
    Told,
    Why,
)
from sync.messages import Kind
from tests.flows.walk import Walk, press, push, seconds
from tests.flows.ways import opening, right_code


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def test_only_not_sent_is_repeated_by_itself_and_only_twice() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed, walk.outcome = {1}, Outcome.NOT_SENT
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(1), Opening))
    assert walk.pulses == [1, 1, 1]
    assert [f["outcome"] for f in walk.said(Kind.PULSED)] == ["not_sent"] * 3


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.NOT_SENT])
def test_any_other_answer_is_not_repeated(outcome: Outcome) -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed, walk.outcome = {1}, outcome
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(1), Opening))
    assert walk.pulses == [1]


def test_a_pulse_is_not_repeated_when_the_result_was_recalled_meanwhile() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed, walk.outcome = {1}, Outcome.ACKNOWLEDGED
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.central.revoke("r1")
    walk.publish()
    walk.give(PulseDone(1, Outcome.NOT_SENT))
    assert walk.pulses == [1]
    walk.go((seconds(2.5), Stuck), (press(Key.RETRY), Told))
    assert told(walk) is Why.RECALLED


def test_no_reading_at_all_for_ten_seconds_puts_the_kiosk_out_of_service_until_one_comes() -> None:
    walk = Walk({"r1": (1,)})
    blind = dict.fromkeys(walk.readings, Reading.UNKNOWN)
    seen, walk.readings = walk.readings, blind
    walk.go((seconds(9.5), Idle), (seconds(1), Out))
    walk.readings = seen
    walk.go((seconds(1), Idle), *right_code(walk))
    assert walk.said(Kind.FAULT) == [{"what": "doors"}]
    assert walk.said(Kind.FAULT_CLEARED) == [{"what": "doors"}]


def test_a_silent_driver_is_noticed_without_any_event() -> None:
    walk = Walk({"r1": (1,)})
    walk.wait(1_000)
    wake = wake_at(walk.state)
    assert wake == walk.up_ms + BLIND_MS + 1
    later = Now(wake, walk.wall_ms + BLIND_MS + 1, walk.claim)
    assert isinstance(step(walk.state, Tick(), later)[0].scene, Out)


def test_sweeps_of_some_doors_leave_the_rest_unknown() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    for _ in range(40):
        walk.up_ms += 100
        walk.give(DoorsRead(walk.up_ms, {1: Reading.CLOSED}))
    assert walk.state.doors.reading(1, walk.up_ms) is Reading.CLOSED
    assert walk.state.doors.reading(2, walk.up_ms) is Reading.UNKNOWN


def test_a_pickup_ends_in_idle_whatever_the_citizen_does_not_do() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (seconds(60), Idle))
    walk.go((press(Key.START), Digits), (seconds(60), Idle))
    walk.go(*right_code(walk, leads_to=Told), (seconds(60), Idle))
