"""From decoded JSON to the values of `sync/messages.py`: every field checked, errors that name the place.

Unknown fields are passed over, since later versions may add some; missing or misshapen ones are refused.
Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sync.messages import (
    CODE_DIGITS,
    KNOWN_DIGITS,
    SIZES,
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

STATEMENT_FRAME = ("kiosk", "epoch", "seq", "prev", "at", "clock", "up", "kind")
LONGEST_UP_S = 10**10
MOST_DOSSIER_CHARACTERS = 64


def read_statement(raw: object) -> Statement:
    """A statement from its decoded payload. Unknown kinds are kept as they are.

    Raises:
        SchemaError: a frame field is missing or has another form.
    """
    top = _Fields(raw, "statement")
    clock = top.text("clock")
    if clock not in list(Clock):
        raise SchemaError(f"statement.clock is {clock!r}")
    return Statement(
        kiosk=top.text("kiosk"),
        epoch=top.number("epoch", 0),
        seq=top.number("seq", 1),
        prev=top.text("prev"),
        at_ms=top.time("at"),
        clock=Clock(clock),
        up_ms=top.seconds("up"),
        kind=top.text("kind"),
        fields={k: v for k, v in top.items() if k not in STATEMENT_FRAME},
    )


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def wall_ms(text: str) -> int:
    """Milliseconds since the Unix epoch from an RFC 3339 UTC time.

    Raises:
        SchemaError: not such a time.
    """
    if not _TIME.fullmatch(text):
        raise SchemaError(f"not an RFC 3339 UTC time: {text[:40]!r}")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SchemaError(f"no such time: {text!r}") from error
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000


class _Fields:
    """One JSON object, read field by field with errors that name the place."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise SchemaError(f"{where} is not an object")
        self._raw: dict[str, object] = raw
        self._where = where

    def items(self) -> list[tuple[str, object]]:
        return list(self._raw.items())

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def get(self, name: str) -> object:
        if name not in self._raw:
            raise SchemaError(f"{self._where}.{name} is missing")
        return self._raw[name]

    def text(self, name: str, pattern: str = r"[^\x00-\x1f]{0,400}") -> str:
        value = self.get(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII | re.DOTALL):
            raise SchemaError(f"{self._where}.{name} has another form")
        return value

    def number(self, name: str, low: int, high: int = 2**53) -> int:
        value = self.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise SchemaError(f"{self._where}.{name} is not a whole number from {low} to {high}")
        return value

    def seconds(self, name: str) -> int:
        value = self.get(name)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not 0 <= value < LONGEST_UP_S
        ):
            raise SchemaError(f"{self._where}.{name} is not a number of seconds")
        return round(value * 1000)

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if not isinstance(value, bool):
            raise SchemaError(f"{self._where}.{name} is not true or false")
        return value

    def time(self, name: str) -> int:
        return wall_ms(self.text(name))

    def inner(self, name: str) -> _Fields:
        return _Fields(self.get(name), f"{self._where}.{name}")

    def each(self, name: str, most: int) -> list[_Fields]:
        return [
            _Fields(v, f"{self._where}.{name}[{i}]") for i, v in enumerate(self.list(name, most))
        ]

    def list(self, name: str, most: int) -> Sequence[object]:
        value = self.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise SchemaError(f"{self._where}.{name} is not a list of at most {most}")
        return value


_ID = r"[A-Za-z0-9._-]{1,64}"
_B64 = r"[A-Za-z0-9_-]{1,128}"
_BASE32 = r"[A-Z2-7]{26,128}"
MOST_RESULTS = 20_000
MOST_HOLDERS = 8
MOST_STAFF = 500
MOST_PIN_WORK = 2**20  # scrypt takes 128 bytes times n times r: 128 MiB


def read_manifest(raw: object) -> Manifest:
    """A manifest from its decoded payload; unknown fields are passed over (versions may add some).

    Raises:
        SchemaError: a field is missing or has another form, or two results share a cid.
    """
    top = _Fields(raw, "manifest")
    head = top.inner("head")
    results = tuple(_result(r) for r in top.each("results", MOST_RESULTS))
    staff = tuple(_staff(s) for s in top.each("staff", MOST_STAFF))
    if len({r.cid for r in results}) != len(results):
        raise SchemaError("manifest.results names a cid twice")
    if len({s.number for s in staff}) != len(staff):
        raise SchemaError("manifest.staff names a number twice")
    return Manifest(
        iss=top.text("iss", _ID),
        aud=top.text("aud", _ID),
        epoch=top.number("epoch", 1),
        ver=top.number("ver", 1),
        iat_ms=top.time("iat"),
        head=Head(head.number("seq", 0), head.text("hash", r"[A-Za-z0-9_-]{0,64}")),
        policy=_policy(top.inner("policy")),
        staff=staff,
        results=results,
    )


def _policy(raw: _Fields) -> Policy:
    """Every limit may be left out, and may only be tighter than the default."""
    base = Policy()
    return Policy(
        bucket=raw.number("bucket", 1, base.bucket) if raw.has("bucket") else base.bucket,
        refill_s=raw.number("refill_s", base.refill_s) if raw.has("refill_s") else base.refill_s,
        holder_refusals=raw.number("holder_refusals", 1, base.holder_refusals)
        if raw.has("holder_refusals")
        else base.holder_refusals,
        resume_s=raw.number("resume_s", 0, base.resume_s) if raw.has("resume_s") else base.resume_s,
    )


def _staff(raw: _Fields) -> Staff:
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
    )


def _power_of_two(pin: _Fields) -> int:
    n = pin.number("n", 2**10, 2**17)  # at most 128 MiB with r = 8
    if n & (n - 1):
        raise SchemaError("pin.n is not a power of two")
    if n * pin.number("r", 1, 32) > MOST_PIN_WORK:
        raise SchemaError("pin.n times pin.r is more than a kiosk's memory bears")
    return n


def _result(raw: _Fields) -> Result:
    holders = tuple(_holder(h) for h in raw.each("holders", MOST_HOLDERS))
    if len({h.id for h in holders}) != len(holders):
        raise SchemaError("result.holders names an id twice")
    dossiers = raw.list("dossiers", 20)
    if not all(isinstance(d, str) and 0 < len(d) <= MOST_DOSSIER_CHARACTERS for d in dossiers):
        raise SchemaError("result.dossiers holds something other than dossier codes")
    return Result(
        cid=raw.text("cid", _ID),
        status=Status(raw.text("status", "live|revoked")),
        dossiers=tuple(str(d) for d in dossiers),
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


def _holder(raw: _Fields) -> Holder:
    otp = raw.inner("otp")
    token = raw.inner("token") if raw.has("token") else None
    return Holder(
        id=raw.text("id", _ID),
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
