"""Secrets, the codes they give, and which of them may leave: never a trivial one, never one twice.

The law of this file: a secret counts as good only when every code that the kiosk would take for it
now (this counter and the next) is hard to guess and differs from what others with the same known
digits could type there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from itertools import pairwise

import pyotp

from sync.compact import encode
from sync.messages import CODE_DIGITS

SECRET_CHARACTERS = 32  # base32: 160 bits
TOKEN_BYTES = 16
MOST_TRIES = 1000
FEWEST_DIFFERENT = 3  # digits in a code
LOOK_AHEAD = 1  # the kiosk takes floor and floor + 1
_PERIODS = (2, 4)


class NoCodeError(RuntimeError):
    """No good secret was found in `MOST_TRIES`: the source of chance is broken."""


def code_at(secret: str, counter: int) -> str:
    """The HOTP code (RFC 4226) of one counter."""
    return pyotp.HOTP(secret, digits=CODE_DIGITS).at(counter)


def trivial(code: str) -> bool:
    """Whether a person would try it early: few digits, a repeated piece, equal steps."""
    if len(set(code)) < FEWEST_DIFFERENT:
        return True
    if any(code == code[:period] * (len(code) // period) for period in _PERIODS):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    return len(steps) == 1


def acceptable(secret: str, counter: int, taken: Collection[str]) -> bool:
    """Whether the codes at `counter` and the look-ahead may leave, others being `taken`."""
    window = [code_at(secret, counter + ahead) for ahead in range(LOOK_AHEAD + 1)]
    return not any(trivial(code) or code in taken for code in window)


def live_codes(secret: str, counter: int) -> list[str]:
    """Every code that a kiosk might take for it, wherever its floor is by now."""
    first = max(0, counter - 1)  # the newest counter may not have reached it
    last = counter + 1 + LOOK_AHEAD  # or it accepted this one already
    return [code_at(secret, at) for at in range(first, last + 1)]


def new_secret(taken: Collection[str]) -> str:
    """A good secret for counter 0.

    Raises:
        NoCodeError: chance is broken.
    """
    for _ in range(MOST_TRIES):
        secret = pyotp.random_base32(SECRET_CHARACTERS)
        if acceptable(secret, 0, taken):
            return secret
    raise NoCodeError("no acceptable secret: the random source of this machine is broken")


def new_token() -> str:
    """The 22 characters of a QR: 128 bits."""
    return encode(secrets.token_bytes(TOKEN_BYTES))


def token_hash(token: str) -> str:
    """What a manifest carries of a token: SHA-256, base64url."""
    return encode(hashlib.sha256(token.encode()).digest())


def qr_text(kiosk: str, token: str) -> str:
    """The text inside the holder's QR."""
    return f"HS1.{kiosk}.{token}"
