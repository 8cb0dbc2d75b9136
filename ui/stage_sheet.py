"""A sheet to lay the demo's window out on: arts at places, and what a click on a place means.

Lengths go in as design px of a window of `WIDTH` by `HEIGHT` and come out as px of the window at hand,
which keeps its proportions in the middle of whatever size it has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ui.scene import Art, Colour, Cut, Glow, Icon, Item, Leaf, Plate, Rect, Scene, Sign, Words
from ui.stage_view import HEIGHT, WIDTH, StageClick
from ui.studio import Studio
from ui.theme import DAY

PRINT_MIN = 11  # px, whatever the window's size


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a click counts, and as what."""

    rect: Rect
    click: StageClick


@dataclass(frozen=True, slots=True)
class StageScene:
    """All of one picture of the demo's window."""

    scene: Scene
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """How a line is set: size in design px, palette role, weight."""

    px: int
    role: str = "ink"
    bold: bool = False


class Sheet:
    """Collects items and hits; later ones lie over earlier ones."""

    def __init__(self, width: int, height: int, studio: Studio) -> None:
        self._scale = min(width / WIDTH, height / HEIGHT)
        self._left = (width - WIDTH * self._scale) / 2
        self._top = (height - HEIGHT * self._scale) / 2
        self._letters = studio.letters
        self._items: list[Item] = []
        self._hits: list[Hit] = []

    def scene(self) -> StageScene:
        """Everything so far."""
        return StageScene(Scene(DAY.paper, tuple(self._items), ()), tuple(self._hits))

    def plate(
        self, at: Rect, role: str, radius: int = 12, *, line: str = "", lip: str = ""
    ) -> None:
        """A box with round corners; `line` and `lip` are roles of rim and lower edge."""
        art = Plate(
            _colour(role),
            self._px(radius),
            _colour(line) if line else None,
            max(1, self._px(2)),
            _colour(lip) if lip else None,
            self._px(4),
        )
        self._add(at, art)

    def sign(self, at: Rect, icon: Icon, role: str, ground: str, *, disc: str = "") -> None:
        """An icon in a square, on a disc when one is given."""
        self._add(at, Sign(icon, _colour(role), _colour(ground), _colour(disc) if disc else None))

    def glow(self, at: Rect, spread: int) -> None:
        """A soft light around a place."""
        self._add(at.inset(-spread, -spread), Glow(DAY.glow, self._px(spread)))

    def leaf(self, at: Rect) -> None:
        """The leaf of an open door, hinged at the right edge of `at`."""
        self._add(at, Leaf(DAY.door, DAY.on_door))

    def hit(self, at: Rect, click: StageClick) -> None:
        """A click here means this; of places that overlap the last one counts."""
        self._hits.append(Hit(self._place(at), click))

    def text(self, text: str, at: Rect, how: Type, align: str = "left", *, least: int = 0) -> int:
        """One line within `at`; its width in design px.

        One that is too wide is set smaller, down to `least` design px if given, then cut off.
        """
        box, cut = self._place(at), self._cut(how)
        if least:
            low = max(PRINT_MIN, self._px(least))
            cut = self._letters.largest(text, cut, low, width=box.w, lines=1)
        shown = self._letters.clipped(text, cut, box.w)
        wide, high = self._letters.width(shown, cut), self._letters.line_height(cut)
        x = box.x + {"left": 0, "centre": (box.w - wide) // 2, "right": box.w - wide}[align]
        place = Rect(x, box.y + (box.h - high) // 2, wide, high)
        self._items.append(Item(place, Words(shown, cut, _colour(how.role))))
        return round(wide / self._scale)

    def paragraph(self, text: str, at: Rect, how: Type) -> int:
        """Lines from the top of `at`; the design px that they take."""
        lines, step = self.lines(text, at.w, how), self.line_px(how)
        for row, line in enumerate(lines):
            self.text(line, Rect(at.x, at.y + row * step, at.w, step), how)
        return len(lines) * step

    def lines(self, text: str, width: int, how: Type) -> tuple[str, ...]:
        """The text broken at `width` design px."""
        return self._letters.lines(text, self._cut(how), self._px(width), even=False)

    def line_px(self, how: Type) -> int:
        """From line to line, in design px."""
        return math.ceil(self._letters.line_height(self._cut(how)) / self._scale)

    def _cut(self, how: Type) -> Cut:
        return Cut(max(PRINT_MIN, self._px(how.px)), how.bold)

    def _px(self, design: float) -> int:
        return round(design * self._scale)

    def _place(self, at: Rect) -> Rect:
        left, top = self._left + at.x * self._scale, self._top + at.y * self._scale
        return Rect(round(left), round(top), self._px(at.w), self._px(at.h))

    def _add(self, at: Rect, art: Art) -> None:
        self._items.append(Item(self._place(at), art))


def _colour(role: str) -> Colour:
    colour: Colour = getattr(DAY, role)
    return colour
