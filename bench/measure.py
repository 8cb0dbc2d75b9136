"""What a measure is, and how to time two things fairly beside each other.

The law of this file: a number stands beside what it is compared with, measured in the same run. Both sides
take turns, and change who goes first, so that a busy minute of the machine falls on both alike. The figure
is the median. Garbage is collected between the timed parts, never within them.
"""

from __future__ import annotations

import gc
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Timed = Callable[[], int]  # does it once; nanoseconds of the part that counts
COLLECT_EVERY = 50  # pairs between two collections of garbage


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that a bench gives; `aim` None: shown for the record."""

    unit: str
    aim: float | None = None
    below: bool = False  # the aim itself is too much already

    def met(self, value: float) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.aim is None:
            return None
        return value < self.aim if self.below else value <= self.aim

    @property
    def wanted(self) -> str:
        """The aim in words."""
        return "" if self.aim is None else f"{'<' if self.below else '≤'} {self.aim:g}"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done for one number."""

    pairs: int  # alternating pairs per ratio
    results: tuple[int, ...]  # results loaded while codes are checked
    statements: int  # behind a replay
    starts: int  # of a whole process
    idle_s: float  # of looking at an idle process
    touches: int


FULL = Size(500, (120, 500, 5_000), 100_000, 11, 60.0, 300)
QUICK = Size(6, (5, 10, 20), 60, 1, 1.0, 12)

Numbers = dict[str, float]
Measure = Callable[[Size], Numbers]


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of two things that took turns, and of what the first took more, in nanoseconds."""

    ours: float
    floor: float
    added: float

    @property
    def ratio(self) -> float:
        """Ours over the floor."""
        return self.ours / self.floor

    @property
    def added_ms(self) -> float:
        """What ours takes more, from pair to pair."""
        return self.added / 1e6


def pair(times: int, ours: Timed, floor: Timed) -> Pair:
    """Both in turn, `times` each, after one of each that does not count."""
    ours(), floor()
    mine: list[int] = []
    bare: list[int] = []
    with no_collection():
        for turn in range(times):
            if turn % COLLECT_EVERY == 0:
                gc.collect()
            for timed, kept in ((ours, mine), (floor, bare))[:: 1 if turn % 2 else -1]:
                kept.append(timed())
    added = statistics.median(a - b for a, b in zip(mine, bare, strict=True))
    return Pair(statistics.median(mine), statistics.median(bare), added)


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage collection by itself within this block."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def percentile(values: list[float], part: float) -> float:
    """The value that `part` (0 to 1) of all values do not exceed: the nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * round(part * 1000) // 1000) - 1)]


def tell(text: str) -> None:
    """Progress, for whoever waits; stdout is for numbers alone."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
