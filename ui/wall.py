"""The drawing of the cabinet, true to its rows, columns and heights, and the words for a place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from ui.blocks import centred
from ui.layout import Block, Desk
from ui.scene import Cut, Glow, Item, Leaf, Plate, Rect
from ui.studio import Placed
from ui.walls import Cabinet, Door, DoorLook

CELL_MAX = 96  # design px, side of one cell
CELL_SHAPE = 0.86  # height of a cell, of its width
RIM = 14  # design px, of the frame
GAP = 5  # design px, between doors
SPREAD = 16  # design px, of the glow
FEW_ROWS: Final[Mapping[int, str]] = MappingProxyType({1: "row.upper", 2: "row.lower"})
THIRDS: Final = ("col.left", "col.centre", "col.right")
LEAF = 0.42  # width of an open leaf, of its door


@dataclass(frozen=True, slots=True)
class Wall(Block):
    """The cabinet as one stands before it: the asked door glows, an open door is drawn open."""

    cabinet: Cabinet
    grows: ClassVar[bool] = True

    def height(self, width: int, desk: Desk, /) -> int:
        """As tall as `width` allows."""
        cell = min((width - desk.px(2 * RIM + 40)) / self.cabinet.columns, desk.px(CELL_MAX))
        return round(cell * CELL_SHAPE * self.cabinet.rows) + desk.px(2 * RIM)

    def least(self, width: int, desk: Desk, /) -> int:
        """Numbers can still be told apart."""
        rows = self.cabinet.rows * desk.px(38) + desk.px(2 * RIM)
        return min(rows, desk.height(self, width))

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """In the middle; cells keep a natural shape."""
        rows, columns, rim = self.cabinet.rows, self.cabinet.columns, desk.px(RIM)
        tall = min((rect.h - 2 * rim) / rows, desk.px(CELL_MAX) * 1.1)
        wide = min((rect.w - 2 * rim - desk.px(40)) / columns, tall / CELL_SHAPE * 1.2)
        tall = min(tall, wide * 0.96)
        w, h = round(wide * columns) + 2 * rim, round(tall * rows) + 2 * rim
        frame = Rect(rect.x + (rect.w - w) // 2, rect.y + (rect.h - h) // 2, w, h)
        inner = frame.inset(rim, rim)
        items = [Item(frame, Plate(desk.colour("wall"), desk.px(16)))]
        if self.cabinet.screen_row:
            items += self._panel(inner, desk)
        quiet = [door for door in self.cabinet.doors if door.look is DoorLook.SHUT]
        loud = [door for door in self.cabinet.doors if door.look is not DoorLook.SHUT]
        for door in (*quiet, *loud):
            items += _door(door, self._cell(door.row, door.column, door.height, inner, desk), desk)
        return tuple(items), ()

    def _cell(self, row: int, column: int, height: int, inner: Rect, desk: Desk) -> Rect:
        shape = (self.cabinet.rows, self.cabinet.columns)
        return cell_at((row, column, height), shape, inner, desk.px(GAP))

    def _panel(self, inner: Rect, desk: Desk) -> list[Item]:
        height = max(1, self.cabinet.screen_height)
        at = (self.cabinet.screen_row, self.cabinet.screen_column, height)
        return panel(self._cell(*at, inner, desk), desk)


def cell_at(at: tuple[int, int, int], shape: tuple[int, int], inner: Rect, gap: int) -> Rect:
    """The cell at (row, column, height in rows) of a wall of (rows, columns) that fills `inner`."""
    (row, column, height), (rows, columns) = at, shape
    wide, tall = inner.w / columns, inner.h / rows
    left, right = inner.x + wide * (column - 1), inner.x + wide * column
    top, bottom = inner.y + tall * (row - 1), inner.y + tall * (row - 1 + height)
    half = gap / 2
    w, h = right - left - gap, bottom - top - gap
    return Rect(round(left + half), round(top + half), round(w), round(h))


def panel(cell: Rect, desk: Desk) -> list[Item]:
    """The touchscreen that the person stands before: blue, with lines as of text on it."""
    colour, bright = desk.colour("panel"), desk.colour("paper")
    items = [Item(cell, Plate(colour, desk.px(8)))]
    bar, left = max(3, round(cell.h * 0.05)), cell.x + round(cell.w * 0.22)
    for at_part, wide in ((0.24, 0.56), (0.40, 0.40), (0.64, 0.56)):
        line = Rect(left, cell.y + round(cell.h * at_part), round(cell.w * wide), bar)
        items.append(Item(line, Plate(bright, bar // 2)))
    return items


def _door(door: Door, cell: Rect, desk: Desk) -> list[Item]:
    radius, number = desk.px(8), str(door.number)
    if door.look is DoorLook.SHUT:
        face = Item(cell, Plate(desk.colour("door"), radius))
        cut = Cut(max(desk.px(18), min(desk.px(26), round(cell.w * 0.32))), bold=False)
        return [face, centred(number, cut, "on_door", cell, desk)]
    spread = desk.px(SPREAD)
    light = Item(cell.inset(-spread, -spread), Glow(desk.colour("glow"), spread))
    ring = cell.inset(-desk.px(3), -desk.px(3))
    rim = max(3, desk.px(6))
    cut = Cut(max(desk.px(24), min(desk.px(44), round(min(cell.w, cell.h) * 0.58))), bold=True)
    if door.look is DoorLook.ASKED:
        glow = Plate(desk.colour("glow"), radius, desk.colour("glow_line"), rim)
        return [light, Item(ring, glow), centred(number, cut, "on_glow", cell, desk)]
    cave = Plate(desk.colour("cave"), radius, desk.colour("glow_line"), rim)
    wide = round(cell.w * LEAF)
    leaf_at = Rect(ring.x - wide + rim, ring.y - desk.px(5), wide, ring.h + desk.px(10))
    leaf = Leaf(desk.colour("glow"), desk.colour("glow_line"))
    return [
        light,
        Item(ring, cave),
        centred(number, cut, "on_cave", cell, desk),
        Item(leaf_at, leaf),
    ]


def row_key(door: Door, rows: int) -> str:
    """Which row of words fits: "" for a cabinet of one row, or a door as tall as the cabinet."""
    if door.height >= rows:
        return ""
    ends = FEW_ROWS if rows <= len(FEW_ROWS) else {1: "row.top", rows: "row.bottom"}
    if door.height == 1 and door.row in ends:
        return ends[door.row]
    off = 2 * door.row + door.height - 1 - (rows + 1)  # half rows below the middle
    if abs(off) <= 1:
        return "row.middle"
    return "row.upper" if off < 0 else "row.lower"


def column_key(door: Door, columns: int) -> str:
    """Left, centre or right third; "" for a cabinet of one column."""
    if columns == 1:
        return ""
    third = (2 * door.column - 1) * len(THIRDS) // (2 * columns)
    return THIRDS[third]
