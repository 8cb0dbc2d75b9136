"""What a scanner read: our token, a staff card, a dossier code, an identity card, or something else.

Pure, stores nothing. Formats: QR text `HS1.<kiosk>.<22 base64url>` (DESIGN §5); a staff card's
`HSC1.<staff number>.<22 base64url>` (docs/protocol.md); dossier codes in the new form `H29.915-261121-0042`
and the old `000.00.01.H29-260310-0420` (Decision 20/2020, shared/domain §5); the identity-card QR holds
seven or more fields split by `|`, the first a 12-digit number, and is never kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MOST_CHARACTERS = 512
_TOKEN = re.compile(r"HS1\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})", re.ASCII)
_STAFF = re.compile(r"HSC1\.([0-9]{1,8})\.([A-Za-z0-9_-]{22})", re.ASCII)
_NEW = re.compile(r"[A-Z]\d{2}(\.\d{1,3}){1,3}-\d{6}-\d{4,5}", re.ASCII)
_OLD = re.compile(r"(\d{2,3}\.){1,3}[A-Z]\d{2}-\d{6}-\d{4,5}", re.ASCII)
_CARD = re.compile(r"\d{12}\|(\d{9}|)\|[^|]+\|\d{8}\|.*", re.DOTALL)
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-"})  # noqa: RUF001  # slips are typed with any dash


@dataclass(frozen=True, slots=True)
class TokenScan:
    """A QR of ours, for this kiosk or another."""

    kiosk: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StaffCardScan:
    """A staff member's own card: who, and the secret that proves it."""

    number: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DossierScan:
    """A dossier code: public, printed on slip and envelope."""

    code: str


@dataclass(frozen=True, slots=True)
class CardScan:
    """An identity card. Refused, and nothing of it kept."""


@dataclass(frozen=True, slots=True)
class JunkScan:
    """Anything else."""


Scan = TokenScan | StaffCardScan | DossierScan | CardScan | JunkScan


def dossier_code(text: str) -> str:
    """The code as it is compared: trimmed, upper case, any dash as `-`."""
    return text.strip().translate(_DASHES).upper()


def recognise(text: str) -> Scan:
    """What `text` is; never raises."""
    if len(text) > MOST_CHARACTERS:
        return JunkScan()
    line = text.strip()
    token = _TOKEN.fullmatch(line)
    if token:
        return TokenScan(token.group(1), token.group(2))
    card = _STAFF.fullmatch(line)
    if card:
        return StaffCardScan(card.group(1), card.group(2))
    if _CARD.fullmatch(line):
        return CardScan()
    return _slip(line)


def _slip(line: str) -> Scan:
    """A slip's QR carries more than the code; only the code is read."""
    for piece in re.split(r"[|;,\s]+", line.translate(_DASHES).upper()):
        if _NEW.fullmatch(piece) or _OLD.fullmatch(piece):
            return DossierScan(piece)
    return JunkScan()
