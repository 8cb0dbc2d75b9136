"""A serial port of the bench: a pty under a stable name, or, unplugged, nothing.

The law of this file: the name (`ttyBus-a`) stays and what it leads to changes, as with /dev/serial/by-id;
a port never blocks its thread. Our own end of the far side stays open, so that nothing hangs up when
whoever used the port goes away.
"""

from __future__ import annotations

import os
import tty
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 4_096


class Pty:
    """Not for two threads at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._master: int | None = None
        self._slave: int | None = None

    @property
    def plugged(self) -> bool:
        """Whether the name leads somewhere."""
        return self._master is not None

    def fileno(self) -> int:
        """For select."""
        assert self._master is not None, "only a plugged port is waited for"
        return self._master

    def plug(self) -> None:
        """Appear. OSError: no pty is left, or the folder cannot be written."""
        if self._master is None:
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)  # no bytes are eaten before somebody opens it
            os.set_blocking(self._master, False)
            self.path.unlink(missing_ok=True)
            self.path.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        """Vanish: whoever holds it reads a hang-up."""
        if self._master is not None and self._slave is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = None

    def read(self) -> bytes:
        """What came in; nothing when nothing did."""
        with suppress(BlockingIOError):
            return os.read(self.fileno(), CHUNK_BYTES)
        return b""

    def write(self, data: bytes) -> None:
        """Say it; what is not read in time is lost."""
        # Full: nobody reads, and the bytes are lost as on any wire.
        with suppress(BlockingIOError):
            os.write(self.fileno(), data)
