"""The audit round: every compartment that should hold papers, or is in doubt, looked into (issue 3, 3)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from drivers.doors import Reading
from kiosk import show
from kiosk.core import audit
from kiosk.core.events import Key
from kiosk.core.memory import Held, Phase
from kiosk.core.scenes import Idle, Reclose
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    Menu,
    Reasons,
    Story,
)
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, looked, slip, staffed
from tests.flows.walk import Step, Walk, cut, press, published, pull, push, scanned, seconds
from tests.flows.ways import collecting, entering, signing_in
from ui import upkeep_screens

LEFT, EMPTY, OTHER = Answer.LEFT, Answer.EMPTY, Answer.OTHER
LOADED = {"r1": (1,), "r2": (2,), "r3": (3,)}


def at_the_round(loaded: Mapping[str, tuple[int, ...]], *expected: str) -> Walk:
    walk = at_the_menu(Role.SUPERVISOR, loaded, *expected)
    return walk.go(*entering(Entry.AUDIT, Audit))


def next_one(number: int, answer: Answer) -> list[Step]:
    return [(press(Key.CONFIRM), DoorOpening), *looked(number, answer, Audit)]


def findings(walk: Walk) -> list[tuple[object, object, object]]:
    """Compartment, finding, whether it differs from what was believed."""
    said = [f for f in walk.said(Kind.AUDITED) if f["compartment"]]
    return [(f["compartment"], f["finding"], f["differs"]) for f in said]


def test_a_round_opens_each_occupied_compartment_once_in_turn() -> None:
    walk = at_the_round(LOADED)
    walk.go(*next_one(1, LEFT), *next_one(2, LEFT), *next_one(3, LEFT))
    assert walk.pulses == [1, 2, 3]
    assert findings(walk) == [(n, "papers", False) for n in (1, 2, 3)]
    assert audit.left(walk.memory) == ()
    assert {f["reason"] for f in walk.said(Kind.STAFF_AUTHORISED)} == {"audit"}
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r2", 2))


def test_a_round_goes_on_after_restarts_and_days_where_it_was() -> None:
    walk = at_the_round(LOADED)
    walk.go(*next_one(1, LEFT), (cut(86_400), Idle), *signing_in(walk))
    walk.go(*entering(Entry.AUDIT, Audit), *next_one(2, LEFT))
    walk.go((cut(86_400), Idle), *signing_in(walk), *entering(Entry.AUDIT, Audit))
    walk.go(*next_one(3, LEFT))
    assert [f["finding"] for f in walk.said(Kind.AUDITED)] == ["begun", *["papers"] * 3]
    assert walk.pulses == [1, 2, 3]


def test_the_next_round_begins_when_everything_was_seen() -> None:
    walk = at_the_round({"r1": (1,)}).go(*next_one(1, LEFT), *next_one(1, LEFT))
    assert [f["finding"] for f in walk.said(Kind.AUDITED)] == ["begun", "papers"] * 2


def test_differences_are_stated_and_alarmed_and_counted_on_the_screen() -> None:
    walk = at_the_round(LOADED)
    walk.go(*next_one(1, LEFT), *next_one(2, EMPTY), *next_one(3, OTHER))
    assert findings(walk) == [(1, "papers", False), (2, "empty", True), (3, "other", True)]
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["missing:2"]
    assert walk.memory.parts_of("r2") == {2: Phase.RETRIEVED}
    assert walk.memory.compartments[2].held is Held.FREE
    assert walk.memory.compartments[3].blocked == "found"
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, upkeep_screens.Audit)
    assert (body.done, body.left, body.differences) == (3, 0, 1)


def test_a_label_that_fits_is_the_answer_and_another_one_is_none() -> None:
    walk = at_the_round({"r1": (1,), "r2": (2,)})
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((scanned(slip(walk, "r2")), DoorOpen), (push(1), DoorAsk))
    walk.go((press(Key.CHOOSE, LEFT), Audit), (press(Key.CONFIRM), DoorOpening))
    walk.go((seconds(0.4), DoorOpen), (scanned(slip(walk, "r2")), DoorOpen), (push(2), Audit))
    assert findings(walk) == [(1, "papers", False), (2, "papers", False)]


def test_a_label_shared_with_a_result_that_is_still_expected_fits_all_the_same() -> None:
    walk = at_the_round({"r1": (1,)}, "r9")
    walk.central.results["r9"].dossiers = walk.central.results["r1"].dossiers
    walk.go((published, Audit), (press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((scanned(slip(walk, "r1")), DoorOpen), (push(1), Audit))
    assert findings(walk) == [(1, "papers", False)]


# Doubts


def test_an_unasked_opening_is_cleared_by_a_look() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,)}).go((pull(1), Idle), (push(1), Idle))
    assert walk.memory.compartments[1].unchecked == "opened_unasked"
    walk.go(*signing_in(walk), *entering(Entry.AUDIT, Audit), *next_one(1, LEFT))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r1", 1))


def test_papers_that_a_citizen_was_seen_to_open_are_found_papers_and_never_collectible() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,)})
    walk.go(*collecting(walk, "r1", 1), (pull(1), Idle), (push(1), Idle))
    walk.go(*signing_in(walk), *entering(Entry.AUDIT, Audit), *next_one(1, LEFT))
    assert walk.memory.compartments[1].blocked == "found"
    assert walk.memory.parts_of("r1") == {1: Phase.COLLECTED}


@pytest.mark.parametrize("answer", [LEFT, EMPTY, OTHER])
def test_an_envelope_that_was_being_loaded_when_the_power_went_is_settled(answer: Answer) -> None:
    walk = at_the_menu(Role.SUPERVISOR, None, "r9").go(
        (scanned("H29.915-261121-0001"), LoadOpening)
    )
    walk.go((seconds(0.4), LoadOpen), (cut(), Reclose), (push(1), Idle), *signing_in(walk))
    walk.go(*entering(Entry.AUDIT, Audit), *next_one(1, answer))
    assert audit.left(walk.memory) == ()
    assert len(walk.said(Kind.LOADED)) == (answer is LEFT)
    held = walk.memory.compartments[1]
    assert (held.cid, held.blocked, held.unchecked) == {
        LEFT: ("r9", "", ""),
        EMPTY: ("", "", ""),
        OTHER: ("", "found", ""),
    }[answer]
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    if answer is LEFT:
        walk.go(*collecting(walk, "r9", 1))


def test_it_is_settled_too_where_a_collected_result_lay_before() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,)}, count=1)
    walk.central.register("r9").size = "A3"
    walk.publish()
    walk.go(*collecting(walk, "r1", 1), *signing_in(walk), (scanned(slip(walk)), LoadOpening))
    walk.go((seconds(0.4), LoadOpen), (cut(), Reclose), (push(1), Idle), *signing_in(walk))
    walk.go(*entering(Entry.AUDIT, Audit), (press(Key.CONFIRM), DoorOpening))
    walk.go((seconds(0.4), DoorOpen), (scanned(slip(walk)), DoorOpen), (push(1), Audit))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))


def test_a_door_that_stays_shut_leaves_the_doubt_and_is_passed_over_in_this_session() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r2": (2,)}, "r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen), (cut(), Reclose))
    walk.go((push(1), Idle), *signing_in(walk), *entering(Entry.AUDIT, Audit))
    walk.jammed = {1}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(2.5), DoorOpening))
    walk.go((press(Key.CANCEL), Audit), *next_one(2, LEFT), (press(Key.CONFIRM), Audit))
    held = walk.memory.compartments[1]
    assert (held.unchecked, held.pending) == ("staff:load", "r9")
    walk.jammed = set()
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), (seconds(60), Idle))
    walk.go(*signing_in(walk), *entering(Entry.AUDIT, Audit), *next_one(1, LEFT))
    assert walk.memory.parts_of("r9") == {1: Phase.LOADED}


def test_a_door_that_cannot_be_read_is_blocked_until_somebody_has_looked() -> None:
    walk = at_the_round({"r1": (1,)})
    walk.jammed = {1}
    walk.go((press(Key.CONFIRM), DoorOpening), (pull(1, Reading.UNKNOWN), DoorOpening))
    walk.go((seconds(5), Audit))
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, upkeep_screens.Audit)
    assert (body.trouble, body.trouble_compartment) == ("unconfirmed", 1)
    walk.go((pull(1, Reading.CLOSED), Audit))
    assert walk.memory.compartments[1].blocked == "unconfirmed"
    walk.jammed = set()
    walk.go((press(Key.BACK), Menu), *entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, "1"), Story), (press(Key.CHOOSE, Act.CHECK), DoorOpening))
    walk.go(*looked(1, LEFT, CabinetView))
    assert walk.memory.compartments[1].serves


def test_a_look_does_not_release_what_a_technician_blocked() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,)}).go(*entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, "1"), Story), (press(Key.CHOOSE, Act.BLOCK), Reasons))
    walk.go((press(Key.CHOOSE, "sensor"), Story), (press(Key.BACK), CabinetView))
    walk.go((press(Key.BACK), Menu), *entering(Entry.AUDIT, Audit), *next_one(1, LEFT))
    assert walk.memory.compartments[1].blocked == "sensor"
    assert audit.left(walk.memory) == ()


@pytest.mark.parametrize("verb", ["revoke", "drop"])
def test_a_manifest_in_the_middle_changes_no_finding(verb: str) -> None:
    walk = at_the_round({"r1": (1,)})
    walk.go((press(Key.CONFIRM), DoorOpening))
    getattr(walk.central, verb)("r1")
    walk.go((published, DoorOpening), *looked(1, LEFT, Audit))
    assert findings(walk) == [(1, "papers", False)]
    assert walk.memory.parts_of("r1") == {1: Phase.LOADED}
    assert ("r1" in walk.memory.recalled) is (verb == "revoke")
    assert ("r1" in walk.memory.suspended) is (verb == "drop")


def test_a_clerk_has_no_audit() -> None:
    at_the_menu(Role.CLERK, {"r1": (1,)}).go((press(Key.CHOOSE, Entry.AUDIT), Menu))


def test_loading_after_a_round_has_begun_is_no_difference() -> None:
    walk = at_the_round({"r1": (1,)}, "r9").go(*next_one(1, LEFT), (press(Key.BACK), Menu))
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen), (push(2), Loading))
    walk.go((press(Key.BACK), Menu), *entering(Entry.AUDIT, Audit), *next_one(2, LEFT))
    assert findings(walk)[-1] == (2, "papers", False)
