"""Fake `xor-8a80`: 8A/80 lock control boards, XOR check, 9600 baud.

An opening is answered after the pulse with the contact as it then stands; a door that stayed shut is
answered with the very bytes of the request. Whole-board status has at least three bytes, as captured
from a real 8-channel board.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from drivers.bench.boards import Asked
from drivers.bench.family import NOTHING, REPLY_MS, SETTLE_MS, Heard, cut
from drivers.bench.works import Works

OPEN, QUERY, PROBE, FIRMWARE, MANY, HOLD, RELEASE = 0x8A, 0x80, 0x81, 0x82, 0x90, 0x9A, 0x9B
CLOSED, APART = 0x11, 0x00
STATUS_BYTES_MIN = 3
SECONDS_MAX = 9
PLAIN, TIMED = 5, 6  # bytes of a request


def _checked(*values: int) -> bytes:
    return bytes((*values, reduce(xor, values)))


def _lengths(heard: bytes) -> tuple[int, ...]:
    if heard[0] == OPEN:
        return (PLAIN, TIMED)
    if heard[0] == MANY:
        return (TIMED,)
    return (PLAIN,) if heard[0] in (QUERY, PROBE, FIRMWARE, HOLD, RELEASE) else ()


class Xor8A80:
    """Boards of Guangzhou Shuoming and clones."""

    baud = 9_600
    addresses = range(1, 33)
    channels = 24
    channels_max = 50
    pulse_ms = 300
    tells = False

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """As the port says."""
        return cut(heard, _lengths, lambda frame: reduce(xor, frame) == 0)

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """As the port says."""
        head, address, channel, code = request[:4]
        if address != board.address or channel > board.channels:
            return None
        if head in (HOLD, RELEASE) or head == MANY or (head == OPEN and channel == 0):
            return self._danger(board, request)
        match head, code:
            case 0x8A, 0x11:
                return self._open(board, channel, request)
            case 0x80, 0x33:
                return Heard(Asked.QUERY, REPLY_MS, lambda: self._status(board, channel))
            case ((0x80 | 0x81), 0x99):
                return Heard(Asked.OTHER, REPLY_MS, lambda: request)
        return None

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """As the port says."""
        return _checked(frame[0], address, *frame[2:-1])

    def refusal(self, request: bytes) -> bytes:
        """These boards never say no."""
        del request
        return NOTHING

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """Special-order firmware only; the standard boards wait to be asked."""
        return _checked(FIRMWARE, address, channel, CLOSED if closed else APART)

    def _open(self, board: Works, channel: int, request: bytes) -> Heard | None:
        pulse_ms = board.pulse_ms
        if len(request) == TIMED:
            if not 1 <= request[4] <= SECONDS_MAX:
                return None
            pulse_ms = request[4] * 1_000
        return Heard(
            Asked.OPEN,
            pulse_ms + SETTLE_MS,
            lambda: self._one(board, OPEN, channel),
            lambda: board.pulse(channel, pulse_ms),
        )

    def _status(self, board: Works, channel: int) -> bytes:
        if channel:
            return self._one(board, QUERY, channel)
        count = max(STATUS_BYTES_MIN, -(-board.channels // 8))
        status = board.contacts(board.channels).to_bytes(count, "big")
        status = status[::-1] if board.status_first else status
        return _checked(QUERY, board.address, *status, 0x33)

    def _one(self, board: Works, head: int, channel: int) -> bytes:
        return _checked(head, board.address, channel, CLOSED if board.closed(channel) else APART)

    def _danger(self, board: Works, request: bytes) -> Heard:
        """Holding is obeyed, so that the meter shows it; opening many at once is only noted."""
        board.dangers.append(request)
        head, channel = request[0], request[2]
        if head not in (HOLD, RELEASE):
            return Heard(Asked.OTHER, REPLY_MS, lambda: NOTHING)
        return Heard(
            Asked.OTHER, REPLY_MS, lambda: NOTHING, lambda: board.hold(channel, on=head == HOLD)
        )
