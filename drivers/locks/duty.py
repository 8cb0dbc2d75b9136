"""What coils and supply bear: how long, how often, and how many at once. One for all buses.

The law of this file: no coil is claimed again before it has rested, none for longer than `HARD_CAP_MS`,
and never more at once than the supply feeds. A claim without news counts as a coil that is on until
its pulse and a margin are over, so a lost answer costs time and never copper. Pure but for its lock:
times are milliseconds of the machine's monotonic clock, handed in by whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

HARD_CAP_MS = 3_000  # no pulse is longer, whatever the configuration says
COOL_DOWN_MS = 2_000  # what a pulse coil rests between two pulses, unless its label asks for more
MARGIN_MS = 500  # from the claim to the coil: writing, the board's own delay, its inexact timer


@dataclass(slots=True)
class _Coil:
    off_by_ms: int  # at the latest
    rested_by_ms: int
    cool_down_ms: int


class Duty:
    """The one limiter of a cabinet; every method may be called from any thread and returns at once."""

    def __init__(self, most_on: int) -> None:
        """`most_on`: coils that may be on at once, across all buses (from 1)."""
        if most_on < 1:
            raise ValueError(f"at least one coil must be able to be on, not {most_on}")
        self._most_on = most_on
        self._coils: dict[int, _Coil] = {}
        self._lock = Lock()

    def wait_ms(self, compartment: int, now_ms: int) -> int:
        """How long until this coil may start, should nothing be told before; 0: now.

        A hint: another bus may be quicker. Only `begin` decides.
        """
        with self._lock:
            return self._wait_ms(compartment, now_ms)

    def begin(self, compartment: int, pulse_ms: int, cool_down_ms: int, now_ms: int) -> bool:
        """Claim one pulse, right before its bytes leave. False: it must not be sent now, or ever.

        `pulse_ms` is 1 to HARD_CAP_MS; anything else is never granted. The coil counts as on until
        `end`, or until `pulse_ms` and MARGIN_MS have passed; from then on it rests `cool_down_ms`.
        """
        if not 1 <= pulse_ms <= HARD_CAP_MS or cool_down_ms < 0:
            return False
        with self._lock:
            if self._wait_ms(compartment, now_ms) > 0:
                return False
            off_by = now_ms + pulse_ms + MARGIN_MS
            self._coils[compartment] = _Coil(off_by, off_by + cool_down_ms, cool_down_ms)
            return True

    def end(self, compartment: int, now_ms: int) -> None:
        """This coil is known to be off: its bytes never left, or its board reported the end.

        An echo that comes while the relay is still on is no such knowledge. Unclaimed: no effect.
        """
        with self._lock:
            coil = self._coils.get(compartment)
            if coil is not None:
                coil.off_by_ms = min(coil.off_by_ms, now_ms)
                coil.rested_by_ms = now_ms + coil.cool_down_ms

    def _wait_ms(self, compartment: int, now_ms: int) -> int:
        own = self._coils.get(compartment)
        rests = own.rested_by_ms - now_ms if own is not None else 0
        ends = sorted(c.off_by_ms for c in self._coils.values() if c.off_by_ms > now_ms)
        # So many must have ended before there is room for one more.
        before = len(ends) - self._most_on
        room = ends[before] - now_ms if before >= 0 else 0
        return max(rests, room, 0)
