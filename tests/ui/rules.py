"""What every laid-out screen must obey; each rule answers with the breaches that it found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from ui.hands import Action
from ui.paint import compose
from ui.samples import variant
from ui.scene import Plate, Rect, Scene, Target, Words
from ui.screens import Screen
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.theme import DAY, NIGHT, Look

PORTRAIT = ScreenSize(720, 1280)
LANDSCAPE = ScreenSize(1280, 800)
DOOR_NUMBERS = {DAY.on_door, NIGHT.on_door}


def breaches(scene: Scene, size: ScreenSize, *, dense: bool = False) -> list[str]:
    """All of them, in words. `dense`: cells of the cabinet view may be smaller than a finger wants.

    A wall of six columns is 87 mm wide on a 7-inch panel, so no cell can be 15 mm; what a finger
    hits by mistake shows a story and opens nothing. tests/ui/test_upkeep.py says how small they get.
    """
    rules = (_outside, _small_targets, _crossing_targets, _crossing_texts, _cut_texts, _small_print)
    judged = (
        replace(scene, targets=tuple(t for t in scene.targets if not _cell(t))) if dense else scene
    )
    found = [breach for rule in rules for breach in rule(judged, size)]
    return [*found, *_crossing_targets(scene, size)] if dense else found


def _cell(target: Target) -> bool:
    return target.pressed.action is Action.CHOOSE


def scenes(screen: Screen, studio: Studio) -> Iterator[tuple[str, ScreenSize, Scene]]:
    """The screen in every language, size of text and shape of panel."""
    for lang in ("vi", "en"):
        for large in (False, True):
            for size in (PORTRAIT, LANDSCAPE):
                seen = variant(screen, lang, large=large, night=False)
                shape = "portrait" if size is PORTRAIT else "landscape"
                name = f"{lang} {'large' if large else 'normal'} {shape}"
                yield name, size, compose(seen, size, studio)


def stretched(screen: Screen) -> Screen:
    """The same screen at a place with long names."""
    frame = replace(
        screen.frame,
        unit="Trung tâm Phục vụ hành chính công phường Bình Hưng Hòa Đông",
        address="Số 1234/56/7 đường Nguyễn Thị Minh Khai nối dài, khu phố 12, phường Bình Tiên",
        hotline="(028) 3855 1234",
    )
    return replace(screen, frame=frame)


def _outside(scene: Scene, size: ScreenSize) -> Iterator[str]:
    screen = Rect(0, 0, size.width, size.height)
    for item in scene.items:
        if not screen.contains(item.rect):
            yield f"outside: {item}"
    for target in scene.targets:
        if not screen.contains(target.rect):
            yield f"target outside: {target}"


def _small_targets(scene: Scene, size: ScreenSize) -> Iterator[str]:
    for target in scene.targets:
        if min(target.rect.w, target.rect.h) < 15 * size.px_per_mm:
            yield f"below 15 mm: {target}"


def _crossing_targets(scene: Scene, _size: ScreenSize) -> Iterator[str]:
    for one, other in combinations(scene.targets, 2):
        if one.rect.meets(other.rect):
            yield f"targets overlap: {one} {other}"


def _texts(scene: Scene) -> list[tuple[Rect, Words]]:
    return [(item.rect, item.art) for item in scene.items if isinstance(item.art, Words)]


def _crossing_texts(scene: Scene, _size: ScreenSize) -> Iterator[str]:
    for (rect, one), (place, other) in combinations(_texts(scene), 2):
        if rect.meets(place):
            yield f"texts overlap: {one.text!r} {other.text!r}"


def _cut_texts(scene: Scene, _size: ScreenSize) -> Iterator[str]:
    """A text lies wholly on a plate or target, or wholly beside it."""
    plates = [item.rect for item in scene.items if isinstance(item.art, Plate)]
    grounds = [*plates, *(target.rect for target in scene.targets if target.taps == 1)]
    for rect, words in _texts(scene):
        for ground in grounds:
            if rect.meets(ground) and not ground.contains(rect):
                yield f"text over an edge: {words.text!r} at {rect} on {ground}"


def _small_print(scene: Scene, size: ScreenSize) -> Iterator[str]:
    least = Look(size, "vi", large=False, night=False).print_min
    for _, words in _texts(scene):
        if words.cut.px < least and words.colour not in DOOR_NUMBERS:
            yield f"print below 3 mm: {words}"
