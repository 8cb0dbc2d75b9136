"""Painting: the same value, the same picture, however one came to it; and nothing piles up."""

import random
from functools import partial

import pygame
import pytest

from tests.ui.rules import PORTRAIT
from ui.lru import Lru
from ui.paint import compose, draw, held, paint
from ui.samples import CODE, SAMPLES, variant
from ui.scene import Scene
from ui.screens import Code, Screen
from ui.studio import PICTURES_MAX, Studio


def _surface() -> pygame.Surface:
    return pygame.Surface((PORTRAIT.width, PORTRAIT.height), depth=32)


def _bytes(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def _fresh(screen: Screen, studio: Studio) -> bytes:
    surface = _surface()
    paint(surface, screen, PORTRAIT, studio)
    return _bytes(surface)


def test_painting_what_changed_gives_the_same_picture_as_painting_all() -> None:
    rng, studio, surface = random.Random(7), Studio(), _surface()
    before: Scene | None = None
    for _ in range(40):
        _, screen = rng.choice(SAMPLES)
        seen = variant(screen, "vi", large=rng.random() < 0.2, night=rng.random() < 0.2)
        scene = compose(seen, PORTRAIT, studio, wet=rng.random() < 0.1)
        if scene.targets and rng.random() < 0.3:
            scene = held(scene, rng.choice(scene.targets))
        draw(surface, scene, studio, before)
        whole = _surface()
        draw(whole, scene, studio)
        assert _bytes(surface) == _bytes(whole)
        before = scene


def test_a_typed_digit_repaints_two_boxes_and_not_the_screen() -> None:
    studio, surface = Studio(), _surface()
    first, second = (
        compose(Screen(CODE, Code("5678", typed)), PORTRAIT, studio) for typed in ("482", "4827")
    )
    draw(surface, first, studio)
    dirty = draw(surface, second, studio, first)
    assert len(dirty) == 2
    assert sum(place.w * place.h for place in dirty) < 720 * 1280 // 40


def test_the_same_screen_repaints_nothing() -> None:
    studio, surface = Studio(), _surface()
    scene = compose(dict(SAMPLES)["ready"], PORTRAIT, studio)
    draw(surface, scene, studio)
    again = compose(dict(SAMPLES)["ready"], PORTRAIT, studio)
    assert draw(surface, again, studio, scene) == []


def test_a_picture_does_not_depend_on_what_was_painted_before() -> None:
    screen = dict(SAMPLES)["open-warn"]
    used = Studio()
    for _, other in SAMPLES[:30]:
        compose(other, PORTRAIT, used)
    assert _fresh(screen, used) == _fresh(screen, Studio())


def test_kept_pictures_stay_within_bounds() -> None:
    studio = Studio()
    for _, screen in SAMPLES:
        _fresh(variant(screen, "en", large=True, night=True), studio)
    assert 0 < studio.picture_bytes <= PICTURES_MAX


def test_the_store_drops_what_was_used_longest_ago() -> None:
    made: list[str] = []

    def _make(name: str) -> str:
        made.append(name)
        return name

    store: Lru[str, str] = Lru(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert store.get(name, partial(_make, name)) == name
    assert made == ["a", "b", "c", "b"]
    assert store.used == 2


def test_paint_says_where_it_can_be_pressed() -> None:
    targets = paint(_surface(), dict(SAMPLES)["ready"], PORTRAIT, Studio())
    assert [t.pressed.action for t in targets] == [
        "open",
        "not_mine",
        "more_time",
        "language",
        "text_size",
        "help",
    ]


@pytest.mark.parametrize("name", ["ready", "code-four", "idle"])
def test_a_wet_screen_says_so(name: str) -> None:
    studio = Studio()
    dry = compose(dict(SAMPLES)[name], PORTRAIT, studio)
    wet = compose(dict(SAMPLES)[name], PORTRAIT, studio, wet=True)
    assert wet.items[: len(dry.items)] == dry.items
    assert len(wet.items) > len(dry.items)
