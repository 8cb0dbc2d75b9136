"""Who may speak here: kiosks with their public keys and epoch, and the staff of each.

The law of this file: a kiosk is entered with three public keys; other keys for a known kiosk are a new
memory, hence a new epoch. Keys come by hand as files, or with a code (`enrolments`).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from sync.central import epochs
from sync.central.kiosk_keys import KioskKeys, read_kiosk_keys
from sync.central.store import Store
from sync.central.tables import Staff
from sync.central.texts import check_place
from sync.compact import encode
from sync.keys import Key, public
from sync.messages import Role

__all__ = [
    "Enrolled",
    "KioskKeys",
    "add_staff",
    "checked_id",
    "enrol_kiosk",
    "pin_entry",
    "read_kiosk_keys",
    "remove_staff",
    "staff_place",
]

SCRYPT_N = 2**15  # 32 MiB with r = 8
SCRYPT_R = 8
SALT_BYTES = 16
_SCRYPT_MEMORY = 64 * 1024 * 1024
_KIOSK = r"[A-Za-z0-9_-]{1,64}"  # without a dot: it stands in a QR
_PIN = r"[0-9]{6}"
_NUMBER = r"[0-9]{1,8}"
_TOTP = r"[A-Z2-7]{26,128}"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the kiosk must be told."""

    kiosk: str
    epoch: int
    central: Key  # public: the key that manifests are signed with
    name: str  # `iss` of its manifests


def enrol_kiosk(store: Store, kiosk: str, keys: KioskKeys, *, unit: str, address: str) -> Enrolled:
    """Enter a kiosk, or change its unit and address. Other keys than before raise its epoch.

    `unit` is how messages name the ward ("P.Bình Tiên"), `address` where the cabinet stands.

    Raises:
        ValueError: no kiosk id. TextError: unit and address do not fit into a message.
        BadKeyError: another kiosk, or an earlier epoch of this one, has one of the keys.
    """
    checked_id(kiosk)
    check_place(unit, address)
    place = epochs.Place(kiosk, unit, address)
    epoch = store.run(lambda session: epochs.enter(store, session, place, keys).epoch)
    return Enrolled(kiosk, epoch, public(store.settings.signer), store.settings.name)


def checked_id(kiosk: str) -> str:
    """The id of a kiosk, entered or not.

    Raises:
        ValueError: it cannot be one.
    """
    if not re.fullmatch(_KIOSK, kiosk):
        raise ValueError(f"{kiosk[:80]!r} is no kiosk id: letters, digits, - and _, at most 64")
    return kiosk


def add_staff(
    store: Store, kiosk: str, number: str, role: Role, *, pin: str, totp_secret: str
) -> None:
    """Let a staff member log in at a kiosk; the same number again replaces everything.

    Raises:
        ValueError: number (1 to 8 digits), pin (6 digits) or TOTP secret (base32) is none.
        UnknownError: no such kiosk.
    """
    if not re.fullmatch(_NUMBER, number) or not re.fullmatch(_PIN, pin):
        raise ValueError("staff: wanted a number of 1 to 8 digits and a PIN of 6 digits")
    if not re.fullmatch(_TOTP, totp_secret):
        raise ValueError("staff: wanted a TOTP secret of at least 26 base32 characters")
    entry: dict[str, object] = {"pin": pin_entry(pin), "totp_secret": totp_secret}
    with store.begin() as session:
        row = store.kiosk(session, kiosk)
        sealed = store.vault.seal(staff_place(kiosk, number), entry)
        session.merge(Staff(kiosk=kiosk, number=number, role=str(role), sealed=sealed))
        row.revision += 1


def pin_entry(pin: str) -> dict[str, object]:
    """A PIN as a manifest lists it, with a fresh salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.scrypt(
        pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=1, maxmem=_SCRYPT_MEMORY, dklen=32
    )
    told: dict[str, object] = {"salt": encode(salt), "n": SCRYPT_N, "r": SCRYPT_R, "p": 1}
    return {**told, "hash": encode(digest)}


def remove_staff(store: Store, kiosk: str, number: str) -> None:
    """From the next manifest on this number cannot log in.

    Raises:
        UnknownError: no such kiosk.
    """
    with store.begin() as session:
        row = store.kiosk(session, kiosk)
        held = session.get(Staff, (kiosk, number))
        if held is not None:
            session.delete(held)
            row.revision += 1


def staff_place(kiosk: str, number: str) -> str:
    """Where a staff entry is sealed for."""
    return f"staff/{kiosk}/{number}"
