"""Doors that do what they should not, in the middle of a visit."""

from __future__ import annotations

import pytest

from drivers.doors import Reading
from kiosk.core.events import Key
from kiosk.core.memory import Held, Phase
from kiosk.core.scenes import (
    Again,
    Closed,
    Idle,
    Next,
    Open,
    Opening,
    PutBack,
    Stuck,
    Told,
    Why,
    WrongDoor,
)
from sync.messages import Kind
from tests.flows.walk import Walk, press, pull, push, seconds, typed
from tests.flows.ways import collecting, opening, right_code

COMPLAINTS = {
    Key.DISPUTE_EMPTY: "empty",
    Key.DISPUTE_NOT_MINE: "not_mine",
    Key.DISPUTE_MISSING: "missing",
}


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def phase(walk: Walk, cid: str = "r1", number: int = 1) -> Phase:
    return walk.memory.parts[(cid, number)]


def test_a_stuck_door_gets_one_retry_then_the_code_works_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.go((seconds(2.4), Opening), (seconds(0.1), Stuck), (press(Key.RETRY), Opening))
    walk.go((seconds(2.5), Stuck), (press(Key.RETRY), Stuck), (press(Key.FINISH), Told))
    assert told(walk) is Why.NOT_OPENED
    assert walk.said(Kind.NOT_OPENED) == [{"cid": "r1", "compartment": 1}]
    assert walk.pulses == [1, 1]
    assert walk.memory.accounts[("r1", "h1")].floor == 0
    walk.jammed = set()
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r1", 1))


def test_a_stuck_door_that_opens_late_is_opened_as_asked() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.go((pull(1), Open), (push(1), Closed))
    assert walk.kinds().count("collected") == 1
    assert "opened_unasked" not in walk.kinds()


def test_a_stuck_door_that_nobody_minds_times_out_and_the_code_works_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.go((seconds(59.9), Stuck), (seconds(0.1), Told), (seconds(60), Idle))
    assert phase(walk) is Phase.LOADED
    walk.go(*right_code(walk))


def test_a_door_that_cannot_be_read_is_unconfirmed_and_blocked_after_five_seconds() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (pull(1, Reading.UNKNOWN), Opening))
    walk.go((seconds(4.5), Opening), (seconds(0.1), Told))
    assert told(walk) is Why.UNCONFIRMED
    assert phase(walk) is Phase.UNCONFIRMED
    assert walk.memory.compartments[1].blocked
    walk.go((press(Key.FINISH), Idle), *right_code(walk, leads_to=Told))
    assert walk.pulses == [1]


def test_a_part_that_cannot_be_read_does_not_hold_back_the_other() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (pull(1, Reading.UNKNOWN), Opening))
    walk.go((seconds(5), Next), *opening(), (push(2), Closed))
    assert phase(walk, "r1", 2) is Phase.COLLECTED


def test_another_door_on_a_quiet_contact_is_a_wrong_door_and_stops_its_bank() -> None:
    walk = Walk({"r1": (1,), "r2": (3,)}, banks=2)
    walk.wait(3_000)
    walk.swapped = {1: 3}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(0.4), WrongDoor))
    assert walk.said(Kind.WRONG_DOOR) == [{"asked": 1, "opened": 3, "bank": [1, 3, 5]}]
    assert walk.memory.compartments[1].unchecked == "wrong_door"
    assert walk.memory.compartments[3].unchecked == "wrong_door"
    assert [n for n, c in walk.memory.compartments.items() if not c.blocked] == [2, 4, 6]
    walk.go((push(3), Told))
    assert told(walk) is Why.WRONG_DOOR
    assert phase(walk) is Phase.LOADED
    walk.go((press(Key.FINISH), Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.CHECKED


def test_another_bank_goes_on_after_a_wrong_door() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)}, banks=2)
    walk.wait(3_000)
    walk.swapped = {1: 3}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(0.4), WrongDoor))
    walk.go((push(3), Told), (press(Key.FINISH), Idle), *collecting(walk, "r2", 2))


def test_both_doors_in_one_sweep_are_not_a_wrong_door() -> None:
    walk = Walk({"r1": (3,)})
    walk.wait(3_000)
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (pull(1), Open))
    assert "wrong_door" not in walk.kinds()
    assert walk.said(Kind.OPENED_UNASKED) == [{"compartment": 1}]


def test_an_edge_on_a_restless_contact_is_only_unasked() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go((pull(3), Idle), (push(3), Idle), *right_code(walk), (press(Key.OPEN), Opening))
    walk.go((pull(3), Opening))
    assert "wrong_door" not in walk.kinds()


def test_a_door_opened_unasked_is_unchecked_and_serves_no_code() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((pull(1), Idle), (push(1), Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.CHECKED
    assert walk.said(Kind.OPENED_UNASKED) == [{"compartment": 1}]
    assert walk.said(Kind.REFUSED) == []


def test_a_flapping_contact_is_stated_once_and_then_counted() -> None:
    walk = Walk({"r1": (1,)})
    for _ in range(50):
        walk.go((pull(1), Idle), (push(1), Idle))
    assert walk.kinds().count("opened_unasked") == 1
    walk.wait(600_000)
    assert walk.said(Kind.FAULT) == [{"what": "flapping:1", "compartment": 1}]
    assert {"of": "flapping", "count": 98, "seconds": 600} in walk.said(Kind.TALLY)


def test_a_door_left_open_ends_its_visit_at_180_seconds() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening())
    assert isinstance(walk.scene, Open)
    opened = walk.scene.since_ms
    walk.wait(opened + 179_999 - walk.up_ms)
    assert walk.said(Kind.LEFT_OPEN) == []
    walk.go((seconds(0.001), Idle))
    assert walk.said(Kind.LEFT_OPEN) == [{"compartment": 1}]


def test_a_door_left_open_leaves_the_others_in_service_and_is_collected_when_closed() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.go(*right_code(walk), *opening(), (seconds(180), Idle), *collecting(walk, "r2", 2))
    assert phase(walk) is Phase.OPENED
    walk.go((push(1), Idle))
    assert phase(walk) is Phase.COLLECTED


def test_more_time_moves_the_warnings_and_the_end_of_an_open_door_three_times() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening())
    assert isinstance(walk.scene, Open)
    until, since = walk.scene.until_ms, walk.scene.since_ms
    for _ in range(5):
        walk.go((press(Key.MORE_TIME), Open))
    assert isinstance(walk.scene, Open)
    assert (walk.scene.until_ms, walk.scene.since_ms) == (until + 180_000, since + 180_000)


@pytest.mark.parametrize("key", COMPLAINTS)
def test_a_complaint_is_stated_and_never_collected(key: Key) -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (press(key), PutBack), (push(1), Told))
    assert told(walk) is Why.DISPUTED
    assert walk.said(Kind.DISPUTED) == [{"cid": "r1", "compartment": 1, "what": COMPLAINTS[key]}]
    assert "collected" not in walk.kinds()
    assert walk.memory.compartments[1].blocked == "disputed"
    walk.go((press(Key.FINISH), Idle), *right_code(walk, leads_to=Told))
    assert walk.pulses == [1]


def test_a_complaint_about_one_part_does_not_hold_back_the_other() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (press(Key.DISPUTE_MISSING), PutBack), (push(1), Next))
    walk.go(*opening(), (push(2), Closed))


def test_something_forgotten_opens_once_more_after_the_known_digits() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (press(Key.FORGOT), Again))
    walk.go((typed("4821"), Again), (press(Key.CONFIRM), Opening), (seconds(0.4), Open))
    walk.go((press(Key.DISPUTE_EMPTY), Open), (push(1), Closed), (press(Key.FORGOT), Closed))
    assert walk.said(Kind.REOPENED) == [{"cid": "r1", "holder": "h1", "compartment": 1}]
    assert walk.kinds().count("collected") == 1
    assert walk.memory.compartments[1].held is Held.PRESUMED_EMPTY


def test_something_forgotten_ends_after_three_wrong_digits_or_a_minute() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (press(Key.FORGOT), Again))
    for leads_to in (Again, Again, Idle):
        walk.go((typed("0000"), Again), (press(Key.CONFIRM), leads_to))
    other = Walk({"r1": (1,)})
    other.go(*right_code(other), *opening(), (push(1), Closed), (seconds(30), Closed))
    other.go((press(Key.FORGOT), Again), (typed("48"), Again), (seconds(31), Idle))
    assert walk.pulses == other.pulses == [1]


def test_nothing_is_forgotten_after_a_minute_even_with_more_time() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (press(Key.MORE_TIME), Closed))
    walk.go((seconds(60), Closed), (press(Key.FORGOT), Closed))


def test_a_reopened_door_that_cannot_be_read_is_blocked_for_staff() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (press(Key.FORGOT), Again))
    walk.jammed = {1}
    walk.go((typed("4821"), Again), (press(Key.CONFIRM), Opening))
    walk.go((pull(1, Reading.UNKNOWN), Opening), (seconds(5), Told))
    assert phase(walk) is Phase.COLLECTED
    assert walk.memory.compartments[1].blocked == "unconfirmed"


def test_a_door_that_reads_open_is_not_pulsed_but_opened_at_once() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (pull(2), Open), (push(1), Next), (push(2), Next))
    assert walk.pulses == [1]
    assert phase(walk, "r1", 2) is Phase.COLLECTED


def test_a_part_that_was_opened_and_closed_meanwhile_is_not_pulsed_again() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (push(1), Next), (pull(2), Next), (push(2), Next))
    walk.go((press(Key.OPEN), Told))
    assert walk.pulses == [1]


def test_next_times_out_and_the_code_still_opens_what_is_left() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (push(1), Next), (seconds(45), Idle))
    assert phase(walk, "r1", 2) is Phase.LOADED
    walk.go(*right_code(walk), *opening(), (push(2), Closed))
    assert walk.pulses == [1, 2]
