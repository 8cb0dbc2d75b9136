"""What the buses say, in one order: the thread of each bus posts through here and nowhere else.

The law of this file: times of sweeps never go back, whichever bus they come from, and once `close` has
returned nothing is said any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from drivers.devices import DeviceState, Tell
from drivers.doors import DoorsRead, Inbox, Outcome, PulseDone, Reading


class Outlet:
    """Every method may be called from any thread."""

    def __init__(self, inbox: Inbox, tell: Tell, up_ms: Callable[[], int]) -> None:
        self._inbox = inbox
        self._tell = tell
        self._up_ms = up_ms
        self._lock = Lock()
        self._closed = False

    def doors(self, readings: Mapping[int, Reading]) -> None:
        """Readings taken just now."""
        with self._lock:
            if not self._closed:
                self._inbox(DoorsRead(self._up_ms(), dict(readings)))

    def pulsed(self, compartment: int, outcome: Outcome) -> None:
        """The one answer to a pulse."""
        with self._lock:
            if not self._closed:
                self._inbox(PulseDone(compartment, outcome))

    def device(self, state: DeviceState) -> None:
        """A board or port broke, or is well again."""
        with self._lock:
            if not self._closed:
                self._tell(state)

    def close(self) -> None:
        """Say nothing from now on."""
        with self._lock:
            self._closed = True
