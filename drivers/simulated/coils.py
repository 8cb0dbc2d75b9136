"""The coils of a cabinet on real wires, as a meter on the supply sees them, driven by a fake board.

The law of this file: a coil is on from `drive` until its time is over, it is cut, or for ever when its
relay is welded; `runs` is the proof. `drivers/simulated/board.py` times its own coil and rates it; here
the fakes of `drivers/bench/` do, each as its family does. Times are `Cabinet.now_ms`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from drivers.simulated.board import COIL_RUNS_MAX, LATCH_MS, CoilRun
from drivers.simulated.door import Door


@dataclass(slots=True)
class _Current:
    """A coil that is on; the moments that are still to come, None for those that are not."""

    on_ms: int
    free_ms: int | None
    off_ms: int | None


class Coils:
    """One coil per door, all off at first."""

    def __init__(self, doors: Mapping[int, Door]) -> None:
        self._doors = doors
        self._now = 0
        self._on: dict[int, _Current] = {}
        self._welded: set[int] = set()
        self._runs: deque[CoilRun] = deque(maxlen=COIL_RUNS_MAX)

    def at(self, now_ms: int) -> None:
        """Let time pass until `now_ms`; no step is skipped, however long it was."""
        assert now_ms >= self._now, "time runs forward"
        while (due := self.next_ms()) is not None and due <= now_ms:
            self._now = due
            for n, current in list(self._on.items()):
                self._step(n, current)
        self._now = now_ms

    def next_ms(self) -> int | None:
        """When a latch is drawn or a coil goes off by itself; None: never, as things are."""
        moments = [ms for current in self._on.values() for ms in (current.free_ms, current.off_ms)]
        return min((ms for ms in moments if ms is not None), default=None)

    def drive(self, n: int, for_ms: int | None) -> None:
        """Put the coil of compartment n on, from now so long; None: until it is cut."""
        assert for_ms is None or for_ms > 0, "a pulse takes time"
        off_ms = None if for_ms is None else self._now + for_ms
        current = self._on.setdefault(n, _Current(self._now, self._now + LATCH_MS, off_ms))
        current.off_ms = None if n in self._welded else off_ms

    def cut(self, n: int) -> None:
        """Put it off at once; a welded relay does not listen."""
        if n in self._on and n not in self._welded:
            self._runs.append(CoilRun(self._on.pop(n).on_ms, self._now, n))

    def cut_all(self) -> None:
        """Put every coil off."""
        for n in list(self._on):
            self.cut(n)

    def lose_power(self) -> None:
        """The supply is gone: even a welded relay carries no current."""
        self._welded.clear()
        self.cut_all()

    def on(self) -> frozenset[int]:
        """The compartments whose coils carry current now."""
        return frozenset(self._on)

    def runs(self) -> tuple[CoilRun, ...]:
        """Every finished run of a coil, in the order of their ends (the last 10,000)."""
        return tuple(self._runs)

    def weld(self, n: int) -> None:
        """The relay of n sticks the next time that it is driven, or as it is now."""
        self._welded.add(n)
        if n in self._on:
            self._on[n].off_ms = None

    def unweld(self, n: int) -> None:
        """A new relay: the coil is off."""
        self._welded.discard(n)
        self.cut(n)

    def _step(self, n: int, current: _Current) -> None:
        if current.free_ms is not None and current.free_ms <= self._now:
            current.free_ms = None
            door = self._doors[n]
            door.at(self._now)
            door.free()
        if current.off_ms is not None and current.off_ms <= self._now:
            self.cut(n)
