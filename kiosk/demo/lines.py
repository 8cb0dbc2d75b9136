"""Typed lines from standard input, for whoever plays without a window."""

from __future__ import annotations

import os
import select
import sys
import threading

LINE_MAX = 512  # characters of one typed line
CHUNK_BYTES = 4096


class Lines:
    """Whole lines, without a thread that could hang in reading them."""

    def __init__(self, playing: str) -> None:
        self._playing = playing  # what goes on when nothing more can be typed
        self._file = None if sys.stdin is None or sys.stdin.closed else sys.stdin.fileno()
        self._rest = b""
        self._never = threading.Event()

    def wait(self, seconds: float) -> list[str]:
        """Lines that came within this time; the end of input ends nothing but the listening."""
        if self._file is None:
            self._never.wait(seconds)
            return []
        readable, _, _ = select.select([self._file], [], [], seconds)
        if not readable:
            return []
        chunk = os.read(self._file, CHUNK_BYTES)
        if not chunk:
            self._file = None
            print(
                f"nothing more can be typed; {self._playing} runs on until SIGTERM or Ctrl-C",
                flush=True,
            )
            return []
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._rest = self._rest[-LINE_MAX:]
        return [line[:LINE_MAX].decode("utf-8", errors="replace") for line in lines]
