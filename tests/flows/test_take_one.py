"""One healthy result is taken out of the cabinet, with a reason that lands in the journal (issue 3, 3)."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.memory import Held
from kiosk.core.scenes import Idle, Reclose, Told
from kiosk.core.staff_scenes import Loading, Trouble
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    Menu,
    Reason,
    Reasons,
    Story,
)
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, looked, slip
from tests.flows.walk import Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import collecting, entering, loading, right_code, signing_in

TAKE = press(Key.CHOOSE, Act.TAKE)
COUNTER = press(Key.CHOOSE, Reason.COUNTER)


def touching(walk: Walk, number: int = 1) -> Walk:
    return walk.go(*entering(Entry.CABINET, CabinetView), (press(Key.CHOOSE, str(number)), Story))


def asked(role: Role = Role.CLERK, loaded: dict[str, tuple[int, ...]] | None = None) -> Walk:
    """At the question why."""
    return touching(at_the_menu(role, loaded or {"r1": (1,)})).go((TAKE, Reasons))


def leaving(walk: Walk) -> Walk:
    return walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
def test_a_result_asked_for_at_the_counter_is_taken_out_and_its_code_opens_nothing(
    role: Role,
) -> None:
    walk = asked(role).go((COUNTER, DoorOpening), *looked(1, Answer.TAKEN, CabinetView))
    said = {"compartment": 1, "staff": "7", "reason": "take_back", "cid": "r1", "why": "counter"}
    assert walk.said(Kind.STAFF_AUTHORISED) == [said]
    taken = {"cid": "r1", "compartment": 1, "staff": "7", "undo": False, "reason": "counter"}
    assert walk.said(Kind.RETRIEVED) == [taken]
    held = walk.memory.compartments[1]
    assert (held.held, held.serves) == (Held.FREE, True)
    leaving(walk).go(*right_code(walk, leads_to=Told), (press(Key.FINISH), Idle))
    walk.go((cut(), Idle), *right_code(walk, leads_to=Told))


def test_a_technician_is_not_offered_it_and_cannot_do_it() -> None:
    walk = touching(at_the_menu(Role.TECHNICIAN, {"r1": (1,)})).go((TAKE, Story))
    assert walk.pulses == []


@pytest.mark.parametrize("reason", ["", "lock", "expired"])
def test_no_reason_or_another_one_opens_nothing(reason: str) -> None:
    walk = asked().go((press(Key.CHOOSE, reason), Reasons), (press(Key.BACK), Story))
    assert (walk.pulses, walk.said(Kind.STAFF_AUTHORISED)) == ([], [])


def test_papers_that_no_citizen_opened_may_be_put_back_and_are_collected() -> None:
    walk = asked().go((COUNTER, DoorOpening), *looked(1, Answer.LEFT, CabinetView))
    assert walk.said(Kind.RETRIEVED) == []
    leaving(walk).go(*collecting(walk, "r1", 1))


def test_what_was_taken_out_is_not_loaded_again_under_its_cid() -> None:
    walk = asked().go((COUNTER, DoorOpening), *looked(1, Answer.TAKEN, CabinetView))
    walk.go((press(Key.BACK), Menu), (scanned(slip(walk, "r1")), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble is Trouble.ALREADY


def test_one_part_taken_out_leaves_the_other_collectible() -> None:
    walk = asked(loaded={"r1": (1, 3)})
    walk.go((COUNTER, DoorOpening), *looked(1, Answer.TAKEN, CabinetView))
    leaving(walk).go(*collecting(walk, "r1", 3))


@pytest.mark.parametrize("why", ["revoked", "dropped", "blocked"])
def test_what_is_not_healthy_is_the_lists_or_the_checks(why: str) -> None:
    walk = at_the_menu(Role.CLERK, {"r1": (1,)})
    if why == "revoked":
        walk.central.revoke("r1")
    if why == "dropped":
        walk.central.drop("r1")
    touching(walk.go((published, Menu)))
    if why == "blocked":
        walk.go((press(Key.CHOOSE, Act.BLOCK), Reasons), (press(Key.CHOOSE, "lock"), Story))
    walk.go((TAKE, Story))
    assert walk.pulses == []


def test_a_compartment_without_a_result_offers_nothing_to_take() -> None:
    assert touching(at_the_menu()).go((TAKE, Story)).pulses == []


def test_a_manifest_between_act_and_reason_opens_nothing() -> None:
    walk = asked()
    walk.central.revoke("r1")
    walk.go((published, Reasons), (COUNTER, Story))
    assert walk.pulses == []


def test_a_cut_with_the_door_open_leaves_the_compartment_unchecked() -> None:
    walk = asked().go((COUNTER, DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((cut(), Reclose), (push(1), Idle))
    assert walk.memory.compartments[1].unchecked == "staff:take_back"
    walk.go(*right_code(walk, leads_to=Told))


def test_a_door_that_stays_shut_changes_nothing() -> None:
    walk = asked()
    walk.jammed = {1}
    walk.go((COUNTER, DoorOpening), (seconds(2.5), DoorOpening), (press(Key.CANCEL), CabinetView))
    leaving(walk)
    walk.jammed = set()
    walk.go(*collecting(walk, "r1", 1))


def test_missing_papers_are_stated_as_a_difference() -> None:
    walk = asked().go((COUNTER, DoorOpening), (seconds(0.4), DoorOpen), (push(1), DoorAsk))
    walk.go((press(Key.CHOOSE, Answer.EMPTY), CabinetView))
    assert walk.said(Kind.AUDITED)[0]["differs"] is True


# A new cid


def test_a_result_that_a_citizen_opened_comes_back_under_a_new_cid_and_the_old_one_never() -> None:
    walk = at_the_menu(Role.CLERK, {"r1": (1,)}).go((press(Key.SIGN_OUT), Idle))
    old = walk.central.results["r1"]
    code = right_code(walk, leads_to=Told)
    walk.go(*collecting(walk, "r1", 1))
    fresh = walk.central.register("r7", "0530001639")
    fresh.dossiers = list(old.dossiers)  # the same envelope, entered anew by the office
    walk.publish()
    walk.go(
        (seconds(60), Idle),
        *signing_in(walk),
        *loading(old.dossiers[0], 2),
        (press(Key.SIGN_OUT), Idle),
    )
    assert walk.said(Kind.LOADED)[-1]["cid"] == "r7"
    walk.go(*code, (press(Key.FINISH), Idle))
    walk.go(*collecting(walk, "r7", 2))
    for listed in (False, True):  # forgotten, and named again by a central that was restored
        old.listed = listed
        walk.publish()
        old.dossiers = ["H29.915-261121-9999"]
    walk.publish()
    walk.go((seconds(60), Idle), *signing_in(walk), (scanned(old.dossiers[0]), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble is Trouble.ALREADY
