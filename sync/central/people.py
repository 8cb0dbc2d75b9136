"""Names and phones: how they are checked, hidden and written without accents.

The law of this file: a full name is masked before it is kept; a phone is kept sealed, shown never.
"""

from __future__ import annotations

import re
import unicodedata

KNOWN_STARS = "***"
MOST_NAME = 200  # characters
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_GSM = re.compile(r"[A-Za-z0-9 @$_!\"#%&'()*+,\-./:;<=>?]*")


class PersonError(ValueError):
    """A name or phone cannot be used; the text says what is wanted and does not repeat it."""


def mobile(text: str) -> str:
    """A Vietnamese mobile number as ten digits, from that or from +84 and nine.

    Raises:
        PersonError: it is something else.
    """
    digits = re.sub(r"[ .-]", "", text)
    digits = re.sub(r"^\+84", "0", digits)
    if not _MOBILE.fullmatch(digits):
        raise PersonError("phone: wanted a Vietnamese mobile number of 10 digits (03, 05, 07-09)")
    return digits


def masked(name: str) -> str:
    """`NGUYỄN V*** A***`: the family name whole, of the others a letter and a fixed width.

    A single word keeps only its first letter; a name that has stars already stays as it is.

    Raises:
        PersonError: empty or too long.
    """
    words = unicodedata.normalize("NFC", name).split()
    if not words or len(name) > MOST_NAME or not "".join(words).isprintable():
        raise PersonError(f"recipient: wanted a name of 1 to {MOST_NAME} characters")
    if KNOWN_STARS in name:
        return " ".join(words)
    family, *given = words if len(words) > 1 else ["", *words]
    stars = [word[0] + KNOWN_STARS for word in given]
    return " ".join([family, *stars]).strip().upper()


def unaccented(text: str) -> str:
    """For SMS: Vietnamese letters without their marks, `đ` too, which does not decompose."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    marks = unicodedata.normalize("NFD", plain)
    return "".join(c for c in marks if not unicodedata.combining(c))


def seven_bit(text: str) -> bool:
    """Whether an SMS holds it at one GSM-7 character per character."""
    return _GSM.fullmatch(text) is not None
