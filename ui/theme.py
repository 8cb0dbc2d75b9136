"""Colours, sizes and type: the one place that says how things look.

Must-read text has a contrast of 7:1 and more, everything else of 4.5:1 and more (WCAG 2.1 §1.4.6,
§1.4.3); `CONTRASTS` lists every pair in use, and a test computes them. Lengths are design pixels of
a 720x1280 panel (8.3 per millimetre) and are scaled to the panel at hand by `Look.px`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from ui.scene import Colour
from ui.sizes import ScreenSize

TARGET_MM = 15  # the short side of everything that can be pressed
LARGE_PERCENT = 125
PRINT_MIN = 24  # design px: 3 mm, the smallest print
SHORT, LONG = 720, 1280  # the panel that the design pixels are of
MUST_READ, MAY_READ = 7.0, 4.5


def _hex(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour per role; `on_x` is the text that stands on x."""

    paper: Colour
    ink: Colour
    muted: Colour
    line: Colour
    card: Colour
    lip: Colour
    pale: Colour
    off: Colour
    act: Colour
    act_lip: Colour
    on_act: Colour
    act_note: Colour
    good: Colour
    good_lip: Colour
    on_good: Colour
    good_text: Colour
    care: Colour
    on_care: Colour
    care_text: Colour
    stop: Colour
    on_stop: Colour
    head: Colour  # header of the maintenance screens
    on_head: Colour
    head_note: Colour
    wall: Colour
    door: Colour
    on_door: Colour
    cave: Colour  # inside of an open compartment
    on_cave: Colour
    panel: Colour  # the touchscreen in the drawing
    glow: Colour
    glow_line: Colour
    on_glow: Colour


DAY = Palette(
    paper=_hex("F7F5F0"),
    ink=_hex("14213D"),
    muted=_hex("566275"),
    line=_hex("DDD8CD"),
    card=_hex("FFFFFF"),
    lip=_hex("D3CDBF"),
    pale=_hex("E7EEF6"),
    off=_hex("E9E6DD"),
    act=_hex("0C4D8C"),
    act_lip=_hex("083A6B"),
    on_act=_hex("FFFFFF"),
    act_note=_hex("E3EDF7"),
    good=_hex("11613B"),
    good_lip=_hex("0A4529"),
    on_good=_hex("FFFFFF"),
    good_text=_hex("0F5A38"),
    care=_hex("8F4207"),
    on_care=_hex("FFFFFF"),
    care_text=_hex("873B04"),
    stop=_hex("9A211B"),
    on_stop=_hex("FFFFFF"),
    head=_hex("14213D"),
    on_head=_hex("FFFFFF"),
    head_note=_hex("C7D2E2"),
    wall=_hex("36435C"),
    door=_hex("E4E7EE"),
    on_door=_hex("545F70"),
    cave=_hex("1B2742"),
    on_cave=_hex("FFCB4D"),
    panel=_hex("7ABDEB"),
    glow=_hex("FFCB4D"),
    glow_line=_hex("B45309"),
    on_glow=_hex("14213D"),
)

NIGHT = Palette(
    paper=_hex("0E1726"),
    ink=_hex("F4F1EA"),
    muted=_hex("A3AFC0"),
    line=_hex("34425A"),
    card=_hex("1B2740"),
    lip=_hex("0A1120"),
    pale=_hex("18304C"),
    off=_hex("1A2436"),
    act=_hex("4FA3E3"),
    act_lip=_hex("2C74AC"),
    on_act=_hex("050A12"),
    act_note=_hex("050A12"),
    good=_hex("4CC38A"),
    good_lip=_hex("2E8A5E"),
    on_good=_hex("06130C"),
    good_text=_hex("5ED29B"),
    care=_hex("F0A04B"),
    on_care=_hex("14213D"),
    care_text=_hex("F2AB60"),
    stop=_hex("FF8A7A"),
    on_stop=_hex("250604"),
    head=_hex("F4F1EA"),
    on_head=_hex("0E1726"),
    head_note=_hex("46505F"),
    wall=_hex("3B4963"),
    door=_hex("212C41"),
    on_door=_hex("A3AFC0"),
    cave=_hex("05090F"),
    on_cave=_hex("FFCB4D"),
    panel=_hex("4FA3E3"),
    glow=_hex("FFCB4D"),
    glow_line=_hex("F0A04B"),
    on_glow=_hex("14213D"),
)

# (text, ground, least contrast): every pair that the painter uses.
CONTRASTS: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", MUST_READ),
    ("ink", "card", MUST_READ),
    ("ink", "pale", MUST_READ),
    ("on_act", "act", MUST_READ),
    ("act_note", "act", MUST_READ),
    ("on_good", "good", MUST_READ),
    ("good_text", "paper", MUST_READ),
    ("on_care", "care", MUST_READ),
    ("care_text", "paper", MUST_READ),
    ("on_stop", "stop", MUST_READ),
    ("on_head", "head", MUST_READ),
    ("on_glow", "glow", MUST_READ),
    ("on_cave", "cave", MUST_READ),
    ("muted", "paper", MAY_READ),
    ("muted", "card", MAY_READ),
    ("muted", "off", MAY_READ),
    ("muted", "pale", MAY_READ),
    ("act", "paper", MAY_READ),
    ("act", "pale", MAY_READ),
    ("head_note", "head", MAY_READ),
    ("on_door", "door", MAY_READ),
)


class Style(Enum):
    """Kinds of text: size in design pixels, bold."""

    HERO = (62, True)
    TITLE = (52, True)
    NAME = (54, True)
    HEAD = (44, True)
    BODY = (38, False)
    STRONG = (38, True)
    LABEL = (34, True)
    WHY = (34, False)
    NOTE = (30, False)
    NOTE_STRONG = (30, True)
    SMALL = (26, False)
    SMALL_STRONG = (26, True)


@dataclass(frozen=True, slots=True)
class Look:
    """How this screen is looked at. `percent` is the size of text that fits, set by the layout."""

    size: ScreenSize
    lang: str
    large: bool
    night: bool
    percent: int = 100

    @property
    def palette(self) -> Palette:
        """Day or night."""
        return NIGHT if self.night else DAY

    @property
    def wide(self) -> bool:
        """Landscape: two columns."""
        return self.size.width > self.size.height

    def px(self, design: float) -> int:
        """Design pixels on this panel."""
        short, long = sorted((self.size.width, self.size.height))
        return round(design * min(short / SHORT, long / LONG))

    @property
    def touch(self) -> int:
        """The least side of a target, px."""
        return math.ceil(TARGET_MM * self.size.px_per_mm)

    @property
    def print_min(self) -> int:
        """The smallest print, px."""
        return self.px(PRINT_MIN)

    def text_px(self, style: Style) -> int:
        """Height of this kind of text on this screen, px."""
        grown = LARGE_PERCENT / 100 if self.large else 1.0
        return max(self.print_min, self.px(style.value[0] * grown * self.percent / 100))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio 1..21 after WCAG 2.1 (relative luminance of sRGB)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    r, g, b = (_linear(part / 255) for part in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _linear(part: float) -> float:
    low_end = 0.04045
    return float(part / 12.92 if part <= low_end else ((part + 0.055) / 1.055) ** 2.4)
