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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sync.calls import CallError, Calls, Stamp, checked_url
from sync.fetch import POLL_S, Fetcher
from sync.keys import Key
from sync.line import Line, LineError
from sync.pace import Backoff, Waiter
from sync.report import Reporter

LONGEST_BACKOFF_S = 60.0
LONGEST_LINE_BACKOFF_S = 2.0  # `run` is on this machine: it may be asked often
STEP_S = 300.0  # an activity that takes longer over one step hangs
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
    ca: Path | None = None  # the only authority to trust for TLS; None: the system's
    poll_s: float = POLL_S
    longest_backoff_s: float = LONGEST_BACKOFF_S

    def __post_init__(self) -> None:
        checked_url(self.central_url)
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
            return self._calls.failed()
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
            _LOG.info("%s: %s", self.name, detail)


def run(config: SyncConfig, stop: threading.Event | None = None) -> int:
    """Both activities, until SIGTERM, SIGINT or `stop` (0), or until one is stuck or dead (1)."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    stamp = Stamp()
    line = Line(config.line)
    reporter = Reporter(config.kiosk, line, _calls(config, stamp), time.monotonic)
    fetcher = Fetcher(config.kiosk, line, _calls(config, stamp), config.poll_s)
    activities = [
        Activity("report", reporter.step, config),
        Activity("fetch", lambda: fetcher.step(stop), config),
    ]
    # Daemons: a long poll under way must not hold up the end.
    threads = [
        threading.Thread(target=a.repeat, args=(stop,), name=a.name, daemon=True)
        for a in activities
    ]
    for thread in threads:
        thread.start()
    try:
        while not stop.wait(LOOK_S):
            for thread, activity in zip(threads, activities, strict=True):
                if not thread.is_alive() or time.monotonic() - activity.begun > STEP_S:
                    _LOG.error("%s: stuck or dead; ending, to be started afresh", activity.name)
                    return 1
    except KeyboardInterrupt:
        _LOG.info("asked to end")
    finally:
        stop.set()
        for thread in threads:
            thread.join(JOIN_S)
    return 0


def _calls(config: SyncConfig, stamp: Stamp) -> Calls:
    return Calls(config.central_url, config.key, config.ca, stamp)
