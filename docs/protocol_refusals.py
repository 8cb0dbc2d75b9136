"""Signed texts that must be refused, each with the rung that refuses it: for whoever writes a reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.compact import encode, write_json
from sync.keys import Key
from sync.messages import STATEMENT_TYPE

Json = dict[str, object]


def _signed(header: Json, payload: bytes, key: Key) -> str:
    """As RFC 7515 §5.1 builds it, whatever the header says."""
    text = f"{encode(write_json(header))}.{encode(payload)}"
    private = key.jwk.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return f"{text}.{encode(private.sign(text.encode()))}"


def refused(row: Mapping[str, object], own: Key, other: Key) -> list[Json]:
    """Variations of one true statement that this kiosk's key `own` signed."""
    compact = str(row["compact"])
    good: Json = {"alg": "Ed25519", "typ": STATEMENT_TYPE, "kid": own.kid}
    payload = row["payload"]
    assert isinstance(payload, dict)
    text = write_json(payload)
    head, body, signature = compact.split(".")
    flipped = encode(hashlib.sha512(signature.encode()).digest())
    wrong: list[tuple[str, str, str]] = [
        ("another signature", "signature", f"{head}.{body}.{flipped}"),
        ("padding after base64url", "inner_form", f"{head}=.{body}.{signature}"),
        ("two segments", "inner_form", f"{head}.{body}"),
        ("alg EdDSA", "inner_form", _signed({**good, "alg": "EdDSA"}, text, own)),
        ("a fourth header field", "inner_form", _signed({**good, "cty": "json"}, text, own)),
        ("signed by central", "key_id", _signed({**good, "kid": other.kid}, text, other)),
        ("another typ", "type", _signed({**good, "typ": "JWT"}, text, own)),
        ("a field twice", "schema", _signed(good, b'{"kiosk":"bt01","kiosk":"bt01"}', own)),
        ("NaN", "schema", _signed(good, b'{"up":NaN}', own)),
        ("no object", "schema", _signed(good, b"[]", own)),
    ]
    return [{"what": what, "refusal": rung, "compact": told} for what, rung, told in wrong]
