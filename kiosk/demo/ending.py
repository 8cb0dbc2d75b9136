"""How the demo is told to end: SIGTERM, Ctrl-C, or the terminal going away; processes are always ended too.

While something slow starts, the first signal breaks it off at once; otherwise it only leaves word.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Ending:
    """Listens from its making on; main thread only."""

    def __init__(self) -> None:
        self.asked = False
        self._break_off = False
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup has its reasons
                signal.signal(number, self._heard)

    @contextmanager
    def breaks_off(self) -> Iterator[None]:
        """Within, a signal raises KeyboardInterrupt."""
        self._break_off = True
        try:
            yield
        finally:
            self._break_off = False

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self._break_off:
            self._break_off = False
            raise KeyboardInterrupt
