"""The socket's server on a real path, over a journal and a loop that a test holds in its hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kiosk.core.effects import AnswerRows
from kiosk.core.events import Contacted
from kiosk.inbox import Inbox
from kiosk.journal_values import Damaged, JournalError, JournalPort, Reason
from kiosk.line import Deadlines, Desk, LineServer, Requests
from sync.line import Line
from sync.messages import Head, Kind, Refusal
from tests.journal_fake import Disk, MemoryJournal
from tests.kiosk.station import EPOCH, KIOSK, NET_S, Station, said

T = TypeVar("T")
SOON = Deadlines(offer_gap_s=0.0)


class _Reader(MemoryJournal):
    """A reader of its own for every request, as in service."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter.disk, kiosk=KIOSK, epoch=EPOCH, key=counter.key)
        self._counter = counter
        counter.opened += 1

    def close(self) -> None:
        self._counter.closed += 1


class Counter:
    """A server that listens, and all that stands behind it. `line` asks it."""

    def __init__(self, folder: Path, deadlines: Deadlines = SOON, *, begun: bool = True) -> None:
        self.path = folder / "run.sock"
        self.key = Station(folder).keys.statement
        self.disk = Disk()
        self.journal = MemoryJournal(self.disk, kiosk=KIOSK, epoch=EPOCH, key=self.key)
        self.desk = Desk()
        self.in_force = (0, "")
        self.health: Mapping[str, object] = {}
        self.contacts = 0
        self.inbox = Inbox()
        self.opened = self.closed = 0
        self.missing = False
        self.busy = False
        self.offers: list[tuple[str, tuple[int, str] | None]] = []
        self.verdicts: list[tuple[int, Refusal | None]] = []
        self.wanted: list[AnswerRows] = []
        self.rows: list[tuple[list[str | Damaged], Head]] = []
        self.requests = Requests(
            self.desk, self._reader, self._offered, self._offered_rows, self._contacted
        )
        self.server = LineServer(self.path, self.requests, "", deadlines)
        self.server.start()
        self.line = Line(self.path, NET_S)
        if begun:
            self.publish()

    def close(self) -> None:
        self.server.close()

    def say(self, **fields: object) -> str:
        """One more statement on the disk; its signed text."""
        return self.journal.append(said(self.journal.head.seq + 1, Kind.RATED, **fields)).compact

    def publish(self) -> None:
        """What the loop does once a second."""
        self.desk.publish(self.journal.head, self.in_force, self.health)

    def _reader(self) -> JournalPort:
        if self.missing:
            raise JournalError(Reason.MISSING, "the test took it away")
        return _Reader(self)

    def _offered(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> bool:
        if self.busy:
            return False
        self.offers.append((jwe, in_force))
        if self.verdicts:
            self.desk.answered(offer, *self.verdicts.pop(0))
        return True

    def _offered_rows(self, rows: list[str | Damaged], head: Head, offer: int) -> bool:
        if self.busy:
            return False
        self.rows.append((rows, head))
        if self.wanted:
            self.desk.told(replace(self.wanted.pop(0), offer=offer))
        return True

    def _contacted(self) -> None:
        self.contacts += 1
        self.inbox.post(Contacted(0))


@contextmanager
def aside(ask: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """`ask` in a thread of its own; after the block its answer is there."""
    answers: list[T] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    yield lambda: answers[0]
    thread.join(NET_S)
    assert answers, "no answer came"
