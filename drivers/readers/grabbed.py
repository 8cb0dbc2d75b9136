"""An input device of Linux (/dev/input/by-id/…), read for us alone.

The law of this file: a device is grabbed, so that it types into nothing else; until that is granted it
counts as not there. The kernel's repeats of a held key are not passed on.
Standard library only (docs/adr/0025): a `struct input_event` and one ioctl.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.readers.keeper import ReaderGone

EVENT = struct.Struct(
    "llHHi"
)  # seconds, microseconds, type, code, value; as this machine aligns it
EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
EV_SYN, EV_KEY = 0, 1
SYN_DROPPED = 3
RELEASED, PRESSED = 0, 1  # 2: the kernel repeats a key that is held
MOST_EVENTS = 64  # of one read; the kernel keeps the others

Grab = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Key:
    """A key went down (or, `down` False, up)."""

    code: int
    down: bool


class LostKeys:
    """The kernel's buffer ran over: some keys are missing from here on."""


def grab(descriptor: int) -> None:
    """Take the device away from everybody else until it is closed. OSError: somebody else has it."""
    fcntl.ioctl(descriptor, EVIOCGRAB, 1)


class Keys:
    """One input device. For one thread."""

    def __init__(self, path: Path, take: Grab = grab) -> None:
        self._path = path
        self._take = take
        self._descriptor: int | None = None
        self._rest = b""

    def open(self) -> bool:
        """Open and grab. False: not there, not allowed, or grabbed by another."""
        self.close()
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            self._take(self._descriptor)
        except OSError:
            self.close()
            return False
        return True

    def read(self, timeout_s: float) -> list[Key | LostKeys] | None:
        """What was pressed and released; None: nothing came for `timeout_s`. Raises ReaderGone."""
        if self._descriptor is None:
            raise ReaderGone(f"{self._path} is not open")
        ready, _, _ = select.select([self._descriptor], [], [], timeout_s)
        if not ready:
            return None
        try:
            data = os.read(self._descriptor, MOST_EVENTS * EVENT.size)
        except OSError as failure:
            raise ReaderGone(f"{self._path} broke: {failure}") from failure
        if not data:
            raise ReaderGone(f"{self._path} ended")
        self._rest += data
        return list(self._take_events())

    def close(self) -> None:
        """Let go, which also ends the grab. Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, None
        self._rest = b""
        if descriptor is not None:
            os.close(descriptor)

    def _take_events(self) -> Iterator[Key | LostKeys]:
        whole = len(self._rest) - len(self._rest) % EVENT.size
        events, self._rest = self._rest[:whole], self._rest[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(events):
            if kind == EV_KEY and value in (RELEASED, PRESSED):
                yield Key(code, value == PRESSED)
            elif kind == EV_SYN and code == SYN_DROPPED:
                yield LostKeys()
