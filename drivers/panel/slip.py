"""A slip of paper as a picture: plain lines, drawn black on white at the width of the paper.

The law of this file: the printer gets dots, never characters. Receipt printers know no composed
Vietnamese letters, whatever their code page (cp1258 holds 42 of 146). Pure: same lines, same picture.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

HEAD_PX, BODY_PX = 34, 26  # at 8 dots per millimetre: 4 and 3 mm
MARGIN_PX = 8
MOST_LINES = 40  # as printed: a fifth of a metre; slips are short because pictures are slow
_INK, _PAPER = 0, 1


class PaperWidth(IntEnum):
    """Dots that a print head of 8 per millimetre reaches on the usual rolls."""

    MM_58 = 384
    MM_80 = 576


def draw(lines: Sequence[str], width: PaperWidth) -> Image.Image:
    """A 1-bit picture, `width` dots wide. The first line is the heading; long lines are broken.

    Lines past MOST_LINES are left out.
    """
    rows: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for number, line in enumerate(lines):
        font = _font(HEAD_PX, bold=True) if number == 0 else _font(BODY_PX, bold=False)
        rows += [(row, font) for row in _broken(line, font, width - 2 * MARGIN_PX)]
    rows = rows[:MOST_LINES]
    heights = [sum(font.getmetrics()) for _, font in rows]
    image = Image.new("1", (width, sum(heights) + 2 * MARGIN_PX), _PAPER)
    pen, top = ImageDraw.Draw(image), MARGIN_PX
    pen.fontmode = "1"  # no grey: a thermal head burns a dot or does not
    for (row, font), height in zip(rows, heights, strict=True):
        pen.text((MARGIN_PX, top), row, fill=_INK, font=font)
        top += height
    return image


def _broken(line: str, font: ImageFont.FreeTypeFont, most_px: int) -> Iterator[str]:
    row = ""
    for word in unicodedata.normalize("NFC", line).split():
        longer = f"{row} {word}".lstrip()
        if font.getlength(longer) <= most_px:
            row = longer
            continue
        if row:
            yield row
        row = word
        while font.getlength(row) > most_px:
            fits = next(n for n in range(len(row), 0, -1) if font.getlength(row[:n]) <= most_px)
            yield row[:fits]
            row = row[fits:]
    yield row  # an empty line is a blank one


@lru_cache(maxsize=4)
def _font(px: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    cut = font_source_sans_pro.SourceSansProBold if bold else font_source_sans_pro.SourceSansPro
    return ImageFont.truetype(cut, px, layout_engine=ImageFont.Layout.BASIC)
