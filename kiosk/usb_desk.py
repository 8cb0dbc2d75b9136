"""Between `kiosk run` and the stick: what staff asked for, and what the helper of root's did (ADR 42).

`run` never mounts anything and never sees a device. A helper for each stick that is plugged in asks here for
work over the socket; it gets some only when a technician or supervisor has pressed the button, and only then
does it mount.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.core.upkeep_scenes import StickAct

ALIVE_MS = 5_000  # a helper that has not asked for so long is gone
JOB_S = 55.0  # a stick may take; the page waits 60 s
MOST_STICKS = 2  # asking at once: more would take places at the socket that sync needs
SEVERAL, SILENT = "several", "silent"


class FullError(Exception):
    """There is no place for one more helper."""


@dataclass(frozen=True, slots=True)
class Job:
    """What staff asked for. An export holds the rows after `after` up to `last`."""

    number: int
    act: StickAct
    after: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Did:
    """What a helper did: `read` with the sealed text, `written` with a count, or a word of `StickError`."""

    outcome: str
    count: int = 0
    sealed: str = field(default="", repr=False)


class UsbDesk:
    """One for `run`. The worker asks, the socket's threads answer."""

    def __init__(self, up_ms: Callable[[], int]) -> None:
        self._changed = threading.Condition()
        self._up_ms = up_ms
        self._heard: dict[str, int] = {}  # by stick, up ms
        self._asking: set[str] = set()
        self._job: Job | None = None
        self._taken = ""  # by which stick
        self._did: Did | None = None
        self._numbers = 0

    def present(self) -> bool:
        """Whether a helper stands ready with a stick."""
        with self._changed:
            return bool(self._there())

    def exporting(self) -> bool:
        """Whether a helper may read statements now."""
        with self._changed:
            return self._job is not None and self._job.act is StickAct.EXPORT and bool(self._taken)

    def ask(self, act: StickAct, after: int = 0, last: int = 0, wait_s: float = JOB_S) -> Did:
        """Have it done; called by one thread alone. `several` or `silent`: nothing was."""
        with self._changed:
            if len(self._there()) > 1:
                return Did(SEVERAL)
            self._numbers += 1
            self._job, self._taken, self._did = Job(self._numbers, act, after, last), "", None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._did is not None, wait_s)
            self._job = None
            return self._said()

    def take(self, stick: str, timeout_s: float) -> Job | None:
        """A helper waits for work with its stick; None: there is none yet, ask again.

        Raises:
            FullError: enough of them wait; ask again later.
        """
        with self._changed:
            if len(self._asking) >= MOST_STICKS or stick in self._asking:
                raise FullError
            self._asking.add(stick)
            try:
                self._changed.wait_for(self._waits, timeout_s)
                job = self._job if self._waits() else None
                self._taken = stick if job is not None else self._taken
                return job
            finally:
                self._asking.discard(stick)
                self._heard = {stick: self._up_ms()} | {
                    name: at for name, at in self._heard.items() if name != stick
                }

    def done(self, stick: str, number: int, did: Did) -> None:
        """The helper has unmounted. Of a job that nobody waits for any more nothing is kept."""
        with self._changed:
            self._heard[stick] = self._up_ms()
            if self._job is not None and (number, stick) == (self._job.number, self._taken):
                self._did = did
                self._changed.notify_all()

    def _waits(self) -> bool:
        return self._job is not None and not self._taken

    def _said(self) -> Did:
        return self._did or Did(SILENT)

    def _there(self) -> set[str]:
        since = self._up_ms() - ALIVE_MS
        self._heard = {name: at for name, at in self._heard.items() if at >= since}
        return self._asking | set(self._heard)
