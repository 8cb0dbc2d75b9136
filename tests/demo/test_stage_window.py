"""The demo's window without a display: real pygame events in, clicks and pictures out."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from kiosk.demo import cast
from ui.stage import NoDisplayError, StageWindow
from ui.stage_view import (
    HEIGHT,
    WIDTH,
    Advice,
    DoorView,
    Envelope,
    Message,
    Power,
    StaffCard,
    StageClick,
    StageKind,
    StageView,
    Where,
)

PNG = b"\x89PNG\r\n\x1a\n"
TEXT = "UBND P.Binh Tien: co ket qua ho so. MA 4827 1639. Nhan 24/7 o tu 123 Duong So 45, het 28/11"
VIEW = StageView(
    unit=cast.UNIT,
    rows=2,
    columns=3,
    screen_cell=(1, 1, 1),
    doors=(
        DoorView(1, 1, 2),
        DoorView(2, 1, 3, is_open=True, papers=1),
        DoorView(3, 2, 1),
        DoorView(4, 2, 2),
        DoorView(5, 2, 3),
    ),
    envelopes=(Envelope("A", "Nguyễn Văn An"), Envelope("B", "Y Bhăm Êban", Where.INSIDE, 3)),
    messages=tuple(Message(n, "053 123 0042", f"21:{n:02d}", TEXT) for n in (3, 2, 1)),
    staff=StaffCard("1001", "246810", "123456", 17),
    advice=Advice("Bấm vào ngăn", "Click the compartment"),
)


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[StageWindow]:
    if "SDL_VIDEODRIVER" not in os.environ:
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    shown = StageWindow()
    yield shown
    shown.close()


def _mouse(kind: int, at: tuple[int, int], button: int = pygame.BUTTON_LEFT) -> None:
    pygame.event.post(pygame.event.Event(kind, {"pos": at, "button": button, "touch": False}))


def _middle(window: StageWindow, click: StageClick) -> tuple[int, int]:
    return next(hit.rect.middle for hit in window.hits() if hit.click == click)


def _click(window: StageWindow, click: StageClick) -> list[StageClick]:
    at = _middle(window, click)
    _mouse(pygame.MOUSEBUTTONDOWN, at)
    _mouse(pygame.MOUSEBUTTONUP, at)
    return window.poll()


@pytest.mark.parametrize(
    "click",
    [
        *(StageClick(StageKind.DOOR, str(number)) for number in range(1, 6)),
        StageClick(StageKind.LEAF, "2"),
        StageClick(StageKind.ENVELOPE, "A"),
        StageClick(StageKind.MESSAGE, "2"),
        StageClick(StageKind.NETWORK),
        StageClick(StageKind.POWER),
    ],
)
def test_a_click_in_the_middle_of_a_thing_means_that_thing(
    window: StageWindow, click: StageClick
) -> None:
    window.show(VIEW)
    assert _click(window, click) == [click]


def test_what_can_be_clicked_is_drawn_inside_the_window(window: StageWindow) -> None:
    window.show(VIEW)
    assert len(window.hits()) == 5 + 1 + 1 + 2 + 2
    for hit in window.hits():
        assert 0 <= hit.rect.x < hit.rect.right <= WIDTH
        assert 0 <= hit.rect.y < hit.rect.bottom <= HEIGHT


def test_an_envelope_behind_a_door_cannot_be_picked_up(window: StageWindow) -> None:
    window.show(VIEW)
    held = {hit.click.value for hit in window.hits() if hit.click.kind is StageKind.ENVELOPE}
    assert held == {"A"}


def test_a_button_that_comes_up_elsewhere_is_no_click(window: StageWindow) -> None:
    window.show(VIEW)
    _mouse(pygame.MOUSEBUTTONDOWN, _middle(window, StageClick(StageKind.DOOR, "1")))
    _mouse(pygame.MOUSEBUTTONUP, _middle(window, StageClick(StageKind.DOOR, "4")))
    _mouse(pygame.MOUSEBUTTONUP, _middle(window, StageClick(StageKind.DOOR, "4")))
    assert window.poll() == []


def test_other_mouse_buttons_and_bare_ground_mean_nothing(window: StageWindow) -> None:
    window.show(VIEW)
    at = _middle(window, StageClick(StageKind.POWER))
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        _mouse(kind, at, pygame.BUTTON_RIGHT)
        _mouse(kind, (1, 1))
    assert window.poll() == []


def test_closing_the_window_is_heard(window: StageWindow) -> None:
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert window.poll() == [StageClick(StageKind.CLOSE)]


@pytest.mark.parametrize(
    "other",
    [
        replace(VIEW, power=Power.OFF),
        replace(VIEW, power=Power.STARTING),
        replace(VIEW, network=False),
        replace(VIEW, messages=()),
        replace(VIEW, reading=1),
        replace(VIEW, doors=(replace(VIEW.doors[0], is_open=True), *VIEW.doors[1:])),
        replace(VIEW, doors=(VIEW.doors[0], replace(VIEW.doors[1], papers=0), *VIEW.doors[2:])),
        replace(VIEW, envelopes=(replace(VIEW.envelopes[0], where=Where.HELD), VIEW.envelopes[1])),
        replace(VIEW, envelopes=(replace(VIEW.envelopes[0], where=Where.TAKEN), VIEW.envelopes[1])),
        replace(VIEW, staff=replace(VIEW.staff, seconds=16)),
        replace(VIEW, advice=Advice("Khác", "other")),
    ],
)
def test_the_picture_is_a_function_of_the_value(window: StageWindow, other: StageView) -> None:
    window.show(VIEW)
    first = window.picture()
    window.show(other)
    second = window.picture()
    window.show(VIEW)
    assert first.startswith(PNG)
    assert second != first
    assert window.picture() == first


def test_the_open_message_never_falls_off_the_phone(window: StageWindow) -> None:
    many = tuple(Message(n, "053 123 0042", "21:00", TEXT) for n in range(60, 0, -1))
    window.show(replace(VIEW, messages=many, reading=1))
    listed = [hit.click.value for hit in window.hits() if hit.click.kind is StageKind.MESSAGE]
    assert listed[:2] == ["60", "59"]
    assert "1" not in listed
    window.show(replace(VIEW, messages=many, reading=60))
    newest = [hit.click.value for hit in window.hits() if hit.click.kind is StageKind.MESSAGE]
    assert newest[0] == "59"
    assert len(newest) == len(listed)


@pytest.mark.parametrize("size", [(1600, 900), (531, 360)])
def test_clicks_find_their_places_in_a_window_of_any_size(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = StageWindow(size)
    window.show(VIEW)
    for number in "12345":
        click = StageClick(StageKind.DOOR, number)
        assert _click(window, click) == [click]
    window.close()


def test_a_display_that_nobody_can_see_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(NoDisplayError):
        StageWindow.desktop()
