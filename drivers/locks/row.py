"""The row of pulses that wait for their bus: bounded, in order, and never for long.

The law of this file: a pulse leaves the row exactly once, either to be sent or to be refused. One whose
coil must cool lets the others pass; one that could not begin within PATIENCE_MS is refused, because nobody
stands before that door any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from drivers.locks.duty import Duty
from drivers.locks.plan import Wire

MOST_WAITING = 64  # pulses
PATIENCE_MS = 3_000
RUN_MARGIN_MS = (
    200  # from the write to the coil: the wire, the board's own delay, its timer's error
)


@dataclass(frozen=True, slots=True)
class _Asked:
    wire: Wire
    at_ms: int


class Row:
    """Filled from any thread, served by one. `ready`: may this one be pulsed? None: refuse it."""

    def __init__(self, duty: Duty, ready: Callable[[Wire], bool | None], parallel: int) -> None:
        """`parallel`: coils that one bus may have on, whatever the supply bears."""
        self._duty = duty
        self._ready = ready
        self._parallel = parallel
        self._off_ms: list[int] = []  # when the pulses taken last are over
        self._changed = Condition()  # over all below
        self._waiting: list[_Asked] = []
        self._open = True

    @property
    def is_open(self) -> bool:
        """False: the bus shall end, or has ended."""
        return self._open

    def ask(self, wire: Wire, now_ms: int) -> bool:
        """Join the row. False: it is full, or closed."""
        with self._changed:
            taken = self._open and len(self._waiting) < MOST_WAITING
            if taken:
                self._waiting.append(_Asked(wire, now_ms))
                self._changed.notify()
            return taken

    def take(self, now_ms: int) -> tuple[Wire | None, tuple[Wire, ...]]:
        """The first pulse that can go now, its coil claimed; and those that will not be sent."""
        refused: list[Wire] = []
        with self._changed:
            for asked in tuple(self._waiting) if self._open else ():
                fate = self._fate(asked, now_ms)
                if fate is None:
                    continue
                self._waiting.remove(asked)
                if fate:
                    return asked.wire, tuple(refused)
                refused.append(asked.wire)
        return None, tuple(refused)

    def empty(self) -> tuple[Wire, ...]:
        """Take all that wait."""
        with self._changed:
            waiting, self._waiting = self._waiting, []
        return tuple(asked.wire for asked in waiting)

    def rest(self, now_ms: int, until_ms: int) -> None:
        """Do nothing until then, or until a pulse comes, a waiting one may go, or the row is closed."""
        with self._changed:
            waits = [self._wait_ms(asked.wire, now_ms) for asked in self._waiting]
            # A pulse whose coil is ready waits for its board: the next answer comes before `until_ms`.
            pause = min([until_ms - now_ms, *(wait for wait in waits if wait > 0)])
            if self._open and pause > 0:
                self._changed.wait(pause / 1_000)

    def close(self) -> None:
        """Take nobody any more, and wake who rests."""
        with self._changed:
            self._open = False
            self._changed.notify()

    def _fate(self, asked: _Asked, now_ms: int) -> bool | None:
        """True: it goes, its coil is claimed. False: it is refused. None: it waits."""
        wire, latest_ms = asked.wire, asked.at_ms + PATIENCE_MS
        ready = self._ready(wire)
        wait = self._wait_ms(wire, now_ms)
        if ready is None or now_ms + wait > latest_ms:
            return False
        if wait > 0 or not ready:
            return None
        if self._duty.begin(wire.compartment, wire.pulse_ms, wire.cool_down_ms, now_ms):
            off_ms = now_ms + wire.pulse_ms + RUN_MARGIN_MS
            self._off_ms = [*self._off_ms, off_ms][-self._parallel :]
            return True
        # Another bus was quicker; or else this pulse will never be granted.
        return None if self._duty.wait_ms(wire.compartment, now_ms) > 0 else False

    def _wait_ms(self, wire: Wire, now_ms: int) -> int:
        room = min(self._off_ms) - now_ms if len(self._off_ms) == self._parallel else 0
        return max(self._duty.wait_ms(wire.compartment, now_ms), room, 0)
