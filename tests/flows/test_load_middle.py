"""A manifest arrives in the middle of a loading: one clear screen, a consistent journal (issue 3)."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import Idle, Told
from kiosk.core.staff_scenes import LoadClosing, Loading, LoadOpen, LoadOpening, Trouble
from kiosk.core.upkeep_scenes import Answer, DoorAsk, Menu
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, slip
from tests.flows.walk import Do, Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import collecting, right_code


def asked(walk: Walk) -> Walk:
    return walk.go((scanned(slip(walk)), LoadOpening))


def clerk() -> Walk:
    return at_the_menu(Role.CLERK, None, "r9")


def revoked(walk: Walk) -> None:
    walk.central.revoke("r9")


def dropped(walk: Walk) -> None:
    walk.central.drop("r9")


def bigger(walk: Walk) -> None:
    walk.central.results["r9"].size = "bulky"


def re_issued(walk: Walk) -> None:
    walk.central.re_issue("r9", fresh=True)


@pytest.mark.parametrize("change", [bigger, re_issued])
def test_another_size_or_another_code_does_not_take_back_what_lies_inside(change: Do) -> None:
    walk = asked(clerk()).go((seconds(0.4), LoadOpen))
    change(walk)
    walk.go((published, LoadOpen), (push(1), Loading), (press(Key.SIGN_OUT), Idle))
    walk.go(*collecting(walk, "r9", 1))


@pytest.mark.parametrize("change", [revoked, dropped])
@pytest.mark.parametrize("scene", [LoadOpening, LoadOpen])
def test_a_result_taken_away_is_blocked_and_said_and_never_loaded(change: Do, scene: type) -> None:
    walk = asked(clerk())
    if scene is LoadOpen:
        walk.go((seconds(0.4), LoadOpen))
    change(walk)
    walk.go((published, scene), (seconds(0.4), LoadOpen), (push(1), Loading))
    assert isinstance(walk.scene, Loading)
    assert (walk.scene.trouble, walk.scene.trouble_at) == (Trouble.REVOKED, 1)
    assert walk.memory.compartments[1].blocked == "dropped"
    assert walk.said(Kind.LOADED) == []
    assert walk.go((cut(), Idle)).memory.compartments[1].blocked == "dropped"


@pytest.mark.parametrize("change", [revoked, dropped])
def test_a_result_taken_away_leaves_a_compartment_free_when_nothing_was_laid_in(change: Do) -> None:
    walk = asked(clerk()).go((seconds(0.4), LoadOpen))
    change(walk)
    walk.go((published, LoadOpen), (press(Key.CANCEL), LoadClosing), (push(1), DoorAsk))
    walk.go((press(Key.CHOOSE, Answer.TAKEN), Loading))
    assert walk.memory.compartments[1].serves


@pytest.mark.parametrize("change", [revoked, dropped])
def test_a_stuck_door_of_a_result_taken_away_is_as_before(change: Do) -> None:
    walk = clerk()
    walk.jammed = {1}
    asked(walk).go((seconds(2.5), LoadOpening))
    change(walk)
    walk.go((published, LoadOpening), (press(Key.CANCEL), Loading))
    assert walk.memory.compartments[1].serves
    assert walk.memory.compartments[1].pending == ""


def test_a_result_revoked_after_its_loading_is_a_task_and_opens_for_nobody() -> None:
    walk = asked(clerk()).go((seconds(0.4), LoadOpen), (push(1), Loading))
    revoked(walk)
    walk.go((published, Loading), (press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk, "r9", leads_to=Told))


def test_a_result_listed_anew_while_its_door_is_open_is_loaded() -> None:
    walk = asked(clerk()).go((seconds(0.4), LoadOpen))
    dropped(walk)
    walk.go((published, LoadOpen))
    walk.central.relist("r9")
    walk.go((published, LoadOpen), (push(1), Loading), (press(Key.SIGN_OUT), Idle))
    walk.go(*collecting(walk, "r9", 1))
