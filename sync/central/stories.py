"""One result as one story, in order: what central ordered and sent, what the kiosk stated. Pure.

The law of this file: it tells what is known and how well, and concludes no more than that. No code, phone,
known digits or name is in it; ratings are anonymous and never part of a story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.central.story_words import (
    CENTRAL,
    CONCLUSIONS,
    KIOSK_LINES,
    NOTICES,
    STAFF_LINES,
    UNSURE_KINDS,
)
from sync.central.texts import local
from sync.central.words import Words
from sync.messages import Kind

HIDDEN = frozenset({Kind.RATED, Kind.CHECKPOINT, Kind.TALLY, Kind.MANIFEST_ACCEPTED})
GOOD = frozenset({Kind.COLLECTED, Kind.LOADED, Kind.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Outline:
    """What central keeps of a result. Times in ms, 0: not (yet)."""

    cid: str
    status: str  # live | revoked
    phase: str
    registered_ms: int
    hold_until_ms: int
    loaded_ms: int = 0
    collected_ms: int = 0
    revoked_ms: int = 0
    place: str = ""
    with_kiosk: bool = False  # revoked because its kiosk was


@dataclass(frozen=True, slots=True)
class Told:
    """One statement that belongs to the story. `sure`: the kiosk knew the time."""

    epoch: int
    seq: int
    at_ms: int
    kind: str
    fields: Mapping[str, object] = field(default_factory=dict)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """One message of central's, a slip or a call: `kind` and `state` as in `story_words.NOTICES`."""

    kind: str
    state: str
    holder: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """What somebody ordered on a page."""

    account: str
    holder: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line. `row`: the journal row that says so, "" when central itself says so."""

    at_ms: int
    words: Words
    sign: str  # good | care | plain
    row: str = ""
    sure: bool = True


def story(
    outline: Outline, told: Iterable[Told], said: Iterable[Said], ordered: Iterable[Ordered]
) -> list[Event]:
    """Every line, oldest first. What the kiosk stated stays in the kiosk's own order."""
    first = Event(outline.registered_ms, CENTRAL["registered"], "plain")
    ours: list[Event] = []
    if outline.status == "revoked":
        why = "revoked-kiosk" if outline.with_kiosk else "revoked"
        ours.append(Event(outline.revoked_ms, CENTRAL[why], "care"))
    ours += [_message(one) for one in said]
    for one in ordered:
        words = CENTRAL["re-issue"].fill(account=one.account, holder=one.holder)
        ours.append(Event(one.at_ms, words, "plain"))
    theirs = sorted((t for t in told if t.kind not in HIDDEN), key=lambda t: (t.epoch, t.seq))
    rest = _merged(sorted(ours, key=lambda e: e.at_ms), [_statement(one) for one in theirs])
    return [first, *rest]


def conclusion(outline: Outline, told: Sequence[Told]) -> tuple[str, Words]:
    """What follows from it for whoever asks "where are my papers?", and its sign."""
    if outline.phase == "collected":
        last = max(
            (t for t in told if t.kind == Kind.COLLECTED),
            key=lambda t: (t.epoch, t.seq),
            default=None,
        )
        who = str(last.fields.get("holder", "?")) if last is not None else "?"
        words = CONCLUSIONS["collected"].fill(at=clock(outline.collected_ms), holder=who)
        return "good", words
    if outline.status == "revoked":
        if outline.with_kiosk and not outline.place and outline.phase != "retrieved":
            return "care", CONCLUSIONS["lost" if outline.loaded_ms else "lost-before"]
        where = Words(outline.place, outline.place) if outline.place else CONCLUSIONS["counter"]
        words = CONCLUSIONS["revoked"]
        return "care", Words(words.vi.format(place=where.vi), words.en.format(place=where.en))
    sign, words = {
        "expected": ("plain", CONCLUSIONS["expected"]),
        "loaded": ("good", CONCLUSIONS["loaded"]),
        "accepted": ("care", CONCLUSIONS["accepted"]),
        "opened": ("care", CONCLUSIONS["opened"]),
        "unconfirmed": ("care", CONCLUSIONS["unconfirmed"]),
        "disputed": ("care", CONCLUSIONS["disputed"]),
        "retrieved": ("plain", CONCLUSIONS["retrieved"]),
    }.get(outline.phase, ("care", CONCLUSIONS["other"]))
    return sign, words.fill(since=clock(outline.loaded_ms), until=clock(outline.hold_until_ms))


def clock(wall_ms: int) -> str:
    """`10:42 21/11/2026` on Vietnamese clocks; a dash for never."""
    return f"{local(wall_ms):%H:%M %d/%m/%Y}" if wall_ms else "–"


def _message(one: Said) -> Event:
    words = NOTICES.get((one.kind, one.state), NOTICES["other"]).fill(holder=one.holder)
    return Event(one.at_ms, words, "plain")


def _statement(one: Told) -> Event:
    staff = one.fields.get("staff")
    lines = STAFF_LINES if staff and one.kind in STAFF_LINES else KIOSK_LINES
    words = lines.get(one.kind, KIOSK_LINES["other"])
    sign = "good" if one.kind in GOOD else "care" if one.kind in UNSURE_KINDS else "plain"
    return Event(one.at_ms, _filled(words, one), sign, f"{one.epoch}.{one.seq}", one.sure)


def _filled(words: Words, one: Told) -> Words:
    parts = one.fields.get("compartments")
    numbers = parts if isinstance(parts, list) else [one.fields.get("compartment", "?")]
    plain = {
        name: _plain(one.fields.get(name))
        for name in ("holder", "staff", "reason", "asked", "opened", "what", "finding")
    }
    return words.fill(
        compartment=", ".join(_plain(number) for number in numbers), kind=one.kind, **plain
    )


def _plain(value: object) -> str:
    """A statement's own word, short and without anything that could be taken for markup."""
    return "".join(c for c in str(value)[:40] if c.isalnum() or c in " ._-") if value else "?"


def _merged(ours: list[Event], theirs: list[Event]) -> list[Event]:
    """Both in their own order; of the two next ones the older, or else the kiosk's, goes first."""
    found: list[Event] = []
    while ours and theirs:
        found.append(ours.pop(0) if ours[0].at_ms < theirs[0].at_ms else theirs.pop(0))
    return found + ours + theirs
