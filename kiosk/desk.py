"""What the loop of `kiosk run` lays out for the threads of its socket, and the answers it owes them."""

from __future__ import annotations

import threading
import time
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
        self._begun = False
        self._head = Head(0, "")
        self._in_force = (0, "")
        self._health: Mapping[str, object] = {}
        self._light = ""
        self._told_at = time.monotonic()  # when the loop was last heard of
        self._offers: dict[int, Answer] = {}
        self._next = 1
        self._calls = 0  # how often staff have called the centre from the screen

    def publish(
        self,
        head: Head,
        in_force: tuple[int, str],
        health: Mapping[str, object],
        light: str = "",
    ) -> None:
        """Called by the loop: how far the journal goes, which manifest holds, how the kiosk is."""
        with self._changed:
            self._lay_out(health, light)
            self._begun, self._in_force = True, in_force
            if head != self._head:
                self._head = head
                self._changed.notify_all()

    def out_of_order(self, health: Mapping[str, object], light: str) -> None:
        """Called by the loop while the journal refuses: it has nothing newer than before to show."""
        with self._changed:
            self._lay_out(health, light)

    def _lay_out(self, health: Mapping[str, object], light: str) -> None:
        """Whether it serves, and a journal that refuses, is told to central at once: as by a call."""
        before = {**self._health}
        turned = bool(before) and any(before.get(n) != health.get(n) for n in ("outage", "journal"))
        self._health, self._light, self._told_at = health, light, time.monotonic()
        if turned:
            self._calls += 1
            self._changed.notify_all()

    @property
    def begun(self) -> bool:
        """Whether the loop has said how far the journal goes: what is asked before would be told of none."""
        with self._changed:
            return self._begun

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

    def status(self) -> dict[str, object]:
        """The snapshot, what the status light shows, and how long ago the loop told it, in seconds."""
        with self._changed:
            age_s = int(time.monotonic() - self._told_at)
            return {**self._health, "light": self._light, "told_age_s": age_s}

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
