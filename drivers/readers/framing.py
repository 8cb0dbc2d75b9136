"""From bytes of a scanner to texts: pure, bounded, and deaf to what is no text.

The law of this file: a text comes out whole or not at all. Half a code may be the whole of another one,
so an unfinished line is dropped and counted, never handed on. What comes out is untrusted: at most
MOST_CHARACTERS, NFC, without control characters, never empty.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

MOST_CHARACTERS = 512
GAP_MS = 100  # nothing for so long ends a code: at 9600 baud a byte takes one millisecond
LONGEST_MS = 10_000  # from a line's first byte to its end; a full line typed by a wedge takes 8 s
REPEAT_MS = 2_000  # the same code again within this is the same showing of it

# A GM65 acknowledges each command with this; it sends it ahead of the code on the same line.
GM65_ACK = bytes.fromhex("02 00 00 01 00 33 31")
MOST_BYTES = 4 * MOST_CHARACTERS + len(GM65_ACK)
_LINE_END = re.compile(rb"[\r\n]")  # CRLF is a line and an empty one
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Ending(StrEnum):
    """What ends a code. GAP is for scanners without a suffix: set one, and LINE is the safer choice."""

    LINE = "line"  # CR, LF or CRLF
    GAP = "gap"  # silence


class Lines:
    """Assembles texts. Feed it what arrives, and tell it whenever nothing did.

    Gaps are judged by `quiet` alone: bytes that waited in the kernel while this machine was busy
    arrive late but together, and are one code.
    """

    def __init__(self, ending: Ending = Ending.LINE) -> None:
        self._ending = ending
        self._held = bytearray()
        self._begun_ms = 0
        self._last_ms = 0
        self._skipping = False
        self.dropped = 0  # too long, too slow, or never ended

    def feed(self, data: bytes, up_ms: int) -> list[str]:
        """`data` arrived; up_ms: milliseconds since boot. The texts that it finished, in order."""
        if data:
            self._last_ms = up_ms
        if self._ending is Ending.GAP:
            self._grow(data, up_ms)
            return []
        *whole, rest = _LINE_END.split(data)
        texts = []
        for piece in whole:
            self._grow(piece, up_ms)
            texts += self._finish()
        self._grow(rest, up_ms)
        return texts

    def quiet(self, up_ms: int) -> list[str]:
        """There is nothing to read: what GAP_MS of that ends, as `feed`."""
        if up_ms - self._last_ms < GAP_MS:
            return []
        if self._ending is Ending.GAP:
            return self._finish()
        if _text(self._held):
            self.dropped += 1
        self._held.clear()
        return []

    def spoil(self) -> None:
        """Something of this line was lost: drop it, up to its end."""
        if not self._skipping:
            self.dropped += 1
        self._skipping = True
        self._held.clear()

    def _grow(self, piece: bytes, up_ms: int) -> None:
        if self._skipping or not piece:
            return
        if not self._held:
            self._begun_ms = up_ms
        self._held += piece[: MOST_BYTES + 1]
        if len(self._held) > MOST_BYTES or up_ms - self._begun_ms > LONGEST_MS:
            self.spoil()

    def _finish(self) -> list[str]:
        text = _text(self._held)
        self._held.clear()
        self._skipping = False
        if len(text) > MOST_CHARACTERS:
            self.dropped += 1
            return []
        return [text] if text else []


class Repeats:
    """At most one of the same code per REPEAT_MS: a scanner reads what is held before it on and on."""

    def __init__(self) -> None:
        self._last = ""
        self._last_ms = 0

    def fresh(self, text: str, up_ms: int) -> bool:
        """True: hand it on. The time runs from the last one handed on, so a held code is not lost."""
        if text == self._last and up_ms - self._last_ms < REPEAT_MS:
            return False
        self._last, self._last_ms = text, up_ms
        return True


def _text(line: bytes | bytearray) -> str:
    text = unicodedata.normalize("NFC", _decoded(bytes(line).replace(GM65_ACK, b""))).strip()
    return "".join(_UNREADABLE if unicodedata.category(c)[0] == "C" else c for c in text)


def _decoded(line: bytes) -> str:
    """UTF-8; else Vietnamese Windows; else each byte as Latin-1, which cannot fail."""
    for coding in ("utf-8", "cp1258"):
        try:
            return line.decode(coding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")
