"""How many kiosks are served at once, and in which order, so that an outage ends in a queue and not a crush.

The law of this file: what somebody may wait for goes first, and nobody stands in a queue so long that they
have given up when their turn comes: work for whoever has left is what makes a crush stand still. Whoever
finds the queue full is told when to come again, before anything is done for them, each another time. Nothing
is lost by it: rows stay at the kiosk until central has said that it has them.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from sync.central.problems import ProblemError

# Python runs on one processor: more threads would only take it from each other.
AT_WORK = 4
RETRY_S = (10, 40)
T = TypeVar("T")


class Rank(IntEnum):
    """What is wanted; the lower, the sooner."""

    POLL = 0  # may bring a new code: a few milliseconds, ten when a manifest is made
    ASK = 1  # head, health, believing a report: a few milliseconds
    REPORT = 2  # taking rows in: up to a tenth of a second, and half a megabyte while it waits


# How many threads one rank may take: a poll never waits until a report is done.
AT_MOST = {Rank.POLL: AT_WORK, Rank.ASK: AT_WORK, Rank.REPORT: AT_WORK - 1}
# How many may wait. sync gives up a poll after 70 s, the others after 20.
WAITING = {Rank.POLL: 10_000, Rank.ASK: 1_000, Rank.REPORT: 200}


class Crowd:
    """Of one replica; used on its event loop."""

    def __init__(self) -> None:
        self.room = dict(WAITING)
        self._limiter = CapacityLimiter(AT_WORK)
        self._at_work = dict.fromkeys(Rank, 0)
        self._queues: dict[Rank, deque[asyncio.Future[None]]] = {rank: deque() for rank in Rank}

    def must_have_room(self, rank: Rank) -> None:
        """Asked before anything is done.

        Raises:
            ProblemError: 503, with the time to come again.
        """
        if len(self._queues[rank]) >= self.room[rank]:
            again = RETRY_S[0] + secrets.randbelow(RETRY_S[1] - RETRY_S[0] + 1)
            raise ProblemError(503, "busy", "many kiosks call now", retry_s=again)

    async def do(self, rank: Rank, work: Callable[[], T]) -> T:
        """`work` in a thread, when its turn has come; waiting takes no thread and no connection.

        Raises:
            ProblemError: as `must_have_room`; and what `work` raises.
        """
        self.must_have_room(rank)
        return await self.go_on(rank, work)

    async def go_on(self, rank: Rank, work: Callable[[], T]) -> T:
        """As `do`, for whoever has been let in before: they are never sent away."""
        await self._turn(rank)
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._leave(rank)

    async def _turn(self, rank: Rank) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._queues[rank].append(turn)
        self._call()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # passed over already
                    self._queues[rank].remove(turn)
            else:  # called at the very moment when they left
                self._leave(rank)
            raise

    def _leave(self, rank: Rank) -> None:
        self._at_work[rank] -= 1
        self._call()

    def _call(self) -> None:
        """Whose turn it is, as long as a thread is free."""
        while sum(self._at_work.values()) < AT_WORK:
            free = (r for r in Rank if self._queues[r] and self._at_work[r] < AT_MOST[r])
            if (rank := next(free, None)) is None:
                return
            turn = self._queues[rank].popleft()
            if not turn.cancelled():
                self._at_work[rank] += 1
                turn.set_result(None)
