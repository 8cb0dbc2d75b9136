"""Code submitted → verdict, over comparing as many prepared 12-digit strings with `hmac.compare_digest`.

Ours is the whole step of the core that *confirm* takes on the code screen: clock, doors, comparison,
judgement, the next scene and, for a wrong code, the statement and its fold, but not the journal's disk. Right
and wrong codes take turns with the floor; the slower kind is the figure.
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


def submitted(state: State, stock: Stocked, leads_to: type) -> Callable[[], int]:
    """Submits what is typed; the state itself stays as it was, for the next time."""

    def once() -> int:
        begun = perf_counter_ns()
        after, _ = step(state, Pressed(Key.CONFIRM), stock.now)
        took = perf_counter_ns() - begun
        assert isinstance(after.scene, leads_to)
        return took

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
    """The slower of a right and a wrong code, with `count` results loaded."""
    stock = stocked(count)
    known, code = stock.code(count // 2)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    floor = compared(stock)
    pairs = [
        pair(times, submitted(typed(stock.state, stock.now, known, digits), stock, to), floor)
        for digits, to in ((code, Ready), (wrong, Refused))
    ]
    return max(pairs, key=lambda both: both.ours)


def check(size: Size) -> Numbers:
    """`check_ratio` and `check_us_…`."""
    pairs = [checked(count, size.pairs) for count in size.results]
    names = ("collect.check_us_120", "collect.check_us_500", "collect.check_us_5000")
    micros = {name: both.ours / 1e3 for name, both in zip(names, pairs, strict=True)}
    return {"collect.check_ratio": pairs[RATIO_AT].ratio, **micros}
