"""What each kind of statement says: the one table behind docs/protocol.md and statement.schema.json.

The law of this file: whatever the kiosk states has exactly these fields; simulated lives hold it to that.
A reader passes over fields that it does not know, since later versions may add some. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.forms import (
    CID,
    CID_IF_ANY,
    CIDS,
    COMPARTMENT,
    COMPARTMENTS,
    COUNT,
    GEN,
    HASH,
    HASH_IF_ANY,
    HOLDER,
    MOST_COMPARTMENT,
    MOST_PAIRS,
    MOST_SETTINGS,
    NAME,
    PLAIN,
    POSITIVE,
    STAFF,
    Field,
    Form,
    Saying,
    listed,
    number,
    object_of,
    row,
    words,
)
from sync.kinds_staff import STAFF_KINDS
from sync.messages import Kind, Refusal

POLICY = Form(
    "policy",
    object_of(
        (
            Field("bucket", number("bucket", 1, 10)),
            Field("refill_s", number("refill_s", 900)),
            Field("holder_refusals", number("holder_refusals", 1, 10)),
            Field("resume_s", number("resume_s", 0, 600)),
            Field("settings", listed(NAME, MOST_SETTINGS), optional=True),
        )
    ),
)
CENTRAL_KEY = Form(
    "public JWK or null",
    {
        "anyOf": [
            {"type": "null"},
            object_of(
                (
                    Field("kty", Form("OKP", {"const": "OKP"})),
                    Field("crv", Form("Ed25519", {"const": "Ed25519"})),
                    Field("x", HASH),
                )
            ),
        ]
    },
)
_CID = Field("cid", CID)
_HOLDER = Field("holder", HOLDER)
_COMPARTMENT = Field("compartment", COMPARTMENT)
_STAFF = Field("staff", STAFF)
_OF_A_CITIZEN = Field("cid", CID, "a citizen's door", optional=True)
_OF_STAFF = Field("staff", STAFF, "a door that staff asked for", optional=True)

_MANIFESTS: dict[Kind, Saying] = {
    Kind.STARTED: Saying(
        "the program (re)started; nothing was pulsed",
        (
            Field("version", PLAIN, "of the program"),
            Field("compartments", COMPARTMENTS, "as configured"),
            Field("unproven", COMPARTMENTS, "whose wires nobody has proven", optional=True),
            Field(
                "changes",
                listed(COUNT, MOST_COMPARTMENT),
                "of each of those, how often its board was changed: a proof is of one change",
                optional=True,
            ),
        ),
    ),
    Kind.CHECKPOINT: Saying(
        "hash of the folded state that is kept beside this row and never leaves the kiosk",
        (Field("encoding", POSITIVE, "version of the state's form"), Field("state", HASH)),
    ),
    Kind.MANIFEST_ACCEPTED: Saying(
        "a manifest came into force, with every consequence here; the fold needs no manifest",
        (
            Field("ver", POSITIVE),
            Field("hash", HASH, "of the inner JWS"),
            Field("iat_ms", COUNT, "its `iat`, in milliseconds since 1970"),
            Field("policy", POLICY, "as it holds now, defaults filled in"),
            Field(
                "floors",
                listed(row(CID, HOLDER, GEN, COUNT), MOST_PAIRS),
                "accounts that are new or were raised: cid, holder, gen, floor",
            ),
            Field("voided", CIDS, "acceptances that a newer code ends for good"),
            Field("recalled", CIDS, "revoked: staff take them out"),
            Field("suspended", CIDS, "lying here and absent from the list"),
            Field("lifted", CIDS, "no longer suspended"),
            Field("forgotten", CIDS, "over here and no longer listed"),
            Field("key", CENTRAL_KEY, "central's, from now on; from 1.1", optional=True),
            Field("next", CENTRAL_KEY, "announced; null: none; from 1.1", optional=True),
        ),
    ),
    Kind.MANIFEST_REFUSED: Saying(
        "a manifest changed nothing",
        (
            Field("refusal", words(*Refusal), "the rung"),
            Field("ver", COUNT, "0 below the rung `audience`"),
            Field("hash", HASH_IF_ANY, '"" below the rung `inner_form`'),
        ),
    ),
    Kind.CONFLICT: Saying(
        "central and kiosk contradict each other",
        (
            Field(
                "what",
                words("revoked_after_opening", "memory", "set_aside", "restored"),
                "revoked what had been accepted or opened; the other three: §9",
            ),
            Field("cid", CID, "with revoked_after_opening", optional=True),
            Field(
                "seq_there", COUNT, "with memory: newest row that central told of", optional=True
            ),
            Field("common", COUNT, "with set_aside, restored: newest row of both", optional=True),
            Field("rows", POSITIVE, "how many gave way, or came back", optional=True),
            Field("hash", HASH, "with set_aside: of the last that gave way", optional=True),
        ),
    ),
}

_VISITS: dict[Kind, Saying] = {
    Kind.REFUSED: Saying(
        "one refused submission",
        (
            Field("via", words("code", "token")),
            Field("typed_for", listed(row(CID, HOLDER), MOST_PAIRS), "whose known digits"),
        ),
    ),
    Kind.RESULT_LOCKED: Saying(
        "ten refusals in a row: this holder's typed codes pause until a new gen", (_CID, _HOLDER)
    ),
    Kind.ACCEPTED: Saying(
        "floor = counter + 1; authorises the pulses",
        (
            _CID,
            _HOLDER,
            Field("gen", GEN),
            Field("counter", COUNT, "of the code; of the token: the one that it dies with"),
            Field("compartments", COMPARTMENTS, "its unopened parts"),
            Field("via", words("code", "token")),
        ),
    ),
    Kind.RESUMED: Saying("an accepted code goes on after a power cut", (_CID, _HOLDER)),
    Kind.PULSED: Saying(
        "a coil was asked for",
        (
            _COMPARTMENT,
            Field(
                "outcome",
                words("not_sent", "no_answer", "corrupt", "foreign", "refused", "acknowledged"),
            ),
        ),
    ),
    Kind.OPENED: Saying(
        "the contact was seen to open",
        (
            _COMPARTMENT,
            _OF_A_CITIZEN,
            _OF_STAFF,
            Field(
                "ms", COUNT, "after the pulse; absent: found open, or opened late", optional=True
            ),
            Field("reason", words("by_key"), "no pulse: staff opened it by key", optional=True),
        ),
    ),
    Kind.CLOSED: Saying("seen to close, where nothing else is stated by it", (_COMPARTMENT,)),
    Kind.NOT_OPENED: Saying(
        "stayed shut; with `cid` the part is loaded again and its code works",
        (_COMPARTMENT, _OF_A_CITIZEN, _OF_STAFF),
    ),
    Kind.UNCONFIRMED: Saying(
        "what happened at this door is not known; blocked",
        (
            _COMPARTMENT,
            Field(
                "reason",
                words("unseen", "unread", "closing_unseen"),
                "opening not seen; contact not to be read; found closed, closing not seen",
            ),
            _OF_A_CITIZEN,
            _OF_STAFF,
        ),
    ),
    Kind.WRONG_DOOR: Saying(
        "another door opened than was asked: both unchecked, the bank blocked",
        (Field("asked", COMPARTMENT), Field("opened", COMPARTMENT), Field("bank", COMPARTMENTS)),
    ),
    Kind.LEFT_OPEN: Saying("open too long; the visit ended", (_COMPARTMENT,)),
    Kind.OPENED_UNASKED: Saying("opened without a pulse; unchecked", (_COMPARTMENT,)),
    Kind.REOPENED: Saying(
        "*I forgot something*: authorises one pulse", (_CID, _HOLDER, _COMPARTMENT)
    ),
    Kind.COLLECTED: Saying("seen open, then closed", (_CID, _HOLDER, _COMPARTMENT)),
    Kind.DISPUTED: Saying(
        "the person at the open door complains; blocked",
        (_CID, _COMPARTMENT, Field("what", words("empty", "not_mine", "missing"))),
    ),
    Kind.RATED: Saying("names no result", (Field("score", number("1 to 5", 1, 5)),)),
    Kind.RECALLED: Saying("reserved, not written: `manifest_accepted` names what is recalled"),
}

_FAULTS: dict[Kind, Saying] = {
    Kind.FAULT: Saying(
        "stated once, until `fault_cleared`",
        (
            Field("what", PLAIN, "see below"),
            Field("compartment", COMPARTMENT, optional=True),
            Field("compartments", COMPARTMENTS, "that the device serves", optional=True),
            Field("cid", CID_IF_ANY, optional=True),
            Field("ver", POSITIVE, optional=True),
            Field("percent", number("0 to 100", 0, 100), optional=True),
            Field("celsius", number("degrees", -100, 200), optional=True),
            Field("version", PLAIN, "upgrade: that did not prove itself", optional=True),
            Field("why", PLAIN, "upgrade: it was left again", optional=True),
        ),
    ),
    Kind.FAULT_CLEARED: Saying("it is over", (Field("what", PLAIN),)),
    Kind.TALLY: Saying(
        "a flood of that long, counted instead of stated",
        (
            Field(
                "of",
                words(
                    "scan",
                    "scan_other",
                    "scan_ignored",
                    "token",
                    "paused",
                    "staff_paused",
                    "manifest_refused",
                    "flapping",
                    "fault",
                ),
            ),
            Field("count", POSITIVE),
            Field("seconds", POSITIVE),
        ),
    ),
}

KINDS: Mapping[Kind, Saying] = {
    **_MANIFESTS,
    **_VISITS,
    **STAFF_KINDS,
    **_FAULTS,
}
