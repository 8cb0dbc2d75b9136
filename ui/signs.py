"""What is known of a compartment, drawn: each state has an icon, a ground and a word; never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from ui.blocks import SIDE, centred
from ui.hands import Action, Pressed
from ui.layout import Block, Desk, text_block, text_height
from ui.scene import Cut, Icon, Item, Plate, Rect, Target
from ui.scene import Sign as Drawn
from ui.studio import Placed
from ui.theme import Style
from ui.trays import fitted
from ui.upkeep_screens import CabinetView, Cell
from ui.wall import cell_at, panel
from ui.walls import Sign

# Icon, palette role of the ground, palette role of what stands on it.
LOOKS: Final[Mapping[Sign, tuple[Icon, str, str]]] = MappingProxyType(
    {
        Sign.FREE: (Icon.RING, "card", "ink"),
        Sign.PRESUMED_EMPTY: (Icon.RING_BROKEN, "pale", "ink"),
        Sign.OCCUPIED: (Icon.ENVELOPE, "act", "on_act"),
        Sign.EXPIRED: (Icon.CLOCK, "care", "on_care"),
        Sign.FAULTY: (Icon.WRENCH, "stop", "on_stop"),
        Sign.BLOCKED: (Icon.BARRED, "head", "on_head"),
        Sign.UNCHECKED: (Icon.QUESTION, "glow", "on_glow"),
        Sign.OPEN: (Icon.DOOR, "cave", "on_cave"),
    }
)
BLEED = 30  # design px that the wall may reach into the margins, upright
CELL_GAP = 6  # design px
CELL_MAX = 190  # design px, width of a cell in a small wall
CELL_SHAPE = 1.1  # height of a cell, of its width, at most
CELL_LEAST = 62  # design px: a wall is not drawn lower than this for a row
LEGEND_GAP = 6  # design px, between two lines
SIDE_BY_SIDE = 1.35  # a cell so much wider than tall has its icon beside the number


def chip(sign: Sign, number: int, cell: Rect, desk: Desk) -> list[Item]:
    """A door plate: number and icon on the ground of its state."""
    icon, ground, ink = LOOKS[sign]
    small = min(cell.w, cell.h)
    size = max(desk.look.print_min, min(desk.px(46), round(small * 0.38)))
    side = round(min(small * 0.40, desk.px(52)))
    if cell.w > cell.h * SIDE_BY_SIDE:
        half = cell.w // 2
        text, mark = cell._replace(w=half), Rect(cell.x + half, cell.y, cell.w - half, cell.h)
    else:
        both = min(cell.h, round(cell.w * CELL_SHAPE))  # a tall door keeps the two together
        top, high = cell.y + (cell.h - both) // 2, round(both * 0.52)
        text = Rect(cell.x, top + desk.px(2), cell.w, high - desk.px(2))
        mark = Rect(cell.x, top + high, cell.w, both - high - desk.px(6))
    side = min(side, mark.h, mark.w)
    x, y = mark.middle
    drawn = Drawn(icon, desk.colour(ink), desk.colour(ground))
    return [
        _plate(sign, cell, desk),
        centred(str(number), Cut(size, bold=True), ink, text, desk),
        Item(Rect(x - side // 2, y - side // 2, side, side), drawn),
    ]


def _plate(sign: Sign, cell: Rect, desk: Desk) -> Item:
    _, ground, _ = LOOKS[sign]
    line, thick = ("glow_line", 5) if sign is Sign.OPEN else ("muted", 2)
    plate = Plate(desk.colour(ground), desk.px(10), desk.colour(line), max(2, desk.px(thick)))
    return Item(cell, plate)


@dataclass(frozen=True, slots=True)
class SignWall(Block):
    """All compartments as they stand on the wall; each is a target.

    Twelve columns on a 7-inch panel cannot be fingers wide: cells shrink, numbers stay legible, and
    what a finger hits by mistake only shows a story, opens nothing.
    """

    view: CabinetView
    grows: ClassVar[bool] = True

    def height(self, width: int, desk: Desk, /) -> int:
        """As tall as `width` allows."""
        wide = min(width // self.view.columns, desk.px(CELL_MAX))
        return max(round(wide * CELL_SHAPE), desk.px(CELL_LEAST)) * self.view.rows

    def least(self, width: int, desk: Desk, /) -> int:
        """A number over its icon."""
        return min(desk.height(self, width), desk.px(CELL_LEAST) * self.view.rows)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """In the middle."""
        if not desk.look.wide:
            rect = rect.inset(-desk.px(BLEED), 0)
        rows, columns = self.view.rows, self.view.columns
        wide = min(rect.w / columns, desk.px(CELL_MAX))
        tall = min(rect.h / rows, max(wide * CELL_SHAPE, desk.look.touch))
        w, h = round(wide * columns), round(tall * rows)
        inner = Rect(rect.x + (rect.w - w) // 2, rect.y + (rect.h - h) // 2, w, h)
        items: list[Item] = []
        if self.view.screen_row:
            high = max(1, self.view.screen_height)
            items += panel(
                self._at(self.view.screen_row, self.view.screen_column, high, inner, desk), desk
            )
        targets = []
        for cell in self.view.cells:
            face = self._at(cell.row, cell.column, cell.height, inner, desk)
            items += chip(cell.sign, cell.number, face, desk)
            targets.append(self._target(cell, inner, desk))
        return tuple(items), tuple(targets)

    def _target(self, cell: Cell, inner: Rect, desk: Desk) -> Target:
        """The cell with its share of the gaps."""
        shape = (self.view.rows, self.view.columns)
        whole = cell_at((cell.row, cell.column, cell.height), shape, inner, 1)
        return Target(whole, Pressed(Action.CHOOSE, str(cell.number)), radius=desk.px(10))

    def _at(self, row: int, column: int, height: int, inner: Rect, desk: Desk) -> Rect:
        shape = (self.view.rows, self.view.columns)
        return cell_at((row, column, height), shape, inner, desk.px(CELL_GAP))


@dataclass(frozen=True, slots=True)
class Legend(Block):
    """What the signs mean, icon and words, as many in a line as fit; then a hint, in what is left."""

    words: tuple[tuple[Sign, str], ...]
    hint: str = ""

    def height(self, width: int, desk: Desk, /) -> int:
        """Its lines."""
        rows, slack = self._rows(width, desk)
        tall = len(rows) * self._line(desk) + desk.px(LEGEND_GAP) * max(0, len(rows) - 1)
        if self.hint and not self._beside(slack, desk):
            tall += desk.px(LEGEND_GAP) + text_height(self.hint, self._cut(desk), width, desk)
        return tall

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """From left to right."""
        items: list[Item] = []
        line, y, x = self._line(desk), rect.y, rect.x
        rows, slack = self._rows(rect.w, desk)
        for row in rows:
            x = rect.x
            for sign, text in row:
                items += self._one(sign, text, Rect(x, y, line, line), desk)
                x += self._wide(text, desk) + desk.px(SIDE)
            y += line + desk.px(LEGEND_GAP)
        if self._beside(slack, desk):
            at = Rect(x, y - line - desk.px(LEGEND_GAP), rect.right - x, line)
        else:
            at = rect._replace(y=y)
        if self.hint:
            items += text_block(self.hint, self._cut(desk), "muted", at, desk, "full")
        return tuple(items), ()

    def _one(self, sign: Sign, text: str, box: Rect, desk: Desk) -> list[Item]:
        icon, ground, ink = LOOKS[sign]
        drawn = Drawn(icon, desk.colour(ink), desk.colour(ground))
        inset = round(box.h * 0.2)
        words = desk.line(text, self._cut(desk), "ink", box.right + desk.px(8), box.y)
        return [_plate(sign, box, desk), Item(box.inset(inset, inset), drawn), words]

    def _cut(self, desk: Desk) -> Cut:
        return desk.cut(Style.SMALL)

    def _line(self, desk: Desk) -> int:
        return desk.studio.letters.line_height(self._cut(desk))

    def _wide(self, text: str, desk: Desk) -> int:
        return self._line(desk) + desk.px(8) + desk.studio.letters.width(text, self._cut(desk))

    def _beside(self, slack: int, desk: Desk) -> bool:
        return desk.studio.letters.width(self.hint, self._cut(desk)) <= slack

    def _rows(self, width: int, desk: Desk) -> tuple[list[list[tuple[Sign, str]]], int]:
        """The lines, and the room that the last one leaves, px."""
        rows: list[list[tuple[Sign, str]]] = []
        slack = -1
        for sign, text in self.words:
            wide = self._wide(text, desk)
            if wide > slack:
                rows.append([])
                slack = width
            rows[-1].append((sign, text))
            slack -= wide + desk.px(SIDE)
        return rows, slack


@dataclass(frozen=True, slots=True)
class Plaque(Block):
    """One compartment: its door plate, its name, what it is and why."""

    sign: Sign
    number: int
    title: str
    word: str
    why: str = ""

    def height(self, _width: int, desk: Desk, /) -> int:
        """A title and two lines."""
        letters = desk.studio.letters
        lines = (Style.HEAD, Style.NOTE_STRONG, *((Style.NOTE,) if self.why else ()))
        return max(desk.px(120), sum(letters.line_height(desk.cut(style)) for style in lines))

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """The plate to the left, the words beside it."""
        side = min(rect.h, desk.px(130))
        plate = Rect(rect.x, rect.y + (rect.h - side) // 2, side, side)
        x = plate.right + desk.px(SIDE)
        said = (
            (self.title, Style.HEAD, "ink"),
            (self.word, Style.NOTE_STRONG, "ink"),
            (self.why, Style.NOTE, "muted"),
        )
        words = fitted(said, Rect(x, rect.y, rect.right - x, rect.h), desk)
        return (*chip(self.sign, self.number, plate, desk), *words), ()
