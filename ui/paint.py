"""Painting: a picture is a function of the screen value.

`compose` lays a screen out as a scene of plain values; `draw` puts on the surface what differs from
the scene before. All that is kept between two pictures lies in the `Studio` handed in.
"""

from __future__ import annotations

from dataclasses import replace

import pygame

from ui import frame
from ui.arrange import page_parts
from ui.layout import Desk, joined
from ui.pages.every import page_of
from ui.scene import Item, Rect, Scene, Shade, Target
from ui.screens import Screen
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.texts.say import Say
from ui.theme import Look

HELD_ALPHA = 34  # of the shade over the key under a finger
DIRTY_MAX = 24  # more changed places than these: paint everything


def paint(
    surface: pygame.Surface, screen: Screen, size: ScreenSize, studio: Studio
) -> tuple[Target, ...]:
    """Paint all of `screen` and say where it can be pressed."""
    scene = compose(screen, size, studio)
    draw(surface, scene, studio)
    return scene.targets


def compose(screen: Screen, size: ScreenSize, studio: Studio, *, wet: bool = False) -> Scene:
    """Lay `screen` out: text as large as asked, or as fits. `wet` lays the banner over it."""
    say = Say(screen.frame.lang)
    page = page_of(screen, say)
    foot = frame.foot(page, screen.frame, say)
    look = Look(size, screen.frame.lang, screen.frame.large, screen.frame.night)
    parts = frame.areas(look)
    desk = Desk(look, studio)
    placed = [
        frame.header(screen, page, parts.header, desk, say),
        frame.progress(screen.frame, parts.progress, desk),
        page_parts(page, foot, parts.content, look, studio),
        frame.footer(screen.frame, parts.footer, desk, say),
    ]
    if wet:
        area = parts.content
        banner = frame.wet_banner(say)
        placed.append(desk.place(banner, area._replace(h=desk.height(banner, area.w))))
    items, targets = joined(placed)
    return Scene(look.palette.paper, items, targets)


def held(scene: Scene, target: Target) -> Scene:
    """The scene with a shade over the key under the finger."""
    ink = (0, 0, 0) if sum(scene.paper) > sum((255,) * 3) // 2 else (255, 255, 255)
    shade = Item(target.rect, Shade(ink, HELD_ALPHA, target.radius))
    return replace(scene, items=(*scene.items, shade))


def draw(
    surface: pygame.Surface, scene: Scene, studio: Studio, before: Scene | None = None
) -> list[Rect]:
    """Paint what differs from `before` (None: everything) and say which places those are."""
    dirty = _changed(scene, before)
    for place in dirty:
        surface.set_clip(place)
        surface.fill(scene.paper)
        for item in scene.items:
            if item.rect.meets(place):
                picture = studio.picture(item.art, item.rect.w, item.rect.h)
                surface.blit(picture, (item.rect.x, item.rect.y))
    surface.set_clip(None)
    return dirty if before else [Rect(0, 0, *surface.get_size())]


def _changed(scene: Scene, before: Scene | None) -> list[Rect]:
    everything = [Rect(0, 0, 1 << 14, 1 << 14)]
    if before is None or before.paper != scene.paper:
        return everything
    if before.items == scene.items:
        return []
    was, now = set(before.items), set(scene.items)
    if [i for i in before.items if i in now] != [i for i in scene.items if i in was]:
        return everything
    places = {item.rect for item in was ^ now}
    return _merged(sorted(places)) if len(places) <= DIRTY_MAX else everything


def _merged(places: list[Rect]) -> list[Rect]:
    """Places that meet become one, so that nothing is painted twice."""
    apart: list[Rect] = []
    for place in places:
        grown = place
        while hit := next((other for other in apart if other.meets(grown)), None):
            apart.remove(hit)
            x, y = min(hit.x, grown.x), min(hit.y, grown.y)
            right, bottom = max(hit.right, grown.right), max(hit.bottom, grown.bottom)
            grown = Rect(x, y, right - x, bottom - y)
        apart.append(grown)
    return apart
