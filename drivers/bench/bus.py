"""One bus of the bench: what is heard, which board obeys, what goes back and when.

The law of this file: it is told the time and the bytes and has neither clock nor port, so that every
story of a test is exact; the caller holds the cabinet still, at this very time. Bytes take their time
on the wire, 10 bits each, and a frame arrives with its last byte.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count

from drivers.bench.boards import BenchBus
from drivers.bench.families import FAMILIES
from drivers.bench.family import Heard
from drivers.bench.faults import GARBAGE, LATE_MS, SPLIT_GAP_MS, Fault, Faults
from drivers.bench.works import Works
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.door import BOUNCE_MS

QUIET_MS = 100  # half a request is forgotten after such a silence
REST_BYTES_MAX = 512
HEARD_MAX = 10_000
WATCH_MS = 20  # how often a board that reports unasked, or links inputs, looks at its contacts
BITS_PER_BYTE = 10

Step = Callable[[int], None]


class FakeBus:
    """The boards of one bus. Times are `Cabinet.now_ms`."""

    def __init__(self, cabinet: Cabinet, spec: BenchBus, *, wire_time: bool = True) -> None:
        self.family = FAMILIES[spec.family]
        self.baud: int = spec.baud or self.family.baud
        works = [
            Works(
                cabinet,
                board,
                channels=board.channels or self.family.channels,
                pulse_ms=board.pulse_ms or self.family.pulse_ms,
            )
            for board in spec.boards
        ]
        self.boards = {board.address: board for board in works}
        assert len(self.boards) == len(works), "every board of a bus has its own address"
        self.faults = Faults()
        self.heard: deque[bytes] = deque(maxlen=HEARD_MAX)
        self._wire_time = wire_time
        self._rest = b""
        self._heard_ms = 0
        self._line_free_ms = 0
        self._steps: list[tuple[int, int, Step]] = []
        self._order = count()
        self._out: list[bytes] = []
        self._last: dict[int, bytes] = {}  # by board: its last answer
        self._watched_ms = 0
        self._seen = {
            (b.address, n): (b.closed(n), cabinet.now_ms, b.closed(n))  # now, since when, told
            for b in works
            for n in b.doors
        }

    def hear(self, data: bytes, now_ms: int) -> None:
        """Bytes came in from whoever holds the port."""
        if now_ms - self._heard_ms > QUIET_MS:
            self._rest = b""
        self._heard_ms = now_ms
        if self.faults.echoes():
            self._say(now_ms, data)
        requests, rest = self.family.cut(self._rest + data)
        self._rest = rest[-REST_BYTES_MAX:]
        for request in requests:
            self._later(now_ms + self._wire_ms(request), partial(self._obey, request))

    def speak(self, now_ms: int) -> bytes:
        """What has reached the port by now."""
        self._watch(now_ms)
        while self._steps and self._steps[0][0] <= now_ms:
            due, _, step = heapq.heappop(self._steps)
            step(due)
        spoken, self._out = b"".join(self._out), []
        return spoken

    def due_ms(self) -> int | None:
        """When `speak` next has something to do by itself; None: never, as things are."""
        due = [self._steps[0][0]] if self._steps else []
        due += [self._watched_ms + WATCH_MS] if self._watches() else []
        return min(due, default=None)

    def report(self, board: int, channel: int, now_ms: int) -> None:
        """This board tells unasked how that contact stands."""
        self._tell(self.boards[board], channel, now_ms)

    def forget(self) -> None:
        """The port is gone: what was under way is lost; a board goes on with its pulse."""
        self._rest = b""
        self._steps.clear()
        self._out.clear()

    # A request and its answer

    def _obey(self, request: bytes, now_ms: int) -> None:
        self.heard.append(request)
        for board in self.boards.values():
            if board.dead or now_ms < board.busy_until_ms:
                continue
            heard = self.family.hears(board, request)
            if heard is not None:
                self._answer(board, request, heard, now_ms)

    def _answer(self, board: Works, request: bytes, heard: Heard, now_ms: int) -> None:
        struck = self.faults.strike(board.address, heard.asked)
        if Fault.DEAF in struck:
            return
        if Fault.REFUSED in struck:
            self._say(now_ms + heard.after_ms, self.family.refusal(request))
            return
        heard.act()
        board.busy_until_ms = now_ms + heard.after_ms
        late_ms = LATE_MS if Fault.LATE in struck else 0
        answered_ms = now_ms + heard.after_ms + late_ms
        self._later(answered_ms, lambda due: self._spoil(board, heard.answer, struck, due))

    def _spoil(
        self, board: Works, answer: Callable[[], bytes], struck: frozenset[Fault], now_ms: int
    ) -> None:
        frame = b"" if board.dead else answer()
        if not frame or Fault.SILENCE in struck:
            return
        before, self._last[board.address] = self._last.get(board.address, frame), frame
        if Fault.FOREIGN in struck:
            frame = self.family.readdressed(frame, self._stranger(board))
        if Fault.CORRUPT in struck:
            frame = frame[:-1] + bytes((frame[-1] ^ 0xFF,))
        if Fault.HALF in struck:
            frame = frame[: len(frame) // 2]
        if Fault.MERGED in struck:
            frame = before + frame
        if Fault.UNASKED in struck:
            channel = next(iter(board.doors))
            closed = board.closed(channel)
            frame = self.family.report(board.address, channel, closed=closed) + frame
        if Fault.GARBAGE in struck:
            frame = GARBAGE + frame
        half = len(frame) // 2 if Fault.SPLIT in struck else len(frame)
        self._say(now_ms, frame[:half])
        self._say(now_ms, frame[half:], gap_ms=SPLIT_GAP_MS)

    def _stranger(self, board: Works) -> int:
        """Another board's address, one on this bus if there is one."""
        others: list[int] = [*self.boards, *self.family.addresses]
        return next(address for address in others if address != board.address)

    # The wire

    def _say(self, from_ms: int, frame: bytes, gap_ms: int = 0) -> None:
        if frame:
            begins_ms = max(from_ms, self._line_free_ms + gap_ms)
            self._line_free_ms = begins_ms + self._wire_ms(frame)
            self._later(self._line_free_ms, lambda _: self._out.append(frame))

    def _wire_ms(self, data: bytes) -> int:
        bits = len(data) * BITS_PER_BYTE if self._wire_time else 0
        return -(-bits * 1_000 // self.baud)

    def _later(self, due_ms: int, step: Step) -> None:
        heapq.heappush(self._steps, (due_ms, next(self._order), step))

    # What boards see by themselves

    def _watches(self) -> bool:
        linked = any(any(board.modes.values()) or board.linked for board in self.boards.values())
        return self.family.tells or linked

    def _watch(self, now_ms: int) -> None:
        if not self._watches() or now_ms < self._watched_ms + WATCH_MS:
            return
        self._watched_ms = now_ms
        for board in self.boards.values():
            board.link()
            for channel in board.doors if self.family.tells else ():
                self._compare(board, channel, now_ms)

    def _compare(self, board: Works, channel: int, now_ms: int) -> None:
        """A change is told once its contact is at rest."""
        closed = board.closed(channel)
        seen, since_ms, told = self._seen[board.address, channel]
        if closed != seen:
            since_ms = now_ms
        if closed != told and now_ms - since_ms >= BOUNCE_MS:
            told = closed
            self._tell(board, channel, now_ms)
        self._seen[board.address, channel] = (closed, since_ms, told)

    def _tell(self, board: Works, channel: int, now_ms: int) -> None:
        if not board.dead:
            closed = board.closed(channel)
            self._say(now_ms, self.family.report(board.address, channel, closed=closed))
