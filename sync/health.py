"""What a health snapshot says: the one table behind docs/protocol.md and health.schema.json.

The law of this file: figures and reasons, never a name, a code or the contents of a compartment. Central
keeps the newest snapshot only, whatever it holds. Standard library only.
"""

from __future__ import annotations

from sync.forms import (
    COMPARTMENTS,
    COUNT,
    FLAG,
    MOST_COMPARTMENT,
    PLAIN,
    POSITIVE,
    Field,
    Form,
    listed,
    maybe,
    number,
    object_of,
    text,
    words,
)
from sync.messages import Clock

MOST_FAULTS = 1000
HEALTH = (
    Field("kiosk", text("kiosk id", "[A-Za-z0-9_-]{1,64}"), "whose"),
    Field("epoch", POSITIVE, "of which enrolment"),
    Field("version", PLAIN, "of the program"),
    Field("at", text("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "right or wrong"),
    Field("clock", words(*Clock), "how far `at` can be believed"),
    Field("up_s", COUNT, "seconds since boot"),
    Field("serving", FLAG, "whether a code would open a door now"),
    Field(
        "outage",
        words("", "starting", "never_synced", "memory", "restoring", "doors", "power", "journal"),
        '"" while it serves; else why not',
    ),
    Field(
        "journal",
        words("", "full", "io", "damaged", "other_kiosk", "newer", "missing"),
        '"" while it can be written; else why not: what stands below is from before',
        optional=True,
    ),
    Field("busy", FLAG, "a visit or a session of staff is under way", optional=True),
    Field("manifest", COUNT, "version in force; 0 for none"),
    Field(
        "manifest_age_s",
        maybe(COUNT),
        "seconds since central made it; null: none, or the clock is unknown",
        optional=True,
    ),
    Field("statements", COUNT, "`seq` of the newest"),
    Field("contact_age_s", maybe(COUNT), "seconds since central answered; null: not since boot"),
    Field(
        "compartments",
        Form(
            "{free?, occupied?, presumed_empty?}",
            object_of(
                Field(held, number("count", 0, MOST_COMPARTMENT), optional=True)
                for held in ("free", "occupied", "presumed_empty")
            ),
        ),
        "how many, by what is believed to lie there",
    ),
    Field("unchecked", COMPARTMENTS, "serve nothing until staff have looked in"),
    Field(
        "audit",
        words("", "restored", "new_epoch"),
        "why an audit round is due: statements came back from central; enrolled anew",
        optional=True,
    ),
    Field("blocked", COMPARTMENTS, "serve nothing until staff release them"),
    Field("unproven", COMPARTMENTS, "locks to be proven by key: serve nothing", optional=True),
    Field("open", COMPARTMENTS, "doors that read open"),
    Field("faults", listed(PLAIN, MOST_FAULTS), "as in `fault`, stated and not over"),
    Field("mains", maybe(FLAG), "null: not measured here"),
    Field("battery_percent", maybe(number("0 to 100", 0, 100)), "null: not measured here"),
    Field("celsius", maybe(number("degrees", -100, 200)), "inside the cabinet"),
    Field("tries", COUNT, "left in the bucket for typed codes"),
    Field("free_mb", COUNT, "MiB free for the journal"),
)
