"""Who may speak here: kiosks with their public keys and epoch, and the staff of each.

The law of this file: a kiosk is entered with three public keys; other keys for a known kiosk are a new
memory, hence a new epoch. For now keys are exchanged by hand; `kiosk enroll` will do it by HTTP.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Result, Staff
from sync.central.texts import check_place
from sync.compact import encode
from sync.keys import OPENING, SIGNING, Key, public, public_jwk, read_key
from sync.messages import Role

SCRYPT_N = 2**15  # 32 MiB with r = 8
SCRYPT_R = 8
SALT_BYTES = 16
_SCRYPT_MEMORY = 64 * 1024 * 1024
_KIOSK = r"[A-Za-z0-9_-]{1,64}"  # without a dot: it stands in a QR
_PIN = r"[0-9]{6}"
_NUMBER = r"[0-9]{1,8}"
_TOTP = r"[A-Z2-7]{26,128}"


@dataclass(frozen=True, slots=True)
class KioskKeys:
    """The public halves of a kiosk's keys."""

    statement: Key  # Ed25519
    manifest: Key  # X25519
    transport: Key  # Ed25519

    def jwks(self) -> list[dict[str, str]]:
        """As JWK, in the order of the fields."""
        return [public_jwk(key) for key in (self.statement, self.manifest, self.transport)]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the kiosk must be told."""

    kiosk: str
    epoch: int
    central: Key  # public: the key that manifests are signed with
    name: str  # `iss` of its manifests


def read_kiosk_keys(jwks: Mapping[str, object]) -> KioskKeys:
    """Keys from {"statement", "manifest", "transport"} as JWK.

    Raises:
        BadKeyError: one of them is none of its kind.
    """
    return KioskKeys(
        read_key(jwks.get("statement"), curve=SIGNING),
        read_key(jwks.get("manifest"), curve=OPENING),
        read_key(jwks.get("transport"), curve=SIGNING),
    )


def enrol_kiosk(store: Store, kiosk: str, keys: KioskKeys, *, unit: str, address: str) -> Enrolled:
    """Enter a kiosk, or change its unit and address. Other keys than before raise its epoch.

    `unit` is how messages name the ward ("P.Bình Tiên"), `address` where the cabinet stands.

    Raises:
        ValueError: no kiosk id. TextError: unit and address do not fit into a message.
    """
    if not re.fullmatch(_KIOSK, kiosk):
        raise ValueError(f"{kiosk[:80]!r} is no kiosk id: letters, digits, - and _, at most 64")
    check_place(unit, address)
    with store.begin() as session:
        row = session.get(Kiosk, kiosk, with_for_update=True)
        if row is None:
            statement, manifest, transport = keys.jwks()
            row = Kiosk(
                id=kiosk,
                epoch=1,
                policy={},
                unit=unit,
                address=address,
                statement_jwk=statement,
                manifest_jwk=manifest,
                transport_jwk=transport,
            )
            session.add(row)
        elif keys.jwks() != [row.statement_jwk, row.manifest_jwk, row.transport_jwk]:
            _new_epoch(session, row, keys)
        row.unit, row.address = unit, address
        session.flush()
        signer = public(store.settings.signer)
        return Enrolled(kiosk, row.epoch, signer, store.settings.name)


def _new_epoch(session: Session, row: Kiosk, keys: KioskKeys) -> None:
    """A new memory: it has no journal and has acknowledged nothing."""
    row.statement_jwk, row.manifest_jwk, row.transport_jwk = keys.jwks()
    row.epoch += 1
    row.head_seq, row.head_hash = 0, ""
    row.revision += 1
    here = Holder.cid.in_(select(Result.cid).where(Result.kiosk == row.id))
    session.execute(update(Holder).where(here).values(acknowledged=-1, carried_ver=0))


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
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.scrypt(
        pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=1, maxmem=_SCRYPT_MEMORY, dklen=32
    )
    entry: dict[str, object] = {
        "pin": {
            "salt": encode(salt),
            "n": SCRYPT_N,
            "r": SCRYPT_R,
            "p": 1,
            "hash": encode(digest),
        },
        "totp_secret": totp_secret,
    }
    with store.begin() as session:
        row = store.kiosk(session, kiosk)
        sealed = store.vault.seal(staff_place(kiosk, number), entry)
        session.merge(Staff(kiosk=kiosk, number=number, role=str(role), sealed=sealed))
        row.revision += 1


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
