"""Type: the font package, measured and broken into lines. Text is NFC; a no-break space binds words.

Source Sans Pro has all Vietnamese letters; a test asks it for every glyph of every text.
"""

from __future__ import annotations

from functools import partial

import font_source_sans_pro
import pygame

from ui.lru import Lru
from ui.scene import Cut
from ui.texts.say import NO_BREAK, nfc

FONTS_MAX = 48  # sizes kept open
WIDTHS_MAX = 4096
LINES_MAX = 1024


class Letters:
    """Fonts and measures, kept within bounds."""

    def __init__(self) -> None:
        pygame.font.init()
        self._fonts: Lru[Cut, pygame.font.Font] = Lru(FONTS_MAX)
        self._widths: Lru[tuple[str, Cut], int] = Lru(WIDTHS_MAX)
        self._lines: Lru[tuple[str, Cut, int, bool], tuple[str, ...]] = Lru(LINES_MAX)

    def font(self, cut: Cut) -> pygame.font.Font:
        """The font in this cut."""
        return self._fonts.get(cut, partial(_load, cut))

    def line_height(self, cut: Cut) -> int:
        """From line to line: about 1.25 of the size, so that the marks of Ẫ and ợ never meet."""
        return self.font(cut).get_linesize()

    def width(self, text: str, cut: Cut) -> int:
        """Width of one line, px."""
        return self._widths.get((text, cut), lambda: self.font(cut).size(text)[0])

    def lines(self, text: str, cut: Cut, width: int, *, even: bool = True) -> tuple[str, ...]:
        """The text in as few lines as fit in `width` px, made about equally long when `even`."""
        wrap = self._evenly if even else self._greedy
        return self._lines.get((text, cut, width, even), partial(wrap, text, cut, width))

    def largest(self, text: str, cut: Cut, floor: int, *, width: int, lines: int) -> Cut:
        """The greatest size from that of `cut` down to `floor` at which `lines` lines do."""
        for px in range(cut.px, floor, -1):
            smaller = Cut(px, cut.bold)
            broken = self.lines(text, smaller, width)
            if len(broken) <= lines and self.fits(broken, smaller, width):
                return smaller
        return Cut(floor, cut.bold)

    def fits(self, broken: tuple[str, ...], cut: Cut, width: int) -> bool:
        """Whether no line is wider than `width` (a word of its own may be)."""
        return all(self.width(line, cut) <= width for line in broken)

    def clipped(self, text: str, cut: Cut, width: int) -> str:
        """One line cut off with … where it is too wide (a name from outside may be)."""
        text = nfc(text)
        while self.width(text, cut) > width and len(text) > 1:
            text = text.removesuffix("…")[:-1] + "…"
        return text

    def _evenly(self, text: str, cut: Cut, width: int) -> tuple[str, ...]:
        broken = self._greedy(text, cut, width)
        low, high = width // 2, width
        while len(broken) > 1 and low < high:
            middle = (low + high) // 2
            tried = self._greedy(text, cut, middle)
            if len(tried) == len(broken) and self.fits(tried, cut, middle):
                high = middle
            else:
                low = middle + 1
        return self._greedy(text, cut, high)

    def _greedy(self, text: str, cut: Cut, width: int) -> tuple[str, ...]:
        done: list[str] = []
        line = ""
        for word in (tied.replace(NO_BREAK, " ") for tied in nfc(text).split(" ")):
            longer = f"{line} {word}" if line else word
            if line and self.width(longer, cut) > width:
                done.append(line)
                line = word
            else:
                line = longer
        return (*done, line)


def _load(cut: Cut) -> pygame.font.Font:
    path = (
        font_source_sans_pro.SourceSansProBold if cut.bold else font_source_sans_pro.SourceSansPro
    )
    return pygame.font.Font(path, cut.px)
