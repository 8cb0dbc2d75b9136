"""The page *state of the kiosk*: the centre is called, a stick is read and written (issue 3, 6)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kiosk import show
from kiosk.core.automaton import step
from kiosk.core.effects import (
    CallCentre,
    Effect,
    ExportStick,
    ImportStick,
    LookForStick,
    Record,
)
from kiosk.core.events import Contacted, Event, Key, Pressed, StickSeen, Tick
from kiosk.core.scenes import Idle
from kiosk.core.upkeep_scenes import Entry, KioskState, Menu, StickAct, StickDone, Unlock
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu
from tests.flows.walk import Walk, press, seconds
from tests.flows.ways import entering, unlocking
from ui import service_screens
from ui.service_screens import Call


def at_the_page(role: Role = Role.SUPERVISOR) -> Walk:
    return at_the_menu(role, {"r1": (1,)}).go(*entering(Entry.STATE, KioskState))


def body(walk: Walk) -> service_screens.KioskState:
    shown = show.screen(walk.state, walk.now).body
    assert isinstance(shown, service_screens.KioskState)
    return shown


def gives(walk: Walk, event: Event) -> tuple[Effect, ...]:
    """What one event asks for."""
    walk.state, effects = step(walk.state, event, walk.now)
    return effects


def stated(effects: tuple[Effect, ...]) -> list[Mapping[str, object]]:
    return [e.statement.fields for e in effects if isinstance(e, Record)]


def plugged(walk: Walk) -> Walk:
    walk.give(StickSeen(present=True))
    return walk


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_call_the_centre_and_sees_its_answer(role: Role) -> None:
    walk = at_the_page(role)
    assert body(walk).call is Call.IDLE
    assert CallCentre() in gives(walk, Pressed(Key.CALL))
    assert body(walk).call is Call.CALLING
    walk.wait(2_000)
    walk.give(Contacted(walk.up_ms))
    assert body(walk).call is Call.REACHED


def test_an_older_contact_is_no_answer_and_after_half_a_minute_the_screen_says_so() -> None:
    walk = at_the_page()
    walk.give(Contacted(walk.up_ms))
    walk.go((seconds(1), KioskState), (press(Key.CALL), KioskState), (seconds(29), KioskState))
    assert body(walk).call is Call.CALLING
    walk.go((seconds(1), KioskState))
    assert body(walk).call is Call.SILENT


def test_one_call_at_a_time() -> None:
    walk = at_the_page()
    assert CallCentre() in gives(walk, Pressed(Key.CALL))
    assert CallCentre() not in gives(walk, Pressed(Key.CALL))
    walk.wait(30_000)
    assert CallCentre() in gives(walk, Pressed(Key.CALL))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TECHNICIAN])
def test_a_stick_is_looked_for_while_the_page_stands_and_its_keys_come_and_go(role: Role) -> None:
    walk = at_the_page(role)
    assert body(walk).stick == ()
    walk.up_ms += 2_000
    assert LookForStick() in gives(walk, Tick())
    assert LookForStick() not in gives(walk, Tick())
    plugged(walk)
    assert body(walk).stick == tuple(service_screens.StickAct)
    walk.give(StickSeen(present=False))
    assert body(walk).stick == ()
    walk.go((press(Key.CHOOSE, StickAct.EXPORT), KioskState))
    assert not body(walk).busy


def test_a_clerk_is_offered_no_stick_and_can_use_none() -> None:
    walk = at_the_page(Role.CLERK)
    walk.up_ms += 2_000
    assert LookForStick() not in gives(walk, Tick())
    plugged(walk)
    assert body(walk).stick == ()
    assert not gives(walk, Pressed(Key.CHOOSE, StickAct.IMPORT))


def test_nobody_looks_for_a_stick_elsewhere() -> None:
    walk = at_the_page().go((press(Key.BACK), Menu))
    walk.up_ms += 60_000
    assert LookForStick() not in gives(walk, Tick())
    assert isinstance(plugged(walk).scene, Menu)


def test_a_manifest_is_read_from_the_stick_against_the_one_in_force() -> None:
    walk = plugged(at_the_page())
    memory = walk.memory
    wanted = ImportStick((memory.ver, memory.manifest_hash))
    assert wanted in gives(walk, Pressed(Key.CHOOSE, StickAct.IMPORT))
    assert body(walk).busy
    assert gives(walk, Pressed(Key.CHOOSE, StickAct.EXPORT)) == ()
    walk.give(StickDone(StickAct.IMPORT, "accepted", 12))
    told = body(walk).told
    assert told is not None
    assert (told.act, told.outcome, told.number) == ("import", "accepted", 12)
    assert not body(walk).busy


def test_statements_that_central_has_not_named_are_written_to_the_stick() -> None:
    walk = at_the_menu(Role.TECHNICIAN)
    walk.central.received(3, walk.journal[2].kind)
    walk.publish()
    plugged(walk.go(*entering(Entry.STATE, KioskState)))
    assert ExportStick(3) in gives(walk, Pressed(Key.CHOOSE, StickAct.EXPORT))
    gives(walk, StickDone(StickAct.EXPORT, "read_only"))
    told = body(walk).told
    assert told is not None
    assert told.outcome == "read_only"


def test_a_stick_that_hangs_is_given_up_and_its_late_answer_changes_nothing() -> None:
    walk = plugged(at_the_page())
    walk.go((press(Key.CHOOSE, StickAct.EXPORT), KioskState), (seconds(60), KioskState))
    told = body(walk).told
    assert told is not None
    assert told.outcome == "silent"
    walk.give(StickDone(StickAct.EXPORT, "written", 5))
    assert body(walk).told == told


def test_an_answer_that_nobody_waits_for_is_passed_over() -> None:
    walk = plugged(at_the_page())
    walk.go((press(Key.CHOOSE, StickAct.EXPORT), KioskState), (press(Key.BACK), Menu))
    walk.give(StickDone(StickAct.EXPORT, "written", 5))
    walk.go(*entering(Entry.STATE, KioskState))
    assert body(walk).told is None


@pytest.mark.parametrize("value", ["", "0", "format", "IMPORT"])
def test_other_words_ask_nothing_of_a_stick(value: str) -> None:
    walk = plugged(at_the_page())
    assert gives(walk, Pressed(Key.CHOOSE, value)) == ()


def test_the_page_locks_like_every_other_and_comes_back() -> None:
    walk = at_the_page().go((seconds(300), Unlock))
    walk.go(*unlocking(walk, KioskState))


# Every act carries its staff number


def test_a_call_and_a_stick_are_stated_with_the_staff_number_before_anything_is_done() -> None:
    walk = plugged(at_the_page())
    for key, value, effect, what in (
        (Key.CALL, "", CallCentre, "call"),
        (Key.CHOOSE, StickAct.IMPORT, ImportStick, "stick_import"),
    ):
        effects = gives(walk, Pressed(key, value))
        assert [type(e) for e in effects] == [Record, effect]
        assert stated(effects) == [{"staff": "7", "what": what}]


def test_what_left_on_a_stick_is_stated_with_its_count() -> None:
    walk = plugged(at_the_page())
    effects = gives(walk, Pressed(Key.CHOOSE, StickAct.EXPORT))
    assert stated(effects) == [{"staff": "7", "what": "stick_export"}]
    done = gives(walk, StickDone(StickAct.EXPORT, "written", 5))
    said = {"staff": "7", "what": "stick_export", "outcome": "written", "statements": 5}
    assert stated(done) == [said]


@pytest.mark.parametrize("back_first", [False, True])
def test_a_stick_that_is_done_behind_the_lock_is_stated_and_told_on_return(
    *, back_first: bool
) -> None:
    walk = plugged(at_the_page()).go((press(Key.CHOOSE, StickAct.EXPORT), KioskState))
    walk.go((press(Key.START), Idle))
    if back_first:
        walk.go((press(Key.STAFF), Unlock))
    walk.give(StickDone(StickAct.EXPORT, "written", 5))
    assert walk.said(Kind.STAFF_DID)[-1]["statements"] == 5
    if not back_first:
        walk.go((press(Key.STAFF), Unlock))
    walk.go(*unlocking(walk, KioskState))
    told = body(walk).told
    assert told is not None
    assert (told.outcome, told.number) == ("written", 5)
