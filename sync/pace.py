"""How long to wait before trying again, and waiting that an ending process cuts short.

The law of this file: never sooner than `SHORTEST_S`, never later than the given limit, and spread
by chance over all that lies between (full jitter), so that a fleet whose network comes back does
not knock at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

SHORTEST_S = 0.2
FIRST_S = 0.5  # the upper end after one failure; doubles with each further one
MOST_DOUBLINGS = 16


class Waiter(Protocol):
    """`threading.Event` is one: `wait` is true at once when it is time to end."""

    def wait(self, timeout: float) -> bool:
        """Wait `timeout` seconds; true means end now."""
        ...


class Pause:
    """Waits until it is time to end, until the time is over, or until somebody rings."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._rung = threading.Event()

    def wait(self, timeout: float) -> bool:
        """Wait `timeout` seconds, or shorter when rung; true means end now."""
        if not self._stop.is_set():
            self._rung.wait(timeout)
        self._rung.clear()
        return self._stop.is_set()

    def ring(self) -> None:
        """End the wait that is under way, or else the next one."""
        self._rung.set()


class Backoff:
    """`uniform(low, high)` is `random.uniform` or a test's."""

    def __init__(self, uniform: Callable[[float, float], float], longest_s: float) -> None:
        self._uniform = uniform
        self._longest_s = longest_s
        self._failures = 0

    def failed(self) -> float:
        """Seconds to wait after one more failure in a row."""
        reach = FIRST_S * 2 ** min(self._failures, MOST_DOUBLINGS)
        self._failures += 1
        return self._uniform(SHORTEST_S, max(SHORTEST_S, min(reach, self._longest_s)))

    def worked(self) -> None:
        """It is over: the next failure is a first one."""
        self._failures = 0
