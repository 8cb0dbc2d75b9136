"""The real lock driver in a process of its own, which meets its end right behind the bytes of an opening.

`python -m tests.hardware.driver PORT FAMILY END` waits until the doors are read, asks for three pulses at
once, and says each answer on a line of its own. END says what happens as soon as the first opening is on
the wire, still in the bus's thread. SIGTERM is taken as `kiosk run` takes it: the bank is closed.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import NoReturn

from drivers.doors import DoorsRead, DriverEvent, PulseDone, Reading
from drivers.locks.bank import BoardsBank
from drivers.locks.duty import Duty
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan, Wire
from drivers.locks.port import Port
from drivers.simulated.channel import monotonic_ms

BOARD = 1
DOORS = {1: 3, 2: 4, 5: 7}  # compartment by channel
FIRST = 3
PULSE_MS = 1_000  # where the request says how long, and the board does not time it as it likes


class End(StrEnum):
    """What happens right behind the bytes of the first opening."""

    NONE = "none"
    SIGKILL = "sigkill"
    SIGTERM = "sigterm"
    STOPPED = "stopped"  # the whole process hangs
    HANGING = "hanging"  # the bus's thread hangs
    RAISING = "raising"  # an exception that nobody foresaw, in the bus's thread
    ELSEWHERE = "elsewhere"  # the same in the main thread, which puts nothing in order


def pulse_ms(family: str) -> int:
    """What is asked of this family here."""
    shortest, longest = FAMILIES[family].capabilities.pulse_ms
    return min(max(PULSE_MS, shortest), longest)


class Doomed:
    """A port that does the deed behind the first opening, and never again."""

    def __init__(self, port: Port, opening: bytes, deed: Callable[[], object]) -> None:
        self._opening = opening
        self._deed = deed
        self._done = False
        self._port = port
        self.open, self.read, self.close = port.open, port.read, port.close

    def write(self, data: bytes) -> None:
        self._port.write(data)
        if data == self._opening and not self._done:
            self._done = True
            self._deed()


def _raise() -> NoReturn:
    raise MemoryError("nobody foresaw this")


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(port: str, family: str, end: End) -> None:
    events: queue.SimpleQueue[DriverEvent | None] = queue.SimpleQueue()
    deeds: dict[End, Callable[[], object]] = {
        End.NONE: lambda: None,
        End.SIGKILL: lambda: os.kill(os.getpid(), signal.SIGKILL),
        End.SIGTERM: lambda: os.kill(os.getpid(), signal.SIGTERM),
        End.STOPPED: lambda: os.kill(os.getpid(), signal.SIGSTOP),
        End.HANGING: lambda: threading.Event().wait(),
        End.RAISING: _raise,
        End.ELSEWHERE: lambda: events.put(None),
    }
    signal.signal(signal.SIGTERM, _terminated)
    codec, ms = FAMILIES[family], pulse_ms(family)
    opening = codec.open(BOARD, 1, ms).data
    bank = BoardsBank(
        [BusPlan("a", codec, Path(port))],
        [Wire(n, "a", BOARD, channel, "closed", ms) for channel, n in DOORS.items()],
        Duty(len(DOORS)),
        lambda _: None,
        monotonic_ms,
        lambda plan: Doomed(Port(plan.port, plan.speed), opening, deeds[end]),
    )
    try:
        bank.start(events.put)
        _listen(bank, events)
    except SystemExit:
        bank.close()
        raise
    if end is not End.HANGING:
        bank.close()


def _listen(bank: BoardsBank, events: queue.SimpleQueue[DriverEvent | None]) -> None:
    """Pulse every door when all were read; say what became of it."""
    shut: set[int] = set()
    answered: set[int] = set()
    while len(answered) < len(DOORS):
        match events.get():
            case None:
                _raise()
            case DoorsRead(readings=readings) if len(shut) < len(DOORS):
                shut |= {n for n, reading in readings.items() if reading is Reading.CLOSED}
                for n in DOORS.values() if len(shut) == len(DOORS) else ():
                    bank.pulse(n)
            case PulseDone(compartment, outcome):
                answered.add(compartment)
                sys.stdout.write(f"{compartment} {outcome}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], End(sys.argv[3]))
