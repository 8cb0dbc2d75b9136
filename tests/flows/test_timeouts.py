"""Every scene that stands while time runs ends where DESIGN §12 says, and not a moment earlier."""

from __future__ import annotations

import pytest

from drivers.doors import Reading
from kiosk.core.events import Key
from kiosk.core.scenes import (
    Again,
    Closed,
    Code,
    Digits,
    Idle,
    Next,
    Open,
    Opening,
    Paused,
    PutBack,
    Ready,
    Reclose,
    Refused,
    Stuck,
    Told,
    WrongDoor,
)
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Login,
)
from kiosk.core.upkeep_scenes import (
    Apology,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    KioskState,
    Menu,
    Reasons,
    Service,
    Settings,
    Story,
    TakeList,
    Unlock,
)
from kiosk.core.visit import TABLE
from tests.flows import reach
from tests.flows.reach import (
    LOADED,
    to_again,
    to_choosing,
    to_closed,
    to_code,
    to_digits,
    to_load_closing,
    to_load_open,
    to_load_opening,
    to_loading,
    to_login,
    to_next,
    to_open,
    to_paused,
    to_put_back,
    to_ready,
    to_reclose,
    to_refused,
    to_stuck,
    to_told,
    to_wrong_door,
)
from tests.flows.walk import Do, Walk, press, scanned, seconds, typed
from tests.flows.ways import opening, right_code

# (way, scene, seconds that it stands from its last touch, where it leads)
ENDS = [
    (to_digits, Digits, 60, Idle),
    (to_code, Code, 90, Idle),
    (to_refused, Refused, 60, Idle),
    (to_paused, Paused, 30, Idle),
    (to_told, Told, 60, Idle),
    (to_ready, Ready, 45, Idle),
    (to_stuck, Stuck, 60, Next),
    (to_open, Open, 180, Idle),
    (to_put_back, PutBack, 180, Idle),
    (to_wrong_door, WrongDoor, 180, Idle),
    (to_next, Next, 45, Idle),
    (to_closed, Closed, 60, Idle),
    (to_again, Again, 60, Idle),
    (to_reclose, Reclose, 180, Idle),
    (to_login, Login, 60, Idle),
    (to_loading, Loading, 300, Unlock),
    (to_choosing, Choosing, 300, Unlock),
    (to_load_opening, LoadOpening, 60, Loading),
    (to_load_open, LoadOpen, 300, Unlock),
    (to_load_closing, LoadClosing, 300, Idle),
    (reach.to_menu, Menu, 300, Unlock),
    (reach.to_apology, Apology, 300, Unlock),
    (reach.to_take_list, TakeList, 300, Unlock),
    (reach.to_audit, Audit, 300, Unlock),
    (reach.to_cabinet, CabinetView, 300, Unlock),
    (reach.to_story, Story, 300, Unlock),
    (reach.to_reasons, Reasons, 300, Unlock),
    (reach.to_service, Service, 300, Unlock),
    (reach.to_kiosk_state, KioskState, 300, Unlock),
    (reach.to_settings, Settings, 300, Unlock),
    (reach.to_door_opening, DoorOpening, 60, TakeList),
    (reach.to_door_open, DoorOpen, 300, Unlock),
    (reach.to_door_ask, DoorAsk, 300, Unlock),
    (reach.to_unlock, Unlock, 60, Idle),
]


@pytest.mark.parametrize(("way", "scene", "stands_s", "leads_to"), ENDS)
def test_a_scene_stands_its_time_and_then_ends(
    way: Do, scene: type, stands_s: int, leads_to: type
) -> None:
    walk = Walk(LOADED)
    way(walk)
    until = walk.scene.until_ms
    assert type(walk.scene) is scene
    assert until is not None
    assert until - walk.up_ms in range(stands_s * 1000 - 400, stands_s * 1000 + 1)
    walk.wait(until - walk.up_ms - 1)
    assert type(walk.scene) is scene
    walk.wait(1)
    assert type(walk.scene) is leads_to


def test_every_scene_that_can_time_out_is_in_the_list_above() -> None:
    timed = {scene for scene, row in TABLE.items() if any(key == "timeout" for key in row)}
    assert timed - {scene for _, scene, _, _ in ENDS} == {Opening}  # the supervisor ends it earlier


@pytest.mark.parametrize("way", [way for way, _, _, _ in ENDS])
def test_every_scene_leads_home_when_nobody_touches_anything(way: Do) -> None:
    walk = Walk(LOADED)
    way(walk)
    walk.wait(1_600_000)
    assert isinstance(walk.scene, Idle)
    assert walk.state.paused is None


def test_a_visit_leaves_no_face_behind() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((press(Key.LANGUAGE), Idle), (press(Key.TEXT_SIZE), Idle), (press(Key.START), Digits))
    walk.go((press(Key.HELP), Digits))
    assert (walk.state.face.lang, walk.state.face.large, walk.state.face.help) == ("en", True, True)
    walk.go((press(Key.BACK), Digits), (press(Key.CANCEL), Idle))
    assert (walk.state.face.lang, walk.state.face.large) == ("vi", False)


def test_more_time_is_a_minute_three_times_and_never_where_the_door_decides() -> None:
    walk = Walk(LOADED)
    to_ready(walk)
    for _ in range(4):
        walk.go((press(Key.MORE_TIME), Ready))
    assert walk.scene.until_ms == walk.up_ms + 45_000 + 180_000
    other = Walk({"r1": (1,)})
    other.go(*right_code(other), (press(Key.OPEN), Opening))
    until = other.scene.until_ms
    other.go((press(Key.MORE_TIME), Opening))
    assert other.scene.until_ms == until


def test_typing_a_digit_begins_the_time_anew() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((press(Key.START), Digits), (seconds(59), Digits), (typed("4"), Digits))
    walk.go((seconds(59), Digits), (press(Key.ERASE), Digits), (seconds(59), Digits))
    walk.go((typed("4821"), Digits), (press(Key.CONFIRM), Code), (seconds(89), Code))
    walk.go((typed("1"), Code), (seconds(89), Code), (seconds(1), Idle))


def test_scans_while_a_door_is_open_are_ignored_and_counted() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.go(*right_code(walk), *opening(), (scanned(walk.central.qr("r2")), Open))
    assert walk.state.tallies["scan_ignored"].count == 1
    assert walk.readings[2] is Reading.CLOSED
