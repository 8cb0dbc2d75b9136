"""Keys of the simulated kiosk and central: fixed, so that the same seed signs the same bytes."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.compact import encode
from sync.keys import Key, public, read_key


def _signing(name: str) -> Key:
    seed = hashlib.sha256(name.encode()).digest()
    x = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return read_key({"kty": "OKP", "crv": "Ed25519", "d": encode(seed), "x": encode(x)})


def _opening(name: str) -> Key:
    seed = hashlib.sha256(name.encode()).digest()
    x = X25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return read_key({"kty": "OKP", "crv": "X25519", "d": encode(seed), "x": encode(x)})


STATEMENT = _signing("simulated kiosk, statements")
OPENING = _opening("simulated kiosk, manifests")
OPENING_PUBLIC = public(OPENING)
CENTRAL = _signing("simulated central")
CENTRAL_KEYS = {CENTRAL.kid: public(CENTRAL)}
STRANGER = _signing("nobody we know")
