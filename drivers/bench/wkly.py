"""Fake `wkly`: frames that begin with "WKLY" and bear their length, XOR check, 9600 baud.

An opening is answered after the pulse with status, channel and door; a door byte of 1 is a closed
contact. A change of a door is told unasked, also between a request and its answer.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from drivers.bench.boards import Asked
from drivers.bench.family import REPLY_MS, SETTLE_MS, Heard, cut
from drivers.bench.works import Works

HEAD = b"WKLY"
FRAME_MIN, FRAME_MAX = 8, 255
FAILED = 0xFF
OPEN, QUERY, QUERY_ALL, CHANGE, HOLD, RELEASE = 0x82, 0x83, 0x84, 0x85, 0x88, 0x89
SEVERAL, FLASH, ALL_IN_TURN, SEVERAL_IN_TURN = 0x80, 0x81, 0x86, 0x87


def _frame(address: int, command: int, *data: int) -> bytes:
    body = HEAD + bytes((FRAME_MIN + len(data), address, command, *data))
    return body + bytes((reduce(xor, body),))


def _lengths(heard: bytes) -> tuple[int, ...]:
    known = heard[: len(HEAD)]
    if not HEAD.startswith(known):
        return ()
    if len(heard) <= len(HEAD):
        return (len(heard) + 1,)
    return (heard[len(HEAD)],) if heard[len(HEAD)] >= FRAME_MIN else ()


class Wkly:
    """Boards of 12 or 24 channels."""

    baud = 9_600
    addresses = range(32)
    channels = 24
    channels_max = 127
    pulse_ms = 500
    tells = True

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """As the port says."""
        return cut(heard, _lengths, lambda frame: reduce(xor, frame) == 0)

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """As the port says."""
        address, command, data = request[5], request[6], request[7:-1]
        if address != board.address:
            return None
        if command in (SEVERAL, ALL_IN_TURN, SEVERAL_IN_TURN, HOLD, RELEASE):
            return self._danger(board, request)
        if command == QUERY_ALL and not data:
            return Heard(Asked.QUERY, REPLY_MS, lambda: self._all(board))
        if command not in (OPEN, QUERY, FLASH) or len(data) != 1:
            return None
        channel = data[0]
        if not 1 <= channel <= board.channels:
            return Heard(Asked.OTHER, REPLY_MS, lambda: self.refusal(request))
        if command == FLASH:
            return Heard(Asked.OTHER, REPLY_MS, lambda: _frame(address, FLASH, 0, channel))
        if command == QUERY:
            return Heard(Asked.QUERY, REPLY_MS, lambda: self._one(board, QUERY, channel))
        return Heard(
            Asked.OPEN,
            board.pulse_ms + SETTLE_MS,
            lambda: self._one(board, OPEN, channel),
            lambda: board.pulse(channel, board.pulse_ms),
        )

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """As the port says."""
        return _frame(address, *frame[6:-1])

    def refusal(self, request: bytes) -> bytes:
        """Status FF."""
        return _frame(request[5], request[6], FAILED)

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """As the port says."""
        return _frame(address, CHANGE, channel, int(closed))

    def _one(self, board: Works, command: int, channel: int) -> bytes:
        return _frame(board.address, command, 0, channel, int(board.closed(channel)))

    def _all(self, board: Works) -> bytes:
        doors = [int(board.closed(n)) for n in range(1, board.channels + 1)]
        return _frame(board.address, QUERY_ALL, 0, len(doors), *doors)

    def _danger(self, board: Works, request: bytes) -> Heard:
        """Holding is obeyed, so that the meter shows it; opening several is refused and noted."""
        board.dangers.append(request)
        command, data = request[6], request[7:-1]
        if command not in (HOLD, RELEASE) or len(data) != 1:
            return Heard(Asked.OTHER, REPLY_MS, lambda: self.refusal(request))
        return Heard(
            Asked.OTHER,
            REPLY_MS,
            lambda: _frame(board.address, command, 0, data[0]),
            lambda: board.hold(data[0], on=command == HOLD),
        )
