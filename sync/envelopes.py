"""Envelopes: what keeps a manifest secret and a statement true between central and kiosk.

A manifest is a JWS (`sync.jws`) inside a JWE compact (RFC 7516; `ECDH-ES`, `A256GCM`). The law of
`open_manifest`: trust is a ladder. Raw bytes climb these rungs in this order, each with its own
named refusal, and nothing above a rung is looked at before the rung is passed:

    size, outer_form, decrypt,                         a text that this kiosk's key opens,
    inner_form, key_id, signature, type, schema,       that central signed and that is a manifest
    audience, epoch, version, same_version_other_hash  for this kiosk, not older than that in force

Out comes a typed value or a `Refused`; it never raises, whatever the bytes are. No `zip`, no
`crit`, one accepted algorithm per place, no second spelling of anything. A manifest is known
everywhere by the SHA-256 of its inner JWS, so that sealing it anew does not change its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joserfc import jwe
from joserfc.errors import JoseError

from sync import jws
from sync.compact import decode
from sync.jws import BadEnvelope, hash_of
from sync.keys import OPENING, Key
from sync.messages import (
    MANIFEST_TYPE,
    MAX_MANIFEST_BYTES,
    MAX_STATEMENT_BYTES,
    STATEMENT_TYPE,
    Manifest,
    Refusal,
    SchemaError,
)
from sync.schema import read_manifest

__all__ = [
    "BadEnvelope",
    "Opened",
    "Refused",
    "Sealed",
    "check_statement",
    "hash_of",
    "open_manifest",
    "peek_statement",
    "seal_manifest",
    "sign_statement",
]

MAX_OUTER_HEADER_BYTES = 1024
_HEADER = {"alg", "enc", "epk", "kid"}
_IV_BYTES = 12
_TAG_BYTES = 16
_POINT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """A manifest ready to travel, and its name: the hash of the inner JWS."""

    jwe: str = field(repr=False)
    hash: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A manifest that climbed the whole ladder; maybe the one in force (same `ver` and `hash`)."""

    manifest: Manifest
    ver: int
    hash: str
    kid: str = ""  # of the central key that signed it


@dataclass(frozen=True, slots=True)
class Refused:
    """The rung that was not passed. `hash` is "" below inner_form, `ver` None below audience."""

    refusal: Refusal
    detail: str
    ver: int | None
    hash: str


class _Registry(jwe.JWERegistry):
    max_protected_header_length = MAX_OUTER_HEADER_BYTES
    max_ciphertext_length = MAX_MANIFEST_BYTES


_REGISTRY = _Registry(algorithms=["ECDH-ES", "A256GCM"])


def sign_statement(payload: Mapping[str, object], key: Key) -> str:
    """The compact JWS of one statement, as it is stored, hashed and sent.

    Raises:
        ValueError: we erred: longer than MAX_STATEMENT_BYTES, not JSON values, no signing key.
    """
    return jws.sign(payload, typ=STATEMENT_TYPE, key=key, most=MAX_STATEMENT_BYTES)


def check_statement(compact: str, key: Key) -> dict[str, object]:
    """The payload of a statement that this key signed.

    Raises:
        BadEnvelope: which rung it failed to climb.
    """
    return jws.check(compact, typ=STATEMENT_TYPE, keys=[key], most=MAX_STATEMENT_BYTES)


def peek_statement(compact: str) -> dict[str, object]:
    """The payload without looking at the signature, for a text whose chain is checked instead.

    Raises:
        BadEnvelope: it is not a signed JSON object.
    """
    return jws.peek(compact, most=MAX_STATEMENT_BYTES)


def seal_manifest(payload: Mapping[str, object], *, signer: Key, recipient_public: Key) -> Sealed:
    """Sign a manifest as central, then encrypt it for one kiosk.

    Raises:
        ValueError: we erred: longer than MAX_MANIFEST_BYTES, not JSON values, or wrong keys.
    """
    if recipient_public.curve != OPENING:
        raise ValueError("sealing needs the kiosk's X25519 key")
    inner = jws.sign(payload, typ=MANIFEST_TYPE, key=signer, most=MAX_MANIFEST_BYTES)
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": recipient_public.kid}
    if (len(inner) + 2) // 3 * 4 + MAX_OUTER_HEADER_BYTES > MAX_MANIFEST_BYTES:
        raise ValueError(f"a manifest may have {MAX_MANIFEST_BYTES} bytes when sealed")
    outer = jwe.encrypt_compact(header, inner, recipient_public.jwk, registry=_REGISTRY)
    return Sealed(outer, hash_of(inner))


def open_manifest(
    sealed: str | bytes,
    *,
    opening_key: Key,
    central_keys: Mapping[str, Key],
    kiosk: str,
    epoch: int,
    in_force: tuple[int, str] | None,
) -> Opened | Refused:
    """Climb the ladder. `central_keys` by kid; `in_force`: ver and hash of the one in force."""
    name = ""
    ver = None
    try:
        raw = _size(sealed)
        _outer_form(raw)
        inner = _decrypt(raw, opening_key)
        name = hash_of(inner)
        payload = jws.check(inner, typ=MANIFEST_TYPE, keys=central_keys, most=MAX_MANIFEST_BYTES)
        kid = str(jws.form(inner.encode(), 3, jws.MAX_HEADER_BYTES, Refusal.INNER_FORM)["kid"])
        manifest = _schema(payload, kid)
        ver = manifest.ver
        _audience(manifest, kiosk)
        _epoch(manifest, epoch)
        _version(manifest, name, in_force)
    except BadEnvelope as bad:
        return Refused(bad.refusal, bad.detail, ver, name)
    return Opened(manifest, manifest.ver, name, kid)


def _size(sealed: str | bytes) -> bytes:
    if len(sealed) > MAX_MANIFEST_BYTES:
        raise BadEnvelope(
            Refusal.SIZE, f"{len(sealed)} bytes, at most {MAX_MANIFEST_BYTES} are read"
        )
    try:
        return sealed if isinstance(sealed, bytes) else sealed.encode("ascii")
    except UnicodeEncodeError:
        raise BadEnvelope(Refusal.OUTER_FORM, "not ASCII") from None


def _outer_form(raw: bytes) -> None:
    header = jws.form(raw, 5, MAX_OUTER_HEADER_BYTES, Refusal.OUTER_FORM)
    if header.keys() != _HEADER or not isinstance(header["kid"], str):
        raise BadEnvelope(Refusal.OUTER_FORM, "the header holds other than alg, enc, epk and kid")
    if (header["alg"], header["enc"]) != ("ECDH-ES", "A256GCM"):
        raise BadEnvelope(Refusal.OUTER_FORM, "alg and enc are not ECDH-ES and A256GCM")
    _, wrapped, iv, text, tag = raw.split(b".")
    try:
        lengths = [len(decode(part)) for part in (wrapped, iv, tag, _point(header["epk"]))]
        decode(text)
    except ValueError as error:
        raise BadEnvelope(Refusal.OUTER_FORM, str(error)) from None
    if lengths != [0, _IV_BYTES, _TAG_BYTES, _POINT_BYTES]:
        raise BadEnvelope(Refusal.OUTER_FORM, "a segment or epk has another length")


def _point(epk: object) -> bytes:
    if not isinstance(epk, dict) or epk.keys() != {"kty", "crv", "x"}:
        raise ValueError("epk is not a public key")
    if (epk["kty"], epk["crv"]) != ("OKP", "X25519") or not isinstance(epk["x"], str):
        raise ValueError("epk is not an X25519 key")
    return epk["x"].encode("utf-8")


def _decrypt(raw: bytes, key: Key) -> str:
    try:
        plain = jwe.decrypt_compact(raw, key.jwk, registry=_REGISTRY).plaintext
    except (JoseError, ValueError):  # ValueError: a point of low order (RFC 7748 §6.1)
        raise BadEnvelope(Refusal.DECRYPT, "this kiosk's key does not open it") from None
    try:
        return (plain or b"").decode("ascii")
    except UnicodeDecodeError:
        raise BadEnvelope(Refusal.INNER_FORM, "not ASCII") from None


def _schema(payload: Mapping[str, object], signed_by: str) -> Manifest:
    try:
        manifest = read_manifest(payload)
    except SchemaError as error:
        raise BadEnvelope(Refusal.SCHEMA, str(error)) from None
    if manifest.next is not None and manifest.next.kid == signed_by:
        raise BadEnvelope(Refusal.SCHEMA, "it announces the key that signed it")
    return manifest


def _audience(manifest: Manifest, kiosk: str) -> None:
    if manifest.aud != kiosk:
        raise BadEnvelope(Refusal.AUDIENCE, f"it is for kiosk {manifest.aud}")


def _epoch(manifest: Manifest, epoch: int) -> None:
    if manifest.epoch != epoch:
        raise BadEnvelope(Refusal.EPOCH, f"it is for epoch {manifest.epoch}, here it is {epoch}")


def _version(manifest: Manifest, name: str, in_force: tuple[int, str] | None) -> None:
    if in_force is None:
        return
    ver, held = in_force
    if manifest.ver < ver:
        raise BadEnvelope(Refusal.VERSION, f"version {manifest.ver} is older than {ver}, in force")
    if manifest.ver == ver and name != held:
        raise BadEnvelope(Refusal.SAME_VERSION_OTHER_HASH, f"another version {ver} is in force")
