"""Keys of the office's door: each with scopes, kept as a hash, told once; and how fast each may call.

The law of this file: the key in `office.key` may do everything and makes no others; any other key may do
what its scopes say. Nobody can read a key back, and a revoked one stays known as revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from sync.central.office_tables import ApiKey
from sync.central.store import Store, UnknownError
from sync.compact import encode

PREFIX = "hk"
ID_BYTES = 6
SECRET_BYTES = 24  # 192 bits: too many to guess, so the hash needs no stretching
MINUTE_MS = 60_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_KEY = re.compile(rf"{PREFIX}_([0-9a-f]{{{2 * ID_BYTES}}})_[A-Za-z0-9_-]{{32}}")


class Scope(StrEnum):
    """What a key may do."""

    RESULTS = "results"  # order and see results
    STAFF = "staff"  # let staff log in at kiosks, cards
    PRINT = "print"  # QR slips
    KIOSKS = "kiosks"  # tighten a policy; revoke a stolen kiosk, told its staff's new credentials
    TASKS = "tasks"  # see whom to phone, with the number, and say that it is done
    READ = "read"  # see results, kiosks, alarms, tasks; no phone


EVERY = frozenset(Scope)
ROOT = "office"  # name of the key in `office.key`


class KeyMakingError(ValueError):
    """A key cannot be made; the text says what is wanted."""


@dataclass(frozen=True, slots=True)
class FreshKey:
    """What the other program must be told, once."""

    id: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls; `id` is the key's."""

    id: str
    name: str
    scopes: frozenset[Scope]


def add_key(store: Store, name: str, scopes: Collection[str]) -> FreshKey:
    """Make a key.

    Raises:
        KeyMakingError: no such name or scope is possible.
    """
    if not _NAME.fullmatch(name) or name == ROOT:
        raise KeyMakingError(
            f"name: wanted 1 to 40 of a-z 0-9 . _ -, beginning with a letter or digit, not {ROOT}"
        )
    if not scopes or not EVERY.issuperset(scopes):
        raise KeyMakingError(f"scope: wanted some of {', '.join(Scope)}, with commas between")
    ident = secrets.token_hex(ID_BYTES)
    key = f"{PREFIX}_{ident}_{secrets.token_urlsafe(SECRET_BYTES)}"
    row = {"id": ident, "name": name, "hash": _hash(key), "made_ms": store.now()}
    with store.begin() as session:
        session.add(ApiKey(scopes=sorted(set(scopes)), **row))
    return FreshKey(ident, key)


def revoke_key(store: Store, ident: str) -> None:
    """It opens nothing any more; again changes nothing.

    Raises:
        UnknownError: there is none.
    """
    with store.begin() as session:
        row = session.get(ApiKey, ident, with_for_update=True)
        if row is None:
            raise UnknownError(f"no key {ident[:16]!r}")
        row.revoked_ms = row.revoked_ms or store.now()


def bearer(store: Store, session: Session, key: str) -> Bearer | None:
    """Whose key it is; None when it opens nothing."""
    ours = store.settings.office_key
    if hmac.compare_digest(key.encode(), ours.encode()):
        return Bearer(ROOT, ROOT, EVERY)
    found = _KEY.fullmatch(key)
    row = session.get(ApiKey, found[1]) if found else None
    if row is None or row.revoked_ms or not hmac.compare_digest(row.hash, _hash(key)):
        return None
    # A scope of a newer program is nothing here.
    return Bearer(row.id, row.name, frozenset(Scope(s) for s in row.scopes if s in EVERY))


def _hash(key: str) -> str:
    return encode(hashlib.sha256(key.encode()).digest())


class Pace:
    """A bucket of calls for each name, refilled steadily; of this process. From any thread."""

    def __init__(self, per_minute: int, burst: int, now: Callable[[], int]) -> None:
        self._per_ms = per_minute / MINUTE_MS
        self._burst = float(burst)
        self._now = now
        self._turn = threading.Lock()
        self._left: dict[str, tuple[float, int]] = {}  # bounded by the names that there are

    def wait_s(self, name: str) -> int:
        """0: go on; else in how many whole seconds there is a call left."""
        with self._turn:
            now = self._now()
            left, then = self._left.get(name, (self._burst, now))
            # A clock that was set back refills nothing and takes nothing.
            left = min(self._burst, left + max(0, now - then) * self._per_ms)
            goes = left >= 1
            self._left[name] = (left - 1 if goes else left, now)
            return 0 if goes else math.ceil((1 - left) / self._per_ms / 1000)
