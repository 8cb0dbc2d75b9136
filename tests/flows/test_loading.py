"""The clerk loads: one envelope, one compartment, and everything that may be wrong (issue 2, 8)."""

from __future__ import annotations

import pytest

from drivers.doors import Reading
from kiosk.core.events import Key, SpaceLeft
from kiosk.core.memory import Held
from kiosk.core.scenes import Idle, Ready, Reclose, Told, Why, WrongDoor
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Trouble,
)
from kiosk.core.upkeep_scenes import Answer, DoorAsk, Unlock
from sync.messages import Kind
from tests.flows.walk import Do, Walk, cut, press, published, pull, push, scanned, seconds, typed
from tests.flows.ways import collecting, loading, opening, right_code, to_the_hub

CARD = "079123456789||NGUYỄN VĂN A|01011990|Nam|P. Bình Tiên|01012021"


def expecting(*cids: str) -> Walk:
    """A clerk at the screen; central expects these results."""
    walk = Walk()
    for cid in cids:
        walk.central.register(cid)
    walk.publish()
    return walk.go(*to_the_hub(walk))


def slip(walk: Walk, cid: str = "r9") -> str:
    return walk.central.results[cid].dossiers[0]


def trouble(walk: Walk) -> Trouble:
    assert isinstance(walk.scene, Loading)
    return walk.scene.trouble


def test_a_clerk_loads_and_the_citizen_collects() -> None:
    walk = expecting("r9")
    walk.go(*loading(slip(walk), 1), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))
    authority = {"compartment": 1, "staff": "7", "reason": "load", "cid": "r9"}
    assert walk.said(Kind.STAFF_AUTHORISED) == [authority]
    assert walk.said(Kind.LOADED) == [{"cid": "r9", "compartment": 1, "staff": "7"}]


def test_the_last_four_digits_of_the_dossier_find_it_too() -> None:
    walk = expecting("r9")
    walk.go((typed("0001"), Loading), (press(Key.CONFIRM), LoadOpening), (seconds(0.4), LoadOpen))


def test_endings_shared_by_two_results_lead_to_a_choice() -> None:
    walk = expecting("r8", "r9")
    walk.central.results["r8"].dossiers = ["H29.915-261121-0042"]
    walk.central.results["r9"].dossiers = ["H29.916-261121-0042"]
    walk.go((published, Loading), (typed("0042"), Loading), (press(Key.CONFIRM), Choosing))
    walk.go((press(Key.CHOOSE, "7"), Choosing), (press(Key.CHOOSE, "x"), Choosing))
    walk.go((press(Key.BACK), Loading), (typed("0042"), Loading), (press(Key.CONFIRM), Choosing))
    walk.go((press(Key.CHOOSE, "1"), LoadOpening))
    assert walk.said(Kind.STAFF_AUTHORISED)[0]["cid"] == "r9"


def test_digits_that_nobody_expects_are_unknown() -> None:
    walk = expecting("r9")
    walk.go((typed("99"), Loading), (press(Key.CONFIRM), Loading), (typed("99"), Loading))
    walk.go((press(Key.CONFIRM), Loading))
    assert trouble(walk) is Trouble.UNKNOWN


def revoked(walk: Walk) -> None:
    walk.central.revoke("r9")


def elsewhere(walk: Walk) -> None:
    walk.central.results["r9"].place = "tủ bt2"


def fee(walk: Walk) -> None:
    walk.central.results["r9"].fee_due = True


def too_big(walk: Walk) -> None:
    walk.central.results["r9"].size = "bulky"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (revoked, Trouble.REVOKED),
        (elsewhere, Trouble.ELSEWHERE),
        (fee, Trouble.FEE_DUE),
        (too_big, Trouble.NO_ROOM),
    ],
)
def test_a_result_that_may_not_be_loaded_opens_nothing(change: Do, why: Trouble) -> None:
    walk = expecting("r9")
    change(walk)
    walk.go((published, Loading), (scanned(slip(walk)), Loading))
    assert trouble(walk) is why
    assert walk.pulses == []


def test_a_slip_that_central_does_not_know_is_unknown() -> None:
    walk = expecting("r9")
    walk.go((scanned("H29.915-261121-9999"), Loading))
    assert trouble(walk) is Trouble.UNKNOWN


def test_a_result_that_lies_here_already_says_where() -> None:
    walk = expecting("r9")
    walk.go(*loading(slip(walk), 1), (scanned(slip(walk)), Loading))
    assert isinstance(walk.scene, Loading)
    assert (walk.scene.trouble, walk.scene.trouble_at) == (Trouble.ALREADY, 1)


def test_an_identity_card_is_refused_and_nothing_of_it_is_kept() -> None:
    walk = expecting("r9")
    rows = len(walk.journal)
    walk.go((scanned(CARD), Loading))
    assert trouble(walk) is Trouble.IDENTITY_CARD
    assert len(walk.journal) == rows
    assert "079123456789" not in repr(walk.state)


def test_nothing_is_loaded_while_the_disk_is_nearly_full_but_pickups_go_on() -> None:
    walk = expecting("r9")
    walk.go(*loading(slip(walk), 1))
    walk.central.register("r8")
    walk.publish()
    walk.give(SpaceLeft(1_000))
    walk.go((scanned(slip(walk, "r8")), Loading))
    assert trouble(walk) is Trouble.SPACE
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))
    walk.give(SpaceLeft(10**12))
    assert [f["what"] for f in walk.said(Kind.FAULT_CLEARED)] == ["space"]


def test_a_full_cabinet_has_no_room() -> None:
    walk = expecting("r9")
    walk.readings = dict.fromkeys(walk.readings, Reading.OPEN)
    walk.go((seconds(1), Loading), (scanned(slip(walk)), Loading))
    assert trouble(walk) is Trouble.NO_ROOM


def test_low_and_size_choose_the_compartment() -> None:
    walk = expecting("r7", "r8", "r9")
    walk.central.results["r7"].low = True
    walk.central.results["r8"].size = "A3"
    walk.publish()
    walk.go(*loading(slip(walk, "r7"), 6), *loading(slip(walk, "r9"), 1))
    walk.go((scanned(slip(walk, "r8")), Loading))
    assert trouble(walk) is Trouble.NO_ROOM  # the only A3 compartment is taken
    assert [f["compartment"] for f in walk.said(Kind.LOADED)] == [6, 1]


def test_a_compartment_presumed_empty_is_offered_after_the_free_ones() -> None:
    walk = Walk({"r1": (1,)}, count=3)
    walk.go(*collecting(walk, "r1", 1))
    for cid in ("r8", "r9"):
        walk.central.register(cid)
    walk.go((published, Idle), *to_the_hub(walk))
    walk.go(*loading(slip(walk, "r8"), 2), *loading(slip(walk, "r9"), 1))


def test_not_empty_is_blocked_and_the_envelope_goes_elsewhere() -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    walk.go((press(Key.NOT_EMPTY), LoadClosing), (push(1), Loading))
    assert walk.said(Kind.BLOCKED) == [{"compartment": 1, "staff": "7", "reason": "not_empty"}]
    assert walk.memory.compartments[1].blocked == "not_empty"
    walk.go(*loading(slip(walk), 2))


def changed_mind() -> Walk:
    """The clerk will not load after all, and has closed the door: nobody has said what lies inside."""
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    walk.go((press(Key.CANCEL), LoadClosing), (push(1), DoorAsk))
    assert not walk.memory.compartments[1].serves
    assert walk.said(Kind.RELEASED) == []
    return walk


def test_nothing_put_in_leaves_the_compartment_free_once_the_clerk_has_said_so() -> None:
    walk = changed_mind().go((press(Key.CHOOSE, Answer.TAKEN), Loading))
    assert walk.memory.compartments[1].held is Held.FREE
    assert walk.memory.compartments[1].serves
    assert walk.said(Kind.LOADED) == []


def test_an_envelope_that_lies_inside_after_all_is_loaded() -> None:
    walk = changed_mind().go((press(Key.CHOOSE, Answer.LEFT), Loading))
    assert walk.said(Kind.LOADED) == [{"cid": "r9", "compartment": 1, "staff": "7"}]
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r9", 1))


def test_whoever_says_nothing_leaves_the_compartment_unchecked() -> None:
    walk = changed_mind().go((seconds(300), Unlock), (press(Key.SIGN_OUT), Idle))
    assert walk.memory.compartments[1].unchecked == "staff:load"
    assert walk.said(Kind.RELEASED) == []


def test_a_stuck_door_gets_one_retry_and_then_another_compartment() -> None:
    walk = expecting("r9")
    walk.jammed = {1}
    walk.go((scanned(slip(walk)), LoadOpening), (press(Key.RETRY), LoadOpening))
    walk.go(
        (seconds(2.5), LoadOpening), (press(Key.RETRY), LoadOpening), (seconds(2.5), LoadOpening)
    )
    walk.go((press(Key.RETRY), LoadOpening), (press(Key.CANCEL), Loading))
    assert trouble(walk) is Trouble.NOT_OPENED
    assert walk.pulses == [1, 1]
    assert walk.memory.compartments[1].serves
    walk.go(*loading(slip(walk), 2))


def test_a_loading_door_that_cannot_be_read_is_blocked() -> None:
    walk = expecting("r9")
    walk.jammed = {1}
    walk.go((scanned(slip(walk)), LoadOpening), (pull(1, Reading.UNKNOWN), LoadOpening))
    walk.go((seconds(5), Loading))
    assert trouble(walk) is Trouble.UNCONFIRMED
    assert walk.memory.compartments[1].blocked == "unconfirmed"


def test_a_wrong_door_ends_the_session() -> None:
    walk = expecting("r9")
    walk.wait(3_000)
    walk.swapped = {1: 2}
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), WrongDoor), (push(2), Told))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "wrong_door"}]
    assert walk.memory.compartments[1].unchecked == "wrong_door"


@pytest.mark.parametrize("change", [revoked, elsewhere, fee])
def test_a_manifest_that_takes_the_result_away_in_the_middle_blocks_the_compartment(
    change: Do,
) -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    change(walk)
    walk.go((published, LoadOpen), (push(1), Loading))
    assert walk.said(Kind.BLOCKED) == [{"compartment": 1, "staff": "7", "reason": "dropped"}]
    assert walk.said(Kind.LOADED) == []


def test_a_result_dropped_in_the_middle_of_its_loading_is_not_loaded() -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening))
    walk.central.drop("r9")
    walk.go((published, LoadOpening), (seconds(0.4), LoadOpen), (push(1), Loading))
    assert walk.said(Kind.BLOCKED)[0]["reason"] == "dropped"


def test_a_compartment_being_loaded_is_unchecked_until_its_outcome_is_stated() -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    assert walk.memory.compartments[1].unchecked == "staff:load"
    walk.go((push(1), Loading))
    assert walk.memory.compartments[1].serves


def test_a_cut_while_loading_leaves_the_compartment_unchecked() -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen), (cut(), Reclose))
    walk.go((push(1), Idle), *right_code(walk, "r9", leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.NOT_YET
    assert walk.memory.compartments[1].unchecked == "staff:load"
    walk.go((press(Key.FINISH), Idle), *to_the_hub(walk))
    walk.go((scanned(slip(walk)), LoadOpening))
    assert walk.said(Kind.STAFF_AUTHORISED)[-1]["compartment"] == 2


def test_a_loading_door_left_open_locks_the_session_and_ends_it_after_twenty_minutes() -> None:
    walk = expecting("r9")
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen), (seconds(300), Unlock))
    assert walk.said(Kind.LEFT_OPEN) == [{"compartment": 1}]
    walk.go((seconds(899), Idle))
    assert walk.said(Kind.STAFF_OUT) == []
    walk.go((seconds(1), Idle))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]
    assert walk.memory.compartments[1].unchecked == "staff:load"


def test_a_result_with_three_envelopes_one_after_the_other_stays_one_session() -> None:
    walk = expecting("r7", "r8", "r9")
    for number, cid in enumerate(("r7", "r8", "r9"), start=1):
        walk.go(*loading(slip(walk, cid), number))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.session.loaded == 3
    walk.go((press(Key.SIGN_OUT), Idle), *right_code(walk, "r7", leads_to=Ready), *opening())
