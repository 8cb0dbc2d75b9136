"""Signed texts: JWS compact (RFC 7515) with Ed25519 (RFC 8037, 9864), one form only.

The law of this file: a signed text climbs size, inner_form, key_id, signature, type, schema, in
this order; nothing in it is believed before the rung that proves it. The header holds `alg`, `typ`
and `kid`, nothing else: no `crit`, no `b64`, no key of its own. `joserfc` does the cryptography;
its size limits are raised here, on purpose, to ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from sync.compact import decode, encode, read_json, write_json
from sync.keys import SIGNING, Key
from sync.messages import MAX_MANIFEST_BYTES, Refusal

MAX_HEADER_BYTES = 512
_HEADER = {"alg", "typ", "kid"}


class BadEnvelope(ValueError):  # noqa: N818 - a verdict on what others sent, no fault of ours
    """A signed or sealed text was refused: `refusal` names the rung, `detail` says why."""

    def __init__(self, refusal: Refusal, detail: str) -> None:
        super().__init__(f"{refusal}: {detail}")
        self.refusal = refusal
        self.detail = detail


class _Registry(jws.JWSRegistry):
    max_header_length = MAX_HEADER_BYTES
    max_payload_length = MAX_MANIFEST_BYTES


_REGISTRY = _Registry(algorithms=["Ed25519"])


def sign(payload: Mapping[str, object], *, typ: str, key: Key, most: int) -> str:
    """The compact JWS of a JSON object, at most `most` bytes long.

    Raises:
        ValueError: we erred: too long, not JSON values, or a key that cannot sign.
    """
    if key.curve != SIGNING or not key.private:
        raise ValueError("signing needs a private Ed25519 key")
    header = {"alg": "Ed25519", "typ": typ, "kid": key.kid}
    compact = jws.serialize_compact(header, write_json(payload), key.jwk, registry=_REGISTRY)
    if len(compact) > most:
        raise ValueError(f"{typ} of {len(compact)} bytes, at most {most} may leave")
    return compact


def check(
    compact: str, *, typ: str, keys: Mapping[str, Key] | Collection[Key], most: int
) -> dict[str, object]:
    """The payload of a JWS that one of these keys signed (`keys` by `kid`).

    Raises:
        BadEnvelope: which rung it failed to climb.
    """
    raw = _size(compact, most)
    header = form(raw, 3, MAX_HEADER_BYTES, Refusal.INNER_FORM)
    _inner_form(header)
    key = _key_id(header, keys)
    payload = _signature(raw, key)
    if header.get("typ") != typ:
        raise BadEnvelope(Refusal.TYPE, f"typ is not {typ}")
    return _json_object(payload)


def peek(compact: str, *, most: int) -> dict[str, object]:
    """The payload without looking at the signature: for finding out whose key to take.

    Raises:
        BadEnvelope: size, inner_form or schema.
    """
    raw = _size(compact, most)
    form(raw, 3, MAX_HEADER_BYTES, Refusal.INNER_FORM)
    try:
        payload = decode(raw.split(b".")[1])
    except ValueError as error:
        raise BadEnvelope(Refusal.INNER_FORM, f"payload: {error}") from None
    return _json_object(payload)


def hash_of(compact: str) -> str:
    """base64url SHA-256 of a compact text: its name in chains, heads and entity tags."""
    return encode(hashlib.sha256(compact.encode("ascii")).digest())


def form(raw: bytes, segments: int, most: int, rung: Refusal) -> dict[str, object]:
    """The header of a compact text of so many segments; what it says is not checked yet."""
    parts = raw.split(b".", segments)
    if len(parts) != segments:
        raise BadEnvelope(rung, f"not {segments} segments with dots between (compact form)")
    if len(parts[0]) > most:
        raise BadEnvelope(rung, f"the header is longer than {most} bytes")
    try:
        header = read_json(decode(parts[0]))
    except ValueError as error:
        raise BadEnvelope(rung, f"header: {error}") from None
    if not isinstance(header, dict):
        raise BadEnvelope(rung, "the header is not an object")
    return header


def _size(compact: str, most: int) -> bytes:
    if len(compact) > most:
        raise BadEnvelope(Refusal.SIZE, f"{len(compact)} characters, at most {most} are read")
    try:
        return compact.encode("ascii")
    except UnicodeEncodeError:
        raise BadEnvelope(Refusal.INNER_FORM, "not ASCII") from None


def _inner_form(header: Mapping[str, object]) -> None:
    if not header.keys() <= _HEADER:
        raise BadEnvelope(Refusal.INNER_FORM, "the header holds more than alg, typ and kid")
    if header.get("alg") != "Ed25519":
        raise BadEnvelope(Refusal.INNER_FORM, "alg is not Ed25519")


def _key_id(header: Mapping[str, object], keys: Mapping[str, Key] | Collection[Key]) -> Key:
    known = keys if isinstance(keys, Mapping) else {key.kid: key for key in keys}
    kid = header.get("kid")
    key = known.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise BadEnvelope(Refusal.KEY_ID, "signed with a key that is not known here")
    return key


def _signature(raw: bytes, key: Key) -> bytes:
    try:
        return jws.deserialize_compact(raw, key.jwk, registry=_REGISTRY).payload
    except BadSignatureError:
        raise BadEnvelope(Refusal.SIGNATURE, "the signature does not fit") from None
    except JoseError as error:
        raise BadEnvelope(Refusal.INNER_FORM, error.error) from None


def _json_object(payload: bytes) -> dict[str, object]:
    try:
        value = read_json(payload)
    except ValueError as error:
        raise BadEnvelope(Refusal.SCHEMA, f"payload: {error}") from None
    if not isinstance(value, dict):
        raise BadEnvelope(Refusal.SCHEMA, "the payload is not an object")
    return value
