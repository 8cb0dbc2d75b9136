"""Whose turn it is on one bus: the boards in turn, faster when something stirs, lost ones seldom. Pure.

The law of this file: a board that is silent must not keep its neighbours waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drivers.boards import Request
from drivers.locks.watch import BUSY_POLL_MS, CALM_POLL_MS, LOST_POLL_MS, Watch

BUSY_MS = 3_000  # after a pulse or a moving door the boards are polled faster
OVERDUE_MS = 1_000  # a board that waits so long is read before the next pulse
LONG_PROBE = 30  # one in so many polls of lost boards awaits the answer to the full deadline


class Rounds:
    """The boards of one bus, at least one."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches
        self._busy_until_ms = 0
        self._lost_due_ms = 0
        self._probes = 0
        self._slowest_ms = 0  # answer to a query in this session; 0: none yet

    def begin_session(self, now_ms: int) -> None:
        """The port was opened anew."""
        self._slowest_ms = 0
        for watch in self._watches:
            watch.begin_session(now_ms)

    def stir(self, now_ms: int) -> None:
        """A pulse left, or a door moves."""
        self._busy_until_ms = now_ms + BUSY_MS

    def next(self, now_ms: int) -> Watch | None:
        """The board that waits longest, of those that are due; lost ones one at a time."""
        lost = [watch for watch in self._watches if watch.lost and self._lost_due_ms <= now_ms]
        due = [watch for watch in self._watches if not watch.lost and watch.next_ms() <= now_ms]
        # Lost ones first: a slow bus always has another board that is due.
        return min(lost or due, key=Watch.next_ms, default=None)

    def is_overdue(self, watch: Watch, now_ms: int) -> bool:
        """Even a pulse waits for it."""
        return not watch.lost and now_ms - watch.next_ms() >= OVERDUE_MS

    def due_ms(self) -> int:
        """When `next` has somebody again."""
        due = [watch.next_ms() for watch in self._watches if not watch.lost]
        lost = [self._lost_due_ms] if len(due) < len(self._watches) else []
        return min(due + lost)

    def patience(self, watch: Watch, request: Request) -> Request:
        """The request with its time: for a lost board, twice what its slowest neighbour needed."""
        if not watch.lost:
            return request
        self._probes += 1
        if not self._slowest_ms or self._probes % LONG_PROBE == 0:
            return request
        return replace(request, answer_ms=min(request.answer_ms, 2 * self._slowest_ms))

    def answered_in(self, took_ms: int) -> None:
        """A query was answered; that is how long it held the wire."""
        self._slowest_ms = max(self._slowest_ms, took_ms)

    def visited(self, watch: Watch, now_ms: int) -> None:
        """It had its turn; when its next one is."""
        if watch.is_stirring(now_ms):
            self.stir(now_ms)
        poll_ms = BUSY_POLL_MS if now_ms < self._busy_until_ms else CALM_POLL_MS
        watch.due_ms = now_ms if watch.hurries else now_ms + poll_ms
        if watch.lost:
            self._lost_due_ms = now_ms + LOST_POLL_MS
