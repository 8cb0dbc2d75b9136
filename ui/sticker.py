"""What is stuck to the cabinet: a sheet for the inside of the controller's door, and door numbers.

SVG in millimetres, so that any browser prints it at true size, with the screens' own letters inside: it looks
the same on every machine. Pure: words in, text out.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import font_source_sans_pro

from ui.letters import Letters
from ui.scene import Cut
from ui.texts.say import Say, nfc

WIDE_MM, TALL_MM = 148, 105  # A6, across
MARGIN_MM = 7.0
PAGE_MM = (210, 297)
LABEL_MM = (60, 40)  # one door number
COLUMNS, ROWS = 3, 6
GAP_MM = 2.0
MEASURE_PX = 100  # size at which texts are measured
INK, PALE, ACT = "#14213d", "#5b6576", "#0c4d8c"


@dataclass(frozen=True, slots=True)
class Sticker:
    """Whose cabinet it is."""

    kiosk: str
    unit: str
    address: str
    hotline: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    mm: float  # size of the letters
    bold: bool = False
    colour: str = INK


def sheet(of: Sticker) -> str:
    """The sheet for staff: name, address, number, and the gesture that brings up the login."""
    vi, en = Say("vi"), Say("en")
    who = (
        _Line(vi("sticker.title"), 6.4, bold=True),
        _Line(vi("sticker.kiosk", kiosk=of.kiosk, unit=of.unit), 5.2, bold=True, colour=ACT),
        _Line(of.address, 4.2),
        _Line(vi("sticker.call", hotline=of.hotline), 4.2, bold=True),
    )
    how = (
        _Line(vi("sticker.taps"), 4.4, bold=True),
        _Line(vi("sticker.login"), 3.7),
        _Line(vi("sticker.out"), 3.7),
        _Line(vi("sticker.never"), 3.7, bold=True),
    )
    english = tuple(
        _Line(en(f"sticker.{key}", hotline=of.hotline), 2.7, colour=PALE)
        for key in ("call", "taps", "login", "out", "never")
    )
    room = WIDE_MM - 2 * MARGIN_MM
    body, y = [], MARGIN_MM
    for at, part in enumerate((who, how, english)):
        if at:
            body.append(_rule(y + 0.4, room))
            y += 2.0
        for line in part:
            texts, y = _set(line, MARGIN_MM, y, room)
            body += texts
    return _svg((WIDE_MM, max(TALL_MM, y + MARGIN_MM)), body)


def numbers(of: Sequence[int]) -> tuple[str, ...]:
    """Door numbers to cut out, on pages of A4; large enough to be read from two metres."""
    each = COLUMNS * ROWS
    return tuple(_svg(PAGE_MM, _labels(of[at : at + each])) for at in range(0, len(of), each))


def _labels(of: Iterable[int]) -> list[str]:
    wide, tall = LABEL_MM
    left = (PAGE_MM[0] - COLUMNS * wide - (COLUMNS - 1) * GAP_MM) / 2
    body = []
    for at, number in enumerate(of):
        x = left + at % COLUMNS * (wide + GAP_MM)
        y = 15 + at // COLUMNS * (tall + GAP_MM)
        box = f'x="{x:.1f}" y="{y:.1f}" width="{wide}" height="{tall}" rx="3"'
        body.append(f'<rect {box} fill="none" stroke="#999" stroke-width=".2"/>')
        middle = f'x="{x + wide / 2:.1f}" y="{y + tall / 2 + 10:.1f}" text-anchor="middle"'
        body.append(f'<text {middle} font-size="30" font-weight="700" fill="{INK}">{number}</text>')
    return body


def _set(line: _Line, x: float, y: float, room: float) -> tuple[list[str], float]:
    """The rows of one text, and where the next one begins."""
    letters, cut = Letters(), Cut(MEASURE_PX, line.bold)
    rows = letters.lines(nfc(line.text), cut, int(room / line.mm * MEASURE_PX), even=False)
    weight = ' font-weight="700"' if line.bold else ""
    made = []
    for row in rows:
        y += line.mm * 1.2
        at = f'x="{x:.1f}" y="{y:.1f}" font-size="{line.mm}"{weight} fill="{line.colour}"'
        made.append(f"<text {at}>{html.escape(row)}</text>")
    return made, y + line.mm * 0.35


def _rule(y: float, room: float) -> str:
    return f'<path d="M{MARGIN_MM} {y:.1f}h{room}" stroke="{PALE}" stroke-width=".3"/>'


def _svg(size: tuple[float, float], body: Iterable[str]) -> str:
    wide, tall = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}mm" height="{tall:g}mm" '
        f'viewBox="0 0 {wide:g} {tall:g}" font-family="{FAMILY}">'
    )
    return "\n".join((head, _style(), *body, "</svg>")) + "\n"


FAMILY: Final = "Sticker"


def _style() -> str:
    faces = (
        (font_source_sans_pro.SourceSansPro, 400),
        (font_source_sans_pro.SourceSansProBold, 700),
    )
    rules = [
        f'@font-face{{font-family:{FAMILY};font-weight:{weight};src:url("data:font/ttf;base64,'
        f'{base64.b64encode(Path(path).read_bytes()).decode("ascii")}")}}'
        for path, weight in faces
    ]
    return f"<style>{''.join(rules)}</style>"
