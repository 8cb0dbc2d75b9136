"""From decoded JSON to the values of `sync/messages.py`: every field checked, errors that name the place.

Unknown fields are passed over, since later versions may add some; missing or misshapen ones are refused.
Standard library only.
"""

from __future__ import annotations

import base64
import hashlib

from sync.fields import Fields, wall_ms
from sync.messages import (
    CODE_DIGITS,
    KNOWN_DIGITS,
    SIZES,
    CentralKey,
    Clock,
    Head,
    Holder,
    LastKnown,
    Manifest,
    Otp,
    Pin,
    Policy,
    Result,
    Role,
    SchemaError,
    Staff,
    Statement,
    Status,
    Token,
)

__all__ = ["Fields", "read_manifest", "read_policy", "read_statement", "wall_ms"]

_CLOCKS = "|".join(Clock)
STATEMENT_FRAME = ("kiosk", "epoch", "seq", "prev", "at", "clock", "up", "kind")
MOST_DOSSIERS = 20
MOST_DOSSIER_CHARACTERS = 64


def read_statement(raw: object) -> Statement:
    """A statement from its decoded payload. Unknown kinds are kept as they are.

    Raises:
        SchemaError: a frame field is missing or has another form.
    """
    return statement_of(Fields(raw, "statement"))


def statement_of(top: Fields) -> Statement:
    """As `read_statement`."""
    return Statement(
        kiosk=top.text("kiosk"),
        epoch=top.number("epoch", 0),
        seq=top.number("seq", 1),
        prev=top.text("prev"),
        at_ms=top.time("at"),
        clock=Clock(top.text("clock", _CLOCKS)),
        up_ms=top.seconds("up"),
        kind=top.text("kind"),
        fields={k: v for k, v in top.items() if k not in STATEMENT_FRAME},
    )


ID = r"[A-Za-z0-9._-]{1,64}"
_HASH = r"[A-Za-z0-9_-]{43}"
_B64 = r"[A-Za-z0-9_-]{1,128}"
_BASE32 = r"[A-Z2-7]{26,128}"
MOST_RESULTS = 20_000
MOST_HOLDERS = 8
MOST_STAFF = 500
MOST_SETTINGS = 20
MOST_PIN_WORK = 2**20  # scrypt takes 128 bytes times n times r: 128 MiB


def read_manifest(raw: object) -> Manifest:
    """A manifest from its decoded payload; unknown fields are passed over (versions may add some).

    Raises:
        SchemaError: a field is missing or has another form, or two results share a cid.
    """
    return manifest_of(Fields(raw, "manifest"))


def manifest_of(top: Fields) -> Manifest:
    """As `read_manifest`."""
    head = top.inner("head")
    results = tuple(_result(r) for r in top.each("results", MOST_RESULTS))
    staff = tuple(_staff(s) for s in top.each("staff", MOST_STAFF))
    if len({r.cid for r in results}) != len(results):
        raise SchemaError("manifest.results names a cid twice")
    if len({s.number for s in staff}) != len(staff):
        raise SchemaError("manifest.staff names a number twice")
    return Manifest(
        iss=top.text("iss", ID),
        aud=top.text("aud", ID),
        epoch=top.number("epoch", 1),
        ver=top.number("ver", 1),
        iat_ms=top.time("iat"),
        head=Head(head.number("seq", 0), head.text("hash", r"[A-Za-z0-9_-]{0,64}")),
        policy=read_policy(top.inner("policy")),
        staff=staff,
        results=results,
        next=_next(top.inner("next")) if top.has("next") else None,
    )


def _next(raw: Fields) -> CentralKey:
    """A public Ed25519 key under its own RFC 7638 thumbprint, and nothing else."""
    jwk = raw.inner("jwk")
    jwk.text("kty", "OKP")
    jwk.text("crv", "Ed25519")
    key = CentralKey(raw.text("kid", _HASH), jwk.text("x", _HASH))
    named = jwk.text("kid", _HASH) if jwk.has("kid") else key.kid
    if {name for name, _ in jwk.items()} - {"kty", "crv", "x", "kid"}:
        raise SchemaError("next.jwk holds more than a public key")
    if named != key.kid or _thumbprint(key.x) != key.kid:
        raise SchemaError("next.kid is not the thumbprint of next.jwk")
    return key


def _thumbprint(x: str) -> str:
    point = base64.urlsafe_b64decode(x + "=")
    if _base64url(point) != x:
        raise SchemaError("next.jwk.x has another spelling")
    text = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return _base64url(hashlib.sha256(text.encode()).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read_policy(raw: Fields) -> Policy:
    """Every limit may be left out, and may only be tighter than the default.

    Raises:
        SchemaError: one is looser, or has another form.
    """
    base = Policy()
    return Policy(
        bucket=raw.number("bucket", 1, base.bucket) if raw.has("bucket") else base.bucket,
        refill_s=raw.number("refill_s", base.refill_s) if raw.has("refill_s") else base.refill_s,
        holder_refusals=raw.number("holder_refusals", 1, base.holder_refusals)
        if raw.has("holder_refusals")
        else base.holder_refusals,
        resume_s=raw.number("resume_s", 0, base.resume_s) if raw.has("resume_s") else base.resume_s,
        # Names that this version does not know are kept: nothing on site offers them.
        settings=raw.texts("settings", MOST_SETTINGS, r"[a-z_]{1,20}")
        if raw.has("settings")
        else base.settings,
    )


def _staff(raw: Fields) -> Staff:
    pin = raw.inner("pin")
    return Staff(
        number=raw.text("number", r"\d{1,8}"),
        role=Role(raw.text("role", "clerk|technician|supervisor")),
        pin=Pin(
            salt=pin.text("salt", _B64),
            n=_power_of_two(pin),
            r=pin.number("r", 1, 32),
            p=pin.number("p", 1, 16),
            hash=pin.text("hash", r"[A-Za-z0-9_-]{43}"),
        ),
        totp_secret=raw.text("totp_secret", _BASE32),
        card=raw.text("card", r"([A-Za-z0-9_-]{43})?") if raw.has("card") else "",
    )


def _power_of_two(pin: Fields) -> int:
    n = pin.number("n", 2**10, 2**17)  # at most 128 MiB with r = 8
    if n & (n - 1):
        raise SchemaError("pin.n is not a power of two")
    if n * pin.number("r", 1, 32) > MOST_PIN_WORK:
        raise SchemaError("pin.n times pin.r is more than a kiosk's memory bears")
    return n


def _result(raw: Fields) -> Result:
    holders = tuple(_holder(h) for h in raw.each("holders", MOST_HOLDERS))
    if len({h.id for h in holders}) != len(holders):
        raise SchemaError("result.holders names an id twice")
    return Result(
        cid=raw.text("cid", ID),
        status=Status(raw.text("status", "live|revoked")),
        dossiers=raw.texts("dossiers", MOST_DOSSIERS, rf"[\s\S]{{1,{MOST_DOSSIER_CHARACTERS}}}"),
        recipient=raw.text("recipient"),
        hold_until_ms=raw.time("hold_until"),
        overdue=raw.flag("overdue"),
        fee_due=raw.flag("fee_due"),
        low=raw.flag("low"),
        size=raw.text("size", "|".join(SIZES)),
        place=raw.text("place"),
        last_known=tuple(
            LastKnown(k.number("compartment", 1, 255), k.text("phase", r"[a-z_]{1,20}"))
            for k in raw.each("last_known", 255)
        ),
        holders=holders,
    )


def _holder(raw: Fields) -> Holder:
    otp = raw.inner("otp")
    token = raw.inner("token") if raw.has("token") else None
    return Holder(
        id=raw.text("id", ID),
        role=raw.text("role", "self|authorised"),
        lang=raw.text("lang", "vi|en"),
        known_digits=raw.text("known_digits", rf"\d{{{KNOWN_DIGITS}}}"),
        otp=Otp(
            gen=otp.number("gen", 1),
            secret=otp.text("secret", _BASE32),
            digits=otp.number("digits", CODE_DIGITS, CODE_DIGITS),
            counter=otp.number("counter", 0),
        ),
        token=None
        if token is None
        else Token(token.text("sha256", r"[A-Za-z0-9_-]{43}"), token.number("counter", 0)),
    )
