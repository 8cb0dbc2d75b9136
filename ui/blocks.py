"""The common blocks: text, gap, emblem, card, steps, banner, and blocks side by side."""

from __future__ import annotations

from dataclasses import dataclass

from ui.layout import Align, Block, Desk, joined, text_block, text_height
from ui.scene import Cut, Icon, Item, Plate, Rect, Sign
from ui.studio import Placed
from ui.theme import Style

RADIUS = 22  # design px, of plates
PAD = 14  # design px, above and below the lines of a card
SIDE = 20  # design px, left and right of them


@dataclass(frozen=True, slots=True)
class Gap(Block):
    """Room to breathe, given up first when it is tight."""

    tall: int = 16  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """All of it."""
        return desk.px(self.tall)

    def least(self, _width: int, _desk: Desk, /) -> int:
        """Nothing."""
        return 0

    def place(self, _rect: Rect, _desk: Desk, /) -> Placed:
        """Nothing to see."""
        return (), ()


@dataclass(frozen=True, slots=True)
class Text(Block):
    """A paragraph."""

    text: str
    style: Style = Style.BODY
    role: str = "ink"
    align: Align = "left"

    def height(self, width: int, desk: Desk, /) -> int:
        """Its lines."""
        return text_height(self.text, desk.cut(self.style), width, desk)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Its lines, from the top."""
        cut = desk.cut(self.style)
        return tuple(text_block(self.text, cut, self.role, rect, desk, self.align)), ()


@dataclass(frozen=True, slots=True)
class Emblem(Block):
    """A large round sign in the middle: what kind of message this is, before a word is read."""

    icon: Icon
    tone: str  # palette role of the disc; the icon is drawn in its `on_` colour
    tall: int = 132  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Its diameter."""
        return desk.px(self.tall)

    def least(self, _width: int, desk: Desk, /) -> int:
        """Still seen from afar."""
        return desk.px(76)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """In the middle."""
        colour, disc = desk.colour(f"on_{self.tone}"), desk.colour(self.tone)
        at = Rect(rect.x + (rect.w - rect.h) // 2, rect.y, rect.h, rect.h)
        return (Item(at, Sign(self.icon, colour, disc, disc)),), ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: a small icon and a text."""

    icon: Icon
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Card(Block):
    """Facts on coloured ground: the papers are safe, where it is, whom to call.

    `fill` and `role` are palette roles of ground and text; `mark` of the icons.
    """

    lines: tuple[Line, ...]
    fill: str = "pale"
    role: str = "ink"
    mark: str = "act"
    style: Style = Style.NOTE

    def height(self, width: int, desk: Desk, /) -> int:
        """Its lines and the ground around them."""
        texts = [self._tall(line, width, desk) for line in self.lines]
        return sum(texts) + desk.px(PAD) * (len(texts) + 1)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Icons to the left, texts beside them."""
        ground = desk.colour(self.fill)
        items = [Item(rect, Plate(ground, desk.px(RADIUS)))]
        side, y = self._icon(desk), rect.y + desk.px(PAD)
        for line in self.lines:
            cut, high = self._cut(line, desk), self._tall(line, rect.w, desk)
            first = y + (desk.studio.letters.line_height(cut) - side) // 2
            mark = Rect(rect.x + desk.px(SIDE), first, side, side)
            items.append(Item(mark, Sign(line.icon, desk.colour(self.mark), ground)))
            x = mark.right + desk.px(PAD)
            text = Rect(x, y, self._wide(rect.w, desk), high)
            items += text_block(line.text, cut, self.role, text, desk, "full")
            y += high + desk.px(PAD)
        return tuple(items), ()

    def _cut(self, line: Line, desk: Desk) -> Cut:
        return Cut(desk.cut(self.style).px, line.strong)

    def _icon(self, desk: Desk) -> int:
        return desk.cut(self.style).px

    def _wide(self, width: int, desk: Desk) -> int:
        return width - 2 * desk.px(SIDE) - desk.px(PAD) - self._icon(desk)

    def _tall(self, line: Line, width: int, desk: Desk) -> int:
        return text_height(line.text, self._cut(line, desk), self._wide(width, desk), desk)


@dataclass(frozen=True, slots=True)
class Steps(Block):
    """Numbered lines: first this, then that."""

    texts: tuple[str, ...]
    style: Style = Style.STRONG
    start: int = 1

    def height(self, width: int, desk: Desk, /) -> int:
        """Each as tall as its disc or its text."""
        return sum(self._talls(width, desk)) + desk.px(10) * (len(self.texts) - 1)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """A disc with the number, the text beside it."""
        items: list[Item] = []
        side, cut, y = self._disc(desk), desk.cut(self.style), rect.y
        digit = Cut(round(cut.px * 0.85), bold=True)
        for number, (text, tall) in enumerate(
            zip(self.texts, self._talls(rect.w, desk), strict=True), self.start
        ):
            middle = y + tall // 2
            disc = Rect(rect.x, middle - side // 2, side, side)
            items.append(Item(disc, Plate(desk.colour("act"), side // 2)))
            items.append(centred(str(number), digit, "on_act", disc, desk))
            wide = self._wide(rect.w, desk)
            high = text_height(text, cut, wide, desk)
            at = Rect(disc.right + desk.px(18), middle - high // 2, wide, high)
            items += text_block(text, cut, "ink", at, desk, "full")
            y += tall + desk.px(10)
        return tuple(items), ()

    def _disc(self, desk: Desk) -> int:
        return round(desk.cut(self.style).px * 1.45)

    def _wide(self, width: int, desk: Desk) -> int:
        return width - self._disc(desk) - desk.px(18)

    def _talls(self, width: int, desk: Desk) -> list[int]:
        cut, wide = desk.cut(self.style), self._wide(width, desk)
        return [max(self._disc(desk), text_height(text, cut, wide, desk)) for text in self.texts]


@dataclass(frozen=True, slots=True)
class Row(Block):
    """Blocks side by side, equally tall; `weights` share the width out."""

    blocks: tuple[Block, ...]
    weights: tuple[int, ...] = ()
    gap: int = 12  # design px

    def height(self, width: int, desk: Desk, /) -> int:
        """That of the tallest."""
        widths = self._widths(width, desk)
        return max(desk.height(block, w) for block, w in zip(self.blocks, widths, strict=True))

    def least(self, width: int, desk: Desk, /) -> int:
        """That of the tallest."""
        widths = self._widths(width, desk)
        return max(desk.least(block, w) for block, w in zip(self.blocks, widths, strict=True))

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """From left to right."""
        x, parts = rect.x, []
        for block, wide in zip(self.blocks, self._widths(rect.w, desk), strict=True):
            parts.append(desk.place(block, Rect(x, rect.y, wide, rect.h)))
            x += wide + desk.px(self.gap)
        return joined(parts)

    def _widths(self, width: int, desk: Desk) -> list[int]:
        """By weight, but none narrower than a finger needs."""
        weights = self.weights or (1,) * len(self.blocks)
        room = width - desk.px(self.gap) * (len(weights) - 1)
        narrow = {at for at, w in enumerate(weights) if room * w < desk.look.touch * sum(weights)}
        if len(narrow) == len(weights):
            return [room // len(weights)] * len(weights)
        rest = room - desk.look.touch * len(narrow)
        shares = sum(weight for at, weight in enumerate(weights) if at not in narrow)
        return [
            desk.look.touch if at in narrow else rest * weight // shares
            for at, weight in enumerate(weights)
        ]


@dataclass(frozen=True, slots=True)
class Caption(Block):
    """Small print in the middle of its place, beside buttons."""

    text: str

    def height(self, width: int, desk: Desk, /) -> int:
        """Its lines."""
        return text_height(self.text, desk.cut(Style.SMALL), width, desk)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """In the middle."""
        cut = desk.cut(Style.SMALL)
        spare = rect.h - text_height(self.text, cut, rect.w, desk)
        lower = Rect(rect.x, rect.y + spare // 2, rect.w, rect.h - spare)
        return tuple(text_block(self.text, cut, "muted", lower, desk, "centre")), ()


def centred(text: str, cut: Cut, role: str, rect: Rect, desk: Desk) -> Item:
    """One line in the middle of `rect`."""
    item = desk.line(text, cut, role, 0, 0)
    x = rect.x + (rect.w - item.rect.w) // 2
    return Item(Rect(x, rect.y + (rect.h - item.rect.h) // 2, item.rect.w, item.rect.h), item.art)
