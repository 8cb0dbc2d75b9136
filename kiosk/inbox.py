"""The one inbox of `kiosk run`: everything that happens comes through here, in order, bounded.

What repeats itself may be dropped when it comes faster than it is taken (scans, keys of a vandal, sweeps
over the contacts, ticks, news of a contact: the next one follows). What happens once never is (pulses,
manifests, answers).
"""

from __future__ import annotations

import queue
import threading

from drivers.devices import PadPressed
from drivers.doors import DoorsRead, Scanned
from drivers.simulated.remote import ScriptRequest
from kiosk.core.events import Contacted, Event, Tick
from kiosk.restoring import OfferedRows

# Of everything else: all. A cabinet of many boards has as many sweeps on their way.
MOST_WAITING = {Scanned: 4, DoorsRead: 32, PadPressed: 16, Tick: 1, Contacted: 1}
Item = Event | PadPressed | ScriptRequest | OfferedRows


class Inbox:
    """Posted to by every thread, taken from by the loop alone."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: dict[type, int] = dict.fromkeys(MOST_WAITING, 0)

    def post(self, item: Item) -> None:
        """Put one thing in; what repeats itself is dropped when enough of it is waiting already."""
        kind = type(item)
        with self._lock:
            if kind in self._waiting:
                if self._waiting[kind] >= MOST_WAITING[kind]:
                    return
                self._waiting[kind] += 1
        self._queue.put(item)

    def take(self, timeout_s: float) -> Item | None:
        """The next thing, or None when `timeout_s` is over. The only waiting in the process' loop."""
        try:
            item = self._queue.get(timeout=timeout_s) if timeout_s > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
        kind = type(item)
        with self._lock:
            if kind in self._waiting:
                self._waiting[kind] -= 1
        return item
