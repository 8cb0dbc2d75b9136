"""Rows of maintenance: a thing to choose, a door with its figures, a ledger of lines."""

from __future__ import annotations

from dataclasses import dataclass

from ui.blocks import RADIUS, centred
from ui.buttons import Kind, plate
from ui.hands import Action, Pressed
from ui.layout import Block, Desk, text_block, text_height
from ui.scene import Cut, Icon, Item, Plate, Rect, Target
from ui.scene import Sign as Drawn
from ui.signs import chip
from ui.studio import Placed
from ui.theme import Style
from ui.trays import Said, fitted
from ui.walls import Sign

LIP = 6  # design px, below what can be pressed
PAD = 12  # design px
ROW_GAP_LEAST = 4  # design px
ROW_GAP = 9  # design px, between two lines of a ledger; a thin line stands in it


@dataclass(frozen=True, slots=True)
class Pick(Block):
    """A compartment and whose papers lie in it; pressing chooses it."""

    number: int
    said: tuple[Said, ...]
    value: str
    tall: int = 128  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Never below the least target."""
        return max(desk.look.touch, desk.px(self.tall))

    def least(self, _width: int, desk: Desk, /) -> int:
        """The least target."""
        return desk.look.touch

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """The number on its plate, the words beside it."""
        pad = desk.px(PAD)
        face = Rect(rect.x, rect.y, rect.w, rect.h - desk.px(LIP)).inset(pad, pad)
        door = face._replace(w=round(face.h * 1.1))
        number = Cut(min(desk.px(52), round(door.h * 0.56)), bold=True)
        x = door.right + desk.px(18)
        items = (
            Item(rect, plate(Kind.PLAIN, desk)),
            Item(door, Plate(desk.colour("act"), desk.px(12))),
            centred(str(self.number), number, "on_act", door, desk),
            *fitted(
                self.said, Rect(x, rect.y + 4, face.right - x, rect.h - desk.px(LIP) - 8), desk
            ),
        )
        pressed = Pressed(Action.CHOOSE, self.value)
        return items, (Target(rect, pressed, radius=desk.px(RADIUS)),)


@dataclass(frozen=True, slots=True)
class DoorTile(Block):
    """One door for the technician: plate, reading, figures. `live`: pressing pulses it."""

    number: int
    sign: Sign
    said: tuple[Said, ...]
    live: bool
    tall: int = 150  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Three lines."""
        return max(desk.look.touch, desk.px(self.tall))

    def least(self, _width: int, desk: Desk, /) -> int:
        """The least target."""
        return desk.look.touch

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """The door plate to the left; only what can be pressed has a lip."""
        pad = desk.px(10)
        kind, lip = (Kind.PLAIN, desk.px(LIP)) if self.live else (Kind.QUIET, 0)
        face = Rect(rect.x, rect.y, rect.w, rect.h - lip).inset(pad, pad)
        door = face._replace(w=min(face.h, desk.px(92)))
        x = door.right + pad
        items = (
            Item(rect, plate(kind, desk)),
            *chip(self.sign, self.number, door, desk),
            *fitted(self.said, Rect(x, face.y, face.right - x, face.h), desk),
        )
        if not self.live:
            return items, ()
        pressed = Pressed(Action.CHOOSE, str(self.number))
        return items, (Target(rect, pressed, radius=desk.px(RADIUS)),)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a ledger: what it is about to the left, what is known to the right."""

    left: str
    right: str
    icon: Icon | None = None
    tone: str = "ink"  # palette role of the icon
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Ledger(Block):
    """Lines in two columns, a thin line between them. `share`: per cent of the width for the left."""

    facts: tuple[Fact, ...]
    share: int = 40
    style: Style = Style.SMALL

    def height(self, width: int, desk: Desk, /) -> int:
        """All lines."""
        return self._lines(width, desk) + 2 * desk.px(ROW_GAP) * max(0, len(self.facts) - 1)

    def least(self, width: int, desk: Desk, /) -> int:
        """All lines, closer."""
        return self._lines(width, desk) + 2 * desk.px(ROW_GAP_LEAST) * max(0, len(self.facts) - 1)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """From the top."""
        items: list[Item] = []
        spare = (rect.h - self._lines(rect.w, desk)) // max(1, 2 * (len(self.facts) - 1))
        y, gap = rect.y, max(desk.px(ROW_GAP_LEAST), min(desk.px(ROW_GAP), spare))
        for at, fact in enumerate(self.facts):
            if at:
                rule = Rect(rect.x, y + gap, rect.w, max(1, desk.px(2)))
                items.append(Item(rule, Plate(desk.colour("line"), 0)))
                y += 2 * gap
            items += self._fact(fact, rect._replace(y=y), desk)
            y += self._tall(fact, rect.w, desk)
        return tuple(items), ()

    def _lines(self, width: int, desk: Desk) -> int:
        return sum(self._tall(fact, width, desk) for fact in self.facts)

    def _fact(self, fact: Fact, rect: Rect, desk: Desk) -> list[Item]:
        left, right = self._halves(fact, rect.w, desk)
        cut, tall = self._cut(fact, desk), self._tall(fact, rect.w, desk)
        side = desk.cut(self.style).px
        x = rect.x
        items: list[Item] = []
        if fact.icon:
            mark = Rect(x, rect.y + (desk.studio.letters.line_height(cut) - side) // 2, side, side)
            items.append(Item(mark, Drawn(fact.icon, desk.colour(fact.tone), desk.colour("paper"))))
            x += side + desk.px(PAD)
        first = Rect(x, rect.y, left, tall)
        second = Rect(rect.right - right, rect.y, right, tall)
        items += text_block(fact.left, desk.cut(self.style), "muted", first, desk, "full")
        items += text_block(fact.right, cut, "ink", second, desk, "full")
        return items

    def _cut(self, fact: Fact, desk: Desk) -> Cut:
        return Cut(desk.cut(self.style).px, fact.strong)

    def _halves(self, fact: Fact, width: int, desk: Desk) -> tuple[int, int]:
        icon = desk.cut(self.style).px + desk.px(PAD) if fact.icon else 0
        left = width * self.share // 100
        return left - icon - desk.px(PAD), width - left

    def _tall(self, fact: Fact, width: int, desk: Desk) -> int:
        left, right = self._halves(fact, width, desk)
        one = text_height(fact.left, desk.cut(self.style), left, desk)
        return max(one, text_height(fact.right, self._cut(fact, desk), right, desk))
