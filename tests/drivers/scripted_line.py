"""A port that says what it is told to, at its time; time passes only while somebody reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from drivers.locks.port import PortGone

Answering = Callable[[bytes], Sequence[tuple[int, bytes]]]
GONE = b"gone"  # as a piece: the port vanishes


class ScriptedLine:
    """`answering`: what comes after these bytes were written, as (ms after the last piece, piece)."""

    def __init__(self, answering: Answering) -> None:
        self.now_ms = 1_000
        self.written: list[bytes] = []
        self.opened = 0
        self._answering = answering
        self._coming: deque[tuple[int, bytes]] = deque()

    def up_ms(self) -> int:
        return self.now_ms

    def open(self) -> bool:
        self.opened += 1
        return True

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self.say(self._answering(data))

    def say(self, pieces: Sequence[tuple[int, bytes]]) -> None:
        at = self._coming[-1][0] if self._coming else self.now_ms
        for after_ms, piece in pieces:
            at += after_ms
            self._coming.append((at, piece))

    def read(self, timeout_s: float) -> bytes:
        until = self.now_ms + round(timeout_s * 1_000)
        if not self._coming or self._coming[0][0] > until:
            self.now_ms = until
            return b""
        at, piece = self._coming.popleft()
        self.now_ms = max(self.now_ms, at)
        if piece == GONE:
            raise PortGone("unplugged")
        return piece

    def close(self) -> None:
        self._coming.clear()
