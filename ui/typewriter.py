"""Typing a text at the touchscreen: the field it stands in, and sixteen large keys at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.blocks import RADIUS, centred
from ui.buttons import Button, Kind, plate
from ui.digits import KEY_GAP
from ui.hands import Action, Pressed
from ui.layout import Block, Desk, joined
from ui.scene import Cut, Icon, Item, Plate, Rect, Sign, Target
from ui.setup_screens import KEY_PAGES
from ui.studio import Placed
from ui.texts.say import nfc
from ui.theme import Style

CELLS = 20
UPRIGHT, ACROSS = 4, 5  # columns
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class TextField(Block):
    """What was typed, in clear; of a long text the end."""

    entered: str
    tall: int = 116  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Two lines."""
        return desk.px(self.tall)

    def least(self, _width: int, desk: Desk, /) -> int:
        """One line."""
        return desk.px(64)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """As an open box; of more lines than it holds the last ones."""
        line = Plate(desk.colour("card"), desk.px(14), desk.colour("act"), desk.px(5))
        items = [Item(rect, line)]
        inner = rect.inset(desk.px(16), desk.px(8))
        letters, cut = desk.studio.letters, desk.cut(Style.NOTE)
        most = max(1, inner.h // letters.line_height(cut))
        rows = _rows(self.entered, cut, inner.w, desk)[-most:]
        y = inner.y + max(0, inner.h - len(rows) * letters.line_height(cut)) // 2
        for row in rows:
            items.append(desk.line(row, cut, "ink", inner.x, y))
            y += letters.line_height(cut)
        return tuple(items), ()


def _rows(text: str, cut: Cut, width: int, desk: Desk) -> list[str]:
    """Broken anywhere: a code has no blanks."""
    rows: list[str] = []
    row = ""
    for letter in text:
        if desk.studio.letters.width(row + letter, cut) > width:
            rows, row = [*rows, row], ""
        row += letter
    return [r for r in (*rows, row) if r.strip()]


@dataclass(frozen=True, slots=True)
class Typewriter(Block):
    """Sixteen characters, erase, more keys, a way out, and the key that goes on, pale until `ready`."""

    confirm: str
    more: str
    page: int
    leave: Button
    ready: bool
    grows: ClassVar[bool] = True

    def height(self, _width: int, desk: Desk, /) -> int:
        """Comfortable keys."""
        rows = self._rows(desk)
        return rows * max(desk.look.touch, desk.px(112)) + (rows - 1) * desk.px(KEY_GAP)

    def least(self, _width: int, desk: Desk, /) -> int:
        """The least keys."""
        rows = self._rows(desk)
        return rows * desk.look.touch + (rows - 1) * desk.px(KEY_GAP)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Characters in reading order; erase, more and go on at the end."""
        gap, rows = desk.px(KEY_GAP), self._rows(desk)
        columns = CELLS // rows
        most = max(desk.look.touch, desk.px(126))
        wide = (rect.w - (columns - 1) * gap) // columns
        tall = min(most, (rect.h - (rows - 1) * gap) // rows)
        top = rect.y + rect.h - rows * tall - (rows - 1) * gap
        cells = [
            Rect(rect.x + column * (wide + gap), top + row * (tall + gap), wide, tall)
            for row in range(rows)
            for column in range(columns)
        ]
        keys = KEY_PAGES[self.page]
        placed = [_key(key, cell, desk) for key, cell in zip(keys, cells, strict=False)]
        kind, action = (Kind.ACT, Action.CONFIRM) if self.ready else (Kind.OFF, None)
        more = Button(self.more, Action.CHANGE, Kind.QUIET, Style.NOTE_STRONG)
        erase, *others = cells[len(keys) :]
        buttons = (more, self.leave, Button(self.confirm, action, kind))
        placed.append(_erase(erase, desk))
        placed += [desk.place(one, cell) for one, cell in zip(buttons, others, strict=True)]
        return joined(placed)

    def _rows(self, desk: Desk) -> int:
        return CELLS // (ACROSS if desk.look.wide else UPRIGHT)


def _key(key: str, cell: Rect, desk: Desk) -> Placed:
    face = Rect(cell.x, cell.y, cell.w, cell.h - desk.px(6))
    shown = nfc(f"a{key}") if key in TONES else key
    items = [Item(cell, plate(Kind.PLAIN, desk))]
    if key == " ":  # drawn: the font has no sign for it
        wide, thin = face.w // 2, desk.px(8)
        bar = Rect(face.x + face.w // 4, face.bottom - face.h // 3, wide, thin)
        items.append(Item(bar, Plate(desk.colour("ink"), thin // 2)))
    else:
        items.append(centred(shown, Cut(desk.px(50), bold=True), "ink", face, desk))
    return tuple(items), (Target(cell, Pressed(Action.DIGIT, key), radius=desk.px(RADIUS)),)


def _erase(cell: Rect, desk: Desk) -> Placed:
    face = Rect(cell.x, cell.y, cell.w, cell.h - desk.px(6))
    side = desk.px(60)
    x, y = face.middle
    at = Rect(x - side // 2, y - side // 2, side, side)
    sign = Sign(Icon.ERASE, desk.colour("ink"), desk.colour("card"))
    items = (Item(cell, plate(Kind.PLAIN, desk)), Item(at, sign))
    return items, (Target(cell, Pressed(Action.ERASE), radius=desk.px(RADIUS)),)
