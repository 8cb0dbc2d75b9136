"""Boards and contacts that fail in the middle of a visit, and heal by themselves."""

from __future__ import annotations

from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import Reading
from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Closed,
    Idle,
    Next,
    Open,
    Opening,
    Out,
    Stuck,
    Told,
    Why,
)
from kiosk.core.state import FAULT_ROWS, TALLY_MS
from kiosk.core.upkeep_scenes import DoorOpening, Entry, Menu, Service
from sync.messages import Kind
from tests.flows.upkeep import at_the_menu
from tests.flows.walk import Do, Walk, press, pull, push, seconds
from tests.flows.ways import collecting, entering, opening, right_code


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def board(trouble: Trouble, *numbers: int) -> Do:
    """Board b says how it is."""
    return lambda walk: walk.give(DeviceState(Device.BOARD, trouble, "b", numbers))


def lost(*numbers: int) -> Do:
    """Its contacts are not read any more; after three polls the driver says so."""

    def do(walk: Walk) -> None:
        walk.readings.update(dict.fromkeys(numbers, Reading.UNKNOWN))
        walk.wait(300)
        board(Trouble.LOST, *numbers)(walk)

    return do


def back(*numbers: int, reading: Reading = Reading.CLOSED) -> Do:
    def do(walk: Walk) -> None:
        board(Trouble.NONE, *numbers)(walk)
        walk.readings.update(dict.fromkeys(numbers, reading))
        walk.wait(400)

    return do


def flapping(number: int, changes: int) -> Do:
    """A loose wire: the contact says something else at every sweep."""

    def do(walk: Walk) -> None:
        for n in range(changes):
            walk.readings[number] = Reading.CLOSED if n % 2 else Reading.OPEN
            walk.wait(100)

    return do


# A board that is lost


def test_a_code_for_a_lost_board_is_neither_used_up_nor_charged_and_works_when_it_is_back() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.go((lost(1), Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.CHECKED
    assert "accepted" not in walk.kinds()
    assert "refused" not in walk.kinds()
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r2", 2), (back(1), Idle))
    walk.go(*collecting(walk, "r1", 1))


def test_a_board_lost_behind_a_pulse_leaves_its_part_unconfirmed_after_five_seconds() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (lost(1), Opening), (seconds(5), Next))
    assert walk.memory.parts[("r1", 1)] is Phase.UNCONFIRMED
    assert walk.memory.compartments[1].blocked == "unconfirmed"
    walk.go(*opening(), (push(2), Closed))


def test_a_door_that_opened_behind_a_lost_board_is_opened_as_asked_when_it_is_back() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (lost(1), Opening))
    walk.go((back(1, reading=Reading.OPEN), Open), (push(1), Closed))
    assert walk.kinds().count("collected") == 1
    assert "opened_unasked" not in walk.kinds()


def test_an_accepted_part_that_opened_while_its_board_was_lost_is_opened_at_once() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (lost(2), Open))
    walk.go((back(2, reading=Reading.OPEN), Open))
    assert walk.memory.parts[("r1", 2)] is Phase.OPENED
    assert "opened_unasked" not in walk.kinds()


def test_a_loaded_part_that_opened_while_its_board_was_lost_is_unchecked() -> None:
    walk = Walk({"r1": (1,)})
    walk.wait(3_000)
    walk.go((lost(1), Idle), (seconds(20), Idle), (back(1, reading=Reading.OPEN), Idle))
    assert walk.said(Kind.OPENED_UNASKED) == [{"compartment": 1}]
    assert walk.memory.compartments[1].unchecked == "opened_unasked"


def test_a_door_that_opened_behind_a_lost_board_is_no_wrong_door() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.wait(3_000)
    walk.go((lost(3), Idle), (seconds(20), Idle), *right_code(walk), (press(Key.OPEN), Opening))
    walk.go((back(3, reading=Reading.OPEN), Opening))
    assert "wrong_door" not in walk.kinds()
    assert walk.memory.compartments[3].unchecked == "opened_unasked"


def test_doors_of_a_board_that_is_back_are_closed_as_before_and_nothing_was_seen() -> None:
    walk = Walk({"r1": (1,)})
    before = walk.memory.seq
    walk.go((lost(1, 2, 3), Idle), (seconds(60), Idle), (back(1, 2, 3), Idle))
    assert walk.kinds()[before:] == ["fault", "fault_cleared"]
    assert walk.state.doors.reading(1, walk.up_ms) is Reading.CLOSED


def test_an_open_door_that_closed_while_its_board_was_lost_is_collected() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (lost(1), Open), (back(1), Closed))
    assert walk.kinds().count("collected") == 1


def test_a_stuck_door_whose_board_is_lost_is_not_pulsed_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.go((lost(1), Stuck), (press(Key.RETRY), Told))
    assert walk.pulses == [1]


def test_all_boards_lost_is_out_of_service_and_heals_by_itself() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((lost(*walk.readings), Idle), (seconds(11), Out), (back(*walk.readings), Idle))
    walk.go(*collecting(walk, "r1", 1))
    assert walk.state.faults == set()


# A board that is not to be trusted


def test_a_board_whose_output_is_stuck_is_not_pulsed_and_its_codes_stay_good() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.go((board(Trouble.OUTPUT_STUCK, 1), Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.CHECKED
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r2", 2))
    assert walk.pulses == [2]
    walk.go((board(Trouble.NONE, 1), Idle), *collecting(walk, "r1", 1))


def test_a_board_that_fails_while_ready_stands_is_told_at_once_and_nothing_is_accepted() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (board(Trouble.WRONG_MODE, 1), Told))
    assert told(walk) is Why.CHECKED
    assert "accepted" not in walk.kinds()


def test_a_part_on_a_bad_board_does_not_hold_back_the_other() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go((board(Trouble.ADDRESS_CLASH, 1), Idle), *right_code(walk))
    walk.go((press(Key.OPEN), Opening), (seconds(0.4), Open), (push(2), Closed))
    walk.go(
        (press(Key.SKIP), Idle), (board(Trouble.NONE, 1), Idle), *right_code(walk, leads_to=Told)
    )
    assert walk.pulses == [2]


def test_staff_do_not_pulse_a_stuck_output_but_may_test_a_clashing_board() -> None:
    walk = at_the_menu()
    walk.go((board(Trouble.OUTPUT_STUCK, 1), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CHOOSE, "1"), Service))
    assert walk.pulses == []
    walk.go((board(Trouble.ADDRESS_CLASH, 1), Service), (press(Key.CHOOSE, "1"), DoorOpening))
    assert walk.pulses == [1]


# Contacts


def test_a_loose_contact_is_stated_once_counted_and_believed_again_when_it_stands_still() -> None:
    walk = Walk({"r1": (1,)})
    walk.wait(3_000)
    before = len(walk.kinds())
    walk.go((flapping(1, 60), Idle))
    assert walk.state.doors.reading(1, walk.up_ms) is Reading.UNKNOWN
    assert walk.said(Kind.FAULT) == [{"what": "flapping:1", "compartment": 1}]
    walk.go((seconds(6), Idle))
    assert walk.said(Kind.FAULT_CLEARED) == [{"what": "flapping:1"}]
    walk.wait(TALLY_MS)
    assert walk.kinds()[before:] == ["fault", "fault_cleared", "tally"]
    assert walk.said(Kind.TALLY)[0]["of"] == "flapping"
    walk.go(*collecting(walk, "r1", 1))


def test_a_contact_that_flaps_for_hours_fills_no_journal() -> None:
    walk = Walk()
    before = len(walk.kinds())
    for _ in range(200):
        walk.go((flapping(1, 8), Idle), (seconds(6), Idle))
    windows = 3  # 23 minutes
    assert len(walk.kinds()) - before <= windows * (FAULT_ROWS + 2)


def test_a_door_whose_contact_flaps_behind_a_pulse_is_unconfirmed() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (flapping(1, 60), Told))
    assert told(walk) is Why.UNCONFIRMED
    assert walk.memory.parts[("r1", 1)] is Phase.UNCONFIRMED
    assert "opened" not in walk.kinds()


def test_three_good_pulses_that_move_nothing_ask_for_maintenance_until_the_contact_moves() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.go((press(Key.RETRY), Opening), (seconds(2.5), Stuck), (press(Key.FINISH), Told))
    assert "sensor_stuck:1" not in walk.state.faults
    walk.go((press(Key.FINISH), Idle), *right_code(walk), (press(Key.OPEN), Opening))
    walk.go((seconds(2.5), Stuck))
    assert "sensor_stuck:1" in walk.state.faults
    walk.go((pull(1), Open))
    assert "sensor_stuck:1" not in walk.state.faults
    assert {"what": "sensor_stuck:1"} in walk.said(Kind.FAULT_CLEARED)
