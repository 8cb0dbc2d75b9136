"""The worked examples of docs/protocol.md: fixed keys, and every byte that follows from them.

The law of this file: whoever runs it gets the same bytes. Ed25519 is deterministic; sealing is not, so that a
sealed manifest that still opens to the same inner text is kept as it is. Keys and people are made up.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import cast

import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from docs import protocol_refusals
from sync import jws
from sync.compact import encode, write_json
from sync.enrolment import ENROLMENT_TYPE, MOST_REPLY_BYTES
from sync.envelopes import Opened, hash_of, open_manifest, seal_manifest, sign_statement
from sync.keys import Curve, Key, public, public_jwk, read_key
from sync.messages import CODE_DIGITS, MANIFEST_TYPE, MAX_MANIFEST_BYTES, Clock, Statement, rfc3339
from sync.stamps import make_stamp, sign_request

NOW_MS = 1_795_000_000_000
KIOSK, EPOCH = "bt01", 1
CODE = encode(hashlib.sha256(b"hoso example code").digest()[:16])
TOKEN = encode(hashlib.sha256(b"hoso example token").digest()[:16])
CARD = encode(hashlib.sha256(b"hoso example card").digest()[:16])
PIN, SALT, N = "135790", b"hoso example salt"[:16], 2**15
SECRET = base64.b32encode(hashlib.sha1(b"hoso example otp").digest()).decode()  # noqa: S324 - 160 bits
TOTP = base64.b32encode(hashlib.sha1(b"hoso example totp").digest()).decode()  # noqa: S324 - 160 bits
STAMP_SECRET = hashlib.sha256(b"hoso example stamp").digest()
Json = dict[str, object]


def _key(name: str, curve: Curve) -> tuple[Key, Json]:
    seed = hashlib.sha256(f"hoso example {name}".encode()).digest()
    made = Ed25519PrivateKey if curve == "Ed25519" else X25519PrivateKey
    point = made.from_private_bytes(seed).public_key().public_bytes_raw()
    jwk = {"kty": "OKP", "crv": curve, "x": encode(point), "d": encode(seed)}
    key = read_key(jwk)
    return key, {**jwk, "kid": key.kid}


_NAMES: dict[str, Curve] = {
    "central": "Ed25519",
    "central_next": "Ed25519",
    "statement": "Ed25519",
    "manifest": "X25519",
    "transport": "Ed25519",
}
_MADE = {name: _key(name, curve) for name, curve in _NAMES.items()}
KEYS = {name: key for name, (key, _) in _MADE.items()}


def statements() -> list[Json]:
    """Three rows: started, manifest accepted, staff in."""
    floors = [["r-0001", "h1", 1, 0]]
    nothing: Json = {
        name: [] for name in ("voided", "recalled", "suspended", "lifted", "forgotten")
    }
    policy = {"bucket": 10, "refill_s": 900, "holder_refusals": 10, "resume_s": 600, "settings": []}
    merged = {
        "ver": NOW_MS // 1000,
        "hash": hash_of(_inner(manifest(head=("", 0)))),
        "iat_ms": NOW_MS,
        "policy": policy,
        "floors": floors,
        **nothing,
        "key": _bare("central"),
        "next": _bare("central_next"),
    }
    rows: list[tuple[str, Json]] = [
        ("started", {"version": "0.1.0", "compartments": [1, 2, 3], "unproven": []}),
        ("manifest_accepted", merged),
        ("loaded", {"cid": "r-0001", "compartment": 2, "staff": "7"}),
    ]
    told: list[Json] = []
    prev = ""
    for seq, (kind, fields) in enumerate(rows, 1):
        up_ms = 1000 * seq
        statement = Statement(
            KIOSK, EPOCH, seq, prev, NOW_MS + up_ms, Clock.SYNCED, up_ms, kind, fields
        )
        compact = sign_statement(statement.payload(), KEYS["statement"])
        prev = hash_of(compact)
        told.append({"payload": statement.payload(), "compact": compact, "hash": prev})
    return told


def _bare(name: str) -> Json:
    """A public JWK without its key id, as statements hold it."""
    return {k: v for k, v in public_jwk(KEYS[name]).items() if k != "kid"}


def manifest(*, head: tuple[str, int] | None = None) -> Json:
    """A payload with every field that there is."""
    name, seq = head if head is not None else (str(statements()[-1]["hash"]), 3)
    return {
        "iss": "central",
        "aud": KIOSK,
        "epoch": EPOCH,
        "ver": NOW_MS // 1000 + (0 if seq == 0 else 60),
        "iat": rfc3339(NOW_MS + (0 if seq == 0 else 60_000)),
        "head": {"seq": seq, "hash": name},
        "policy": {
            "bucket": 8,
            "refill_s": 1200,
            "holder_refusals": 8,
            "resume_s": 300,
            "settings": ["language"],
        },
        "staff": [_staff()],
        "results": [_result()],
        "next": {"kid": KEYS["central_next"].kid, "jwk": public_jwk(KEYS["central_next"])},
    }


def _staff() -> Json:
    digest = hashlib.scrypt(
        PIN.encode(), salt=SALT, n=N, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32
    )
    return {
        "number": "7",
        "role": "clerk",
        "pin": {"salt": encode(SALT), "n": N, "r": 8, "p": 1, "hash": encode(digest)},
        "totp_secret": TOTP,
        "card": _hash(CARD),
    }


def _result() -> Json:
    return {
        "cid": "r-0001",
        "status": "live",
        "dossiers": ["H29.915-261121-0042"],
        "recipient": "NGUYỄN V*** A***",
        "hold_until": rfc3339(NOW_MS + 7 * 86_400_000),
        "overdue": False,
        "fee_due": False,
        "low": False,
        "size": "A4",
        "place": "",
        "last_known": [{"compartment": 2, "phase": "loaded"}],
        "holders": [
            {
                "id": "h1",
                "role": "self",
                "lang": "vi",
                "known_digits": "4821",
                "otp": {"gen": 1, "secret": SECRET, "digits": CODE_DIGITS, "counter": 0},
                "token": {"sha256": _hash(TOKEN), "counter": 0},
            }
        ],
    }


def _inner(payload: Mapping[str, object]) -> str:
    return jws.sign(payload, typ=MANIFEST_TYPE, key=KEYS["central"], most=MAX_MANIFEST_BYTES)


def _hash(text: str) -> str:
    return encode(hashlib.sha256(text.encode()).digest())


def sealed_before(before: Mapping[str, object]) -> str:
    """The sealed manifest of an earlier run, if there is one."""
    told = cast(Mapping[str, object], before.get("manifest", {}))
    return str(told.get("sealed", ""))


def _sealed(payload: Json, kept: str) -> Json:
    fresh = seal_manifest(
        payload, signer=KEYS["central"], recipient_public=public(KEYS["manifest"])
    )
    found = open_manifest(
        kept,
        opening_key=KEYS["manifest"],
        central_keys={KEYS["central"].kid: KEYS["central"]},
        kiosk=KIOSK,
        epoch=EPOCH,
        in_force=None,
    )
    same = isinstance(found, Opened) and found.hash == fresh.hash
    return {
        "payload": payload,
        "inner": _inner(payload),
        "hash": fresh.hash,
        "sealed": kept if same else fresh.jwe,
    }


def _request(rows: list[Json]) -> Json:
    stamp = make_stamp(STAMP_SECRET, NOW_MS)
    body = write_json({"statements": [row["compact"] for row in rows]})
    path = f"/v1/kiosks/{KIOSK}/journal"
    parts: Json = {"method": "POST", "path": path, "stamp": stamp}
    proof = sign_request(method="POST", path=path, body=body, stamp=stamp, key=KEYS["transport"])
    secret = encode(STAMP_SECRET)
    return {**parts, "body": body.decode(), "proof": proof, "stamp_secret": secret}


def _enrolment() -> Json:
    keys = {name: public_jwk(KEYS[name]) for name in ("statement", "manifest", "transport")}
    reply: Json = {
        "iss": "central",
        "aud": KIOSK,
        "epoch": EPOCH,
        "iat": rfc3339(NOW_MS),
        "code": _hash(CODE),
        "keys": {name: jwk["kid"] for name, jwk in keys.items()},
        "central": public_jwk(KEYS["central"]),
        "next": {"kid": KEYS["central_next"].kid, "jwk": public_jwk(KEYS["central_next"])},
    }
    signed = jws.sign(reply, typ=ENROLMENT_TYPE, key=KEYS["central"], most=MOST_REPLY_BYTES)
    text = f"HE1.{CODE}.{KEYS['central'].kid}"
    return {
        "code": text,
        "request": {"code": CODE, "epoch": 0, **keys},
        "reply": reply,
        "signed": signed,
    }


def _people() -> Json:
    hotp = pyotp.HOTP(SECRET, digits=CODE_DIGITS)
    return {
        "codes": {str(counter): hotp.at(counter) for counter in range(3)},
        "qr": f"HS1.{KIOSK}.{TOKEN}",
        "card": f"HSC1.7.{CARD}",
        "pin": PIN,
        "totp": {"at": rfc3339(NOW_MS), "code": pyotp.TOTP(TOTP).at(NOW_MS // 1000)},
    }


def examples(before: Mapping[str, object]) -> Json:
    """Everything. `before` is what an earlier run made, {} for nothing."""
    rows = statements()
    return {
        "keys": {name: jwk for name, (_, jwk) in _MADE.items()},
        "statements": rows,
        "manifest": _sealed(manifest(), sealed_before(before)),
        "request": _request(rows),
        "people": _people(),
        "enrolment": _enrolment(),
        "refused": protocol_refusals.refused(rows[0], KEYS["statement"], KEYS["central"]),
    }
