"""How blocks are stacked: a block knows its height for a width and where its parts lie in a rectangle.

Blocks are frozen values, so that one which has not changed is neither measured nor placed again.
All lengths are px.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ui.scene import Colour, Cut, Item, Rect, Words
from ui.studio import Placed, Studio
from ui.theme import Look, Style

GAP = 14  # design px between two blocks
Align = Literal["left", "full", "centre"]
Upright = Literal["top", "middle", "bottom"]


class Block(ABC):
    """One part of a page. `grows`: takes the room that is left."""

    __slots__ = ()
    grows: ClassVar[bool] = False

    @abstractmethod
    def height(self, width: int, desk: Desk, /) -> int:
        """What it takes when there is room."""

    def least(self, width: int, desk: Desk, /) -> int:
        """What it can do with."""
        return desk.height(self, width)

    @abstractmethod
    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Its items and targets in `rect`."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What blocks are laid out with."""

    look: Look
    studio: Studio

    def px(self, design: float) -> int:
        """Design px on this panel."""
        return self.look.px(design)

    def cut(self, style: Style) -> Cut:
        """The size of this kind of text."""
        return Cut(self.look.text_px(style), style.value[1])

    def colour(self, role: str) -> Colour:
        """The colour that has this role now."""
        colour: Colour = getattr(self.look.palette, role)
        return colour

    def height(self, block: Block, width: int) -> int:
        """Height of `block`, measured once."""
        key = ("height", block, width, self.look)
        return self.studio.height(key, lambda: block.height(width, self))

    def least(self, block: Block, width: int) -> int:
        """Least height of `block`, measured once."""
        key = ("least", block, width, self.look)
        return self.studio.height(key, lambda: block.least(width, self))

    def place(self, block: Block, rect: Rect) -> Placed:
        """Items and targets of `block`, laid out once."""
        return self.studio.placed((block, rect, self.look), lambda: block.place(rect, self))

    def line(self, text: str, cut: Cut, role: str, x: int, y: int) -> Item:
        """One line of text with its top left corner at (x, y)."""
        size = (self.studio.letters.width(text, cut), self.studio.letters.line_height(cut))
        return Item(Rect(x, y, *size), Words(text, cut, self.colour(role)))


def joined(parts: Iterable[Placed]) -> Placed:
    """One after the other."""
    kept = tuple(parts)
    return (
        tuple(item for items, _ in kept for item in items),
        tuple(target for _, targets in kept for target in targets),
    )


def natural(blocks: Sequence[Block], width: int, desk: Desk) -> int:
    """Height of a column when there is room."""
    gaps = desk.px(GAP) * max(0, len(blocks) - 1)
    return sum(desk.height(block, width) for block in blocks) + gaps


def least(blocks: Sequence[Block], width: int, desk: Desk) -> int:
    """Height that a column can do with."""
    gaps = desk.px(GAP) * max(0, len(blocks) - 1)
    return sum(desk.least(block, width) for block in blocks) + gaps


def column(
    blocks: Sequence[Block], rect: Rect, desk: Desk, upright: Upright = "top"
) -> tuple[Placed, ...]:
    """Blocks from top to bottom: some shrink when it is tight, some grow when it is wide."""
    heights = _heights(blocks, rect, desk)
    gap = desk.px(GAP)
    spare = rect.h - sum(heights) - gap * max(0, len(blocks) - 1)
    y = rect.y + {"top": 0, "middle": spare // 2, "bottom": spare}[upright]
    placed: list[Placed] = []
    for block, high in zip(blocks, heights, strict=True):
        placed.append(desk.place(block, Rect(rect.x, y, rect.w, high)))
        y += high + gap
    return tuple(placed)


def _heights(blocks: Sequence[Block], rect: Rect, desk: Desk) -> list[int]:
    heights = [desk.height(block, rect.w) for block in blocks]
    spare = rect.h - sum(heights) - desk.px(GAP) * max(0, len(blocks) - 1)
    growing = [at for at, block in enumerate(blocks) if block.grows]
    if spare > 0:
        for at in growing:
            heights[at] += spare // len(growing)
        return heights
    room = [h - desk.least(b, rect.w) for b, h in zip(blocks, heights, strict=True)]
    if sum(room) == 0:
        return heights
    short = min(-spare, sum(room))
    return [h - -(-short * r // sum(room)) for h, r in zip(heights, room, strict=True)]


def text_block(
    text: str, cut: Cut, role: str, rect: Rect, desk: Desk, align: Align = "left"
) -> list[Item]:
    """Lines from the top of `rect`; "full" fills each line before the next, as in a book."""
    letters = desk.studio.letters
    y, items = rect.y, []
    for line in letters.lines(text, cut, rect.w, even=align != "full"):
        left = (rect.w - letters.width(line, cut)) // 2 if align == "centre" else 0
        items.append(desk.line(line, cut, role, rect.x + left, y))
        y += letters.line_height(cut)
    return items


def text_height(text: str, cut: Cut, width: int, desk: Desk) -> int:
    """Height of `text` broken at `width`, however it is aligned."""
    letters = desk.studio.letters
    return len(letters.lines(text, cut, width)) * letters.line_height(cut)
