"""The bodies of the guided start beside `Wizard`: a text that is typed, a report to be read off. Values only.

Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.service_screens import Phrase


@dataclass(frozen=True, slots=True)
class Typing:
    """A text is wanted. CHOOSE one of `choices`; what a keyboard types comes as `hands.Keyed`.

    So does what a scanner reads that poses as a keyboard. With `keys` on the screen DIGIT carries a
    character, ERASE, CONFIRM ends it, CHANGE turns to the next page of keys, and there is room for the last
    choice alone, and for either lines or `heed`.
    """

    title: Phrase
    lines: tuple[Phrase, ...] = ()
    heed: Phrase | None = None
    entered: str = ""
    page: int = 0  # of KEY_PAGES
    choices: tuple[str, ...] = ()  # words of `wizard.do.…`
    keys: bool = True
    done: int = 0
    total: int = 0


# Sixteen keys on each: a finger needs 15 mm. The last two make Vietnamese: a letter, then its tone.
KEY_PAGES = (
    "abcdefghijklmnop",
    "qrstuvwxyz.-_:/ ",
    "0123456789.-_:/,",
    "ABCDEFGHIJKLMNOP",
    "QRSTUVWXYZ.-_:/ ",
    "ăâđêôơư\u0301\u0300\u0309\u0303\u0323 .,-",
    "ĂÂĐÊÔƠƯ\u0301\u0300\u0309\u0303\u0323 .,-",
)


@dataclass(frozen=True, slots=True)
class Report:
    """A QR code to be read off with a phone, and what it holds in words. CHOOSE one of `choices`."""

    title: Phrase
    lines: tuple[Phrase, ...]
    pattern: tuple[str, ...]  # rows of "1" dark and "0" light, square, without a border
    choices: tuple[str, ...]


Setup = Typing | Report
