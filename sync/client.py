"""`kiosk sync`: carries statements to central and manifests to the kiosk, and decides nothing.

The law of this file: no state of its own. How far to send from is what central says it has; which
manifest is in force is what the kiosk says. Both activities may fail at any step, any number of
times, and are simply begun again; what they repeat changes nothing at either end.
"""

from __future__ import annotations

import logging
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.calls import CallError, Calls, Stamp, checked_url
from sync.fetch import POLL_S, Fetcher
from sync.framing import LineError
from sync.keys import Key
from sync.line import Line
from sync.messages import Clock
from sync.pace import Backoff, Pause, Waiter
from sync.report import Reporter
from sync.transport import Way

LONGEST_BACKOFF_S = 60.0
LONGEST_RETRY_AFTER_S = 120.0  # central may ask for more; less than STEP_S, which counts it
LONGEST_LINE_BACKOFF_S = 2.0  # `run` is on this machine: it may be asked often
STEP_S = 300.0  # an activity that takes longer over one step hangs
CALLS_S = 50.0  # one wait for a call
NEVER = 2**53 - 1  # a seq that no journal reaches: only calls are waited for
LOOK_S = 5.0  # how often that is looked at
JOIN_S = 1.0
_LOG = logging.getLogger("kiosk.sync")


@dataclass(frozen=True, slots=True)
class SyncConfig:
    """What `kiosk sync` needs to know; `line` is the socket of `kiosk run`."""

    central_url: str
    kiosk: str
    line: Path
    key: Key = field(repr=False)  # the private transport key, Ed25519
    ca: Path | None = None  # the only authority to trust for TLS; None: those of the program
    proxy: str = field(default="", repr=False)  # "" for none; may hold a password
    poll_s: float = POLL_S
    longest_backoff_s: float = LONGEST_BACKOFF_S

    def __post_init__(self) -> None:
        checked_url(self.central_url)
        Way(self.ca, self.proxy)
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.kiosk):
            raise ValueError(f"kiosk: {self.kiosk[:80]!r} is no kiosk id")


class Activity:
    """One of the two: a step, repeated until it is time to end, with a pause after what failed.

    Tells the log when its state changes, not how often it stays the same.
    """

    def __init__(self, name: str, step: Callable[[], None], config: SyncConfig) -> None:
        self.name = name
        self.begun = time.monotonic()  # when the step that is now under way began
        self._step = step
        self._calls = Backoff(random.uniform, config.longest_backoff_s)
        self._line = Backoff(random.uniform, LONGEST_LINE_BACKOFF_S)
        self._state = ""

    def once(self) -> float:
        """One step; how many seconds to wait before the next."""
        self.begun = time.monotonic()
        try:
            self._step()
        except LineError as error:
            self._say("kiosk run", str(error))
            return self._line.failed()
        except CallError as error:
            self._say(error.kind, str(error))
            # On top, so that a fleet that was told the same does not come back at once.
            return min(error.after_s, LONGEST_RETRY_AFTER_S) + self._calls.failed()
        self._line.worked()
        self._calls.worked()
        self._say("ok", "in contact with central")
        return 0.0

    def repeat(self, waiter: Waiter) -> None:
        """Steps until `waiter` says that it is time to end."""
        while not waiter.wait(self.once()):
            pass

    def _say(self, state: str, detail: str) -> None:
        if state != self._state:
            self._state = state
            level = logging.INFO if state == "ok" else logging.WARNING
            told = {"fields": {"activity": self.name, "state": state}}
            _LOG.log(level, f"{self.name}: %s", detail, extra=told)  # one of two names


def run(
    config: SyncConfig,
    stop: threading.Event | None = None,
    turned: Callable[[], object] = lambda: None,
) -> int:
    """Both activities, until SIGTERM, SIGINT or `stop` (0), or until one is stuck or dead (1).

    `turned` is called at once, then every LOOK_S while neither is.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    stamp = Stamp()
    line = Line(config.line)
    way = Way(config.ca, config.proxy, lambda: knows_time(line))
    own = [Calls(config.central_url, config.key, way, stamp) for _ in range(2)]
    reporter = Reporter(config.kiosk, line, own[0], time.monotonic)
    fetcher = Fetcher(config.kiosk, line, own[1], config.poll_s)
    activities = [
        Activity("report", reporter.step, config),
        Activity("fetch", lambda: fetcher.step(stop), config),
    ]
    pauses = [Pause(stop) for _ in activities]
    # Daemons: a long poll under way must not hold up the end.
    threads = [
        threading.Thread(target=a.repeat, args=(pause,), name=a.name, daemon=True)
        for a, pause in zip(activities, pauses, strict=True)
    ]
    hear = threading.Thread(target=heed_calls, args=(line, pauses, stop), name="calls", daemon=True)
    hear.start()
    for thread in threads:
        thread.start()
    try:
        turned()
        while not stop.wait(LOOK_S):
            for thread, activity in zip(threads, activities, strict=True):
                if not thread.is_alive() or time.monotonic() - activity.begun > STEP_S:
                    _LOG.error("%s: stuck or dead; ending, to be started afresh", activity.name)
                    return 1
            turned()
    except KeyboardInterrupt:
        _LOG.info("asked to end")
    finally:
        stop.set()
        for pause in pauses:
            pause.ring()
        for thread in threads:
            thread.join(JOIN_S)
    return 0


def heed_calls(line: Line, pauses: Sequence[Pause], stop: threading.Event) -> None:
    """Staff call the centre from the screen: no pause after a failure holds that up."""
    calls = 0
    while not stop.is_set():
        try:
            _, told = line.listen(NEVER, CALLS_S, calls)
        except LineError:  # the activities say so in the log
            stop.wait(LONGEST_LINE_BACKOFF_S)
            continue
        if told != calls:
            calls = told
            for pause in pauses:
                pause.ring()


def knows_time(line: Line) -> bool:
    """Whether the kiosk can judge how long a certificate is valid: `run` judges its clock.

    Raises:
        LineError: `run` did not answer.
    """
    return line.health().get("clock") != Clock.UNKNOWN
