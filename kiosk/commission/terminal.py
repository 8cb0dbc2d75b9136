"""The wizard in a terminal: a page is a few lines, an answer is a line.

The law of this file: what can be typed always stands above the prompt. The end of input is a stop.
"""

from __future__ import annotations

import os
import select
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TextIO

from kiosk.commission.session import STOP, Answer, Asked, Text
from kiosk.commission.show import said
from ui.service_screens import WIZARD_DIGITS, Phrase, Wizard
from ui.setup_screens import Report, Typing
from ui.texts.say import NO_BREAK, Say

CHUNK_BYTES = 4_096
LINE_MAX = 600  # characters of one typed line: an enrolment letter has up to 500
LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "go": "g",
        "anew": "a",
        "none": "n",
        "again": "p",
        "look": "l",
        "empty": "e",
        "shut": "c",
        "back": "b",
        "stop": "s",
        "down": "d",
        "across": "r",
        "finish": "f",
        "stick": "u",
        "other_code": "o",
        "works": "w",
        "fails": "x",
        "absent": "k",
        "serve": "v",
        "retry": "r",
    }
)
QUIET = 2  # modules of white around a QR code
HALVES: Final = MappingProxyType({"00": "█", "01": "▀", "10": "▄", "11": " "})  # light is drawn
PASSING = (STOP,)  # a page that offers nothing else is only told


class Terminal:
    """A `Console` over one file that is read and one that is written. For one thread."""

    def __init__(self, lang: str, source: int, out: TextIO) -> None:
        """`source` is a file descriptor."""
        self._say = Say(lang)
        self._source = source
        self._out = out
        self._rest = b""
        self._ended = False
        self._page: Asked | None = None
        self._told: tuple[object, ...] = ()

    def show(self, page: Asked) -> None:
        """Print it, unless it says what was said last."""
        self._page = page
        told = (page.title, tuple(_still(line) for line in page.lines), *_marks(page), page.choices)
        if told != self._told:
            self._told = told
            self._print(page)

    def poll(self) -> list[Answer]:
        """Every whole line that was typed."""
        answers = [answer for line in self._lines() if (answer := self._read(line)) is not None]
        return [*answers, STOP] if self._ended else answers

    def tell(self, lines: Sequence[str]) -> None:
        """Print them."""
        print("", *lines, "", sep="\n", file=self._out, flush=True)

    def end(self, page: Wizard) -> None:
        """The last words; nothing is asked."""
        lines = [self._text(line) for line in page.lines]
        self._write("", self._text(page.title), *(f"   {line}" for line in lines))

    def _print(self, page: Asked) -> None:
        passing = not _wants(page) and page.choices in (PASSING, ())
        at, total = (0, 0) if isinstance(page, Report) else (page.done, page.total)
        count = f"[{min(at + 1, total)}/{total}] " if total > 1 else ""
        texts = [self._text(line) for line in page.lines]
        heed, good = _marks(page)
        if heed is not None:
            texts.append(f"! {self._text(heed)}")
        if good is not None:
            texts.append(self._text(good))
        title = f"{count}{self._text(page.title)}"
        if isinstance(page, Report):
            self._write("", *blocks(page.pattern))
        if passing:
            self._write(" ".join((f"{title}.".replace("?.", "?"), *texts)))
            return
        self._write("", title, *(f"   {text}" for text in texts))
        self._write(f"   {self._offers(page)}")
        self._out.write("> ")
        self._out.flush()

    def _offers(self, page: Asked) -> str:
        number = ["[…]" if isinstance(page, Typing) else "[0-9]"] if _wants(page) else []
        keys = [LETTERS[choice] for choice in page.choices]
        if not _wants(page) and keys:
            keys[0] = "Enter"
        words = [self._say(f"wizard.do.{choice}") for choice in page.choices]
        pairs = [f"[{key}] {word}" for key, word in zip(keys, words, strict=True)]
        return "  ".join([*number, *pairs])

    def _lines(self) -> list[str]:
        if self._ended or not select.select([self._source], [], [], 0)[0]:
            return []
        chunk = os.read(self._source, CHUNK_BYTES)
        if not chunk:
            self._ended = True
            return []
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._rest = self._rest[-LINE_MAX:]
        return [line[:LINE_MAX].decode("utf-8", errors="replace").strip() for line in lines]

    def _read(self, line: str) -> Answer | None:
        """What a line means on the page that stands; None, and said so: nothing."""
        page = self._page
        if page is None:
            return None
        if isinstance(page, Wizard) and page.entered is not None and line.isascii():
            if line.isdecimal() and len(line) <= WIZARD_DIGITS:
                return int(line)
        elif not _wants(page) and not line and page.choices:
            return page.choices[0]
        for choice in page.choices:
            if line.lower() in (LETTERS[choice], choice):
                return choice
        if isinstance(page, Typing) and line:
            return Text(line)
        if page.choices not in (PASSING, ()) or line:
            self._write(f"? {self._offers(page)}")
            self._out.write("> ")
            self._out.flush()
        return None

    def _text(self, phrase: Phrase) -> str:
        return said(phrase, self._say).replace(NO_BREAK, " ")

    def _write(self, *lines: str) -> None:
        print(*lines, sep="\n", file=self._out, flush=True)


def _wants(page: Asked) -> bool:
    """Whether a number or a text is asked for besides the choices."""
    return isinstance(page, Typing) or (isinstance(page, Wizard) and page.entered is not None)


def _marks(page: Asked) -> tuple[Phrase | None, Phrase | None]:
    """What must be heeded, and what is right."""
    heed = None if isinstance(page, Report) else page.heed
    return heed, page.good if isinstance(page, Wizard) else None


def blocks(pattern: Sequence[str]) -> list[str]:
    """A QR code in half blocks, dark on light, for a terminal: two rows to a line."""
    wide = len(pattern) + 2 * QUIET
    light = "0" * wide
    rows = [light] * QUIET + ["0" * QUIET + row + "0" * QUIET for row in pattern] + [light] * QUIET
    rows += [light] * (len(rows) % 2)
    return [
        "".join(HALVES[upper + lower] for upper, lower in zip(*rows[at : at + 2], strict=True))
        for at in range(0, len(rows), 2)
    ]


def _still(line: Phrase) -> Phrase:
    """While boards are looked for the address races by; port and family are told once."""
    if line.key != "wizard.looking_at":
        return line
    return Phrase(line.key, tuple(fact for fact in line.facts if fact[0] != "n"))
