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

# Python runs on one processor: more threads would only take it from each other.
ASKING, MOST_ASKING = 4, 1000  # polls and the like, a few milliseconds each
TAKING_IN, MOST_REPORTING = 4, 200  # reports, up to a tenth of a second and half a megabyte each
RETRY_S = (10, 40)  # sync gives up after 20 s
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
    """The two queues of one replica: whoever collects papers waits for a poll, nobody for a report."""

    def __init__(
        self, most_asking: int = MOST_ASKING, most_reporting: int = MOST_REPORTING
    ) -> None:
        self.asking = Queue(ASKING, most_asking)
        self.reporting = Queue(TAKING_IN, most_reporting)
