"""A thread that keeps one reader open: served while it is there, looked for while it is not.

The law of this file: a reader that vanishes degrades nothing else and comes back by itself, by its name.
"""

from __future__ import annotations

import threading
from typing import Protocol

from drivers.devices import Trouble
from drivers.standing import Standing

REOPEN_MS = 1_000  # between two looks for a reader that is gone
CLOSE_S = 2.0  # a turn takes a tenth of a second


class ReaderGone(Exception):  # noqa: N818 - a fact about the cable, no fault of ours
    """The reader was unplugged, or its line broke."""


class Reader(Protocol):
    """Something that can be opened, read in short turns, and lost."""

    def open(self) -> bool:
        """Open anew. False: not there, not ours, or held by another."""
        ...

    def turn(self) -> None:
        """Wait a tenth of a second at most and hand on what came. Raises ReaderGone."""
        ...

    def close(self) -> None:
        """Let go; safe to call twice."""
        ...


class Keeper:
    """Serves `reader` on a thread of its own, from `start` until `close`."""

    def __init__(self, reader: Reader, standing: Standing, reopen_ms: int = REOPEN_MS) -> None:
        self._reader = reader
        self._standing = standing
        self._reopen_s = reopen_ms / 1_000
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def start(self) -> None:
        """Begin. Once only."""
        self._thread.start()

    def close(self) -> None:
        """Stop and let go of the reader. Safe to call twice, and before `start`."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._reader.open():
                self._standing.now(Trouble.NONE)
                self._serve()
            if not self._closing.is_set():
                self._standing.now(Trouble.LOST)
                self._closing.wait(self._reopen_s)

    def _serve(self) -> None:
        try:
            while not self._closing.is_set():
                self._reader.turn()
        except ReaderGone:
            return  # `_run` tells of it and looks for it again
        finally:
            self._reader.close()
