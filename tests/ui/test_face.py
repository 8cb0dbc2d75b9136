"""The window, without a display: real pygame events in, meanings and pictures out."""

import io
import os
from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from ui.face import EVENTS_MAX, Closed, Face
from ui.hands import Action, Pressed, Wet
from ui.sample_parts import FRAME
from ui.samples import CODE, SAMPLES
from ui.screens import Code, Idle, Screen
from ui.sizes import ScreenSize
from ui.touch import WET_MS


@pytest.fixture
def face(monkeypatch: pytest.MonkeyPatch) -> Iterator[Face]:
    if "SDL_VIDEODRIVER" not in os.environ:
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = Face(ScreenSize(360, 640, px_per_mm=4.15))
    yield window
    window.close()


def _code(entered: str) -> Screen:
    return Screen(CODE, Code("5678", entered))


def _post(kind: int, **fields: object) -> None:
    pygame.event.post(pygame.event.Event(kind, fields))


def test_a_scripted_tap_travels_the_whole_path(face: Face) -> None:
    face.show(_code("48"))
    assert face.tap(Action.DIGIT, "2")
    assert face.poll(0) == [Pressed(Action.DIGIT, "2")]
    assert face.poll(1) == []


def test_what_is_not_on_the_screen_cannot_be_tapped(face: Face) -> None:
    assert not face.tap(Action.START)
    face.show(_code("48"))
    assert not face.tap(Action.OPEN)
    assert not face.tap(Action.DIGIT, "x")
    assert face.poll(0) == []


def test_a_scripted_hidden_gesture_is_five_taps(face: Face) -> None:
    face.show(Screen(FRAME, Idle()))
    assert face.tap(Action.STAFF)
    assert face.poll(0) == [Pressed(Action.STAFF)]


def test_the_key_under_the_finger_looks_pressed_until_it_leaves(face: Face) -> None:
    face.show(_code("48"))
    rest = face.picture()
    at = {"x": 0.5, "y": 0.6, "touch_id": 0, "finger_id": 1, "dx": 0.0, "dy": 0.0}
    _post(pygame.FINGERDOWN, **at)
    assert face.poll(0) == []
    assert face.picture() != rest
    _post(pygame.FINGERUP, **at)
    assert len(face.poll(1)) == 1
    assert face.picture() == rest


def test_a_mouse_and_its_double_press_once(face: Face) -> None:
    face.show(_code("48"))
    at = {"x": 0.5, "y": 0.6, "touch_id": 0, "finger_id": 1, "dx": 0.0, "dy": 0.0}
    mouse = {"pos": (180, 384), "button": 1, "touch": True}
    for now in (0, 500):
        _post(pygame.MOUSEBUTTONDOWN, **mouse)
        _post(pygame.FINGERDOWN, **at)
        _post(pygame.MOUSEBUTTONUP, **mouse)
        _post(pygame.FINGERUP, **at)
        assert len(face.poll(now)) == 1
    _post(pygame.MOUSEBUTTONDOWN, **{**mouse, "touch": False})
    _post(pygame.MOUSEBUTTONUP, **{**mouse, "touch": False})
    assert len(face.poll(1000)) == 1


def test_other_mouse_buttons_and_motion_say_nothing(face: Face) -> None:
    face.show(_code("48"))
    _post(pygame.MOUSEBUTTONDOWN, pos=(180, 384), button=3, touch=False)
    _post(pygame.MOUSEBUTTONUP, pos=(180, 384), button=3, touch=False)
    _post(pygame.MOUSEMOTION, pos=(180, 384), rel=(0, 0), buttons=(0, 0, 0), touch=False)
    assert face.poll(0) == []


def test_a_number_pad_types(face: Face) -> None:
    face.show(_code("48271639"))
    for key, text in ((pygame.K_KP_4, "4"), (pygame.K_KP_ENTER, "\r"), (pygame.K_a, "a")):
        _post(pygame.KEYDOWN, key=key, unicode=text, mod=0, scancode=0)
    for key in (pygame.K_BACKSPACE, pygame.K_ESCAPE):
        _post(pygame.KEYDOWN, key=key, unicode="", mod=0, scancode=0)
    assert face.poll(0) == [
        Pressed(Action.DIGIT, "4"),
        Pressed(Action.CONFIRM),
        Pressed(Action.ERASE),
        Pressed(Action.CANCEL),
    ]


def test_rain_pauses_input_and_shows_a_banner_meanwhile(face: Face) -> None:
    face.show(_code("48"))
    dry = face.picture()
    for finger in range(4):
        _post(pygame.FINGERDOWN, x=0.5, y=0.1, touch_id=0, finger_id=finger, dx=0.0, dy=0.0)
    assert face.poll(0) == [Wet()]
    assert face.picture() != dry
    face.tap(Action.DIGIT, "2")
    assert face.poll(100) == []
    assert face.poll(WET_MS) == []
    assert face.picture() == dry


def test_a_flood_of_events_is_cut_off(face: Face) -> None:
    face.show(_code("48"))
    for _ in range(EVENTS_MAX + 100):
        _post(pygame.KEYDOWN, key=pygame.K_1, unicode="1", mod=0, scancode=0)
    assert len(face.poll(0)) == EVENTS_MAX
    assert face.poll(1) == []


def test_closing_the_window_is_told(face: Face) -> None:
    _post(pygame.QUIT)
    assert face.poll(0) == [Closed()]


def test_the_picture_is_a_png_of_the_screen(face: Face) -> None:
    face.show(dict(SAMPLES)["idle"])
    picture = pygame.image.load(io.BytesIO(face.picture()), "screen.png")
    assert picture.get_size() == (360, 640)
    night = replace(FRAME, night=True)
    day = face.picture()
    face.show(Screen(night, Idle()))
    assert face.picture() != day


def test_an_uncovered_window_is_painted_anew(face: Face) -> None:
    face.show(_code("48"))
    before = face.picture()
    surface = pygame.display.get_surface()
    assert surface is not None
    surface.fill((255, 0, 0))
    assert face.picture() != before
    _post(pygame.WINDOWEXPOSED)
    face.poll(0)
    assert face.picture() == before
