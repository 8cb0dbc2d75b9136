"""Figures of a month or a quarter, each with its definition. Pure.

The law of this file: a figure is a sum that can be added up over kiosks, or a share of two of them, or a
quantile of what was added; nothing is averaged twice. What is defined here is what stands on the page, in
CSV, in JSON and in docs/pages.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.central.texts import VIETNAM
from sync.central.workdays import Workdays

HOUR_MS = 3_600_000
FEWEST_RATINGS = 10  # below this a share says more about single people than about the service
SATISFIED = 4  # and better, of 5
MONTHS = 12
QUARTERS = 4
# Faults with which nobody can be served; every other one leaves pickups going.
DOWN = ("doors", "battery_low")
_PERIOD = re.compile(r"(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))")


@dataclass(frozen=True, slots=True)
class Period:
    """A month `2026-11` or a quarter `2026-Q4` on Vietnamese clocks; ends before `end_ms`."""

    name: str
    start_ms: int
    end_ms: int

    def has(self, wall_ms: int) -> bool:
        """Whether that moment lies in it."""
        return self.start_ms <= wall_ms < self.end_ms


@dataclass(frozen=True, slots=True)
class Course:
    """The times of one result in ms, 0: did not happen."""

    loaded_ms: int
    collected_ms: int
    hold_until_ms: int
    due_ms: int = 0
    revoked_ms: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One statement that figures need: `kind` rated, fault, fault_cleared or started."""

    at_ms: int
    kind: str
    what: str = ""  # of a fault
    score: int = 0  # of a rating


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without contact (`silent`), or in which the kiosk said that it does not serve; 0: not over."""

    since_ms: int
    until_ms: int
    silent: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """How long central has looked at a kiosk, and what it missed. Times in ms."""

    since_ms: int  # when it was first heard of; 0: never
    until_ms: int  # now, or when it was revoked
    gaps: Sequence[Gap] = ()


@dataclass(slots=True)
class Sums:
    """What is added up over kiosks. Durations in ms."""

    loaded: int = 0
    collected: int = 0
    outside: int = 0
    waits: list[int] = field(default_factory=list)
    expired: int = 0
    due: int = 0
    on_time: int = 0
    rated: int = 0
    satisfied: int = 0
    faults: int = 0
    down_ms: int = 0  # out of service, as it stated
    silent_ms: int = 0  # not heard, and nothing stated
    span_ms: int = 0

    def add(self, other: Sums) -> None:
        """Another kiosk's."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` None: there is nothing to tell. `n`: out of how many, None where that is the value."""

    key: str
    value: float | None
    unit: str  # count | percent | hours
    n: int | None = None


def read_period(text: str) -> Period:
    """From `2026-11` or `2026-Q4`.

    Raises:
        ValueError: it is none.
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError("period: wanted YYYY-MM or YYYY-Q1 to Q4")
    year, months = int(found[1]), 1 if found[2] else MONTHS // QUARTERS
    first = int(found[2]) if found[2] else (int(found[3]) - 1) * months + 1
    return Period(text, _month_ms(year, first), _month_ms(year, first + months))


def month_of(wall: datetime) -> str:
    """The name of the month of a moment."""
    return f"{wall:%Y-%m}"


def beside(period: Period, by: int) -> str:
    """The name of the period that many before (negative) or after."""
    year, rest = int(period.name[:4]), period.name[5:]
    if rest.startswith("Q"):
        at = year * QUARTERS + int(rest[1:]) - 1 + by
        return f"{at // QUARTERS}-Q{at % QUARTERS + 1}"
    at = year * MONTHS + int(rest) - 1 + by
    return f"{at // MONTHS}-{at % MONTHS + 1:02}"


def sum_up(
    period: Period,
    courses: Iterable[Course],
    marks: Sequence[Mark],
    days: Workdays,
    watched: Watched,
    now_ms: int,
) -> Sums:
    """One kiosk's sums, as known at `now_ms`."""
    sums = Sums()
    for course in courses:
        _count(sums, period, course, days, now_ms)
    scores = [m.score for m in marks if m.kind == "rated" and period.has(m.at_ms)]
    sums.rated, sums.satisfied = len(scores), sum(score >= SATISFIED for score in scores)
    sums.faults = sum(m.kind == "fault" and period.has(m.at_ms) for m in marks)
    if watched.since_ms:
        _look(sums, period, marks, watched)
    return sums


def _look(sums: Sums, period: Period, marks: Sequence[Mark], watched: Watched) -> None:
    """Out of service is what was stated, silence or not; silent is what is left of no contact."""
    start, end = max(period.start_ms, watched.since_ms), min(period.end_ms, watched.until_ms)
    span = [(start, end)] if start < end else []
    gaps = [(g.since_ms, g.until_ms or end, g.silent) for g in watched.gaps]
    out = [(a, b) for a, b, silent in gaps if not silent]
    down = _within(_joined([*_downs(marks, period.end_ms), *out]), span)
    quiet = _within(_joined([(a, b) for a, b, silent in gaps if silent]), span)
    sums.span_ms, sums.down_ms = _length(span), _length(down)
    sums.silent_ms = _length(quiet) - _length(_within(quiet, down))


def _joined(times: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlaps."""
    found: list[tuple[int, int]] = []
    for a, b in sorted(times):
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found


def _within(
    times: Iterable[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What of `times` lies in `others`; neither overlaps itself."""
    cut = [(max(a, c), min(b, d)) for a, b in times for c, d in others]
    return [(a, b) for a, b in cut if a < b]


def _length(times: Iterable[tuple[int, int]]) -> int:
    return sum(b - a for a, b in times)


def figures(sums: Sums) -> tuple[Figure, ...]:
    """Every figure, in the order of `figure_words.FIGURES`."""
    waits = sorted(sums.waits)
    rated = sums.rated if sums.rated >= FEWEST_RATINGS else 0
    known = sums.span_ms - sums.silent_ms
    return (
        Figure("loaded", sums.loaded, "count"),
        Figure("collected", sums.collected, "count"),
        Figure("outside", _percent(sums.outside, sums.collected), "percent", sums.collected),
        Figure("wait_median", _hours(waits, 50), "hours", len(waits)),
        Figure("wait_90", _hours(waits, 90), "hours", len(waits)),
        Figure("expired", sums.expired, "count"),
        Figure("on_time", _percent(sums.on_time, sums.due), "percent", sums.due),
        Figure("satisfied", _percent(sums.satisfied, rated), "percent", sums.rated),
        Figure("faults", sums.faults, "count"),
        Figure("availability", _percent(known - sums.down_ms, known), "percent", known // HOUR_MS),
        Figure("out", round(sums.down_ms / HOUR_MS, 1), "hours"),
        Figure(
            "silent", _percent(sums.silent_ms, sums.span_ms), "percent", sums.span_ms // HOUR_MS
        ),
    )


def _count(sums: Sums, period: Period, course: Course, days: Workdays, now_ms: int) -> None:
    if period.has(course.loaded_ms):
        sums.loaded += 1
        sums.due += course.due_ms > 0
        sums.on_time += course.loaded_ms <= course.due_ms
    if period.has(course.collected_ms):
        sums.collected += 1
        sums.outside += not days.open_at(course.collected_ms)
        if 0 < course.loaded_ms <= course.collected_ms:
            sums.waits.append(course.collected_ms - course.loaded_ms)
    ended = course.hold_until_ms
    over = period.has(ended) and ended <= now_ms and 0 < course.loaded_ms < ended
    gone = 0 < course.collected_ms <= ended or 0 < course.revoked_ms <= ended
    sums.expired += over and not gone


def _downs(marks: Sequence[Mark], end_ms: int) -> list[tuple[int, int]]:
    """When nobody could be served, without overlaps. A start of the kiosk ends what is not stated anew."""
    open_: set[str] = set()
    found: list[tuple[int, int]] = []
    since = 0
    for mark in sorted(marks, key=lambda m: m.at_ms):
        before = bool(open_)
        if mark.kind == "started":
            open_.clear()
        elif mark.kind == "fault" and mark.what in DOWN:
            open_.add(mark.what)
        elif mark.kind == "fault_cleared":
            open_.discard(mark.what)
        if open_ and not before:
            since = mark.at_ms
        elif before and not open_:
            found.append((since, mark.at_ms))
    return [*found, (since, end_ms)] if open_ else found


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _hours(waits: list[int], percentile: int) -> float | None:
    """The nearest rank: a wait that somebody had."""
    if not waits:
        return None
    rank = -(-percentile * len(waits) // 100)
    return round(waits[max(rank, 1) - 1] / HOUR_MS, 1)


def _month_ms(year: int, month: int) -> int:
    years, rest = divmod(month - 1, MONTHS)
    return int(datetime(year + years, rest + 1, 1, tzinfo=VIETNAM).timestamp()) * 1000
