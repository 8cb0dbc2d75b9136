"""The page *state of the kiosk* says how old the list is, in words, while somebody knows the time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.events import Key
from kiosk.show_state import state_lines
from sync.messages import Clock
from tests.flows.upkeep import at_the_menu
from tests.flows.walk import Walk, cut, press
from ui.service_screens import Level, StateLine


def line(walk: Walk, later_ms: int = 0) -> StateLine:
    then = replace(walk.now, wall_ms=walk.wall_ms + later_ms)
    return next(said for said in state_lines(walk.state, then) if said.key == "manifest")


@pytest.mark.parametrize(
    ("later_ms", "vi", "en"),
    [
        (0, "vừa xong", "just now"),
        (180_000, "3 phút trước", "3 min ago"),
        (5 * 3_600_000 + 59_000, "5 giờ trước", "5 h ago"),
        (30 * 86_400_000, "30 ngày trước", "30 d ago"),
    ],
)
def test_its_version_and_its_age(later_ms: int, vi: str, en: str) -> None:
    walk = at_the_menu()
    ver = walk.memory.ver
    assert line(walk, later_ms).value == f"{ver}, {vi}"
    press(Key.LANGUAGE)(walk)
    assert line(walk, later_ms).value == f"{ver}, {en}"


def test_a_list_of_three_days_wants_care() -> None:
    walk = at_the_menu()
    assert line(walk).level is Level.OK
    assert line(walk, 3 * 86_400_000).level is Level.CARE


def test_while_nobody_knows_the_time_only_its_own_date_is_told() -> None:
    walk = at_the_menu()
    walk.claim = Clock.UNKNOWN
    cut()(walk)
    assert "trước" not in line(walk).value
    assert "/2026" in line(walk).value
