"""How many kiosks report at once, so that the end of a city's outage is a queue and not a crush.

The law of this file: taking rows in is the heaviest thing that kiosks ask for and the least urgent, so it
never takes every thread and every connection: a new code finds its way between. Whoever comes when the queue
is full is told when to come again; sync then waits so long and a random while more. Nothing is lost by it:
rows stay at the kiosk until central has said that it has them. Only kiosks that proved themselves stand in
the queue, so no stranger fills it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sync.central.problems import ProblemError

AT_WORK = 4  # requests whose rows are being taken in; more would only share the same processor
MOST_REPORTING = 200  # those at work too: each holds its rows in memory, and gives up after 20 s
RETRY_S = 10


class Crowd:
    """Of one replica; used on its event loop."""

    def __init__(self, at_work: int = AT_WORK, most: int = MOST_REPORTING) -> None:
        self._work = asyncio.Semaphore(at_work)
        self._most = most
        self._reporting = 0

    def must_have_room(self) -> None:
        """Asked before anything else is done for a report.

        Raises:
            ProblemError: 503, with the time to come again.
        """
        if self._reporting >= self._most:
            raise ProblemError(503, "busy", "many kiosks report now", retry_s=RETRY_S)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for its turn, without a thread or a connection."""
        self._reporting += 1
        try:
            async with self._work:
                yield
        finally:
            self._reporting -= 1
