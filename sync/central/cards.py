"""Staff cards: a secret of 128 bits, told once when it is issued; only its hash rests, sealed.

The law of this file: a card is worth nothing without the PIN, a new one ends the one before, and
nobody can read a card's secret back out of central.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from sync.central import codes
from sync.central.enrol import staff_place
from sync.central.store import Store, UnknownError
from sync.central.tables import Staff


def issue(store: Store, session: Session, kiosk: str, number: str) -> str:
    """The text for the QR of a new card: `HSC1.<staff number>.<22 base64url>`. Never told again.

    Raises:
        UnknownError: no such kiosk, or no such staff number there.
    """
    token = codes.new_token()
    _write(store, session, kiosk, number, codes.token_hash(token))
    return f"HSC1.{number}.{token}"


def withdraw(store: Store, session: Session, kiosk: str, number: str) -> None:
    """From the next manifest on the card opens nothing; number, PIN and TOTP stay.

    Raises:
        UnknownError: no such kiosk, or no such staff number there.
    """
    _write(store, session, kiosk, number, "")


def _write(store: Store, session: Session, kiosk: str, number: str, digest: str) -> None:
    row = store.kiosk(session, kiosk)
    held = session.get(Staff, (kiosk, number))
    if held is None:
        raise UnknownError(f"no staff number {number} at {kiosk}")
    place = staff_place(kiosk, number)
    entry = store.vault.open(place, held.sealed)
    held.sealed = store.vault.seal(place, {**entry, "card": digest})
    row.revision += 1
