"""The tactile number pad: whatever it does, a button on the screen does too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.devices import PadKey
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core import upkeep_scenes as up
from kiosk.core.events import Key, Pressed
from kiosk.core.visit import TABLE
from kiosk.pad import CANCEL, CONFIRM, pressed
from tests.flows.walk import Do, Walk, push
from tests.flows.ways import opening, right_code
from tests.kiosk.showing import GRANT, SCENES, SESSION, TASK, UNTIL, shown
from ui.paint import compose
from ui.sizes import ScreenSize
from ui.studio import Studio

PAD = ("0", "9", *PadKey)
COMPLETE: dict[type, at.Scene] = {  # their *confirm* stands there only when every digit is typed
    at.Digits: at.Digits(UNTIL, "9999"),
    at.Again: at.Again(UNTIL, GRANT, "9999"),
    at.Code: at.Code(UNTIL, "9999", "12345678"),
    up.DoorOpening: up.DoorOpening(UNTIL, SESSION, TASK, stuck=True),
}

EARLY = frozenset(
    k for k in TABLE if k.__name__ in {"Login", "Loading", "Unlock", "TakeList", "Audit"}
)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


@pytest.fixture(scope="module")
def walk() -> Walk:
    return Walk({"r1": (3,)})


@pytest.mark.parametrize("kind", [k for k in SCENES if k is not at.Told], ids=lambda k: k.__name__)
def test_the_pad_does_nothing_that_the_screen_does_not_offer(
    kind: type, walk: Walk, studio: Studio
) -> None:
    scene = COMPLETE.get(kind, SCENES[kind][0])
    targets = compose(shown(walk, scene), ScreenSize(), studio).targets
    offered = {str(target.pressed.action) for target in targets}
    for key in PAD:
        meant = pressed(key, scene)
        early = meant is not None and meant.key is Key.CONFIRM and kind in EARLY
        assert meant is None or str(meant.key) in offered or early, f"{key!r}: {meant}"


def test_every_key_in_the_tables_is_one_that_its_scene_knows() -> None:
    for table in (CONFIRM, CANCEL):
        assert [kind for kind, key in table.items() if key not in TABLE[kind]] == []


def test_digits_go_into_boxes_and_nowhere_else() -> None:
    assert pressed("7", SCENES[at.Digits][0]) == Pressed(Key.DIGIT, "7")
    assert pressed("7", at.Idle()) is None
    for nonsense in ("", "12", "٣", "x", "help"):
        assert pressed(nonsense, SCENES[at.Digits][0]) is None


def test_over_the_help_page_the_pad_only_goes_back() -> None:
    scene = SCENES[at.Ready][0]
    assert pressed(PadKey.CONFIRM, scene, helping=True) == Pressed(Key.BACK)
    assert pressed(PadKey.CANCEL, scene, helping=True) == Pressed(Key.BACK)
    assert pressed("1", scene, helping=True) is None


def test_a_door_that_stayed_shut_is_retried_once_then_given_up() -> None:
    first = at.Stuck(UNTIL, GRANT, 3, retried=False)
    assert pressed(PadKey.CONFIRM, first) == Pressed(Key.RETRY)
    assert pressed(PadKey.CONFIRM, replace(first, retried=True)) == Pressed(Key.FINISH)


def test_a_run_over_all_doors_is_begun_and_stopped() -> None:
    scene = up.Service(UNTIL, SESSION)
    running = replace(scene, session=replace(SESSION, run=staff.TestRun(left=(1,), running=True)))
    assert pressed(PadKey.CONFIRM, scene) == Pressed(Key.CONFIRM)
    assert pressed(PadKey.CANCEL, scene) == Pressed(Key.BACK)
    assert pressed(PadKey.CONFIRM, running) == Pressed(Key.CANCEL)
    assert pressed(PadKey.CANCEL, running) == Pressed(Key.CANCEL)


def felt(*keys: str) -> Do:
    """Keys of the pad, one after the other, without a look at the screen."""

    def do(walk: Walk) -> None:
        for key in keys:
            meant = pressed(key, walk.scene, helping=walk.state.face.help)
            assert meant is not None, f"{key!r} does nothing on {walk.scene}"
            walk.give(meant)

    return do


def test_a_result_is_collected_by_feel_alone() -> None:
    walk = Walk({"r1": (1,)})
    known, code = walk.central.known_digits("r1"), walk.central.code("r1")
    walk.go(
        (felt(PadKey.CONFIRM, *known, PadKey.CONFIRM), at.Code),
        (felt(*code[:7], "0", PadKey.ERASE, code[7], PadKey.CONFIRM), at.Ready),
        (felt(PadKey.CONFIRM), at.Opening),
        (lambda then: then.wait(400), at.Open),
        (push(1), at.Closed),
        (felt(PadKey.CONFIRM), at.Idle),
    )


def test_cancel_gives_a_visit_up_and_leaves_an_open_door_alone() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((felt(PadKey.CONFIRM, "4", PadKey.CANCEL), at.Idle), *right_code(walk), *opening())
    for key in PAD:
        assert pressed(key, walk.scene) is None
