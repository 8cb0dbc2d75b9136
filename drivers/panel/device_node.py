"""A character device that is both written and read: `/dev/usb/lp0`, the kernel's USB printer.

The law of this file: the same manners as a serial port (drivers/locks/port.py), so that a printer does
not care which of them it hangs on: nothing waits longer than said, and what breaks is `PortGone`.
"""

from __future__ import annotations

import os
import select
import time
from pathlib import Path

from drivers.locks.port import MOST_READ, WRITE_TIMEOUT_S, PortGone

PAUSE_S = 0.02  # after an empty packet


class DeviceNode:
    """Opened for reading and writing, without ever blocking. Closed at first; for one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def open(self) -> bool:
        """Open anew. False: not there, not ours, or held by another."""
        self.close()
        try:
            flags = os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            self._descriptor = os.open(self._path, flags)
        except OSError:
            return False
        return True

    def write(self, data: bytes) -> None:
        """Hand all of `data` over, within WRITE_TIMEOUT_S. PortGone: part of it may have left."""
        rest, deadline = memoryview(data), time.monotonic() + WRITE_TIMEOUT_S
        while rest:
            if not self._ready(deadline - time.monotonic(), writing=True):
                self.close()
                raise PortGone(f"{self._path} takes nothing")
            try:
                rest = rest[os.write(self._open(), rest) :]
            except BlockingIOError:
                continue
            except OSError as failure:
                raise self._gone(failure) from failure

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, 1 to MOST_READ bytes, as soon as there is some; b"" after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while self._ready(deadline - time.monotonic(), writing=False):
            try:
                data = os.read(self._open(), MOST_READ)
            except BlockingIOError:
                data = b""
            except OSError as failure:
                raise self._gone(failure) from failure
            if data or time.monotonic() >= deadline:
                return data
            # usblp calls an empty packet readable; asking again at once would spin.
            select.select([], [], [], min(PAUSE_S, max(deadline - time.monotonic(), 0)))
        return b""

    def close(self) -> None:
        """Let go of the device. Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> int:
        if self._descriptor is None:
            raise PortGone(f"{self._path} is not open")
        return self._descriptor

    def _ready(self, timeout_s: float, *, writing: bool) -> bool:
        mine = [self._open()]
        wanted = ([], mine) if writing else (mine, [])
        readable, writable, _ = select.select(*wanted, [], max(timeout_s, 0))
        return bool(readable or writable)

    def _gone(self, failure: OSError) -> PortGone:
        self.close()
        return PortGone(f"{self._path} broke: {failure}")
