"""Who may see the pages: accounts with a password, a TOTP secret, a role and, for a ward, its kiosks.

The law of this file: password and TOTP secret are told once, when they are made, and nobody can read them
back. A new set for a name ends every session under it.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pyotp
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import delete
from sqlalchemy.orm import Session

from sync.central.page_tables import Account, PageSession
from sync.central.store import Store
from sync.compact import decode, encode

SCRYPT_N = 2**15  # 32 MiB with r = 8
SCRYPT_R = 8
SALT_BYTES = 16
HASH_BYTES = 32
PASSWORD_GROUPS = 4
GROUP_LETTERS = 5  # 100 bits in all
TOTP_S = 30
TOTP_AHEAD = 1  # steps that a clock may be off, either way
MOST_KIOSKS = 200  # of one ward account
ISSUER = "ATM ho so 24/7"
# Nothing that is mistaken for something else when read from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
MOST_AT_ONCE = 4  # passwords being stretched, 32 MiB each
_TURNS = threading.BoundedSemaphore(MOST_AT_ONCE)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class PageRole(StrEnum):
    """What somebody may see: the kiosks of a ward with the people who wait there, or the whole fleet."""

    WARD = "ward"
    CITY = "city"


class AccountError(ValueError):
    """An account cannot be made; the text says what is wanted."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What the person must be told, once."""

    name: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)


def add_account(store: Store, name: str, role: PageRole, kiosks: Sequence[str] = ()) -> Fresh:
    """Make an account, or give one a new password, TOTP secret, role and kiosks.

    Raises:
        AccountError: no such name is possible, or a ward without kiosks, a city with some.
        UnknownError: no such kiosk.
    """
    if not _NAME.fullmatch(name):
        raise AccountError(
            "name: wanted 1 to 40 of a-z 0-9 . _ -, beginning with a letter or digit"
        )
    if (role is PageRole.WARD) != bool(kiosks) or len(kiosks) > MOST_KIOSKS:
        raise AccountError(f"a ward sees 1 to {MOST_KIOSKS} kiosks; a city sees all, so name none")
    password = "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(GROUP_LETTERS))
        for _ in range(PASSWORD_GROUPS)
    )
    salt, totp = secrets.token_bytes(SALT_BYTES), pyotp.random_base32()
    known: dict[str, object] = {
        "salt": encode(salt),
        "n": SCRYPT_N,
        "hash": encode(_stretched(password, salt, SCRYPT_N)),
        "totp": totp,
    }
    row = {"role": str(role), "kiosks": sorted(set(kiosks)), "made_ms": store.now()}
    sealed = store.vault.seal(_place(name), known)

    def unit(session: Session) -> None:
        for kiosk in kiosks:
            store.kiosk(session, kiosk)
        session.execute(delete(PageSession).where(PageSession.account == name))
        session.merge(Account(name=name, last_step=0, sealed=sealed, **row))

    store.run(unit)
    uri = pyotp.TOTP(totp).provisioning_uri(name=name, issuer_name=ISSUER)
    return Fresh(name, password, totp, uri)


def remove_account(store: Store, name: str) -> bool:
    """From now on nobody signs in under it; false when there was none."""

    def unit(session: Session) -> bool:
        session.execute(delete(PageSession).where(PageSession.account == name))
        account = session.get(Account, name)
        if account is not None:
            session.delete(account)
        return account is not None

    return store.run(unit)


def matching_step(store: Store, account: Account | None, password: str, code: str) -> int | None:
    """The TOTP step that this code is of, when it and the password are right; else None.

    As much work for a name that there is not, so that time does not tell which names there are.
    """
    known = {} if account is None else store.vault.open(_place(account.name), account.sealed)
    salt = decode(str(known["salt"]).encode()) if known else bytes(SALT_BYTES)
    wanted = decode(str(known["hash"]).encode()) if known else bytes(HASH_BYTES)
    cost = int(str(known.get("n", SCRYPT_N)))
    fits = hmac.compare_digest(_stretched(password, salt, cost), wanted)
    totp = pyotp.TOTP(str(known.get("totp", "A" * 32)), interval=TOTP_S)
    now = store.now() // 1000 // TOTP_S
    found = None
    for step in range(now - TOTP_AHEAD, now + TOTP_AHEAD + 1):
        if hmac.compare_digest(
            totp.at(step * TOTP_S).encode(), code.encode("utf-8", "surrogatepass")
        ):
            found = step
    return found if fits and account is not None else None


def _stretched(password: str, salt: bytes, cost: int) -> bytes:
    with _TURNS:
        scrypt = Scrypt(salt=salt, length=HASH_BYTES, n=cost, r=SCRYPT_R, p=1)
        return scrypt.derive(password.encode("utf-8", "surrogatepass"))


def _place(name: str) -> str:
    return f"account/{name}"
