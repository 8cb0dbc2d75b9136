"""Figures side by side, for maintenance: a number and what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from ui.layout import Block, Desk
from ui.scene import Cut, Item, Plate, Rect
from ui.studio import Placed
from ui.theme import Style


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Tiles(Block):
    """A dense row of figures."""

    tiles: tuple[Tile, ...]

    def height(self, _width: int, desk: Desk, /) -> int:
        """One line."""
        letters = desk.studio.letters
        return letters.line_height(desk.cut(Style.STRONG)) + desk.px(10)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Number and label on one line, in the middle of each tile."""
        gap = desk.px(10)
        wide = (rect.w - gap * (len(self.tiles) - 1)) // len(self.tiles)
        letters, number = desk.studio.letters, desk.cut(Style.STRONG)
        items: list[Item] = []
        for at, tile in enumerate(self.tiles):
            box = Rect(rect.x + at * (wide + gap), rect.y, wide, rect.h)
            items.append(Item(box, Plate(desk.colour("pale"), desk.px(12))))
            room = wide - letters.width(tile.number, number) - desk.px(24)
            floor = desk.look.print_min
            label = letters.largest(tile.label, desk.cut(Style.SMALL), floor, width=room, lines=1)
            items += _line(tile, number, label, box, desk)
        return tuple(items), ()


def _line(tile: Tile, number: Cut, label: Cut, box: Rect, desk: Desk) -> list[Item]:
    letters, gap = desk.studio.letters, desk.px(10)
    text = letters.clipped(tile.label, label, box.w - letters.width(tile.number, number) - 2 * gap)
    wide = letters.width(tile.number, number) + gap + letters.width(text, label)
    x = box.x + (box.w - wide) // 2
    tall, short = letters.line_height(number), letters.line_height(label)
    first = desk.line(tile.number, number, "ink", x, box.y + (box.h - tall) // 2)
    low = box.y + (box.h - short) // 2 + (tall - short) // 6
    return [first, desk.line(text, label, "ink", first.rect.right + gap, low)]
