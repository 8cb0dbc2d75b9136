"""Taking back: what is on the list and why, one door at a time, each confirmed (issue 3, 3 and 8)."""

from __future__ import annotations

import pytest

from kiosk import show
from kiosk.core.events import Key
from kiosk.core.memory import Held, Phase
from kiosk.core.scenes import Idle, Opening, Ready, Reclose, Told, Why, WrongDoor
from kiosk.core.staff_scenes import LoadClosing, Loading, LoadOpen, LoadOpening
from kiosk.core.takeback import Due, TakeWhy, due
from kiosk.core.upkeep_scenes import Answer, DoorAsk, DoorOpen, DoorOpening, Entry, Menu, TakeList
from sync.messages import Clock, Kind, Role
from tests.flows.upkeep import looked, slip, staffed
from tests.flows.walk import Do, Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import collecting, entering, loading, right_code, signing_in
from ui import upkeep_screens

TAKEN, LEFT, EMPTY, OTHER = Answer.TAKEN, Answer.LEFT, Answer.EMPTY, Answer.OTHER
WEEK_S = 8 * 86_400


def why(walk: Walk) -> list[tuple[int, TakeWhy]]:
    return [(item.compartment, item.why) for item in due(walk.state, walk.now)]


def at_the_list(walk: Walk) -> Walk:
    return walk.go(*signing_in(walk), *entering(Entry.TAKE_BACK, TakeList))


def recalled(loaded: dict[str, tuple[int, ...]] | None = None) -> Walk:
    """r1 lies in 1 (or as given) and was revoked; the clerk stands at the list."""
    walk = staffed(Role.CLERK, loaded or {"r1": (1,)})
    walk.central.revoke("r1")
    walk.publish()
    return at_the_list(walk)


# What is on the list


def revoked(walk: Walk) -> None:
    walk.central.revoke("r1")


def moved(walk: Walk) -> None:
    walk.central.revoke("r1")
    walk.central.results["r1"].place = "tủ bt2"


def dropped(walk: Walk) -> None:
    walk.central.drop("r1")


@pytest.mark.parametrize(
    ("change", "reason"),
    [(revoked, TakeWhy.RECALLED), (moved, TakeWhy.MOVED), (dropped, TakeWhy.SUSPENDED)],
)
def test_what_central_took_away_is_listed_with_its_reason(change: Do, reason: TakeWhy) -> None:
    walk = staffed(Role.CLERK, {"r1": (1,), "r2": (2,)})
    change(walk)
    walk.go((published, Idle))
    assert why(walk) == [(1, reason)]
    body = show.screen(at_the_list(walk).state, walk.now).body
    assert isinstance(body, upkeep_screens.TakeList)
    assert [(i.compartment, str(i.why)) for i in body.items] == [(1, str(reason))]


def test_an_expired_result_is_listed_and_refused_by_a_trusted_clock_only() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.boot(WEEK_S * 1000)
    walk.go((seconds(0.4), Idle))
    assert why(walk) == [(1, TakeWhy.EXPIRED)]
    walk.go(*right_code(walk, leads_to=Told), (press(Key.FINISH), Idle))
    walk.claim = Clock.UNKNOWN
    walk.go((seconds(1), Idle))
    assert why(walk) == []
    walk.go(*right_code(walk, leads_to=Ready))


def test_an_expired_result_says_so_at_the_screen_with_its_date() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.boot(WEEK_S * 1000)
    walk.go((seconds(0.4), Idle), *right_code(walk, leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert (walk.scene.why, walk.scene.at_ms) == (
        Why.EXPIRED,
        walk.central.results["r1"].hold_until_ms,
    )


def test_a_result_that_somebody_may_be_finishing_is_not_on_the_list() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (cut(1), Idle))
    assert walk.memory.parts_of("r1") == {1: Phase.ACCEPTED}
    walk.central.revoke("r1")
    walk.publish()
    assert why(walk) == []
    walk.go((seconds(601), Idle))
    assert why(walk) == [(1, TakeWhy.RECALLED)]


def test_papers_that_a_clerk_found_while_loading_are_a_task_that_names_what_lay_there() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)}, "r9", count=1)
    walk.central.results["r9"].size = "A3"
    walk.publish()
    walk.go(*collecting(walk, "r1", 1), *signing_in(walk), (scanned(slip(walk)), LoadOpening))
    walk.go((seconds(0.4), LoadOpen), (press(Key.NOT_EMPTY), LoadClosing), (push(1), Loading))
    assert walk.said(Kind.BLOCKED)[0]["previous"] == "r1"
    assert due(walk.state, walk.now) == (Due(1, "", TakeWhy.FOUND),)
    walk.go((press(Key.BACK), Menu), *entering(Entry.TAKE_BACK, TakeList))
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))
    assert walk.memory.compartments[1].serves
    assert walk.memory.parts_of("r1") == {1: Phase.COLLECTED}
    walk.go((press(Key.BACK), Menu), *loading(slip(walk), 1))


def test_an_envelope_whose_result_went_away_while_it_was_laid_in_is_on_the_list() -> None:
    walk = staffed(Role.CLERK, None, "r9")
    walk.go(*signing_in(walk), (scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    walk.central.drop("r9")
    walk.go((published, LoadOpen), (push(1), Loading))
    assert why(walk) == [(1, TakeWhy.FOUND)]
    walk.go((press(Key.BACK), Menu), *entering(Entry.TAKE_BACK, TakeList))
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))
    assert walk.memory.compartments[1].held is Held.FREE
    assert why(walk) == []


def test_the_list_has_pages_and_any_item_of_a_page_can_be_taken_first() -> None:
    loaded = {f"r{n}": (n,) for n in range(1, 7)}
    walk = staffed(Role.CLERK, loaded)
    for cid in loaded:
        walk.central.revoke(cid)
    walk.publish()
    at_the_list(walk).go((press(Key.ANOTHER), TakeList), (press(Key.CHOOSE, "2"), TakeList))
    walk.go((press(Key.CHOOSE, "1"), DoorOpening), *looked(6, TAKEN, TakeList))
    walk.go((press(Key.ANOTHER), TakeList), (press(Key.ANOTHER), TakeList))
    assert isinstance(walk.scene, TakeList)
    assert walk.scene.page == 1
    walk.go((press(Key.CHOOSE, "0"), DoorOpening), *looked(1, TAKEN, TakeList))
    assert len(due(walk.state, walk.now)) == 4


def test_an_empty_list_opens_nothing() -> None:
    walk = at_the_list(staffed(Role.CLERK, {"r1": (1,)}))
    walk.go((press(Key.CONFIRM), TakeList), (press(Key.CHOOSE, "0"), TakeList))
    assert walk.pulses == []


# What staff saw


def test_taken_papers_leave_a_free_compartment_and_a_code_that_opens_nothing() -> None:
    walk = recalled()
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))
    reason = {"compartment": 1, "staff": "7", "reason": "take_back", "cid": "r1"}
    assert walk.said(Kind.STAFF_AUTHORISED) == [reason]
    said = {"cid": "r1", "compartment": 1, "staff": "7", "undo": False}
    assert walk.said(Kind.RETRIEVED) == [said]
    assert walk.memory.compartments[1].held is Held.FREE
    assert walk.memory.compartments[1].serves
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk, leads_to=Told))


def test_papers_left_inside_can_be_collected_once_central_lists_them_again() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.central.drop("r1")
    walk.publish()
    at_the_list(walk).go((press(Key.CONFIRM), DoorOpening), *looked(1, LEFT, TakeList))
    assert why(walk) == [(1, TakeWhy.SUSPENDED)]
    walk.central.relist("r1")
    walk.go((published, TakeList), (press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*collecting(walk, "r1", 1))


def test_missing_papers_are_stated_as_a_difference_and_alarmed() -> None:
    walk = recalled()
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, EMPTY, TakeList))
    assert walk.said(Kind.AUDITED)[0]["differs"] is True
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["missing:1"]
    assert walk.memory.compartments[1].held is Held.FREE
    assert why(walk) == []


def test_other_papers_stay_on_the_list_and_open_for_nobody() -> None:
    walk = recalled()
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, OTHER, TakeList))
    assert why(walk) == [(1, TakeWhy.FOUND)]
    assert walk.said(Kind.AUDITED)[0]["differs"] is True
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))
    assert why(walk) == []


def test_words_that_are_no_answer_are_passed_over() -> None:
    walk = recalled().go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((push(1), DoorAsk), (press(Key.CHOOSE, "maybe"), DoorAsk))
    assert walk.memory.compartments[1].unchecked == "staff:take_back"


# Doors that give trouble


def told(walk: Walk) -> tuple[str, int]:
    """What the screen says about a door."""
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, upkeep_screens.TakeList)
    return body.trouble, body.trouble_compartment


def test_a_door_that_stays_shut_changes_nothing_and_is_one_more_failure() -> None:
    walk = recalled()
    walk.jammed = {1}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(2.5), DoorOpening))
    walk.go((press(Key.RETRY), DoorOpening), (seconds(2.5), DoorOpening))
    walk.go((press(Key.RETRY), DoorOpening), (press(Key.CANCEL), TakeList))
    assert walk.pulses == [1, 1]
    assert told(walk) == ("not_opened", 1)
    assert why(walk) == [(1, TakeWhy.RECALLED)]
    held = walk.memory.compartments[1]
    assert (held.serves, held.cid, held.failed) == (True, "r1", 1)
    walk.jammed = set()
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))


def test_a_door_that_stands_open_is_not_pulsed() -> None:
    walk = recalled()
    walk.readings[1] = walk.readings[1].OPEN
    walk.go((seconds(1), TakeList), (press(Key.CONFIRM), TakeList))
    assert walk.pulses == []
    assert told(walk) == ("door_open", 1)


def test_a_wrong_door_ends_the_session_and_unchecks_both() -> None:
    walk = recalled({"r1": (1,), "r2": (2,)}).go((seconds(3), TakeList))
    walk.swapped = {1: 2}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), WrongDoor), (push(2), Told))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "wrong_door"}]
    assert [walk.memory.compartments[n].unchecked for n in (1, 2)] == ["wrong_door"] * 2


# Cuts and manifests in the middle


def test_a_cut_with_the_door_open_leaves_the_compartment_unchecked_and_its_code_dead() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.central.drop("r1")
    walk.publish()
    at_the_list(walk).go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((cut(), Reclose), (push(1), Idle))
    assert walk.memory.compartments[1].unchecked == "staff:take_back"
    walk.central.relist("r1")
    walk.go((published, Idle), *right_code(walk, leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.CHECKED


@pytest.mark.parametrize("answer", [TAKEN, LEFT, EMPTY, OTHER])
def test_a_manifest_that_lists_it_again_in_the_middle_changes_no_answer(answer: Answer) -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.central.drop("r1")
    walk.publish()
    at_the_list(walk).go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.central.relist("r1")
    walk.go((published, DoorOpen), (push(1), DoorAsk), (press(Key.CHOOSE, answer), TakeList))
    held = walk.memory.compartments[1]
    assert (held.cid if held.serves else "") == ("r1" if answer is LEFT else "")
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk, leads_to=Ready if answer is LEFT else Told))
