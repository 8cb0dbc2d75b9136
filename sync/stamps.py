"""Requests that prove who sent them, and the server's stamps that date them.

The law of this file: a kiosk may not know the time, so a request carries no time of its own. It
carries a stamp from central's last answer: central's clock reading under central's own MAC. Every
call is idempotent, so a request repeated within its ten minutes does no harm.
"""

from __future__ import annotations

import hashlib
import hmac

from sync import jws
from sync.compact import encode
from sync.jws import BadEnvelope
from sync.keys import Key
from sync.messages import REQUEST_TYPE, Refusal

STAMP_GOOD_MS = 10 * 60 * 1000
MAX_REQUEST_JWS_BYTES = 4096
MAX_STAMP_CHARACTERS = 100
_MAC_LABEL = b"hoso-stamp:"


def sign_request(*, method: str, path: str, body: bytes, stamp: str, key: Key) -> str:
    """The compact JWS that goes with one request. `path` has the query; `stamp` "" asks for one.

    Raises:
        ValueError: we erred: longer than MAX_REQUEST_JWS_BYTES, no signing key.
    """
    payload = {"method": method, "path": path, "body": _body_hash(body), "stamp": stamp}
    return jws.sign(payload, typ=REQUEST_TYPE, key=key, most=MAX_REQUEST_JWS_BYTES)


def check_request(compact: str, *, method: str, path: str, body: bytes, key: Key) -> str:
    """The stamp of a request that this key signed for exactly this call; judge it by `check_stamp`.

    Raises:
        BadEnvelope: which rung it failed to climb; `audience` when it was signed for another call.
    """
    payload = jws.check(compact, typ=REQUEST_TYPE, keys=[key], most=MAX_REQUEST_JWS_BYTES)
    stamp = payload.get("stamp")
    if not isinstance(stamp, str) or len(stamp) > MAX_STAMP_CHARACTERS:
        raise BadEnvelope(Refusal.SCHEMA, "stamp is not a short text")
    expected = {"method": method, "path": path, "body": _body_hash(body), "stamp": stamp}
    if payload != expected:
        raise BadEnvelope(Refusal.AUDIENCE, "signed for another method, path or body")
    return stamp


def make_stamp(secret: bytes, wall_ms: int) -> str:
    """Central's clock reading (ms since the Unix epoch) under its MAC."""
    return f"{wall_ms}.{_mac(secret, str(wall_ms))}"


def check_stamp(secret: bytes, stamp: str, wall_ms: int) -> bool:
    """Whether this stamp is ours and at most ten minutes away from now, either way."""
    moment, _, mac = stamp.partition(".")
    genuine = hmac.compare_digest(
        mac.encode("utf-8", "surrogatepass"), _mac(secret, moment).encode("ascii")
    )
    # Only what bears our MAC is read as a number, so it is one that we wrote.
    return genuine and abs(wall_ms - int(moment)) <= STAMP_GOOD_MS


def _mac(secret: bytes, moment: str) -> str:
    message = _MAC_LABEL + moment.encode("utf-8", "surrogatepass")
    return encode(hmac.digest(secret, message, hashlib.sha256))


def _body_hash(body: bytes) -> str:
    return encode(hashlib.sha256(body).digest())
