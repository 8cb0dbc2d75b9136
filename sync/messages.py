"""What kiosk and central say to each other, as frozen values. Standard library only.

The law of this file: central owns what is allowed, the kiosk owns what happened. A `Manifest` is the
first half of that sentence, a `Statement` the second. `sync/schema.py` reads both from JSON; nothing
past it ever sees a dict.

Times are milliseconds: `wall_ms` since the Unix epoch, `up_ms` since this machine booted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

MANIFEST_TYPE = "hoso-manifest+jws"
STATEMENT_TYPE = "hoso-statement+jws"
REQUEST_TYPE = "hoso-request+jws"
MAX_MANIFEST_BYTES = 8 * 1024 * 1024
MAX_STATEMENT_BYTES = 2 * 1024 * 1024  # a manifest_accepted that names 20,000 floors
MAX_LINE_BYTES = 8 * 1024 * 1024  # one message on the AF_UNIX socket
CODE_DIGITS = 8
KNOWN_DIGITS = 4


class SchemaError(ValueError):
    """A message has another form than this page says; the text names the field."""


class Kind(StrEnum):
    """Every kind of statement (DESIGN §4). Central stores kinds that it does not know."""

    STARTED = "started"
    CHECKPOINT = "checkpoint"
    MANIFEST_ACCEPTED = "manifest_accepted"
    MANIFEST_REFUSED = "manifest_refused"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    RESUMED = "resumed"
    PULSED = "pulsed"
    OPENED = "opened"
    CLOSED = "closed"
    NOT_OPENED = "not_opened"
    UNCONFIRMED = "unconfirmed"
    WRONG_DOOR = "wrong_door"
    LEFT_OPEN = "left_open"
    OPENED_UNASKED = "opened_unasked"
    REOPENED = "reopened"
    COLLECTED = "collected"
    DISPUTED = "disputed"
    RATED = "rated"
    RECALLED = "recalled"
    RESULT_LOCKED = "result_locked"
    CONFLICT = "conflict"
    STAFF_IN = "staff_in"
    STAFF_REFUSED = "staff_refused"
    STAFF_OUT = "staff_out"
    STAFF_AUTHORISED = "staff_authorised"
    LOADED = "loaded"
    RETRIEVED = "retrieved"
    AUDITED = "audited"
    BLOCKED = "blocked"
    RELEASED = "released"
    FAULT = "fault"
    FAULT_CLEARED = "fault_cleared"
    TALLY = "tally"
    STAFF_DID = "staff_did"  # what staff did that opens nothing: a call, a stick
    SETTING = "setting"  # changed on site, as far as the policy lets it


class Refusal(StrEnum):
    """Why a manifest was refused: one name per rung of the ladder, in the order they are climbed."""

    SIZE = "size"
    OUTER_FORM = "outer_form"
    DECRYPT = "decrypt"
    INNER_FORM = "inner_form"
    KEY_ID = "key_id"
    SIGNATURE = "signature"
    TYPE = "type"
    SCHEMA = "schema"
    AUDIENCE = "audience"
    EPOCH = "epoch"
    VERSION = "version"
    SAME_VERSION_OTHER_HASH = "same_version_other_hash"
    HEAD_AHEAD = "head_ahead"
    HEAD_DIFFERS = "head_differs"


class Clock(StrEnum):
    """How far the wall clock can be trusted (DESIGN §8)."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """What central says of a result."""

    LIVE = "live"
    REVOKED = "revoked"


class Setting(StrEnum):
    """What the policy may let a supervisor change on site."""

    LANGUAGE = "language"  # which one an idle screen speaks
    SOUND = "sound"


SETTINGS: Mapping[Setting, tuple[str, ...]] = {
    Setting.LANGUAGE: ("vi", "en"),
    Setting.SOUND: ("on", "quiet"),  # quiet: nothing but the alarm of a door left open
}


class Role(StrEnum):
    """What a staff member may do at the cabinet."""

    CLERK = "clerk"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Otp:
    """The HOTP secret of one holder. `gen` rises with every new secret (re-issue, new phone)."""

    gen: int
    secret: str = field(repr=False)  # base32, at least 160 bits
    digits: int
    counter: int


@dataclass(frozen=True, slots=True)
class Token:
    """SHA-256 (base64url, no padding) of the 22 characters in a QR, and the counter it dies with."""

    sha256: str = field(repr=False)
    counter: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may collect a result."""

    id: str
    role: str  # "self" | "authorised"
    lang: str  # "vi" | "en"
    known_digits: str = field(repr=False)  # last four of the phone: a selector, not a secret
    otp: Otp
    token: Token | None


@dataclass(frozen=True, slots=True)
class LastKnown:
    """Where central believes a part to lie, for a kiosk that lost its memory."""

    compartment: int
    phase: str


@dataclass(frozen=True, slots=True)
class Result:
    """Finished papers handed out together. `cid` is never used for another result."""

    cid: str
    status: Status
    dossiers: tuple[str, ...]
    recipient: str  # masked, as shown on the screen
    hold_until_ms: int
    overdue: bool
    fee_due: bool
    low: bool
    size: str  # "A4" | "A3" | "bulky"; see `SIZES`
    place: str  # where it is when it is elsewhere, else ""
    last_known: tuple[LastKnown, ...]
    holders: tuple[Holder, ...]


SIZES = ("A4", "A3", "bulky")  # ascending: a compartment takes its own size and every smaller one


@dataclass(frozen=True, slots=True)
class Pin:
    """scrypt of a staff PIN (RFC 7914)."""

    salt: str = field(repr=False)  # base64url
    n: int
    r: int
    p: int
    hash: str = field(repr=False)  # base64url, 32 bytes


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff member who may log in at this kiosk."""

    number: str
    role: Role
    pin: Pin
    totp_secret: str = field(repr=False)  # base32
    card: str = field(default="", repr=False)  # SHA-256 (base64url) of a card's secret; "": none


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits that central may tighten, never loosen (DESIGN §7)."""

    bucket: int = 10  # refused typed codes before typing pauses
    refill_s: int = 900  # seconds of uptime per refilled try
    holder_refusals: int = 10  # consecutive refusals on one holder's known digits
    resume_s: int = 600  # finishing an accepted code after a power cut
    settings: tuple[str, ...] = ()  # what a supervisor may change on site: names of `Setting`


@dataclass(frozen=True, slots=True)
class Head:
    """How far central knows this kiosk's journal. `seq` 0 and hash "" mean: nothing yet."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class CentralKey:
    """A central key that is announced: Ed25519; `x` as in its JWK, `kid` its thumbprint."""

    kid: str
    x: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What central allows this kiosk to hand out, and to whom: always the full list."""

    iss: str
    aud: str
    epoch: int
    ver: int
    iat_ms: int
    head: Head
    policy: Policy
    staff: tuple[Staff, ...]
    results: tuple[Result, ...]
    next: CentralKey | None = None  # which key will sign after the present one


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened: the payload of one journal row. `fields` are the kind's own, JSON values only."""

    kiosk: str
    epoch: int
    seq: int
    prev: str
    at_ms: int
    clock: Clock
    up_ms: int
    kind: str
    fields: Mapping[str, object]

    def payload(self) -> dict[str, object]:
        """The JSON object that is signed: `at` RFC 3339 UTC with milliseconds, `up` in seconds."""
        return {
            "kiosk": self.kiosk,
            "epoch": self.epoch,
            "seq": self.seq,
            "prev": self.prev,
            "at": rfc3339(self.at_ms),
            "clock": str(self.clock),
            "up": self.up_ms / 1000,
            "kind": str(self.kind),
            **self.fields,
        }


def rfc3339(wall_ms: int) -> str:
    """`2026-11-21T15:04:00.000Z` from milliseconds since the Unix epoch."""
    whole = datetime.fromtimestamp(wall_ms // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{wall_ms % 1000:03d}Z"


def incident(kiosk: str, seq: int) -> str:
    """The number that people read out on the phone: kiosk id and journal row."""
    return f"{kiosk.upper()}-{seq:04d}"
