"""A citizen goes first in one touch, wherever no door is open (issue 3, 2); the work waits as it stood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import Digits, Idle
from kiosk.core.staff_scenes import Choosing
from kiosk.core.upkeep_scenes import (
    Apology,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    KioskState,
    Reasons,
    Service,
    Settings,
    Story,
    Unlock,
)
from sync.messages import Role
from tests.flows import reach
from tests.flows.upkeep import at_the_menu
from tests.flows.walk import Do, Walk, press, push, seconds
from tests.flows.ways import entering, unlocking


@pytest.mark.parametrize(
    ("way", "scene"),
    [
        (reach.to_choosing, Choosing),
        (reach.to_apology, Apology),
        (reach.to_cabinet, CabinetView),
        (reach.to_story, Story),
        (reach.to_reasons, Reasons),
        (reach.to_service, Service),
        (reach.to_kiosk_state, KioskState),
        (reach.to_settings, Settings),
    ],
)
def test_a_citizen_goes_first_wherever_no_door_is_open(way: Do, scene: type) -> None:
    walk = Walk(reach.LOADED)
    way(walk)
    before = walk.scene
    assert type(before) is scene
    walk.go((press(Key.START), Idle), (press(Key.START), Digits), (press(Key.CANCEL), Idle))
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, scene))
    assert replace(walk.scene, until_ms=0) == replace(before, until_ms=0)


@pytest.mark.parametrize("way", [reach.to_door_opening, reach.to_door_open, reach.to_load_open])
def test_nobody_else_goes_first_while_a_door_is_open_or_opening(way: Do) -> None:
    walk = Walk(reach.LOADED)
    way(walk)
    walk.go((press(Key.START), type(walk.scene)))


def test_a_pause_ends_a_run_and_no_door_opens_by_itself_afterwards() -> None:
    walk = at_the_menu(Role.TECHNICIAN).go(*entering(Entry.DOORS, Service))
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen), (push(1), DoorAsk))
    walk.go((press(Key.CHOOSE, "empty"), Service), (press(Key.START), Idle), (seconds(30), Idle))
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, Service), (seconds(30), Service))
    assert walk.pulses == [1]
    assert isinstance(walk.scene, Service)
    assert not walk.scene.session.run.running
