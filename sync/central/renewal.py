"""New credentials for staff whose old ones may be known: PIN, TOTP secret, card; told once.

The law of this file: a person is known by their TOTP secret, or by their number within one unit (two
kiosks of one ward). The same number in another ward is somebody else: theirs stay as they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import codes
from sync.central.enrol import pin_entry, staff_place
from sync.central.store import Store
from sync.central.tables import Kiosk, Staff
from sync.central.vault import VaultError

PIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """One number, with every kiosk that lists that person under it."""

    number: str
    role: str
    kiosks: tuple[str, ...]
    card: bool  # had one somewhere

    def only(self, kiosks: Collection[str]) -> Listed:
        """As far as it is about these."""
        return replace(self, kiosks=tuple(one for one in self.kiosks if one in kiosks))


@dataclass(frozen=True, slots=True)
class Renewed:
    """What that person must be told, once; `card` is the text for the QR, "" for no card."""

    number: str
    role: str
    kiosks: tuple[str, ...]
    pin: str = field(repr=False)
    totp_secret: str = field(repr=False)
    card: str = field(repr=False)


def listed_there(store: Store, session: Session, kiosk: str) -> list[Listed]:
    """Everybody who may sign in at this kiosk, and wherever else each of them may."""
    # One look at all staff: there are a few per kiosk, and secrets can be compared only unsealed.
    everybody = session.execute(
        select(Staff, Kiosk.unit).join(Kiosk, Kiosk.id == Staff.kiosk).order_by(Staff.kiosk)
    ).all()
    opened = [(row, unit, _open(store, row)) for row, unit in everybody]
    theirs = [(row, unit, entry) for row, unit, entry in opened if row.kiosk == kiosk]
    stolen = {entry["totp_secret"] for _, _, entry in theirs if entry}
    numbers = {(row.number, unit) for row, unit, _ in theirs}
    same = [
        (row, entry)
        for row, unit, entry in opened
        if entry.get("totp_secret") in stolen or (row.number, unit) in numbers
    ]
    found: list[Listed] = []
    for number in sorted({row.number for row, _ in same}):
        mine = [(row, entry) for row, entry in same if row.number == number]
        role = next((row.role for row, _ in mine if row.kiosk == kiosk), mine[0][0].role)
        places = tuple(row.kiosk for row, _ in mine)
        found.append(Listed(number, role, places, any(entry.get("card") for _, entry in mine)))
    return found


def renew(store: Store, session: Session, one: Listed) -> Renewed:
    """Give that person a new PIN, TOTP secret and, if they had one, card, the same everywhere.

    The rows of all their kiosks are locked by the caller, who also raises the revisions.
    """
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    totp, token = pyotp.random_base32(), codes.new_token() if one.card else ""
    entry: dict[str, object] = {"pin": pin_entry(pin), "totp_secret": totp}
    if token:
        entry["card"] = codes.token_hash(token)
    for kiosk in one.kiosks:
        row = session.get(Staff, (kiosk, one.number))
        if row is not None:
            row.sealed = store.vault.seal(staff_place(kiosk, one.number), entry)
    card = f"HSC1.{one.number}.{token}" if token else ""
    return Renewed(one.number, one.role, one.kiosks, pin, totp, card)


def _open(store: Store, row: Staff) -> dict[str, object]:
    """Empty when it cannot be read: one altered row must not hold up a revocation."""
    try:
        return store.vault.open(staff_place(row.kiosk, row.number), row.sealed)
    except VaultError:
        return {}
