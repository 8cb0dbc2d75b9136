"""Typing numbers: the boxes that digits fill, the field of free length, and the keypad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.blocks import RADIUS, centred
from ui.buttons import Button, Kind, plate
from ui.hands import Action, Pressed
from ui.layout import Block, Desk, joined
from ui.scene import Cut, Icon, Item, Plate, Rect, Sign, Target
from ui.studio import Placed
from ui.theme import Style

GROUP = 4  # digits that stand together
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0")
KEY_GAP = 10  # design px


@dataclass(frozen=True, slots=True)
class Boxes(Block):
    """One box per digit in groups of four; the waiting one is outlined. `hidden` shows dots."""

    entered: str
    wanted: int
    hidden: bool = False
    tall: int = 112  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Tall digits."""
        return desk.px(self.tall)

    def least(self, _width: int, desk: Desk, /) -> int:
        """Still larger than any text."""
        return desk.px(round(self.tall * 0.72))

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """In the middle, with a gap between groups."""
        gap, between = desk.px(8), desk.px(28)
        groups = (self.wanted - 1) // GROUP
        room = rect.w - gap * (self.wanted - 1 - groups) - between * groups
        wide = min(room // self.wanted, desk.px(92))
        taken = wide * self.wanted + rect.w - room
        x = rect.x + (rect.w - taken) // 2
        items: list[Item] = []
        for at in range(self.wanted):
            items += self._box(at, Rect(x, rect.y, wide, rect.h), desk)
            x += wide + (between if at % GROUP == GROUP - 1 else gap)
        return tuple(items), ()

    def _box(self, at: int, box: Rect, desk: Desk) -> list[Item]:
        waiting = at == len(self.entered)
        line, line_w = ("act", desk.px(5)) if waiting else ("muted", max(1, desk.px(2)))
        frame = Plate(desk.colour("card"), desk.px(14), desk.colour(line), line_w)
        items = [Item(box, frame)]
        if at < len(self.entered):
            if self.hidden:
                side = desk.px(26)
                x, y = box.middle
                dot = Rect(x - side // 2, y - side // 2, side, side)
                items.append(Item(dot, Plate(desk.colour("ink"), side // 2)))
            else:
                cut = Cut(round(box.h * 0.56), bold=True)
                items.append(centred(self.entered[at], cut, "ink", box, desk))
        return items


@dataclass(frozen=True, slots=True)
class Field(Block):
    """A number of free length, in clear."""

    entered: str
    tall: int = 100  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """One line of tall digits."""
        return desk.px(self.tall)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """The digits in the middle, shown as an open box."""
        line = Plate(desk.colour("card"), desk.px(14), desk.colour("act"), desk.px(5))
        items = [Item(rect, line)]
        if self.entered:
            cut = Cut(round(rect.h * 0.56), bold=True)
            items.append(centred(self.entered, cut, "ink", rect, desk))
        return tuple(items), ()


@dataclass(frozen=True, slots=True)
class Keypad(Block):
    """Ten digits, erase, and the key that goes on, pale until `ready`."""

    confirm: str
    ready: bool
    grows: ClassVar[bool] = True

    def height(self, _width: int, desk: Desk, /) -> int:
        """Four rows of comfortable keys."""
        return 4 * max(desk.look.touch, desk.px(128)) + 3 * desk.px(KEY_GAP)

    def least(self, _width: int, desk: Desk, /) -> int:
        """Four rows of the least keys."""
        return 4 * desk.look.touch + 3 * desk.px(KEY_GAP)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """As on a telephone: 1 2 3 on top."""
        gap = desk.px(KEY_GAP)
        most = max(desk.look.touch, desk.px(144))
        wide, tall = (rect.w - 2 * gap) // 3, min(most, (rect.h - 3 * gap) // 4)
        top = rect.y + rect.h - 4 * tall - 3 * gap
        cells = [
            Rect(rect.x + column * (wide + gap), top + row * (tall + gap), wide, tall)
            for row in range(4)
            for column in range(3)
        ]
        keys = [self._key(key, cell, desk) for key, cell in zip(KEYS, cells, strict=False)]
        kind, action = (Kind.ACT, Action.CONFIRM) if self.ready else (Kind.OFF, None)
        confirm = Button(self.confirm, action, kind, Style.HEAD)
        return joined([*keys, desk.place(confirm, cells[-1])])

    def _key(self, key: str, cell: Rect, desk: Desk) -> Placed:
        items = [Item(cell, plate(Kind.PLAIN, desk))]
        face = Rect(cell.x, cell.y, cell.w, cell.h - desk.px(6))
        if key:
            items.append(centred(key, Cut(desk.px(58), bold=True), "ink", face, desk))
            pressed = Pressed(Action.DIGIT, key)
        else:
            side = desk.px(72)
            x, y = face.middle
            at = Rect(x - side // 2, y - side // 2, side, side)
            sign = Sign(Icon.ERASE, desk.colour("ink"), desk.colour("card"))
            items.append(Item(at, sign))
            pressed = Pressed(Action.ERASE)
        return tuple(items), (Target(cell, pressed, radius=desk.px(RADIUS)),)
