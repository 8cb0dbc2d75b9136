"""What is to be painted, as values: arts at places, and the targets that a finger can hit.

The law of this file: nothing here knows pygame, and every value can be compared and kept. So a
change of screen is the difference between two scenes, and layout can be tested without a display.
All lengths are pixels; the origin is the top left corner of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ui.hands import Pressed

Colour = tuple[int, int, int]


class Rect(NamedTuple):
    """A rectangle; pygame takes it as it is."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column beyond."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row beyond."""
        return self.y + self.h

    @property
    def middle(self) -> tuple[int, int]:
        """The pixel in the centre."""
        return self.x + self.w // 2, self.y + self.h // 2

    def inset(self, dx: int, dy: int) -> Rect:
        """Smaller by `dx` left and right, `dy` above and below."""
        return Rect(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def holds(self, x: int, y: int) -> bool:
        """Whether the pixel lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def contains(self, other: Rect) -> bool:
        """Whether all of `other` lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Rect) -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


class Icon(StrEnum):
    """Signs that are drawn, never typed."""

    CHECK = "check"
    EXCLAIM = "exclaim"
    CLOCK = "clock"
    ENVELOPE = "envelope"
    ERASE = "erase"
    PHONE = "phone"
    GLOBE = "globe"
    LETTERS = "letters"
    DROP = "drop"
    SHIELD = "shield"
    PLACE = "place"
    SPEECH = "speech"
    SCAN = "scan"
    WRENCH = "wrench"
    BOX_IN = "box_in"  # put into the cabinet
    BOX_OUT = "box_out"  # take out of it
    LIST = "list"
    GRID = "grid"
    PULSE = "pulse"
    LENS = "lens"
    KEY = "key"
    RING = "ring"
    RING_BROKEN = "ring_broken"
    BARRED = "barred"
    QUESTION = "question"
    CROSS = "cross"
    DOOR = "door"  # standing open
    FACE_1 = "face_1"  # very dissatisfied
    FACE_2 = "face_2"
    FACE_3 = "face_3"
    FACE_4 = "face_4"
    FACE_5 = "face_5"  # very satisfied


@dataclass(frozen=True, slots=True)
class Plate:
    """A box with round corners; a `lip` below makes it look like something that can be pressed."""

    fill: Colour
    radius: int
    line: Colour | None = None
    line_w: int = 2
    lip: Colour | None = None
    lip_h: int = 6


class Cut(NamedTuple):
    """A size of the font, px from line to line about 1.25 of it, and whether it is bold."""

    px: int
    bold: bool


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, NFC."""

    text: str
    cut: Cut
    colour: Colour


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon; on a disc when `disc` is given. `hole` shows through where the icon is cut out."""

    icon: Icon
    colour: Colour
    hole: Colour
    disc: Colour | None = None


@dataclass(frozen=True, slots=True)
class Glow:
    """A soft light around a door; the rectangle is that of the light."""

    colour: Colour
    spread: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf of an open door in perspective: hinged at the right edge of its rectangle."""

    fill: Colour
    line: Colour


@dataclass(frozen=True, slots=True)
class Shade:
    """A translucent layer, for the key under a finger."""

    colour: Colour
    alpha: int  # 0..255
    radius: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A QR code: rows of "1" and "0", black on white whatever the palette, for a camera."""

    rows: tuple[str, ...]


Art = Plate | Words | Sign | Glow | Leaf | Shade | Pattern


@dataclass(frozen=True, slots=True)
class Item:
    """One art at its place."""

    rect: Rect
    art: Art


@dataclass(frozen=True, slots=True)
class Target:
    """Where a finger can press, and what that means, after `taps` taps in a row."""

    rect: Rect
    pressed: Pressed
    taps: int = 1
    radius: int = 0  # of the plate below, for the shade under the finger


@dataclass(frozen=True, slots=True)
class Scene:
    """All of one picture: later items lie over earlier ones."""

    paper: Colour
    items: tuple[Item, ...]
    targets: tuple[Target, ...]
