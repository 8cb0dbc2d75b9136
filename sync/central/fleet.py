"""The fleet in the order in which it needs people: stranded now, today, later. Pure.

The law of this file: *silent* is not *broken*: a kiosk that cannot be heard goes on handing out what lies
in it, so silence alone never outranks a person who stands before a shut door. Kiosks that fell silent in
the same moment are one line: one network, one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

MINUTE_MS = 60_000
SILENT_MS = 5 * MINUTE_MS  # a kiosk calls about once a minute
LONG_SILENT_MS = 24 * 60 * MINUTE_MS
LATE_NOTICE_MS = 10 * MINUTE_MS
OUTAGE_SPREAD_MS = 3 * MINUTE_MS  # between the last calls of kiosks behind one broken network
OUTAGE_LEAST = 3  # kiosks
MOST_FAULTS = 20
# Faults that shut out nobody; every other one is of today.
MINOR = ("printer", "light", "buzzer", "thermometer", "keypad", "flapping")


class Level(IntEnum):
    """When a person is needed."""

    NOW = 0  # somebody stands before the cabinet, or did, without their papers
    TODAY = 1
    LATER = 2
    NOTHING = 3


class Need(StrEnum):
    """Why; the words are in `fleet_words`."""

    NOT_SERVING = "not_serving"
    DISPUTED = "disputed"
    UNCONFIRMED = "unconfirmed"
    LOCKED = "locked"
    EMPTY_OUT_OF_SERVICE = "empty_out_of_service"
    RETRIEVE = "retrieve"
    ALARMS = "alarms"
    FAULTS = "faults"
    UNTOLD = "untold"
    PHONE = "phone"
    UNCHECKED = "unchecked"
    MAINS = "mains"
    LONG_SILENT = "long_silent"
    SILENT = "silent"
    NEVER = "never"
    BLOCKED = "blocked"
    MINOR_FAULTS = "minor_faults"
    OUTAGE = "outage"
    REVOKED = "revoked"


QUIET = frozenset({Need.LONG_SILENT, Need.SILENT})


@dataclass(frozen=True, slots=True)
class Facts:
    """One kiosk as central knows it. Times in ms of central's clock, 0: never."""

    kiosk: str
    unit: str = ""
    contact_ms: int = 0
    health: Mapping[str, object] = field(default_factory=dict)
    waiting: int = 0  # results that lie there for somebody
    retrieve: int = 0  # of these: held too long, or revoked
    disputed: int = 0
    unconfirmed: int = 0
    locked: int = 0  # results with a holder whose typed code is locked
    alarms: int = 0  # nobody has taken care of yet
    alarm_ms: int = 0  # the oldest of them
    untold: int = 0  # messages that should have left long ago
    phone: int = 0  # people whom no message reached: somebody must call them
    phone_ms: int = 0  # since when the first of them
    revoked_ms: int = 0  # stolen: what it said last means nothing any more; 0: not


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a person should know or do; `n` of them, or since `since_ms`."""

    need: Need
    level: Level
    n: int = 0
    since_ms: int = 0
    words: tuple[str, ...] = ()  # names of faults, as stated


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: a kiosk, or several that one network outage has made silent."""

    level: Level
    kiosks: tuple[str, ...]
    reasons: tuple[Reason, ...]
    people: int
    since_ms: int


def silent(facts: Facts, now_ms: int) -> bool:
    """Whether it was heard once and is not heard now, though it should be."""
    return not facts.revoked_ms and 0 < facts.contact_ms <= now_ms - SILENT_MS


def order(fleet: Iterable[Facts], now_ms: int) -> list[Line]:
    """Every kiosk once, whoever needs a person first on top; outages folded."""
    found = {facts.kiosk: (facts, reasons(facts, now_ms)) for facts in fleet}
    lines: list[Line] = []
    for group in _outages([facts for facts, _ in found.values()], now_ms):
        since = min(facts.contact_ms for facts in group)
        names = tuple(sorted(facts.kiosk for facts in group))
        level = min(r.level for f in group for r in found[f.kiosk][1] if r.need in QUIET)
        why = Reason(Need.OUTAGE, level, len(names), since)
        lines.append(Line(level, names, (why,), sum(f.waiting for f in group), since))
        for facts in group:
            rest = tuple(r for r in found[facts.kiosk][1] if r.need not in QUIET)
            if rest:
                found[facts.kiosk] = (facts, rest)
            else:
                del found[facts.kiosk]
    lines.extend(_line(facts, why) for facts, why in found.values())
    return sorted(lines, key=lambda line: (line.level, -line.people, line.since_ms, line.kiosks))


def reasons(facts: Facts, now_ms: int) -> tuple[Reason, ...]:
    """Why this kiosk needs a person, most urgent first; empty when it does not."""
    if facts.revoked_ms:
        return tuple(_revoked(facts))
    found = [*_stranded(facts), *_work(facts, now_ms), *_quiet(facts, now_ms)]
    return tuple(sorted(found, key=lambda reason: reason.level))


def _revoked(facts: Facts) -> Iterable[Reason]:
    """Nothing is to be done at it; people are to be told, and what it sends is to be looked at."""
    if facts.phone:
        yield Reason(Need.PHONE, Level.NOW, facts.phone, facts.phone_ms)
    if facts.alarms:
        yield Reason(Need.ALARMS, Level.TODAY, facts.alarms, facts.alarm_ms)
    yield Reason(Need.REVOKED, Level.LATER, since_ms=facts.revoked_ms)


def _stranded(facts: Facts) -> Iterable[Reason]:
    if facts.health.get("serving") is False:
        waits = facts.waiting > 0
        need = Need.NOT_SERVING if waits else Need.EMPTY_OUT_OF_SERVICE
        why = facts.health.get("outage")
        words = (why,) if isinstance(why, str) and why else ()
        yield Reason(need, Level.NOW if waits else Level.TODAY, facts.waiting, words=words)
    counts = (
        (Need.DISPUTED, facts.disputed),
        (Need.UNCONFIRMED, facts.unconfirmed),
        (Need.LOCKED, facts.locked),
    )
    yield from (Reason(need, Level.NOW, n) for need, n in counts if n)


def _work(facts: Facts, now_ms: int) -> Iterable[Reason]:
    counts = (
        (Need.RETRIEVE, Level.TODAY, facts.retrieve, 0),
        (Need.ALARMS, Level.TODAY, facts.alarms, facts.alarm_ms),
        (Need.PHONE, Level.TODAY, facts.phone, facts.phone_ms),
        (Need.UNTOLD, Level.TODAY, facts.untold, 0),
        (Need.UNCHECKED, Level.TODAY, len(_list(facts.health, "unchecked")), 0),
        (Need.BLOCKED, Level.LATER, len(_list(facts.health, "blocked")), 0),
    )
    yield from (Reason(need, level, n, since) for need, level, n, since in counts if n)
    if facts.health.get("mains") is False and not silent(facts, now_ms):
        yield Reason(Need.MAINS, Level.TODAY)
    stated = [str(what)[:64] for what in _list(facts.health, "faults")[:MOST_FAULTS]]
    faults = [what for what in stated if what != "mains_lost"]  # told by the power itself
    minor = tuple(what for what in faults if what.startswith(MINOR))
    real = tuple(what for what in faults if what not in minor)
    if real:
        yield Reason(Need.FAULTS, Level.TODAY, len(real), words=real)
    if minor:
        yield Reason(Need.MINOR_FAULTS, Level.LATER, len(minor), words=minor)


def _quiet(facts: Facts, now_ms: int) -> Iterable[Reason]:
    if facts.contact_ms == 0:
        yield Reason(Need.NEVER, Level.LATER)
    elif facts.contact_ms <= now_ms - LONG_SILENT_MS:
        yield Reason(Need.LONG_SILENT, Level.TODAY, since_ms=facts.contact_ms)
    elif silent(facts, now_ms):
        yield Reason(Need.SILENT, Level.LATER, since_ms=facts.contact_ms)


def _outages(fleet: Sequence[Facts], now_ms: int) -> Iterable[list[Facts]]:
    """Groups of silent kiosks whose last calls lie within one spread, the oldest first."""
    quiet = sorted((f for f in fleet if silent(f, now_ms)), key=lambda f: f.contact_ms)
    while quiet:
        until = quiet[0].contact_ms + OUTAGE_SPREAD_MS
        group = [facts for facts in quiet if facts.contact_ms <= until]
        quiet = quiet[len(group) :]
        if len(group) >= OUTAGE_LEAST:
            yield group


def _line(facts: Facts, why: tuple[Reason, ...]) -> Line:
    level = why[0].level if why else Level.NOTHING
    since = min((r.since_ms for r in why if r.level == level and r.since_ms), default=0)
    return Line(level, (facts.kiosk,), why, facts.waiting, since)


def _list(health: Mapping[str, object], name: str) -> list[object]:
    value = health.get(name)
    return value if isinstance(value, list) else []
