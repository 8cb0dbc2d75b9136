"""The wizard in a terminal: a page is a few lines, an answer is a line.

The law of this file: what can be typed always stands above the prompt. The end of input is a stop.
"""

from __future__ import annotations

import os
import select
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TextIO

from kiosk.commission.session import STOP, Answer
from kiosk.commission.show import said
from ui.service_screens import WIZARD_DIGITS, Phrase, Wizard
from ui.texts.say import NO_BREAK, Say

CHUNK_BYTES = 4_096
LINE_MAX = 200  # characters of one typed line
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
    }
)
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
        self._page: Wizard | None = None
        self._told: tuple[object, ...] = ()

    def show(self, page: Wizard) -> None:
        """Print it, unless it says what was said last."""
        self._page = page
        told = (page.title, tuple(_still(line) for line in page.lines), page.heed, page.good)
        if (*told, page.choices) != self._told:
            self._told = (*told, page.choices)
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

    def _print(self, page: Wizard) -> None:
        passing = page.entered is None and page.choices in (PASSING, ())
        count = f"[{min(page.done + 1, page.total)}/{page.total}] " if page.total > 1 else ""
        texts = [self._text(line) for line in page.lines]
        if page.heed is not None:
            texts.append(f"! {self._text(page.heed)}")
        if page.good is not None:
            texts.append(self._text(page.good))
        title = f"{count}{self._text(page.title)}"
        if passing:
            self._write(" ".join((f"{title}.".replace("?.", "?"), *texts)))
            return
        self._write("", title, *(f"   {text}" for text in texts))
        self._write(f"   {self._offers(page)}")
        self._out.write("> ")
        self._out.flush()

    def _offers(self, page: Wizard) -> str:
        number = ["[0-9]"] if page.entered is not None else []
        keys = [LETTERS[choice] for choice in page.choices]
        if page.entered is None and keys:
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
        if page.entered is not None and line.isascii() and line.isdecimal():
            if len(line) <= WIZARD_DIGITS:
                return int(line)
        elif page.entered is None and not line and page.choices:
            return page.choices[0]
        for choice in page.choices:
            if line.lower() in (LETTERS[choice], choice):
                return choice
        if page.choices not in (PASSING, ()) or line:
            self._write(f"? {self._offers(page)}")
            self._out.write("> ")
            self._out.flush()
        return None

    def _text(self, phrase: Phrase) -> str:
        return said(phrase, self._say).replace(NO_BREAK, " ")

    def _write(self, *lines: str) -> None:
        print(*lines, sep="\n", file=self._out, flush=True)


def _still(line: Phrase) -> Phrase:
    """While boards are looked for the address races by; port and family are told once."""
    if line.key != "wizard.looking_at":
        return line
    return Phrase(line.key, tuple(fact for fact in line.facts if fact[0] != "n"))
