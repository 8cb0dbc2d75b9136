"""Settings that the manifest allows, and no others; a change is stated and outlasts a cut (issue 3, 1)."""

from __future__ import annotations

import pytest

from kiosk import show
from kiosk.core.events import Key
from kiosk.core.scenes import Digits, Idle, Open
from kiosk.core.upkeep_scenes import Entry, Menu, Settings
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu
from tests.flows.walk import Walk, cut, press, published, seconds
from tests.flows.ways import entering, opening, right_code, signing_in
from ui import service_screens
from ui.screens import Sound
from ui.upkeep_screens import Menu as MenuBody


def allowing(*names: str, role: Role = Role.SUPERVISOR) -> Walk:
    walk = at_the_menu(role, {"r1": (1,)})
    walk.central.policy = {"settings": list(names)}
    return walk.go((published, Menu))


def at_the_page(*names: str) -> Walk:
    return allowing(*names).go(*entering(Entry.SETTINGS, Settings))


def rows(walk: Walk) -> list[tuple[str, str]]:
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, service_screens.Settings)
    return [(row.name, row.value) for row in body.rows]


def offered(walk: Walk) -> bool:
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, MenuBody)
    return "settings" in body.entries


def test_nothing_is_offered_unless_the_policy_names_it() -> None:
    assert not offered(at_the_menu(Role.SUPERVISOR))
    assert not offered(allowing("weather"))
    assert offered(allowing("sound"))
    assert rows(at_the_page("sound", "weather")) == [("sound", "on")]


@pytest.mark.parametrize("role", [Role.CLERK, Role.TECHNICIAN])
def test_only_a_supervisor_changes_settings(role: Role) -> None:
    walk = allowing("language", "sound", role=role)
    assert not offered(walk)
    walk.go((press(Key.CHOOSE, Entry.SETTINGS), Menu))


def test_the_language_of_the_idle_screen_is_stated_and_outlasts_a_cut() -> None:
    walk = at_the_page("language").go((press(Key.CHOOSE, "language:en"), Settings))
    assert walk.said(Kind.SETTING) == [{"staff": "7", "name": "language", "value": "en"}]
    assert rows(walk) == [("language", "en")]
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    assert show.screen(walk.state, walk.now).frame.lang == "en"
    walk.go((cut(), Idle))
    assert show.screen(walk.state, walk.now).frame.lang == "en"
    walk.go((press(Key.LANGUAGE), Idle), (press(Key.START), Digits), (press(Key.CANCEL), Idle))
    assert walk.state.face.lang == "en"


def test_the_same_value_is_not_stated_again() -> None:
    walk = at_the_page("language").go((press(Key.CHOOSE, "language:vi"), Settings))
    assert walk.said(Kind.SETTING) == []


@pytest.mark.parametrize("value", ["", "language", "language:fr", "sound:quiet", "bucket:99", ":"])
def test_what_is_not_allowed_changes_nothing(value: str) -> None:
    walk = at_the_page("language").go((press(Key.CHOOSE, value), Settings))
    assert walk.said(Kind.SETTING) == []


def test_a_policy_that_takes_it_back_brings_the_default_back() -> None:
    walk = at_the_page("language").go((press(Key.CHOOSE, "language:en"), Settings))
    walk.central.policy = {}
    walk.go((published, Settings))
    assert rows(walk) == []
    walk.go((press(Key.CHOOSE, "language:vi"), Settings), (press(Key.BACK), Menu))
    walk.go((press(Key.SIGN_OUT), Idle))
    assert walk.state.face.lang == "vi"


def test_a_quiet_kiosk_sounds_only_for_a_door_left_open() -> None:
    walk = at_the_page("sound").go((press(Key.CHOOSE, "sound:quiet"), Settings))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    walk.go(*right_code(walk), *opening())
    assert show.screen(walk.state, walk.now).sound is Sound.NONE
    walk.go((seconds(60), Open))
    assert show.screen(walk.state, walk.now).sound is Sound.ALARM


def test_a_kiosk_with_its_sound_on_sounds_when_a_door_opens() -> None:
    walk = at_the_page("sound").go((press(Key.CHOOSE, "sound:quiet"), Settings))
    walk.go((press(Key.CHOOSE, "sound:on"), Settings), (cut(), Idle))
    walk.go(*right_code(walk), *opening())
    assert show.screen(walk.state, walk.now).sound is Sound.OPENED


def test_the_page_shows_what_was_set_before() -> None:
    walk = at_the_page("language", "sound").go((press(Key.CHOOSE, "sound:quiet"), Settings))
    walk.go((cut(), Idle), *signing_in(walk), *entering(Entry.SETTINGS, Settings))
    assert rows(walk) == [("language", "vi"), ("sound", "quiet")]
