"""A changed board leaves its doors unproven: shut for all until a key and a contact agree (issue 4)."""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core import wall
from kiosk.core.events import Key
from kiosk.core.memory import Proof
from kiosk.core.scenes import Idle, Reclose, Told, Why, WrongDoor
from kiosk.core.staff_scenes import LoadOpening, Trouble
from kiosk.core.takeback import due
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
    Audit,
    CabinetView,
    DoorOpening,
    Entry,
    Menu,
    Reason,
    Reasons,
    Service,
    Story,
    TakeList,
)
from kiosk.core.wall import Sign
from sync.messages import Kind, Role
from tests.flows.upkeep import looked, slip, staffed
from tests.flows.walk import Do, Walk, cut, press, pull, push, scanned, seconds
from tests.flows.ways import collecting, entering, right_code, signing_in

PROVEN = {"compartment": 1, "finding": "proven"}


def rewired(*numbers: int) -> Do:
    """The power goes, a board is changed, and the configuration names its doors that nobody has tried."""

    def do(walk: Walk) -> None:
        plans = tuple(replace(p, proven=p.number not in numbers) for p in walk.site.compartments)
        walk.site = replace(walk.site, compartments=plans)
        cut()(walk)

    return do


def changed_again(number: int) -> Do:
    """The same board is changed once more: `kiosk commission` counts."""

    def do(walk: Walk) -> None:
        plans = (
            replace(p, changes=p.changes + (p.number == number)) for p in walk.site.compartments
        )
        walk.site = replace(walk.site, compartments=tuple(plans))
        cut()(walk)

    return do


def a_new_board(*numbers: int, role: Role = Role.SUPERVISOR) -> Walk:
    """r1 lies in 1, r2 in 2, r9 is expected; these numbers hang on a changed board; staff are in."""
    walk = staffed(role, {"r1": (1,), "r2": (2,)}, "r9").go((rewired(*numbers), Idle))
    return walk.go(*signing_in(walk))


def by_key(number: int) -> Do:
    """At the story of a compartment: *opened by key* is entered."""

    def do(walk: Walk) -> None:
        walk.go(*entering(Entry.CABINET, CabinetView), (press(Key.CHOOSE, str(number)), Story))
        walk.go((press(Key.CHOOSE, Act.BY_KEY), Reasons), (press(Key.CHOOSE, Reason.LOCK), Story))

    return do


def proof(walk: Walk, number: int = 1) -> Proof:
    return walk.memory.compartments[number].proof


def looks(walk: Walk, number: int = 1) -> tuple[Sign, str]:
    return wall.sign(walk.state, number, walk.now), wall.because(walk.state, number)


def trouble(walk: Walk) -> tuple[Trouble, int]:
    assert isinstance(walk.scene, TakeList | Audit | CabinetView | Service)
    return walk.scene.trouble, walk.scene.trouble_at


def out(walk: Walk) -> None:
    walk.go((press(Key.BACK), CabinetView), (press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


def test_a_board_is_replaced_and_its_door_serves_again_once_key_contact_and_eyes_agree() -> None:
    walk = a_new_board(1)
    assert looks(walk) == (Sign.BLOCKED, "unproven")
    walk.go((by_key(1), Story))
    assert looks(walk) == (Sign.BLOCKED, "unproven_key")
    walk.go((pull(1), Story), (push(1), Story))
    assert walk.said(Kind.OPENED) == [{"compartment": 1, "reason": "by_key"}]
    assert walk.said(Kind.AUDITED)[1:] == [PROVEN]
    assert walk.said(Kind.OPENED_UNASKED) == []
    assert looks(walk) == (Sign.UNCHECKED, "by_key")
    walk.go((press(Key.CHOOSE, Act.CHECK), DoorOpening), *looked(1, Answer.LEFT, CabinetView))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle), *collecting(walk, "r1", 1))


def test_an_unproven_door_opens_for_no_code_and_takes_no_try_away() -> None:
    walk = staffed(Role.CLERK, {"r1": (1,)}).go((rewired(1), Idle))
    walk.go(*right_code(walk, leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.CHECKED
    assert not {"accepted", "refused"} & set(walk.kinds())
    assert walk.pulses == []


def test_the_other_doors_of_the_cabinet_serve_as_ever() -> None:
    walk = a_new_board(1)
    walk.go((press(Key.SIGN_OUT), Idle), *collecting(walk, "r2", 2))


def test_nothing_is_loaded_into_an_unproven_compartment() -> None:
    walk = a_new_board(3, 4)
    walk.go((scanned(slip(walk)), LoadOpening))
    assert walk.pulses == [5]


def test_staff_pulse_no_unproven_door_from_anywhere_and_are_told_why() -> None:
    walk = a_new_board(1, 3)
    walk.central.revoke("r1")
    walk.publish()
    walk.go(*entering(Entry.TAKE_BACK, TakeList), (press(Key.CONFIRM), TakeList))
    assert trouble(walk) == (Trouble.UNPROVEN, 1)
    assert [item.compartment for item in due(walk.state, walk.now)] == [1]
    walk.go((press(Key.BACK), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CHOOSE, "3"), Service))
    assert trouble(walk) == (Trouble.UNPROVEN, 3)
    walk.go((press(Key.BACK), Menu), (by_key(1), Story))
    walk.go((press(Key.CHOOSE, Act.CHECK), CabinetView))
    assert trouble(walk) == (Trouble.UNPROVEN, 1)
    assert walk.pulses == []


def test_an_audit_round_passes_an_unproven_door_by_and_says_so_at_its_end() -> None:
    walk = a_new_board(1).go(*entering(Entry.AUDIT, Audit), (press(Key.CONFIRM), DoorOpening))
    walk.go(*looked(2, Answer.LEFT, Audit), (press(Key.CONFIRM), Audit))
    assert trouble(walk) == (Trouble.UNPROVEN, 1)
    assert walk.pulses == [2]


def test_a_door_that_stands_open_when_the_key_is_entered_is_proven_as_it_closes() -> None:
    walk = a_new_board(1).go((pull(1), Menu), (by_key(1), Story), (push(1), Story))
    assert walk.said(Kind.AUDITED)[-1] == PROVEN
    assert proof(walk) is Proof.GIVEN


def test_a_movement_without_the_key_entered_proves_nothing() -> None:
    walk = a_new_board(1).go((pull(1), Menu), (push(1), Menu))
    assert proof(walk) is Proof.WANTED
    walk.go((by_key(1), Story), (seconds(60), Story))
    assert proof(walk) is Proof.BY_KEY


def test_another_contact_that_moves_proves_neither_door() -> None:
    walk = a_new_board(1, 2).go((by_key(1), Story), (pull(2), Story), (push(2), Story))
    assert (proof(walk, 1), proof(walk, 2)) == (Proof.BY_KEY, Proof.WANTED)
    assert walk.said(Kind.OPENED_UNASKED) == [{"compartment": 2}]


def test_a_contact_that_only_bounces_or_is_found_open_proves_nothing() -> None:
    walk = a_new_board(1).go((by_key(1), Story))
    walk.readings[1] = Reading.OPEN
    walk.wait(100)
    walk.go((push(1), Story))
    assert proof(walk) is Proof.BY_KEY
    walk.readings[1] = Reading.OPEN
    walk.go((cut(), Reclose), (push(1), Idle))
    assert proof(walk) is Proof.BY_KEY


def test_the_key_and_the_proof_outlive_a_cut() -> None:
    walk = a_new_board(1).go((by_key(1), Story), (cut(), Idle))
    assert proof(walk) is Proof.BY_KEY
    walk.go((seconds(3), Idle), (pull(1), Idle), (push(1), Idle), (cut(), Idle), (cut(), Idle))
    assert proof(walk) is Proof.GIVEN


def test_a_door_that_is_no_longer_listed_and_then_listed_again_has_to_be_proven_anew() -> None:
    walk = a_new_board(1).go((by_key(1), Story), (pull(1), Story), (push(1), Story))
    walk.go((rewired(), Idle))
    assert proof(walk) is Proof.NOT_NEEDED
    walk.go((rewired(1), Idle))
    assert proof(walk) is Proof.WANTED
    assert walk.said(Kind.STARTED)[-1]["unproven"] == [1]


def test_a_proof_is_of_one_change_of_the_board_and_not_of_the_next() -> None:
    walk = a_new_board(1).go((by_key(1), Story), (pull(1), Story), (push(1), Story))
    walk.go((cut(), Idle))
    assert proof(walk) is Proof.GIVEN
    walk.go((changed_again(1), Idle))
    assert proof(walk) is Proof.WANTED
    walk.go((cut(), Idle), *signing_in(walk), (by_key(1), Story), (pull(1), Story))
    walk.go((push(1), Story), (changed_again(2), Idle))
    assert proof(walk) is Proof.GIVEN
    started = walk.said(Kind.STARTED)[-1]
    assert (started["unproven"], started["changes"]) == ([1], [1])


def test_a_newly_listed_door_loses_nothing_of_the_proof_of_another() -> None:
    walk = a_new_board(1).go((by_key(1), Story), (pull(1), Story), (push(1), Story))
    walk.go((rewired(1, 2), Idle))
    assert (proof(walk, 1), proof(walk, 2)) == (Proof.GIVEN, Proof.WANTED)


def test_an_accepted_code_is_not_used_up_by_a_key() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk))
    press(Key.OPEN)(walk)
    walk.go((rewired(1), Idle), *signing_in(walk), (by_key(1), Story), (pull(1), Story))
    walk.go((push(1), Story))
    assert "collected" not in walk.kinds()
    assert proof(walk) is Proof.GIVEN


def test_a_crossed_wire_that_moves_an_unproven_door_is_a_wrong_door() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,), "r2": (2,)}).go((rewired(1), Idle))
    walk.swapped = {2: 1}
    walk.go((seconds(3), Idle), *right_code(walk, "r2"))
    for do in (press(Key.OPEN), seconds(0.4)):
        do(walk)
    assert isinstance(walk.scene, WrongDoor)
    assert proof(walk) is Proof.WANTED


def test_a_technician_enters_no_key_where_papers_lie() -> None:
    walk = a_new_board(1, role=Role.TECHNICIAN).go(*entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, "1"), Story), (press(Key.CHOOSE, Act.BY_KEY), Story))
    assert proof(walk) is Proof.WANTED
