"""Enrolment by code, as both sides read it: the code's text, and central's signed reply.

The law of this file: the code came by a way that nobody else can write to, so the thumbprint in it is the
only thing that makes a central key believed. Whatever the network says is held against that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync import jws
from sync.compact import encode
from sync.fields import Fields
from sync.jws import BadEnvelope
from sync.keys import SIGNING, BadKeyError, Key, read_key
from sync.messages import Refusal, SchemaError

PATH = "/v1/enrolments"
ENROLMENT_TYPE = "hoso-enrolment+jws"
MOST_REQUEST_BYTES = 4096
MOST_REPLY_BYTES = 8192
MOST_EPOCH = 1_000_000
CODE_BYTES = 16
CODE_GOOD_MS = 24 * 60 * 60 * 1000
USES = ("statement", "manifest", "transport")
THUMBPRINT = r"[A-Za-z0-9_-]{43}"
_CODE = re.compile(rf"HE1\.([A-Za-z0-9_-]{{22}})\.({THUMBPRINT})")
_ID = r"[A-Za-z0-9._-]{1,64}"


class CodeError(ValueError):
    """A text is no enrolment code."""


@dataclass(frozen=True, slots=True)
class Code:
    """What the office hands to whoever sets the kiosk up: 128 bits, and whose reply to believe."""

    secret: str = field(repr=False)  # 22 of base64url
    thumbprint: str  # key id of the central key that signs the reply

    @property
    def text(self) -> str:
        """As it is typed or scanned."""
        return f"HE1.{self.secret}.{self.thumbprint}"

    @property
    def hash(self) -> str:
        """What may be kept and written down."""
        return encode(hashlib.sha256(self.secret.encode("ascii")).digest())


@dataclass(frozen=True, slots=True)
class Reply:
    """What central entered."""

    iss: str
    aud: str
    epoch: int
    iat_ms: int
    code: str
    keys: Mapping[str, str]  # use → key id
    central: Key
    next: Key | None  # announced: it will sign manifests after `central`


def read_code(text: str) -> Code:
    """The code in what was typed or scanned.

    Raises:
        CodeError: it is none.
    """
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise CodeError("no enrolment code: wanted HE1., 22 characters, a dot and 43 characters")
    return Code(found[1], found[2])


def check_reply(compact: str, code: Code) -> Reply:
    """The reply that the central named by the code signed, to this code.

    Raises:
        BadEnvelope: which rung it failed to climb; `audience`: it answers another code.
    """
    central = _claimed(jws.peek(compact, most=MOST_REPLY_BYTES))
    if central.kid != code.thumbprint:
        raise BadEnvelope(Refusal.KEY_ID, "the reply names another central than the code does")
    payload = jws.check(compact, typ=ENROLMENT_TYPE, keys=[central], most=MOST_REPLY_BYTES)
    try:
        reply = _read(Fields(payload, "reply"), central)
    except SchemaError as error:
        raise BadEnvelope(Refusal.SCHEMA, str(error)) from None
    if reply.code != code.hash:
        raise BadEnvelope(Refusal.AUDIENCE, "the reply answers another code")
    return reply


def _claimed(payload: Mapping[str, object]) -> Key:
    try:
        key = read_key(payload.get("central"), curve=SIGNING)
    except BadKeyError as error:
        raise BadEnvelope(Refusal.SCHEMA, f"central: {error}") from None
    if key.private:
        raise BadEnvelope(Refusal.SCHEMA, "central: a private key")
    return key


def _read(raw: Fields, central: Key) -> Reply:
    keys = raw.inner("keys")
    return Reply(
        iss=raw.text("iss", _ID),
        aud=raw.text("aud", r"[A-Za-z0-9_-]{1,64}"),
        epoch=raw.number("epoch", 1),
        iat_ms=raw.time("iat"),
        code=raw.text("code", THUMBPRINT),
        keys={use: keys.text(use, THUMBPRINT) for use in USES},
        central=central,
        next=read_next(raw.inner("next")) if raw.has("next") else None,
    )


def read_next(raw: Fields) -> Key:
    """An announced key, {"kid", "jwk"}: public, Ed25519, nothing else in it, its own thumbprint.

    Raises:
        SchemaError: anything else.
    """
    jwk = raw.get("jwk")
    kid = raw.text("kid", THUMBPRINT)
    try:
        key = read_key(jwk, curve=SIGNING)
    except BadKeyError as error:
        raise SchemaError(f"next.jwk: {error}") from None
    assert isinstance(jwk, Mapping), "read_key takes nothing else"
    if not jwk.keys() <= {"kty", "crv", "x", "kid"} or key.kid != kid:
        raise SchemaError("next: no public key under its own thumbprint")
    return key
