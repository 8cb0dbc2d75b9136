"""One request and what comes back: the only place where bytes of a lock board become an answer.

The law of this file: nothing counts as an answer but a whole frame, its check fitting, that the codec says
answers this very request. Everything else ends at the deadline, with a name for what was heard instead.

Echo. Many RS-485 adapters hear themselves. In the 8A/80 family "the door did not open" equals the request
byte for byte, so a pulse cannot tell whether a line echoes, while the answer to a query never equals its
request: queries teach it, and no pulse is sent before one was answered in this port session. On a line
that echoes, the first copy of the request is taken out, wherever noise has pushed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil
from typing import Protocol

from drivers.boards import Codec, Frame, Operation, Request

MOST_BYTES = 512  # one exchange never has that many: a line that babbles is corrupt
MOST_DRAINS = 8  # reads before a write; what comes after them is told apart by the codec
QUIET_MS = 20  # nothing for so long: the frame is over (USB adapters deliver in pieces 16 ms apart)
SLICE_MS = 100  # at most so long until a bus that shall stop notices
BITS_PER_BYTE = 10  # 8N1


class Line(Protocol):
    """What a bus needs of a port (`drivers/locks/port.py`)."""

    def open(self) -> bool:
        """Open anew; False: not now."""
        ...

    def write(self, data: bytes) -> None:
        """PortGone: bytes may or may not have left."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, as soon as there is some; b"" after `timeout_s`. PortGone."""
        ...

    def close(self) -> None:
        """Safe to call twice."""
        ...


class Verdict(Enum):
    """How an exchange ended."""

    ANSWERED = auto()
    SILENT = auto()
    CORRUPT = auto()  # bytes came, but no frame of anybody else and no answer
    FOREIGN = auto()  # a whole frame of another board, or about another channel


@dataclass(frozen=True, slots=True)
class Heard:
    """The end of one exchange. `echo`: None when this line has not shown yet whether it echoes."""

    verdict: Verdict
    answer: Frame | None
    unasked: tuple[Frame, ...]  # reports that came in between
    echo: bool | None
    size: int  # bytes that held the answer, without the echo


@dataclass(frozen=True, slots=True)
class Ear:
    """What is known of a line and of a board before it answers. `echo`: None for a query, which finds out.

    `size`: so many bytes was the last answer to the same request, 0 unknown. A frame without a length of
    its own that is just as long again, and whose check fits, needs no quiet to be believed.
    """

    echo: bool | None
    status_first: bool = False
    size: int = 0


def wire_ms(count: int, baud: int) -> int:
    """How long so many bytes take on the wire, rounded up."""
    return ceil(count * BITS_PER_BYTE * 1_000 / baud)


def quiet_ms(baud: int) -> int:
    """After so long without a byte a frame is over: 3.5 characters, but not less than QUIET_MS."""
    return max(QUIET_MS, ceil(3.5 * BITS_PER_BYTE * 1_000 / baud) + 1)


class Listening:
    """Collects what arrives after one request. It is told of bytes and of quiet; it knows no time."""

    def __init__(self, codec: Codec, request: Request, ear: Ear) -> None:
        self._codec = codec
        self._request = request
        self._ear = ear
        self._bytes = b""

    def feed(self, data: bytes) -> Heard | None:
        """More bytes; the end of the exchange if they complete an answer, or are too many."""
        self._bytes += data
        if len(self._bytes) > MOST_BYTES:
            return Heard(Verdict.CORRUPT, None, (), self._ear.echo, 0)
        return self._look(final=False) or self._look_by_size()

    def quiet(self) -> Heard | None:
        """The line fell quiet; what has come may be an answer that has no length of its own."""
        return self._look(final=True)

    def give_up(self) -> Heard:
        """The deadline: what it was, if it was no answer."""
        heard = self._look(final=True)
        if heard is not None:
            return heard
        echo: bool | None
        echo, bare = self._versions()[0]
        if self._ear.echo is None and (bare or not self._bytes):
            echo = None  # neither an answer nor an echo alone: that teaches nothing
        scan = self._codec.scan(bare, final=True, status_first=self._ear.status_first)
        unasked = tuple(f for f in scan.frames if f.operation is Operation.CHANGE)
        verdict = Verdict.CORRUPT
        if any(self._is_foreign(frame) for frame in scan.frames):
            verdict = Verdict.FOREIGN
        elif len(self._bytes) == sum(len(frame.data) for frame in unasked):
            verdict = Verdict.SILENT
        return Heard(verdict, None, unasked, echo, 0)

    def _versions(self) -> list[tuple[bool, bytes]]:
        """(does it echo, what the others said), the likeliest first."""
        if self._ear.echo is False or self._request.data not in self._bytes:
            return [(self._ear.echo is True, self._bytes)]
        before, _, after = self._bytes.partition(self._request.data)
        stripped = (True, before + after)
        # The request may also be a run of bytes inside an answer.
        return [stripped] if self._ear.echo else [stripped, (False, self._bytes)]

    def _look(self, *, final: bool) -> Heard | None:
        for echo, bare in self._versions():
            scan = self._codec.scan(bare, final=final, status_first=self._ear.status_first)
            for frame in scan.frames:
                if self._is_answer(frame):
                    unasked = tuple(f for f in scan.frames if f.operation is Operation.CHANGE)
                    return Heard(Verdict.ANSWERED, frame, unasked, echo, len(bare))
        return None

    def _look_by_size(self) -> Heard | None:
        sizes = [len(bare) for _, bare in self._versions()]
        return self._look(final=True) if self._ear.size and self._ear.size in sizes else None

    def _is_answer(self, frame: Frame) -> bool:
        if self._ear.echo is None and frame.data == self._request.data:
            return False
        return self._codec.answers(self._request, frame)

    def _is_foreign(self, frame: Frame) -> bool:
        if frame.operation is Operation.CHANGE:
            return False
        same_kind = frame.operation is self._request.operation
        return frame.board != self._request.board or (
            same_kind and frame.channel != self._request.channel
        )


def drain(line: Line, settle_ms: int = 0) -> bytes:
    """Take what has arrived unasked (at most the last MOST_BYTES), until `settle_ms` of quiet. PortGone."""
    taken = b""
    for _ in range(MOST_DRAINS):
        data = line.read(settle_ms / 1_000)
        if not data:
            break
        taken = (taken + data)[-MOST_BYTES:]
    return taken


@dataclass(frozen=True, slots=True)
class Asker:
    """Carries requests over one line, one at a time."""

    line: Line
    codec: Codec
    baud: int
    up_ms: Callable[[], int]

    def ask(self, request: Request, ear: Ear, stopping: Callable[[], bool]) -> Heard:
        """Write once, listen until answered, the deadline, or `stopping`. PortGone: as `Line.write`."""
        listening = Listening(self.codec, request, ear)
        self.line.write(request.data)
        deadline = self.up_ms() + wire_ms(len(request.data), self.baud) + request.answer_ms
        fresh = False
        while (left := deadline - self.up_ms()) > 0 and not stopping():
            data = self.line.read(min(left, quiet_ms(self.baud) if fresh else SLICE_MS) / 1_000)
            heard = None
            if data:
                heard = listening.feed(data)
            elif fresh:
                heard = listening.quiet()
            fresh = bool(data)
            if heard is not None:
                return heard
        return listening.give_up()
