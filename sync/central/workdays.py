"""Working days and counter hours of an office in Vietnam: from a file, since they change every year.

The law of this file: a day is worked unless it is a weekend or a holiday; holding ends only when a counter
opens. All times are Vietnamese clocks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from sync.central.texts import local

NAME = "holidays.toml"
SHIPPED = Path(__file__).with_name(NAME)
OPENING = time(7, 30)
HOURS = ((OPENING, time(11, 30)), (time(13, 0), time(17, 0)))
MOST_DAYS = 1000  # in one list of the file
MOST_SHUT = 60  # days in a row: more is a mistake in the file
SATURDAY = 5
_LISTS = ("every_year", "dates", "working")
T = TypeVar("T")


class WorkdaysError(ValueError):
    """The holiday file cannot be used; the text names file and entry."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked. `every_year` is (month, day)."""

    every_year: frozenset[tuple[int, int]] = frozenset()
    dates: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether the counter opens on that day."""
        if day in self.working:
            return True
        shut = day in self.dates or (day.month, day.day) in self.every_year
        return day.weekday() < SATURDAY and not shut

    def open_at(self, wall_ms: int) -> bool:
        """Whether the counter is open at that moment."""
        moment = local(wall_ms)
        clock = moment.time()
        return self.works(moment.date()) and any(a <= clock < b for a, b in HOURS)

    def opening_after(self, wall_ms: int, whole_days: int) -> int:
        """When the counter opens after that many whole working days; the day of `wall_ms` is none."""
        moment, left, shut = local(wall_ms), whole_days, 0
        while left >= 0:
            moment += timedelta(days=1)
            worked = self.works(moment.date())
            left -= worked
            shut = 0 if worked else shut + 1
            if shut > MOST_SHUT:
                raise WorkdaysError(f"{NAME}: over {MOST_SHUT} days in a row are not worked")
        opening = datetime.combine(moment.date(), OPENING, moment.tzinfo)
        return int(opening.timestamp()) * 1000

    def counter_day(self, wall_ms: int) -> int:
        """A moment of the first day, from that moment on, on which somebody finds the counter open."""
        moment = local(wall_ms)
        if self.works(moment.date()) and moment.time() < HOURS[-1][1]:
            return wall_ms
        return self.opening_after(wall_ms, 0)


def load_workdays(folder: Path) -> Workdays:
    """From `holidays.toml` in that folder, or as shipped when there is none.

    Raises:
        WorkdaysError: it holds something else. OSError: it cannot be read.
    """
    path = folder / NAME
    return read_workdays(path) if path.exists() else shipped()


@cache
def shipped() -> Workdays:
    """Fixed Vietnamese holidays, and the lunar ones of 2026 and 2027, to be confirmed."""
    return read_workdays(SHIPPED)


def read_workdays(path: Path) -> Workdays:
    """From one file.

    Raises:
        WorkdaysError: it holds something else. OSError: it cannot be read.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkdaysError(f"{path}: {error}") from error
    if strange := raw.keys() - set(_LISTS):
        raise WorkdaysError(f"{path}: unknown: {', '.join(sorted(strange))}")
    return Workdays(
        frozenset(_each(path, raw, "every_year", _month_day)),
        frozenset(_each(path, raw, "dates", _date)),
        frozenset(_each(path, raw, "working", _date)),
    )


def _each(path: Path, raw: dict[str, object], name: str, read: Callable[[object], T]) -> list[T]:
    values = raw.get(name, [])
    if not isinstance(values, list) or len(values) > MOST_DAYS:
        raise WorkdaysError(f"{path}: {name}: wanted a list of at most {MOST_DAYS} days")
    try:
        return [read(value) for value in values]
    except (TypeError, ValueError) as error:
        raise WorkdaysError(f"{path}: {name}: {error}") from error


def _month_day(value: object) -> tuple[int, int]:
    found = re.fullmatch(r"([01]\d)-([0-3]\d)", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{str(value)[:20]!r}: wanted MM-DD in quotes")
    day = date(2024, int(found[1]), int(found[2]))  # a leap year has every day
    return day.month, day.day


def _date(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{str(value)[:20]!r}: wanted YYYY-MM-DD without quotes")
    return value
