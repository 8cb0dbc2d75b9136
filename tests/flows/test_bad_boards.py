"""A board in trouble: its compartments are shown as faulty, and staff who ask for one are told so."""

from __future__ import annotations

import pytest

from drivers.devices import Device, DeviceState, Trouble
from kiosk.core import wall
from kiosk.core.events import Key
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpening
from kiosk.core.staff_scenes import Trouble as Told
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
)
from kiosk.core.wall import Sign
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, slip
from tests.flows.walk import Do, Walk, press, scanned
from tests.flows.ways import collecting, entering

BAD = (Trouble.OUTPUT_STUCK, Trouble.WRONG_MODE, Trouble.LOST, Trouble.ADDRESS_CLASH)


def board(trouble: Trouble, *numbers: int) -> Do:
    return lambda walk: walk.give(DeviceState(Device.BOARD, trouble, "a/1", numbers))


def sign(walk: Walk, number: int) -> Sign:
    return wall.sign(walk.state, number, walk.now)


@pytest.mark.parametrize("trouble", BAD)
def test_a_compartment_on_a_bad_board_is_shown_as_faulty_until_the_board_is_well(
    trouble: Trouble,
) -> None:
    walk = Walk({"r1": (1,)}).go((board(trouble, 1, 3), Idle))
    assert [sign(walk, n) for n in (1, 2, 3)] == [Sign.FAULTY, Sign.FREE, Sign.FAULTY]
    assert wall.because(walk.state, 1) == "faulty"
    walk.go((board(Trouble.NONE, 1, 3), Idle))
    assert [sign(walk, n) for n in (1, 3)] == [Sign.OCCUPIED, Sign.FREE]
    assert wall.because(walk.state, 1) == ""
    walk.go(*collecting(walk, "r1", 1))


@pytest.mark.parametrize("trouble", BAD)
def test_staff_who_ask_for_papers_behind_a_bad_board_are_told_so_and_nothing_is_stated(
    trouble: Trouble,
) -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,), "r2": (2,)})
    walk.go(*entering(Entry.CABINET, CabinetView), (press(Key.CHOOSE, "1"), Story))
    walk.go((press(Key.CHOOSE, Act.BY_KEY), Reasons), (press(Key.CHOOSE, Reason.LOCK), Story))
    walk.go((board(trouble, 1, 3), Story), (press(Key.CHOOSE, Act.CHECK), CabinetView))
    assert isinstance(walk.scene, CabinetView)
    assert (walk.scene.trouble, walk.scene.trouble_at) == (Told.FAULTY, 1)
    assert walk.pulses == []
    assert walk.said(Kind.STAFF_AUTHORISED) == []


@pytest.mark.parametrize("trouble", [Trouble.OUTPUT_STUCK, Trouble.WRONG_MODE])
def test_a_door_is_not_tested_where_a_pulse_itself_would_do_harm(trouble: Trouble) -> None:
    walk = at_the_menu().go((board(trouble, 1), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CHOOSE, "1"), Service))
    assert isinstance(walk.scene, Service)
    assert (walk.scene.trouble, walk.scene.trouble_at) == (Told.FAULTY, 1)
    assert walk.pulses == []


def test_an_audit_round_goes_past_a_bad_board() -> None:
    walk = at_the_menu(Role.SUPERVISOR, {"r1": (1,), "r2": (2,)})
    walk.go((board(Trouble.LOST, 1), Menu), *entering(Entry.AUDIT, Audit))
    walk.go((press(Key.CONFIRM), DoorOpening))
    assert walk.pulses == [2]


@pytest.mark.parametrize("trouble", BAD)
def test_nothing_is_loaded_behind_a_bad_board(trouble: Trouble) -> None:
    walk = at_the_menu(Role.CLERK, None, "r9").go((board(trouble, *range(1, 7)), Menu))
    walk.go((scanned(slip(walk)), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble is Told.NO_ROOM
    walk.go((board(Trouble.LOST, 1), Loading), (scanned(slip(walk)), LoadOpening))
    assert walk.pulses == [2]
