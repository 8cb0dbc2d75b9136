"""The enrolment letter: a code, and beside it what the kiosk would otherwise be asked for at its screen.

`HE1.….…?url=https%3A%2F%2F…&kiosk=bt01&unit=…&address=…&hotline=1022`: one line of ASCII, so that a QR code,
a scanner that poses as a keyboard, a file on a stick and a typed line carry the same. The code alone is a
letter, too. What stands behind the code is not secret and not signed: it comes by the code's own way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, quote, urlencode

from sync.enrolment import Code, CodeError, read_code

MOST_CHARACTERS = 500  # of the whole line: a scanner hands on no more (512)
MOST_FACT = 160  # characters of one fact
SUFFIX = ".enrolment"  # of a file on a stick
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_IN_FULL = (("P.", "Phường "), ("X.", "Xã "))  # a message is short; the head of a screen is not


@dataclass(frozen=True, slots=True)
class Letter:
    """What the office hands to whoever sets a kiosk up. "": it does not say."""

    code: Code
    url: str = ""
    kiosk: str = ""
    unit: str = ""
    address: str = ""
    hotline: str = ""

    @property
    def text(self) -> str:
        """As it stands in a QR code or a file."""
        facts = [(name, getattr(self, name)) for name in NAMES if getattr(self, name)]
        told = urlencode(facts, quote_via=quote)
        return f"{self.code.text}?{told}" if told else self.code.text

    @property
    def whole(self) -> bool:
        """Whether a kiosk needs to be told nothing else."""
        return bool(self.url and self.kiosk and self.unit and self.address)


NAMES = tuple(field.name for field in fields(Letter) if field.name != "code")


def read_letter(text: str) -> Letter:
    """The letter in what was typed or scanned; names that are not known here are passed over.

    Raises:
        CodeError: it is none, or says something that cannot be.
    """
    line = text.strip()
    if len(line) > MOST_CHARACTERS:
        raise CodeError("no enrolment letter: too long")
    head, _, rest = line.partition("?")
    code = read_code(head)
    try:
        told = dict(parse_qsl(rest, errors="strict", max_num_fields=20))
    except ValueError as error:
        raise CodeError("no enrolment letter: damaged behind the code; scan it again") from error
    facts = {name: told[name] for name in NAMES if name in told}
    for name, fact in facts.items():
        if len(fact) > MOST_FACT or not fact.isprintable():
            raise CodeError(f"no enrolment letter: {name} cannot be read")
    if not _KIOSK.fullmatch(facts.get("kiosk", "x")):
        raise CodeError("no enrolment letter: kiosk is no id")
    return Letter(code, **facts)


def in_full(unit: str) -> str:
    """A ward as the head of a screen names it: `P.Bình Tiên` is Phường Bình Tiên."""
    for short, full in _IN_FULL:
        if unit.startswith(short):
            return full + unit.removeprefix(short).strip()
    return unit
