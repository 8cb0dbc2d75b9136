"""Denser parts of maintenance: blocks in a grid, a bar of progress, lines that fit a box."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from ui.layout import Block, Desk, joined
from ui.scene import Cut, Item, Plate, Rect
from ui.studio import Placed
from ui.theme import Style

GAP = 12  # design px, between the blocks of a tray
STEPS: Final = (100, 94, 88, 82, 76, 70, 64, 58, 52)  # per cent at which lines are tried in a box

Said = tuple[str, Style, str]  # a text, its style, its palette role


@dataclass(frozen=True, slots=True)
class Tray(Block):
    """Blocks in equal columns: so many upright, so many across."""

    blocks: tuple[Block, ...]
    upright: int = 2
    across: int = 2

    def height(self, width: int, desk: Desk, /) -> int:
        """All rows."""
        return self._sum(
            [max(desk.height(b, w) for b, w in row) for row in self._rows(width, desk)], desk
        )

    def least(self, width: int, desk: Desk, /) -> int:
        """All rows at their least."""
        return self._sum(
            [max(desk.least(b, w) for b, w in row) for row in self._rows(width, desk)], desk
        )

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Row by row; every row as tall as the others, or nearly."""
        rows, gap = self._rows(rect.w, desk), desk.px(GAP)
        if not rows:
            return (), ()
        tall = (rect.h - gap * (len(rows) - 1)) // len(rows)
        parts = []
        for at, row in enumerate(rows):
            lefts = accumulate((wide + gap for _, wide in row), initial=rect.x)
            for (block, wide), x in zip(row, lefts, strict=False):
                parts.append(desk.place(block, Rect(x, rect.y + at * (tall + gap), wide, tall)))
        return joined(parts)

    def _sum(self, talls: list[int], desk: Desk) -> int:
        """Rows are equally tall."""
        return len(talls) * max(talls, default=0) + desk.px(GAP) * max(0, len(talls) - 1)

    def _rows(self, width: int, desk: Desk) -> list[list[tuple[Block, int]]]:
        columns = self.across if desk.look.wide else self.upright
        wide = (width - desk.px(GAP) * (columns - 1)) // columns
        cells = [(block, wide) for block in self.blocks]
        return [cells[at : at + columns] for at in range(0, len(cells), columns)]


@dataclass(frozen=True, slots=True)
class Bar(Block):
    """How much of the work is done."""

    done: int
    total: int
    tall: int = 30  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Seen from a step away."""
        return desk.px(self.tall)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """From the left."""
        radius = rect.h // 2
        items = [Item(rect, Plate(desk.colour("line"), radius))]
        part = min(self.done, self.total) * rect.w // max(1, self.total)
        if self.done:
            whole = rect._replace(w=max(rect.h, part))
            items.append(Item(whole, Plate(desk.colour("act"), radius)))
        return tuple(items), ()


def fitted(said: tuple[Said, ...], rect: Rect, desk: Desk) -> list[Item]:
    """Texts below each other in the middle of `rect`, from its left edge, as large as they fit."""
    letters = desk.studio.letters
    kept = [(text, style, role) for text, style, role in said if text]
    for percent in STEPS:
        lines = [
            (line, cut, role)
            for text, style, role in kept
            for cut in (_shrunk(style, percent, desk),)
            for line in letters.lines(text, cut, rect.w, even=False)
        ]
        if _tall(lines, desk) <= rect.h and all(letters.width(t, c) <= rect.w for t, c, _ in lines):
            return _stacked(lines, rect, desk)
    floor = [(text, _shrunk(style, STEPS[-1], desk), role) for text, style, role in kept]
    return _stacked([(letters.clipped(t, c, rect.w), c, r) for t, c, r in floor], rect, desk)


def _shrunk(style: Style, percent: int, desk: Desk) -> Cut:
    cut = desk.cut(style)
    return Cut(max(desk.look.print_min, cut.px * percent // 100), cut.bold)


def _tall(lines: list[tuple[str, Cut, str]], desk: Desk) -> int:
    return sum(desk.studio.letters.line_height(cut) for _, cut, _ in lines)


def _stacked(lines: list[tuple[str, Cut, str]], rect: Rect, desk: Desk) -> list[Item]:
    y = rect.y + max(0, rect.h - _tall(lines, desk)) // 2
    items = []
    for text, cut, role in lines:
        items.append(desk.line(text, cut, role, rect.x, y))
        y += desk.studio.letters.line_height(cut)
    return items
