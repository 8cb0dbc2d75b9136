"""A loading is undone in one touch, before any message leaves; late letters are enclosed (issue 3, 2)."""

from __future__ import annotations

from kiosk import show
from kiosk.core.events import Key
from kiosk.core.scenes import Idle, Reclose, Told, Why
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import Answer, Apology, DoorOpen, DoorOpening, Menu, Unlock
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, looked, slip
from tests.flows.walk import Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import collecting, loading, right_code, unlocking
from ui.staff_screens import LoadScan

TAKEN, LEFT = Answer.TAKEN, Answer.LEFT


def one_loaded() -> Walk:
    walk = at_the_menu(Role.CLERK, None, "r9")
    return walk.go(*loading(slip(walk), 1))


def test_an_undone_loading_is_stated_before_the_batch_ends_and_nothing_lies_here() -> None:
    walk = one_loaded()
    walk.go((press(Key.UNDO), DoorOpening), *looked(1, TAKEN, Loading), (press(Key.SIGN_OUT), Idle))
    kinds = [k for k in walk.kinds() if k in {"loaded", "retrieved", "staff_out"}]
    assert kinds == ["loaded", "retrieved", "staff_out"]
    assert walk.said(Kind.RETRIEVED)[0]["undo"] is True
    assert walk.memory.parts_of("r9") == {}
    assert walk.memory.compartments[1].serves
    walk.go(*right_code(walk, "r9", leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.NOT_YET


def test_an_undone_envelope_can_be_loaded_again_and_collected() -> None:
    walk = one_loaded().go((press(Key.UNDO), DoorOpening), *looked(1, TAKEN, Loading))
    walk.go(*loading(slip(walk), 2), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 2))


def test_undoing_after_all_not_leaves_it_loaded() -> None:
    walk = one_loaded().go((press(Key.UNDO), DoorOpening), *looked(1, LEFT, Loading))
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))


def test_only_the_last_loading_can_be_undone_and_only_once() -> None:
    walk = at_the_menu(Role.CLERK, None, "r8", "r9")
    walk.go(*loading(slip(walk, "r8"), 1), *loading(slip(walk), 2))
    walk.go((press(Key.UNDO), DoorOpening), *looked(2, TAKEN, Loading), (press(Key.UNDO), Loading))
    assert walk.pulses == [1, 2, 2]


def test_a_loading_is_not_undone_when_its_message_may_have_left_but_taken_back_like_any_other() -> (
    None
):
    walk = one_loaded()
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, LoadScan)
    assert body.can_undo
    walk.go((seconds(150), Loading), (press(Key.UNDO), Loading))
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, LoadScan)
    assert not body.can_undo
    assert walk.pulses == [1]


def test_a_loading_that_a_citizen_collected_meanwhile_cannot_be_undone() -> None:
    walk = one_loaded()
    walk.go((press(Key.START), Idle), *collecting(walk, "r9", 1))
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, Loading), (press(Key.UNDO), Loading))
    assert walk.pulses == [1, 1]


def test_an_undo_whose_door_stays_shut_leaves_it_loaded() -> None:
    walk = one_loaded()
    walk.jammed = {1}
    walk.go(
        (press(Key.UNDO), DoorOpening), (seconds(2.5), DoorOpening), (press(Key.CANCEL), Loading)
    )
    walk.jammed = set()
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))


def test_a_cut_in_the_middle_of_an_undo_leaves_the_compartment_unchecked() -> None:
    walk = one_loaded().go((press(Key.UNDO), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((cut(), Reclose), (push(1), Idle), *right_code(walk, "r9", leads_to=Told))
    assert walk.memory.compartments[1].unchecked == "staff:undo"


def test_a_result_revoked_in_the_middle_of_its_undo_is_taken_out_all_the_same() -> None:
    walk = one_loaded().go((press(Key.UNDO), DoorOpening))
    walk.central.revoke("r9")
    walk.go((published, DoorOpening), *looked(1, TAKEN, Loading))
    assert walk.memory.compartments[1].serves
    assert walk.memory.parts_of("r9") == {}


# The apology letter


def test_an_overdue_result_opens_nothing_before_the_letter_is_enclosed() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.central.results["r9"].overdue = True
    walk.go((published, Menu), (scanned(slip(walk)), Apology))
    assert walk.pulses == []
    walk.go((press(Key.CANCEL), Loading), (scanned(slip(walk)), Apology))
    walk.go((press(Key.CONFIRM), LoadOpening), (seconds(0.4), LoadOpen), (push(1), Loading))
    assert walk.memory.compartments[1].cid == "r9"


def test_a_result_dropped_while_the_letter_is_looked_for_opens_nothing() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.central.results["r9"].overdue = True
    walk.go((published, Menu), (scanned(slip(walk)), Apology))
    walk.central.drop("r9")
    walk.go((published, Apology), (press(Key.CONFIRM), Loading))
    assert walk.pulses == []
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble == "unknown"


def test_thirty_results_take_one_scan_each_and_no_touch() -> None:
    cids = [f"r{n}" for n in range(1, 31)]
    walk = at_the_menu(Role.CLERK, None, *cids, count=31)
    for number, cid in enumerate(cids, start=1):
        walk.go(*loading(slip(walk, cid), number))
    assert len(walk.said(Kind.LOADED)) == 30
    assert isinstance(walk.scene, Loading)
    assert walk.scene.session.loaded == 30
