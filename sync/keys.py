"""Keys: Ed25519 to sign, X25519 to open, 32 random bytes to stamp; and how they lie in files.

The law of this file: a private key never shows itself (not in a repr, not in an error), rests only
in a file that its owner alone may read, and is replaced whole or not at all. Files are JWK (RFC
7517, 8037); a key's id is its RFC 7638 thumbprint, computed, never believed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from sync.compact import decode, encode, read_json

Curve = Literal["Ed25519", "X25519"]
SIGNING: Curve = "Ed25519"
OPENING: Curve = "X25519"
STAMP_SECRET_BYTES = 32
MAX_KEY_FILE_BYTES = 4096
PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o644
# systemd hands credentials over read-only, and shows the access list of their reader as group bits.
_PRIVATE_MODES = (PRIVATE_MODE, 0o400, 0o440)


class BadKeyError(ValueError):
    """A key, or the file of a key, cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of ours or of somebody else; `kid` is its RFC 7638 thumbprint."""

    jwk: OKPKey = field(repr=False, compare=False)
    kid: str
    curve: Curve
    private: bool


def new_signing_key() -> Key:
    """An Ed25519 key for statements, manifests or requests."""
    return _key(OKPKey.generate_key("Ed25519"))


def new_opening_key() -> Key:
    """An X25519 key with which a kiosk opens manifests sealed for it."""
    return _key(OKPKey.generate_key("X25519"))


def new_stamp_secret() -> bytes:
    """What central makes request stamps with (`sync.stamps`)."""
    return secrets.token_bytes(STAMP_SECRET_BYTES)


def public(key: Key) -> Key:
    """The half that others may have."""
    return _key(OKPKey.import_key(dict(public_jwk(key))))


def kid(key: Key) -> str:
    """RFC 7638 thumbprint (SHA-256, base64url, 43 characters); equal for both halves."""
    return key.kid


def public_jwk(key: Key) -> dict[str, str]:
    """The public half as a JWK, ready for JSON."""
    return {"kty": "OKP", "crv": key.curve, "x": str(key.jwk.dict_value["x"]), "kid": key.kid}


def read_key(jwk: object, *, curve: Curve | None = None) -> Key:
    """A key from a decoded JWK; private when it has a `d`.

    Raises:
        BadKeyError: no key of that curve (None: of either), or parts that do not fit together.
    """
    names = ("kty", "crv", "x", "d")
    if not isinstance(jwk, Mapping) or not all(isinstance(v, str) for v in jwk.values()):
        raise BadKeyError("not a JWK: an object of texts is wanted")
    if jwk.get("kty") != "OKP" or jwk.get("crv") not in ((curve,) if curve else (SIGNING, OPENING)):
        raise BadKeyError(f"not an {curve or f'{SIGNING} or {OPENING}'} key")
    try:
        key = _key(OKPKey.import_key({n: str(jwk[n]) for n in names if n in jwk}))
        whole = encode(key.jwk.public_key.public_bytes_raw()) == jwk["x"]
    except (JoseError, ValueError, KeyError, TypeError):
        raise BadKeyError("not a whole JWK") from None  # the cause could quote the key
    if not whole or jwk.get("kid", key.kid) != key.kid:
        raise BadKeyError("the parts of this JWK do not belong together")
    return key


def save_key(path: Path, key: Key) -> None:
    """Write a key as a JWK file, whole or not at all; mode 0600 (a public key: 0644).

    Raises:
        OSError: the folder is missing, read-only or full; what was there before still is.
    """
    jwk = public_jwk(key)
    if key.private:
        jwk["d"] = str(key.jwk.dict_value["d"])
    write_whole(path, json.dumps(jwk), PRIVATE_MODE if key.private else PUBLIC_MODE)


def load_key(path: Path, *, curve: Curve | None = None) -> Key:
    """The key in a JWK file, of the wanted curve if one is named.

    Raises:
        BadKeyError: missing, unreadable, not a key, or a private key that others may read.
    """
    raw, mode = _read(path)
    try:
        key = read_key(raw, curve=curve)
    except BadKeyError as error:
        raise BadKeyError(f"{path}: {error}; restore this file or enrol again") from error
    if key.private:
        _check_mode(path, mode)
    return key


def save_secret(path: Path, secret: bytes) -> None:
    """Write a stamp secret as a JWK file (`kty` oct), as `save_key` does."""
    write_whole(path, json.dumps({"kty": "oct", "k": encode(secret)}), PRIVATE_MODE)


def load_secret(path: Path) -> bytes:
    """The stamp secret in a JWK file.

    Raises:
        BadKeyError: missing, unreadable, not a secret of 32 bytes, or others may read it.
    """
    raw, mode = _read(path)
    _check_mode(path, mode)
    text = raw.get("k") if isinstance(raw, dict) and raw.get("kty") == "oct" else None
    try:
        secret = decode(text.encode("ascii")) if isinstance(text, str) else b""
    except ValueError:
        secret = b""
    if len(secret) != STAMP_SECRET_BYTES:
        raise BadKeyError(f"{path}: not a stamp secret; delete it and let central make a new one")
    return secret


def _key(jwk: OKPKey) -> Key:
    if jwk.curve_name not in (SIGNING, OPENING):
        raise BadKeyError(f"curve {jwk.curve_name} is not used here")
    curve: Curve = SIGNING if jwk.curve_name == SIGNING else OPENING
    return Key(jwk, jwk.thumbprint(), curve, jwk.is_private)


def _read(path: Path) -> tuple[object, int]:
    """The decoded file, and its mode (permission bits)."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            data = file.read(MAX_KEY_FILE_BYTES)
    except OSError as error:
        raise BadKeyError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return read_json(data), mode
    except ValueError:
        raise BadKeyError(f"{path}: not a JWK file; restore it or enrol again") from None


def _check_mode(path: Path, mode: int) -> None:
    if mode not in _PRIVATE_MODES:
        raise BadKeyError(f"{path}: others may read this key (mode {mode:04o}); chmod 600 it")


def write_whole(path: Path, text: str, mode: int) -> None:
    """Durable before visible: the new file is on the disk before it takes the old one's name.

    Raises:
        OSError: the folder is missing, read-only or full; what was there before still is.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(file, "w", encoding="ascii") as writer:
            writer.write(text + "\n")
            writer.flush()
            os.fsync(writer.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names that were given in this folder are on the disk when this returns.

    Raises:
        OSError: there is no such folder, or the disk refuses.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
