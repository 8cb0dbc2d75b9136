"""How many kiosks are served at once, so that the end of an outage is a queue and not a crush.

The law of this file: what kiosks ask for never takes every thread and every connection, and nobody stands in
a queue so long that they have given up when their turn comes: work for whoever has left is what makes a crush
stand still. Whoever finds the queue full is told when to come again, before anything is done for them, each
another time. Nothing is lost by it: rows stay at the kiosk until central has said that it has them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from sync.central.problems import ProblemError

# Threads at work, and how many may wait. Python runs on one processor: more threads would only take it from
# each other. sync gives up after 20 s, a poll after 70.
POLLING, MOST_POLLING = 4, 10_000  # a few milliseconds each, forty when a manifest is made
ASKING, MOST_ASKING = 2, 1_000  # head, health, believing a report: a few milliseconds
TAKING_IN, MOST_REPORTING = 4, 200  # reports, up to a tenth of a second and half a megabyte each
RETRY_S = (10, 40)
T = TypeVar("T")


class Queue:
    """One kind of work of one replica, `at_work` threads and `most` who wait; used on its event loop."""

    def __init__(self, at_work: int, most: int) -> None:
        self._limiter = CapacityLimiter(at_work)
        self._most = most

    def must_have_room(self) -> None:
        """Asked before anything is done.

        Raises:
            ProblemError: 503, with the time to come again.
        """
        if self._limiter.statistics().tasks_waiting >= self._most:
            again = RETRY_S[0] + secrets.randbelow(RETRY_S[1] - RETRY_S[0] + 1)
            raise ProblemError(503, "busy", "many kiosks call now", retry_s=again)

    async def do(self, work: Callable[[], T]) -> T:
        """`work` in a thread, when its turn has come; waiting takes no thread and no connection.

        Raises:
            ProblemError: as `must_have_room`; and what `work` raises.
        """
        self.must_have_room()
        return await self.go_on(work)

    async def go_on(self, work: Callable[[], T]) -> T:
        """As `do`, for whoever has been let in before: they are never sent away."""
        return await to_thread.run_sync(work, limiter=self._limiter)


class Crowd:
    """The queues of one replica: somebody may wait for what a poll brings, nobody for the others."""

    def __init__(self) -> None:
        self.polling = Queue(POLLING, MOST_POLLING)
        self.asking = Queue(ASKING, MOST_ASKING)
        self.reporting = Queue(TAKING_IN, MOST_REPORTING)
