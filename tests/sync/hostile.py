"""What an enemy or a careless central might send: made by hand, with nothing of ours in the way."""

import base64
import json
from collections.abc import Mapping
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwe

from sync import envelopes
from sync.keys import Key, new_opening_key, new_signing_key, public

SIGNER = new_signing_key()
OPENER = new_opening_key()
STRANGER = new_signing_key()
KIOSK = "q6-p02"
EPOCH = 3
VER = 1_795_000_000

HOLDER = {
    "id": "h1",
    "role": "self",
    "lang": "vi",
    "known_digits": "4827",
    "otp": {"gen": 1, "secret": "A" * 32, "digits": 8, "counter": 0},
    "token": {"sha256": "a" * 43, "counter": 0},
}
RESULT = {
    "cid": "c1",
    "status": "live",
    "dossiers": ["H29.12-261121-0001"],
    "recipient": "Nguyễn V** A",
    "hold_until": "2026-12-21T10:00:00.000Z",
    "overdue": False,
    "fee_due": False,
    "low": False,
    "size": "A4",
    "place": "",
    "last_known": [],
    "holders": [HOLDER],
}
MANIFEST: dict[str, object] = {
    "iss": "central",
    "aud": KIOSK,
    "epoch": EPOCH,
    "ver": VER,
    "iat": "2026-11-21T15:04:00.000Z",
    "head": {"seq": 0, "hash": ""},
    "policy": {},
    "staff": [],
    "results": [RESULT],
}
INNER = {"alg": "Ed25519", "typ": "hoso-manifest+jws", "kid": SIGNER.kid}
OUTER = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": OPENER.kid}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def signed(payload: bytes, header: Mapping[str, object] = INNER, key: Key = SIGNER) -> str:
    return signed_raw(payload, as_json(header), key)


def signed_raw(payload: bytes, header: bytes, key: Key = SIGNER) -> str:
    text = f"{b64(header)}.{b64(payload)}"
    signature = cast("Ed25519PrivateKey", key.jwk.private_key).sign(text.encode())
    return f"{text}.{b64(signature)}"


def sealed(inner: str, header: Mapping[str, object] = OUTER, to: Key = OPENER) -> str:
    names = [str(header[part]) for part in ("alg", "enc", "zip") if part in header]
    registry = jwe.JWERegistry(algorithms=names, strict_check_header=False)
    registry.max_ciphertext_length = 2**24
    return jwe.encrypt_compact(dict(header), inner, public(to).jwk, registry=registry)


def manifest(**other: object) -> str:
    return sealed(signed(as_json({**MANIFEST, **other})))


def with_header(text: str, **other: object) -> str:
    """The same sealed text under another outer header."""
    first, rest = text.split(".", 1)
    return f"{b64(as_json({**json.loads(unb64(first)), **other}))}.{rest}"


def opened(
    text: str | bytes, in_force: tuple[int, str] | None = None
) -> envelopes.Opened | envelopes.Refused:
    return envelopes.open_manifest(
        text,
        opening_key=OPENER,
        central_keys={SIGNER.kid: public(SIGNER)},
        kiosk=KIOSK,
        epoch=EPOCH,
        in_force=in_force,
    )
