"""`python -m bench.probe_touch CONFIG TOUCHES`: `kiosk run` itself, touched from a second thread.

Nothing of `run` is left out: its loop, its journal, its doors over the socket. A finger's events are put into
the window's queue at moments that the loop knows nothing of, so the wait for its next look is in the figure;
the clock stops when the frame with another body was flipped. Prints every touch's milliseconds.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter_ns

from kiosk import compose, config
from ui.face import Face
from ui.hands import Action
from ui.screens import Body, Idle, Screen
from ui.sizes import ScreenSize

WAIT_S = 20.0
PAUSE_S = (0.11, 0.25)  # between two touches: brisk, and slower than rain
VISIT = (
    (Action.START, ""),
    *((Action.DIGIT, digit) for digit in "4821"),
    (Action.CONFIRM, ""),
    *((Action.DIGIT, digit) for digit in "16390742"),
    (Action.CANCEL, ""),
)


class TimedFace(Face):
    """The face, with a note of when each new body was on the screen."""

    def __init__(self, size: ScreenSize, *, fullscreen: bool = False) -> None:
        super().__init__(size, fullscreen=fullscreen)
        self._body: Body | None = None
        self._shown: queue.SimpleQueue[tuple[Body, int]] = queue.SimpleQueue()
        threading.Thread(target=self._touch_and_tell, daemon=True).start()

    def show(self, screen: Screen) -> None:
        super().show(screen)
        if screen.body != self._body:
            self._body = screen.body
            self._shown.put((screen.body, perf_counter_ns()))

    def _touch_and_tell(self) -> None:
        """On a thread of its own: the visit over and over; then this process is asked to end."""
        random, never, times = Random(1), threading.Event(), []
        while not isinstance(self._shown.get(timeout=WAIT_S)[0], Idle):
            pass
        for (action, value), _ in zip(cycle(VISIT), range(TOUCHES), strict=False):
            never.wait(random.uniform(*PAUSE_S))
            begun = perf_counter_ns()
            assert self.tap(action, value), f"no target for {action}"
            _, shown = self._shown.get(timeout=WAIT_S)
            times.append((shown - begun) / 1e6)
        print(json.dumps(times), flush=True)
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    TOUCHES = int(sys.argv[2])
    vars(compose)["Face"] = TimedFace  # the same face, timed
    sys.exit(compose.run(config.load(Path(sys.argv[1]))))
