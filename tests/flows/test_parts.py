"""One result in several compartments, several people who may fetch it (DESIGN §5; issue 3, 7)."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import Closed, Idle, Next, Open, Opening, Ready, Told, Why
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening, Trouble
from kiosk.core.takeback import due
from kiosk.core.upkeep_scenes import Answer, Audit, DoorOpening, Entry, Menu, TakeList, Unlock
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, looked, slip, staffed
from tests.flows.walk import Do, Step, Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import entering, loading, opening, right_code, signing_in, typing, unlocking

TAKEN = Answer.TAKEN


def one_more(number: int) -> list[Step]:
    """The clerk's second scan, then one compartment more."""
    return [
        (press(Key.ANOTHER), LoadOpening),
        (seconds(0.4), LoadOpen),
        (push(number), Loading),
    ]


def in_two(walk: Walk) -> Walk:
    return walk.go(*loading(slip(walk), 1), (scanned(slip(walk)), Loading), *one_more(2))


def both(walk: Walk) -> list[Step]:
    """One code, two doors, one after the other."""
    return [
        *right_code(walk, "r9"),
        *opening(),
        (push(1), Next),
        (press(Key.OPEN), Opening),
        (seconds(0.4), Open),
        (push(2), Closed),
    ]


def test_one_code_opens_both_compartments_one_after_the_other() -> None:
    walk = in_two(at_the_menu(Role.CLERK, None, "r9")).go((press(Key.SIGN_OUT), Idle))
    walk.go(*both(walk))
    assert walk.said(Kind.ACCEPTED)[0]["compartments"] == [1, 2]
    assert walk.memory.parts_of("r9") == {1: Phase.COLLECTED, 2: Phase.COLLECTED}


def test_a_second_compartment_is_offered_only_for_a_result_that_lies_here_untouched() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.go(*loading(slip(walk), 1), (press(Key.ANOTHER), Loading))
    assert walk.pulses == [1]
    walk.go((scanned(slip(walk)), Loading))
    assert isinstance(walk.scene, Loading)
    assert (walk.scene.trouble, walk.scene.add_cid) == (Trouble.ALREADY, "r9")
    walk.central.revoke("r9")
    walk.go((published, Loading), (press(Key.ANOTHER), Loading))
    assert walk.pulses == [1]


def test_a_collected_result_gets_no_second_compartment() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.go(*loading(slip(walk), 1), (press(Key.START), Idle), *right_code(walk, "r9"))
    walk.go(*opening(), (push(1), Closed), (press(Key.SKIP), Idle), (press(Key.STAFF), Unlock))
    walk.go(*unlocking(walk, Loading), (scanned(slip(walk)), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.add_cid == ""


def test_undoing_the_second_part_leaves_the_first_collectible() -> None:
    walk = in_two(at_the_menu(Role.CLERK, None, "r9"))
    walk.go((press(Key.UNDO), DoorOpening), *looked(2, TAKEN, Loading), (press(Key.SIGN_OUT), Idle))
    assert walk.memory.parts_of("r9") == {1: Phase.LOADED}
    walk.go(*right_code(walk, "r9"), *opening(), (push(1), Closed))


def test_retrieving_one_part_leaves_the_other_collectible() -> None:
    walk = in_two(at_the_menu(Role.CLERK, None, "r9")).go((press(Key.BACK), Menu))
    walk.central.drop("r9")
    walk.go((published, Menu), *entering(Entry.TAKE_BACK, TakeList))
    assert [item.compartment for item in due(walk.state, walk.now)] == [1, 2]
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, TAKEN, TakeList))
    assert walk.memory.parts_of("r9") == {1: Phase.RETRIEVED, 2: Phase.LOADED}
    walk.central.relist("r9")
    walk.go((published, TakeList), (press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk, "r9"), *opening(), (push(2), Closed))


def test_a_cut_while_the_second_part_is_laid_in_leaves_the_first_collectible() -> None:
    walk = at_the_menu(Role.SUPERVISOR, None, "r9")
    walk.go(
        *loading(slip(walk), 1), (scanned(slip(walk)), Loading), (press(Key.ANOTHER), LoadOpening)
    )
    walk.readings[2] = walk.readings[1]
    walk.go((cut(), Idle), *right_code(walk, "r9"), (seconds(45), Idle))
    assert walk.memory.compartments[2].unchecked == "staff:load"


def test_the_second_part_that_a_cut_interrupted_is_loaded_by_a_look() -> None:
    walk = at_the_menu(Role.SUPERVISOR, None, "r9")
    walk.go(
        *loading(slip(walk), 1), (scanned(slip(walk)), Loading), (press(Key.ANOTHER), LoadOpening)
    )
    walk.readings[2] = walk.readings[1]
    walk.go((cut(), Idle), *signing_in(walk), *entering(Entry.AUDIT, Audit))
    for number in (1, 2):
        walk.go((press(Key.CONFIRM), DoorOpening), *looked(number, Answer.LEFT, Audit))
    assert walk.memory.parts_of("r9") == {1: Phase.LOADED, 2: Phase.LOADED}
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *both(walk))


def test_a_recalled_part_does_not_come_back_by_a_second_one() -> None:
    walk = in_two(at_the_menu(Role.CLERK, None, "r9")).go((press(Key.SIGN_OUT), Idle))
    walk.central.revoke("r9")
    walk.go((published, Idle), *right_code(walk, "r9", leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.RECALLED
    assert len(due(walk.state, walk.now)) == 2


# Several holders


def two_holders() -> Walk:
    walk = staffed(Role.CLERK, {"r1": (1,)})
    walk.central.authorise("r1", "h2", "0530002222")
    walk.publish()
    return walk


def by(walk: Walk, holder: str, leads_to: type) -> list[Step]:
    central = walk.central
    known, code = central.known_digits("r1", holder), central.code("r1", holder)
    return typing(known, code, leads_to)


def nothing(_walk: Walk) -> None:
    """No restart."""


@pytest.mark.parametrize("between", [nothing, cut()])
@pytest.mark.parametrize(("first", "second"), [("h1", "h2"), ("h2", "h1")])
def test_one_collecting_ends_it_for_the_other_in_both_orders_and_across_restarts(
    between: Do, first: str, second: str
) -> None:
    walk = two_holders().go((between, Idle))
    walk.go(*by(walk, first, Ready), *opening(), (push(1), Closed), (press(Key.SKIP), Idle))
    walk.go((between, Idle), *by(walk, second, Told), (press(Key.FINISH), Idle))
    walk.go((scanned(walk.central.qr("r1", second)), Told), (press(Key.FINISH), Idle))
    assert walk.said(Kind.COLLECTED)[0]["holder"] == first
    assert walk.pulses == [1]


@pytest.mark.parametrize(("first", "second"), [("h1", "h2"), ("h2", "h1")])
def test_a_door_that_stayed_shut_for_one_opens_for_the_other(first: str, second: str) -> None:
    walk = two_holders()
    walk.jammed = {1}
    walk.go(*by(walk, first, Ready), (press(Key.OPEN), Opening), (cut(), Idle))
    walk.jammed = set()
    walk.go(*by(walk, second, Ready), *opening(), (push(1), Closed), (press(Key.SKIP), Idle))
    walk.go(*by(walk, first, Told))
    assert [f["holder"] for f in walk.said(Kind.COLLECTED)] == [second]


def test_a_holder_who_is_no_longer_listed_opens_nothing_and_the_other_collects() -> None:
    walk = two_holders()
    code = walk.central.code("r1", "h2")
    walk.central.unlist("r1", "h2")
    walk.publish()
    for do, _ in typing("2222", code, Idle):
        do(walk)
    assert walk.pulses == []
    walk.go((press(Key.FINISH), Idle), *by(walk, "h1", Ready), *opening(), (push(1), Closed))
