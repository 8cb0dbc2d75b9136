"""Long polls that sleep until there is something for them, without holding a thread.

The law of this file: whoever waits listens before it looks, so that no change falls in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Doorbells:
    """One bell per kiosk. Made and listened to on the event loop; rung from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._listening: dict[str, set[asyncio.Event]] = {}
        self.closed = False
        self.end = asyncio.Event()  # for whoever pauses: set once, by `close`
        self.waiting = 0  # polls that sleep now

    @contextmanager
    def listening(self, name: str) -> Iterator[asyncio.Event]:
        """An event that is set by the next ring."""
        event = asyncio.Event()
        self._listening.setdefault(name, set()).add(event)
        try:
            yield event
        finally:
            self._listening[name].discard(event)
            if not self._listening[name]:
                del self._listening[name]

    async def poll(self, event: asyncio.Event, timeout_s: float) -> bool:
        """As `heard`, and counted; false too when all ends: there is nothing to look for any more."""
        if self.closed:
            return False
        self.waiting += 1
        try:
            return await heard(event, timeout_s) and not self.closed
        finally:
            self.waiting -= 1

    def ring(self, name: str) -> None:
        """Wake everybody who waits for `name`."""
        self._loop.call_soon_threadsafe(self._ring, name)

    def ring_all(self) -> None:
        """Wake everybody: something may have been missed; on the event loop."""
        for name in list(self._listening):
            self._ring(name)

    def close(self) -> None:
        """Let every waiting call end now; on the event loop."""
        self.closed = True
        self.end.set()
        self.ring_all()

    def _ring(self, name: str) -> None:
        for event in self._listening.get(name, ()):
            event.set()


async def heard(event: asyncio.Event, timeout_s: float) -> bool:
    """Wait for a ring; false when there was none in time."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
