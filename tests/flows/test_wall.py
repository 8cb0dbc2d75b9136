"""The cabinet view: signs, stories, and acts that land in the journal with a reason (issue 3, 4)."""

from __future__ import annotations

import pytest

from drivers.doors import Reading
from kiosk.core import wall
from kiosk.core.events import Key, StoryRead
from kiosk.core.scenes import Idle, Reclose, Told
from kiosk.core.staff_scenes import LoadOpen, LoadOpening
from kiosk.core.takeback import due
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
    CabinetView,
    DoorOpening,
    Entry,
    Happening,
    Menu,
    Reason,
    Reasons,
    Story,
)
from kiosk.core.wall import Sign
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, looked, slip, staffed
from tests.flows.walk import Walk, cut, press, pull, push, scanned, seconds
from tests.flows.ways import collecting, entering, right_code, signing_in


def touching(walk: Walk, number: int) -> Walk:
    return walk.go(*entering(Entry.CABINET, CabinetView), (press(Key.CHOOSE, str(number)), Story))


def acted(walk: Walk, act: Act, reason: Reason) -> Walk:
    return walk.go((press(Key.CHOOSE, act), Reasons), (press(Key.CHOOSE, reason), Story))


def sign(walk: Walk, number: int) -> Sign:
    return wall.sign(walk.state, number, walk.now)


def test_every_sign_stands_for_what_is_so() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,), "r2": (2,), "r3": (3,)})
    walk.central.revoke("r2")
    walk.publish()
    walk.go(*collecting(walk, "r3", 3), (pull(5), Idle))
    signs = [sign(walk, n) for n in range(1, 7)]
    free, open_ = Sign.FREE, Sign.OPEN
    assert signs == [Sign.OCCUPIED, Sign.EXPIRED, Sign.PRESUMED_EMPTY, free, open_, free]
    walk.go((push(5), Idle), (pull(6, Reading.UNKNOWN), Idle), (seconds(3), Idle))
    assert (sign(walk, 5), sign(walk, 6)) == (Sign.UNCHECKED, Sign.FAULTY)
    acted(touching(walk.go(*signing_in(walk)), 4), Act.BLOCK, Reason.CLEANING)
    assert sign(walk, 4) is Sign.BLOCKED


def test_a_touch_reads_the_story_of_this_compartment_and_no_other() -> None:
    walk = touching(at_the_menu(Role.CLERK, {"r1": (1,)}), 1)
    told = (Happening("loaded", 1, "7"),)
    walk.give(StoryRead(2, told))
    assert isinstance(walk.scene, Story)
    assert walk.scene.happenings == ()
    walk.give(StoryRead(1, told))
    assert walk.scene.happenings == told  # type: ignore[comparison-overlap]  # a new scene by now


@pytest.mark.parametrize("value", ["0", "7", "x", ""])
def test_a_compartment_that_there_is_not_has_no_story(value: str) -> None:
    walk = at_the_menu().go(*entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, value), CabinetView))


@pytest.mark.parametrize("role", list(Role))
def test_block_and_release_need_a_reason_that_lands_in_the_journal(role: Role) -> None:
    walk = touching(at_the_menu(role, {"r1": (1,)}), 1)
    walk.go((press(Key.CHOOSE, Act.BLOCK), Reasons), (press(Key.CHOOSE, ""), Reasons))
    walk.go((press(Key.CHOOSE, "repaired"), Reasons), (press(Key.BACK), Story))
    assert walk.said(Kind.BLOCKED) == []
    acted(walk, Act.BLOCK, Reason.LOCK)
    assert walk.said(Kind.BLOCKED) == [{"compartment": 1, "staff": "7", "reason": "lock"}]
    acted(walk, Act.RELEASE, Reason.REPAIRED)
    assert walk.said(Kind.RELEASED) == [{"compartment": 1, "staff": "7", "reason": "repaired"}]
    assert walk.memory.compartments[1].serves


def test_a_blocked_compartment_serves_nobody_until_it_is_released_not_even_after_a_cut() -> None:
    walk = acted(touching(at_the_menu(Role.CLERK, {"r1": (1,)}), 1), Act.BLOCK, Reason.DOOR)
    walk.go((cut(), Idle), *right_code(walk, leads_to=Told), (press(Key.FINISH), Idle))
    walk.go(*signing_in(walk))
    acted(touching(walk, 1), Act.RELEASE, Reason.LOOKED)
    walk.go((press(Key.BACK), CabinetView), (press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*collecting(walk, "r1", 1))


def test_a_block_does_not_hide_a_doubt_and_its_release_does_not_end_it() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9").go((scanned("H29.915-261121-0001"), LoadOpening))
    walk.go((seconds(0.4), LoadOpen), (cut(), Reclose), (push(1), Idle), *signing_in(walk))
    acted(touching(walk, 1), Act.BLOCK, Reason.LOCK)
    assert sign(walk, 1) is Sign.UNCHECKED
    acted(walk, Act.RELEASE, Reason.REPAIRED)
    assert walk.memory.compartments[1].unchecked == "staff:load"
    walk.go((press(Key.CHOOSE, Act.CHECK), DoorOpening), *looked(1, Answer.LEFT, CabinetView))
    assert walk.said(Kind.LOADED)[0]["cid"] == "r9"


def test_opened_by_key_is_entered_with_a_reason_and_asks_for_a_look() -> None:
    walk = acted(touching(at_the_menu(Role.CLERK, {"r1": (1,)}), 1), Act.BY_KEY, Reason.REQUEST)
    said = {"compartment": 1, "staff": "7", "finding": "by_key", "reason": "request"}
    assert walk.said(Kind.AUDITED) == [said]
    assert sign(walk, 1) is Sign.UNCHECKED
    walk.go((press(Key.CHOOSE, Act.CHECK), DoorOpening), *looked(1, Answer.LEFT, CabinetView))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r1", 1))


def test_a_compartment_without_a_doubt_opens_for_no_touch() -> None:
    for role in Role:
        walk = touching(at_the_menu(role, {"r1": (1,)}), 1)
        walk.go((press(Key.CHOOSE, Act.CHECK), Story), (press(Key.CHOOSE, "open"), Story))
        assert walk.pulses == []


def test_papers_of_somebody_else_are_not_released_without_a_look() -> None:
    walk = touching(at_the_menu(Role.CLERK, {"r1": (1,)}), 1)
    acted(walk, Act.BY_KEY, Reason.PAPERS)
    walk.go((press(Key.CHOOSE, Act.CHECK), DoorOpening), *looked(1, Answer.OTHER, CabinetView))
    walk.go((press(Key.CHOOSE, "1"), Story), (press(Key.CHOOSE, Act.RELEASE), Story))
    assert walk.memory.compartments[1].blocked == "found"


def test_a_block_for_another_reason_is_no_found_papers() -> None:
    walk = acted(touching(at_the_menu(Role.CLERK), 1), Act.BLOCK, Reason.OTHER)
    assert due(walk.state, walk.now) == ()
    acted(walk, Act.RELEASE, Reason.OTHER)
    assert walk.memory.compartments[1].serves


def test_a_bank_that_a_wrong_door_blocked_is_released_one_by_one() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,)}, "r9").go((seconds(3), Menu))
    walk.swapped = {2: 3}
    for do in (scanned(slip(walk)), seconds(0.4), push(3)):
        do(walk)
    walk.swapped = {}
    assert {c.blocked for c in walk.memory.compartments.values()} == {"wrong_door"}
    walk.go((press(Key.FINISH), Idle), (seconds(30), Idle), *signing_in(walk))
    acted(touching(walk, 1), Act.RELEASE, Reason.LOOKED)
    assert walk.memory.compartments[1].serves
    assert not walk.memory.compartments[4].serves
    acted(touching_next(walk, 2), Act.RELEASE, Reason.LOOKED)
    assert walk.memory.compartments[2].unchecked == "wrong_door"


def touching_next(walk: Walk, number: int) -> Walk:
    return walk.go((press(Key.BACK), CabinetView), (press(Key.CHOOSE, str(number)), Story))


def test_a_check_whose_door_stays_shut_leaves_the_doubt() -> None:
    walk = acted(touching(at_the_menu(Role.CLERK, {"r1": (1,)}), 1), Act.BY_KEY, Reason.LOCK)
    walk.jammed = {1}
    walk.go((press(Key.CHOOSE, Act.CHECK), DoorOpening), (seconds(2.5), DoorOpening))
    walk.go((press(Key.CANCEL), CabinetView))
    assert walk.memory.compartments[1].unchecked == "by_key"
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk, leads_to=Told))
