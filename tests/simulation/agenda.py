"""Simulated time: one clock in milliseconds, and what is to happen when."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

MOST_ENTRIES = 10_000


class Agenda:
    """Callables by time; equal times keep the order in which they were asked for."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._order = count()
        self._heap: list[tuple[int, int, Callable[[], None]]] = []

    def later(self, in_ms: int, do: Callable[[], None]) -> None:
        """Call `do` so much later."""
        assert len(self._heap) < MOST_ENTRIES, "the agenda of a life is bounded"
        heapq.heappush(self._heap, (self.now_ms + in_ms, next(self._order), do))

    def next_ms(self) -> int | None:
        """When something is due."""
        return self._heap[0][0] if self._heap else None

    def run(self) -> None:
        """Everything that is due by now."""
        while self._heap and self._heap[0][0] <= self.now_ms:
            _, _, do = heapq.heappop(self._heap)
            do()
