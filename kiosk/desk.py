"""What the loop of `kiosk run` lays out for the threads of its socket, and the answers it owes them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.core.effects import AnswerRows
from sync.messages import Head, Refusal


@dataclass
class Answer:
    """One offer waiting for the loop."""

    ready: threading.Event = field(default_factory=threading.Event)
    ver: int = 0
    refusal: Refusal | None = None
    rows: AnswerRows | None = None


class Desk:
    """What the loop lays out for the socket's threads: snapshots and answers. The only shared thing."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._head = Head(0, "")
        self._in_force = (0, "")
        self._health: Mapping[str, object] = {}
        self._offers: dict[int, Answer] = {}
        self._next = 1
        self._calls = 0  # how often staff have called the centre from the screen

    def publish(self, head: Head, in_force: tuple[int, str], health: Mapping[str, object]) -> None:
        """Called by the loop: how far the journal goes, which manifest holds, how the kiosk is."""
        with self._changed:
            self._health, self._in_force = health, in_force
            if head != self._head:
                self._head = head
                self._changed.notify_all()

    @property
    def seq(self) -> int:
        """The newest statement that was published."""
        with self._changed:
            return self._head.seq

    def goes_by(self, in_force: tuple[int, str]) -> None:
        """Called by the loop before it answers an offer: which manifest holds now."""
        with self._changed:
            self._in_force = in_force

    def answered(self, offer: int, ver: int, refusal: Refusal | None) -> None:
        """Called by the loop: what became of an offered manifest."""
        with self._changed:
            answer = self._offers.pop(offer, None)
        if answer is not None:
            answer.ver, answer.refusal = ver, refusal
            answer.ready.set()

    def told(self, rows: AnswerRows) -> None:
        """Called by the loop: what became of offered rows."""
        with self._changed:
            answer = self._offers.pop(rows.offer, None)
        if answer is not None:
            answer.rows = rows
            answer.ready.set()

    @property
    def in_force(self) -> tuple[int, str]:
        """Version and hash of the manifest that the kiosk goes by; (0, "") for none."""
        with self._changed:
            return self._in_force

    @property
    def health(self) -> Mapping[str, object]:
        """The latest health snapshot."""
        with self._changed:
            return self._health

    def call(self) -> None:
        """Called by the loop: whoever waits for calls is to go to central at once."""
        with self._changed:
            self._calls += 1
            self._changed.notify_all()

    def wait(self, after: int, timeout_s: float, calls: int | None = None) -> tuple[Head, int]:
        """The journal's head as soon as it is beyond `after`, or when the time is over, and the calls.

        With `calls`: also as soon as that is not how often the centre was called.
        """

        def changed() -> bool:
            return self._head.seq > after or calls not in (None, self._calls)

        with self._changed:
            self._changed.wait_for(changed, timeout_s)
            return self._head, self._calls

    def expect(self) -> tuple[int, Answer]:
        """A number for an offer, and where its answer will appear."""
        with self._changed:
            number, self._next = self._next, self._next + 1
            answer = self._offers[number] = Answer()
            return number, answer

    def forget(self, offer: int) -> None:
        """Nobody waits for this answer any more."""
        with self._changed:
            self._offers.pop(offer, None)
