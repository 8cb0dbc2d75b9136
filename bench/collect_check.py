"""Code submitted → verdict, over comparing as many prepared 12-digit strings with `hmac.compare_digest`.

Ours is the whole step of the core that *confirm* takes on the code screen: clock, doors, comparison,
judgement, the next scene and, for a wrong code, the statement and its fold, but not the journal's disk. One
right and one wrong code make a figure: their mean (the wrong one costs about a fifth more).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from time import perf_counter_ns

from bench.collect_kiosk import Stocked, stocked, typed
from bench.measure import Numbers, Pair, Size, pair
from kiosk.core.automaton import step
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Ready, Refused
from kiosk.core.state import State

RATIO_AT = 1  # which of the sizes the ratio is of: 500 results


def submitted(stock: Stocked) -> Callable[[], int]:
    """Submits a right and a wrong code; both states stay as they were, for the next time."""
    known, code = stock.code(len(stock.manifest.results) // 2)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    cases: list[tuple[State, type]] = [
        (typed(stock.state, stock.now, known, code), Ready),
        (typed(stock.state, stock.now, known, wrong), Refused),
    ]

    def once() -> int:
        took = 0
        for state, leads_to in cases:
            begun = perf_counter_ns()
            after, _ = step(state, Pressed(Key.CONFIRM), stock.now)
            took += perf_counter_ns() - begun
            assert isinstance(after.scene, leads_to)
        return took // len(cases)

    return once


def compared(stock: Stocked) -> Callable[[], int]:
    """Every prepared string against one that was typed, and nothing else."""
    prepared = stock.state.codes.typed.texts
    given = b"".join(part.encode() for part in stock.code(1))

    def once() -> int:
        begun = perf_counter_ns()
        for code in prepared:
            hmac.compare_digest(code, given)
        return perf_counter_ns() - begun

    return once


def checked(count: int, times: int) -> Pair:
    """A submission beside the floor, with `count` results loaded."""
    stock = stocked(count)
    return pair(times, submitted(stock), compared(stock))


def check(size: Size) -> Numbers:
    """`check_ratio` and `check_us_…`."""
    pairs = [checked(count, size.pairs) for count in size.results]
    names = ("collect.check_us_120", "collect.check_us_500", "collect.check_us_5000")
    micros = {name: both.ours / 1e3 for name, both in zip(names, pairs, strict=True)}
    return {"collect.check_ratio": pairs[RATIO_AT].ratio, **micros}
