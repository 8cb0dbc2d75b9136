"""One serial line, as thin as it can be: bytes out, bytes in, and one way of being gone.

The law of this file: nothing waits longer than its caller said, and whatever goes wrong with the line
is one exception, `PortGone`, after which the port is closed. A port is named by its path
(`/dev/serial/by-id/…`: an adapter moved to another socket is still itself), which is looked up anew at
every `open`. When to try again is the bus's business.
"""

from __future__ import annotations

import select
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import serial

WRITE_TIMEOUT_S = 0.5  # the longest frame at the slowest baud takes a tenth of it
MOST_READ = 1_024  # bytes of one read; a line that babbles comes in pieces of it

# All that pyserial lets through when a line dies (its SerialException is an OSError).
_FAILURES = (OSError, termios.error)


class PortGone(Exception):  # noqa: N818 - a fact about the line, no fault of ours
    """The line broke, or is not open. Bytes written just before may or may not have left."""


class Port:
    """A serial port, 8N1, held exclusively. Closed at first; for one thread."""

    def __init__(self, path: Path, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._line: serial.Serial | None = None

    def open(self) -> bool:
        """Open anew and forget what had arrived. False: not there, not ours, or held by another."""
        self.close()
        try:
            # No timeout in pyserial: `read` waits by itself, so that a wait costs no ioctl.
            self._line = serial.Serial(
                str(self._path),
                self._baud,
                timeout=0,
                write_timeout=WRITE_TIMEOUT_S,
                exclusive=True,
            )
            self._line.reset_input_buffer()
        except _FAILURES:
            self.close()
            return False
        return True

    def write(self, data: bytes) -> None:
        """Hand all of `data` to the line, within WRITE_TIMEOUT_S. PortGone: see there."""
        with self._alive() as line:
            line.write(data)

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, 1 to MOST_READ bytes, as soon as there is some; b"" after `timeout_s`."""
        with self._alive() as line:
            ready, _, _ = select.select([line.fileno()], [], [], max(timeout_s, 0))
            return line.read(MOST_READ) if ready else b""

    def close(self) -> None:
        """Let go of the line. Safe to call twice, and on a line that is gone."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(*_FAILURES):  # it is gone either way
                line.close()

    @contextmanager
    def _alive(self) -> Iterator[serial.Serial]:
        if self._line is None:
            raise PortGone(f"{self._path} is not open")
        try:
            yield self._line
        except _FAILURES as failure:
            self.close()
            raise PortGone(f"{self._path} broke: {failure}") from failure
