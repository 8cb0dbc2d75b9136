"""A session locks, pauses for a citizen, and goes on where it was (issue 3, 1 and 2)."""

from __future__ import annotations

import pytest

from drivers.doors import Reading
from kiosk.core.automaton import step
from kiosk.core.effects import CheckPin
from kiosk.core.events import Key, PinChecked, Pressed
from kiosk.core.scenes import Idle, Reclose
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening, Login
from kiosk.core.upkeep_scenes import (
    Audit,
    DoorAsk,
    DoorOpen,
    Entry,
    Menu,
    TakeList,
    Unlock,
)
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, slip
from tests.flows.walk import Walk, cut, press, published, push, scanned, seconds, typed
from tests.flows.ways import collecting, entering, loading, signing_in, unlocking

LEFT, TAKEN, OTHER = (press(Key.CHOOSE, word) for word in ("left", "taken", "other"))


def locked_with_an_open_door() -> Walk:
    """A clerk was called away with the envelope in hand."""
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    return walk.go((seconds(300), Unlock))


def test_a_session_locks_after_five_minutes_without_a_touch_and_goes_on_by_the_pin() -> None:
    walk = at_the_menu(Role.CLERK).go(*entering(Entry.LOAD, Loading), (typed("1"), Loading))
    walk.go((seconds(299), Loading), (typed("2"), Loading), (seconds(299), Loading))
    walk.go((seconds(1), Unlock), *unlocking(walk, Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.entered == "12"
    walk.go((seconds(299), Loading))


def test_a_locked_screen_is_the_citizens_after_a_minute_and_the_work_waits() -> None:
    walk = at_the_menu(Role.CLERK, {"r1": (1,)}).go((seconds(300), Unlock), (seconds(60), Idle))
    walk.go(*collecting(walk, "r1", 1), (press(Key.STAFF), Unlock), *unlocking(walk, Menu))
    assert walk.said(Kind.STAFF_OUT) == []


def test_twenty_minutes_after_the_last_touch_the_session_is_over() -> None:
    walk = at_the_menu().go((seconds(300), Unlock), (seconds(899), Idle))
    assert walk.said(Kind.STAFF_OUT) == []
    walk.go((seconds(1), Idle))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]
    walk.go((press(Key.STAFF), Login))


def test_a_locked_session_can_be_signed_out_without_the_pin() -> None:
    walk = at_the_menu().go((seconds(300), Unlock), (press(Key.SIGN_OUT), Idle))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "signed_out"}]


# The same envelope: inside or not?


def test_a_door_left_open_is_an_alarm_and_the_pin_returns_to_the_same_envelope() -> None:
    walk = locked_with_an_open_door()
    assert walk.said(Kind.LEFT_OPEN) == [{"compartment": 1}]
    walk.go(*unlocking(walk, DoorOpen), (push(1), DoorAsk), (LEFT, Loading))
    assert walk.said(Kind.LOADED) == [{"cid": "r9", "compartment": 1, "staff": "7"}]
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))


def test_a_door_closed_behind_the_lock_is_asked_about() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock))
    walk.go(*unlocking(walk, DoorAsk), (LEFT, Loading))
    assert walk.memory.compartments[1].cid == "r9"


def test_not_inside_leaves_the_compartment_free_and_the_envelope_expected() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock))
    walk.go(*unlocking(walk, DoorAsk), (TAKEN, Loading))
    assert walk.memory.compartments[1].serves
    assert walk.memory.parts_of("r9") == {}
    walk.go(*loading(slip(walk), 2))  # the door that opened less often


def test_other_papers_inside_are_a_task_and_never_the_result() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock))
    walk.go(*unlocking(walk, DoorAsk), (OTHER, Loading))
    assert walk.memory.compartments[1].blocked == "found"
    assert walk.memory.parts_of("r9") == {}


def test_an_answer_while_the_door_is_open_again_waits_until_it_is_closed() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock))
    walk.go(*unlocking(walk, DoorAsk))
    walk.go((lambda then: then.readings.update({1: Reading.OPEN}), DoorAsk))
    walk.go((seconds(0.4), DoorAsk), (LEFT, DoorOpen), (push(1), DoorAsk), (LEFT, Loading))
    assert walk.memory.compartments[1].cid == "r9"


def test_nobody_comes_back_and_the_compartment_stays_unchecked() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock), (seconds(900), Idle))
    assert walk.memory.compartments[1].unchecked == "staff:load"
    assert walk.memory.compartments[1].pending == "r9"
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]


def test_a_result_revoked_while_the_screen_was_locked_is_not_loaded_by_the_answer() -> None:
    walk = locked_with_an_open_door().go((push(1), Unlock))
    walk.central.revoke("r9")
    walk.go((published, Unlock), *unlocking(walk, DoorAsk), (LEFT, Loading))
    assert walk.said(Kind.LOADED) == []
    assert walk.memory.compartments[1].blocked == "found"
    walk.go((press(Key.BACK), Menu), *entering(Entry.TAKE_BACK, TakeList))


# Guessing, revocation, replay


def test_wrong_pins_at_the_lock_are_taken_from_the_bucket_until_it_is_empty() -> None:
    walk = at_the_menu().go((seconds(300), Unlock))
    walk.pin_right = False
    for _ in range(10):
        walk.go(*unlocking(walk, Unlock))
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": "7"}] * 10
    walk.pin_right = True
    walk.go(*unlocking(walk, Idle))
    walk.go((cut(), Idle), *signing_in(walk, leads_to=Login))
    assert len(walk.said(Kind.STAFF_IN)) == 1


def test_a_right_pin_at_the_lock_is_never_charged() -> None:
    walk = at_the_menu()
    for _ in range(12):
        walk.go((seconds(300), Unlock), *unlocking(walk, Menu))
    assert walk.said(Kind.STAFF_REFUSED) == []


def test_staff_who_left_the_list_are_out_at_the_lock() -> None:
    walk = at_the_menu().go((seconds(300), Unlock))
    pin = walk.central.pin()
    walk.central.remove_staff("7")
    walk.go((published, Unlock), (typed(pin), Unlock), (press(Key.CONFIRM), Idle))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "revoked"}]
    walk.go((press(Key.STAFF), Login))


def test_staff_revoked_while_the_worker_checks_their_pin_are_out() -> None:
    walk = at_the_menu().go((seconds(300), Unlock), (typed(Walk().central.pin()), Unlock))
    walk.state, effects = step(walk.state, Pressed(Key.CONFIRM), walk.now)
    assert [type(effect) for effect in effects] == [CheckPin]
    walk.central.remove_staff("7")
    walk.go((published, Unlock))
    walk.give(PinChecked("7", ok=True))
    assert isinstance(walk.scene, Idle)
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "revoked"}]


def test_an_answer_of_the_worker_that_comes_too_late_unlocks_nothing() -> None:
    walk = at_the_menu().go((seconds(300), Unlock), (typed(Walk().central.pin()), Unlock))
    walk.state, _ = step(walk.state, Pressed(Key.CONFIRM), walk.now)
    walk.go((seconds(60), Idle))
    walk.give(PinChecked("7", ok=True))
    walk.go((seconds(1), Idle), (press(Key.STAFF), Unlock))


def test_short_pins_go_nowhere_and_digits_can_be_erased() -> None:
    walk = at_the_menu().go((seconds(300), Unlock), (typed("1234567"), Unlock))
    walk.go((press(Key.ERASE), Unlock), (press(Key.CONFIRM), Unlock))
    assert isinstance(walk.scene, Unlock)
    assert (walk.scene.pin, walk.scene.checking) == ("12345", False)
    assert "12345" not in repr(walk.state)


# Citizens first


@pytest.mark.parametrize("entry", [None, Entry.LOAD, Entry.TAKE_BACK, Entry.AUDIT])
def test_one_touch_gives_the_screen_to_a_citizen_and_the_work_goes_on_where_it_was(
    entry: Entry | None,
) -> None:
    scenes: dict[Entry | None, type] = {
        None: Menu,
        Entry.LOAD: Loading,
        Entry.TAKE_BACK: TakeList,
        Entry.AUDIT: Audit,
    }
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,)})
    if entry is not None:
        walk.go(*entering(entry, scenes[entry]))
    walk.go((press(Key.START), Idle), *collecting(walk, "r1", 1))
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, scenes[entry]))
    assert walk.said(Kind.STAFF_OUT) == []


def test_a_paused_batch_counts_on_and_can_still_be_undone() -> None:
    walk = at_the_menu(Role.CLERK, {"r1": (1,)}, "r9")
    walk.go(*loading(slip(walk), 2), (press(Key.START), Idle), *collecting(walk, "r1", 1))
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, Loading))
    assert isinstance(walk.scene, Loading)
    assert (walk.scene.session.loaded, walk.scene.session.undo) == (1, ("r9", 2))


def test_a_pause_that_nobody_ends_is_over_after_fifteen_minutes() -> None:
    walk = at_the_menu().go((press(Key.START), Idle), (seconds(899), Idle))
    assert walk.said(Kind.STAFF_OUT) == []
    walk.go((seconds(1), Idle), (press(Key.STAFF), Login))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]


def test_a_cut_during_a_pause_forgets_the_session() -> None:
    walk = at_the_menu().go((press(Key.START), Idle), (cut(), Idle), (press(Key.STAFF), Login))
    assert walk.state.paused is None


def test_a_cut_at_the_lock_with_an_open_door_asks_for_it_to_be_closed() -> None:
    walk = locked_with_an_open_door().go((cut(), Reclose), (push(1), Idle))
    assert walk.memory.compartments[1].unchecked == "staff:load"
