"""Where the groups of a page lie: one below the other upright, in two columns across.

Text is as large as asked, or as large as fits; the sizes tried are `PERCENTS`.
"""

from __future__ import annotations

from dataclasses import replace

from ui.layout import Block, Desk, column, joined, least, natural
from ui.pages.page import Page
from ui.scene import Rect
from ui.studio import Placed, Studio
from ui.theme import Look

PERCENTS = (100, 96, 92, 88, 84, 80, 76, 72, 68, 64, 60)
GUTTER = 44  # design px, between two columns
BETWEEN = 18  # design px, between two groups

Groups = list[tuple[Block, ...]]


def page_parts(page: Page, foot: Block | None, area: Rect, look: Look, studio: Studio) -> Placed:
    """Items and targets of the page, with its foot at the bottom."""
    for percent in PERCENTS:
        desk = Desk(replace(look, percent=percent), studio)
        if _fits(page, foot, area, desk):
            break
    columns = _columns(page, area, desk) if look.wide else (area, area)
    groups = _groups(page, foot, wide=look.wide)
    # What is pressed ends at the bottom, always in the same place; a page without buttons floats.
    left = foot if page.beside else page.act if page.foot_right else page.act or foot
    pinned = (bool(left), True)
    floating = (page.centred, True)
    return joined(
        _stack(some, rect, desk, floating=floats, pinned=pins)
        for some, rect, floats, pins in zip(groups, columns, floating, pinned, strict=True)
    )


def _columns(page: Page, area: Rect, desk: Desk) -> tuple[Rect, Rect]:
    gutter = desk.px(GUTTER)
    left = (area.w - gutter) * page.left // 100
    x = area.x + left + gutter
    return Rect(area.x, area.y, left, area.h), Rect(x, area.y, area.right - x, area.h)


def _groups(page: Page, foot: Block | None, *, wide: bool) -> tuple[Groups, Groups]:
    """The groups of the left (or only) column, and those of the right one."""
    last = (foot,) if foot else ()
    if not wide:
        return _some(page.lead, page.show, (*page.act, *last)), []
    if page.beside:
        return _some(page.lead, last), _some(page.show, page.act)
    if page.foot_right:
        return _some(page.lead, page.act), _some(page.show, last)
    return _some(page.lead, (*page.act, *last)), _some(page.show)


def _some(*groups: tuple[Block, ...]) -> Groups:
    return [group for group in groups if group]


def _fits(page: Page, foot: Block | None, area: Rect, desk: Desk) -> bool:
    wide = desk.look.wide
    columns = _columns(page, area, desk) if wide else (area, area)
    groups = _groups(page, foot, wide=wide)
    return all(
        _tall(some, column.w, desk) <= column.h
        for some, column in zip(groups, columns, strict=True)
    )


def _tall(groups: Groups, width: int, desk: Desk) -> int:
    between = desk.px(BETWEEN) * (len(groups) - 1)
    return sum(least(group, width, desk) for group in groups) + between


def _stack(groups: Groups, area: Rect, desk: Desk, *, floating: bool, pinned: bool) -> Placed:
    """Groups from top to bottom: one that grows takes what is left."""
    if not groups:
        return (), ()
    heights = _group_heights(groups, area, desk)
    spare = area.h - sum(heights) - desk.px(BETWEEN) * (len(groups) - 1)
    growing = [at for at, group in enumerate(groups) if any(block.grows for block in group)]
    for at in growing:
        heights[at] += max(0, spare // len(growing))
    rest = 0 if growing else max(0, spare)
    before = rest // (len(groups) + 1) if floating else 0
    last = before if floating and not pinned else 0
    between = (rest - before - last) // max(1, len(groups) - 1)
    placed: list[Placed] = []
    y = area.y + before
    for group, high in zip(groups, heights, strict=True):
        placed += column(group, Rect(area.x, y, area.w, high), desk)
        y += high + between + desk.px(BETWEEN)
    return joined(placed)


def _group_heights(groups: Groups, area: Rect, desk: Desk) -> list[int]:
    heights = [natural(group, area.w, desk) for group in groups]
    over = sum(heights) + desk.px(BETWEEN) * (len(groups) - 1) - area.h
    if over <= 0:
        return heights
    room = [h - least(g, area.w, desk) for g, h in zip(groups, heights, strict=True)]
    short = min(over, sum(room))
    return [h - -(-short * r // max(1, sum(room))) for h, r in zip(heights, room, strict=True)]
