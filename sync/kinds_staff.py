"""What each kind of statement about staff says: part of the table in `sync/kinds.py`."""

from __future__ import annotations

from sync.forms import (
    CID,
    CID_IF_ANY,
    COMPARTMENT,
    COUNT,
    FLAG,
    MOST_COMPARTMENT,
    NAME,
    PLAIN,
    STAFF,
    TRUE,
    Field,
    Saying,
    number,
    text,
    words,
)
from sync.messages import Kind, Role

_CID = Field("cid", CID)
_COMPARTMENT = Field("compartment", COMPARTMENT)
_STAFF = Field("staff", STAFF)
_WHY_TAKEN = words("mistake", "counter", "damaged", "other")

STAFF_KINDS: dict[Kind, Saying] = {
    Kind.STAFF_IN: Saying(
        "signed in",
        (
            _STAFF,
            Field("role", words(*Role)),
            Field("step", COUNT, "TOTP step, never taken twice", optional=True),
            Field("card", TRUE, "by card and PIN, without a step", optional=True),
        ),
    ),
    Kind.STAFF_REFUSED: Saying(
        "takes one try from the bucket of that number",
        (Field("staff", text('staff or ""', "[0-9]{0,8}"), '"": a number that nobody has'),),
    ),
    Kind.STAFF_OUT: Saying(
        "ends the loading batch: codes may be sent",
        (_STAFF, Field("reason", words("signed_out", "idle", "revoked", "left", "wrong_door"))),
    ),
    Kind.STAFF_AUTHORISED: Saying(
        "authorises the pulses; the compartment is unchecked until an outcome is stated",
        (
            _COMPARTMENT,
            _STAFF,
            Field("reason", words("load", "undo", "take_back", "check", "audit", "test")),
            Field("cid", CID_IF_ANY, "what is to lie there, or lies there"),
            Field("why", _WHY_TAKEN, "of taking back what is on no list", optional=True),
        ),
    ),
    Kind.LOADED: Saying("the door closed on the papers", (_CID, _COMPARTMENT, _STAFF)),
    Kind.RETRIEVED: Saying(
        "papers were taken out",
        (
            Field("cid", CID_IF_ANY, '"": papers found'),
            _COMPARTMENT,
            _STAFF,
            Field("undo", FLAG, "true: as if never loaded"),
            Field("reason", _WHY_TAKEN, "of what was on no list", optional=True),
        ),
    ),
    Kind.AUDITED: Saying(
        "staff looked into it",
        (
            Field(
                "compartment", number("0 or compartment", 0, MOST_COMPARTMENT), "0: a round begins"
            ),
            Field("staff", STAFF, "not with proven", optional=True),
            Field("finding", words("papers", "empty", "other", "begun", "by_key", "proven")),
            Field("cid", CID_IF_ANY, "believed there; with papers, empty, other", optional=True),
            Field("differs", FLAG, "not what was believed; with `cid`", optional=True),
            Field(
                "reason",
                words("papers", "request", "lock", "other"),
                "with by_key: why a key was used",
                optional=True,
            ),
        ),
    ),
    Kind.BLOCKED: Saying(
        "serves no code until `released`",
        (
            _COMPARTMENT,
            _STAFF,
            Field(
                "reason",
                words("not_empty", "dropped", "lock", "sensor", "door", "cleaning", "other"),
                "dropped: a manifest took the result away while it was being loaded",
            ),
            Field("previous", CID, "what lay there before", optional=True),
        ),
    ),
    Kind.RELEASED: Saying(
        "staff looked, or repaired",
        (
            _COMPARTMENT,
            _STAFF,
            Field(
                "papers", FLAG, "inside or not; absent: only the block is taken away", optional=True
            ),
            Field("reason", words("repaired", "looked", "other", "test"), optional=True),
        ),
    ),
    Kind.STAFF_DID: Saying(
        "staff did something that opens nothing",
        (
            _STAFF,
            Field("what", words("call", "stick_import", "stick_export")),
            Field("outcome", PLAIN, "of an export: written, or why not", optional=True),
            Field("statements", COUNT, "how many were written", optional=True),
        ),
    ),
    Kind.SETTING: Saying(
        "changed on site, as far as the policy lets it",
        (_STAFF, Field("name", NAME), Field("value", NAME)),
    ),
}
