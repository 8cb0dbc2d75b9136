"""The mains go and the battery drains: nothing is pulsed, nothing is used up, and the screen says why."""

from __future__ import annotations

from drivers.devices import Vitals
from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Closed,
    Code,
    Digits,
    Idle,
    Next,
    Open,
    Opening,
    Out,
    Outage,
    Told,
    Why,
)
from kiosk.core.staff_scenes import Loading, LoadOpening, Trouble
from kiosk.core.upkeep_scenes import (
    Act,
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
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, slip, staffed
from tests.flows.walk import Do, Walk, press, push, scanned, seconds, typed
from tests.flows.ways import collecting, entering, opening, right_code, signing_in

LOW = Vitals(mains=False, battery_percent=9)
GOOD = Vitals(mains=True, battery_percent=60)


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def told_staff(walk: Walk) -> tuple[Trouble, int]:
    assert isinstance(walk.scene, Loading | TakeList | Audit | CabinetView | Service)
    return walk.scene.trouble, walk.scene.trouble_at


def vital(vitals: Vitals) -> Do:
    return lambda walk: walk.give(vitals)


def test_with_little_battery_left_nobody_is_served_and_the_screen_says_why() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((vital(LOW), Out), (press(Key.START), Out))
    assert isinstance(walk.scene, Out)
    assert walk.scene.why is Outage.POWER
    assert walk.state.faults == {"battery_low", "mains_lost"}
    walk.go((vital(GOOD), Idle), *collecting(walk, "r1", 1))
    assert walk.state.faults == set()


def test_a_battery_that_runs_low_while_somebody_types_uses_no_code_up() -> None:
    walk = Walk({"r1": (1,)})
    known, code = walk.central.known_digits("r1"), walk.central.code("r1")
    walk.go((press(Key.START), Digits), (typed(known), Digits), (press(Key.CONFIRM), Code))
    walk.go((vital(LOW), Code), (typed(code), Code), (press(Key.CONFIRM), Told))
    assert told(walk) is Why.CHECKED
    assert not {"accepted", "refused"} & set(walk.kinds())
    walk.go((press(Key.FINISH), Out), (vital(GOOD), Idle), *collecting(walk, "r1", 1))


def test_a_battery_that_runs_low_before_the_button_is_told_at_once() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (vital(LOW), Told))
    assert told(walk) is Why.CHECKED
    assert walk.pulses == []


def test_a_battery_that_runs_low_between_two_parts_keeps_the_second_one_safe() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (vital(LOW), Open), (push(1), Closed))
    walk.go((press(Key.SKIP), Out))
    assert walk.pulses == [1]
    assert walk.memory.parts[("r1", 2)] is Phase.LOADED
    walk.go((vital(GOOD), Idle), *right_code(walk), *opening(), (push(2), Closed))


def test_a_battery_that_runs_low_while_next_stands_pulses_nothing() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (push(1), Next), (vital(LOW), Next))
    walk.go((press(Key.OPEN), Told))
    assert walk.pulses == [1]
    assert walk.memory.parts[("r1", 2)] is Phase.LOADED


def test_staff_open_nothing_while_the_battery_is_low() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,)})
    walk.go(*entering(Entry.DOORS, Service), (vital(LOW), Service))
    walk.go((press(Key.CHOOSE, "2"), Service), (press(Key.CONFIRM), Service))
    walk.go((press(Key.BACK), Menu), *entering(Entry.AUDIT, Audit))
    walk.go((press(Key.CONFIRM), Audit))
    assert told_staff(walk) == (Trouble.POWER, 1)
    assert not {"staff_authorised", "pulsed"} & set(walk.kinds())
    assert walk.memory.compartments[1].serves


def test_every_door_that_staff_ask_for_says_that_the_battery_is_low() -> None:
    walk = staffed(Role.SUPERVISOR, {"r1": (1,), "r2": (2,)})
    walk.central.revoke("r2")
    walk.publish()
    walk.go(*signing_in(walk), *entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, "1"), Story), (press(Key.CHOOSE, Act.BY_KEY), Reasons))
    walk.go((press(Key.CHOOSE, Reason.REQUEST), Story), (vital(LOW), Story))
    walk.go((press(Key.CHOOSE, Act.CHECK), CabinetView))
    assert told_staff(walk) == (Trouble.POWER, 1)
    walk.go((press(Key.BACK), Menu), *entering(Entry.TAKE_BACK, TakeList))
    walk.go((press(Key.CONFIRM), TakeList))
    assert told_staff(walk) == (Trouble.POWER, 2)
    walk.go((press(Key.BACK), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CHOOSE, "3"), Service))
    assert told_staff(walk) == (Trouble.POWER, 3)
    walk.go((press(Key.BACK), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CONFIRM), Service))
    assert told_staff(walk) == (Trouble.POWER, 0)
    assert walk.pulses == []


def test_a_door_that_stayed_shut_for_want_of_power_is_no_stuck_lock() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,)}, "r9")
    walk.jammed = {1, 2}
    walk.go(*entering(Entry.AUDIT, Audit), (press(Key.CONFIRM), DoorOpening))
    walk.go((vital(LOW), DoorOpening), (seconds(2.5), DoorOpening), (press(Key.CANCEL), Audit))
    assert told_staff(walk) == (Trouble.POWER, 1)
    walk.go((vital(GOOD), Audit), (press(Key.BACK), Menu), *entering(Entry.LOAD, Loading))
    walk.go((scanned(slip(walk)), LoadOpening), (vital(LOW), LoadOpening))
    walk.go((seconds(2.5), LoadOpening), (press(Key.CANCEL), Loading))
    assert told_staff(walk) == (Trouble.POWER, 2)
    assert walk.state.faults == {"battery_low", "mains_lost"}


def test_lost_mains_alone_change_nothing_for_a_citizen() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((vital(Vitals(mains=False, battery_percent=80)), Idle), *collecting(walk, "r1", 1))
    assert walk.state.faults == {"mains_lost"}


def test_after_a_cut_with_a_low_battery_nothing_is_pulsed_and_the_code_goes_on_when_it_is_good() -> (
    None
):
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.boot(60_000, reboot=True)
    walk.go((vital(LOW), Out), (seconds(1_200), Out))
    walk.jammed = set()
    walk.go((vital(GOOD), Idle), *right_code(walk), *opening(), (push(1), Closed))
    assert walk.said(Kind.RESUMED) == [{"cid": "r1", "holder": "h1"}]


def test_no_compartment_is_offered_for_loading_while_the_battery_is_low() -> None:
    walk = at_the_menu(Role.SUPERVISOR, None, "r9")
    before = len(walk.journal)
    walk.go(*entering(Entry.LOAD, Loading), (vital(LOW), Loading), (scanned(slip(walk)), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble is Trouble.POWER
    assert "staff_authorised" not in walk.kinds()[before:]
    walk.go((vital(GOOD), Loading), (scanned(slip(walk)), LoadOpening))
    assert walk.pulses == [1]
