"""Fakes `kerong-cu16` and `kerong-cu12`: STX frames with a sum, 19200 baud, locks counted from 0.

Both report the hook: bit 1 is locked. An unlocking is answered at once, before anything moved: the
16-way board with its status, the 12-way board with an empty yes or no.
"""

from __future__ import annotations

from drivers.bench.boards import Asked
from drivers.bench.family import NOTHING, REPLY_MS, Heard, cut
from drivers.bench.works import Works

STX, ETX = 0x02, 0x03
TIME_UNIT_MS = 10


class KerongCu16:
    """`02 ADDR CMD [DATA] 03 SUM`; the address byte is the board's number and the lock's, a nibble each."""

    baud = 19_200
    addresses = range(15)  # F is every board
    channels = 16
    channels_max = 16
    pulse_ms = 500
    tells = False

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """As the port says."""
        return cut(heard, lambda rest: (5, 7) if rest[0] == STX else (), self._fits)

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """As the port says."""
        address, lock, command = request[1] >> 4, request[1] & 0x0F, request[2]
        if command in (0x32, 0x33) and address in (board.address, 0x0F):
            return self._for_all(board, request)
        if address != board.address or lock >= board.channels:
            return None
        match command, len(request):
            case 0x30, 5:
                return Heard(Asked.QUERY, REPLY_MS, lambda: self._status(board, 0x35))
            case 0x31, 5:
                return Heard(
                    Asked.OPEN,
                    REPLY_MS,
                    lambda: self._status(board, 0x35),
                    lambda: board.pulse(lock + 1, board.pulse_ms),
                )
            case 0x37, 5:
                return Heard(Asked.OTHER, REPLY_MS, lambda: self._time(board))
            case 0x37, 7:
                return self._set_time(board, int.from_bytes(request[3:5], "big"))
        return None

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """As the port says."""
        return _summed(STX, address << 4 | frame[1] & 0x0F, *frame[2:-1])

    def refusal(self, request: bytes) -> bytes:
        """These boards never say no."""
        del request
        return NOTHING

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """They wait to be asked."""
        del address, channel, closed
        return NOTHING

    @staticmethod
    def _fits(frame: bytes) -> bool:
        return frame[-2] == ETX and sum(frame[:-1]) & 0xFF == frame[-1]

    def _status(self, board: Works, code: int) -> bytes:
        hooks = board.contacts(16).to_bytes(2, "little")
        return _summed(STX, board.address << 4, code, *hooks, 0, 0, ETX)

    def _time(self, board: Works) -> bytes:
        units = (board.pulse_ms // TIME_UNIT_MS).to_bytes(2, "big")
        return _summed(STX, board.address << 4, 0x38, *units, ETX)

    def _set_time(self, board: Works, units: int) -> Heard | None:
        def act() -> None:
            board.pulse_ms = units * TIME_UNIT_MS

        return Heard(Asked.OTHER, REPLY_MS, lambda: self._time(board), act) if units else None

    def _for_all(self, board: Works, request: bytes) -> Heard:
        """Every board tells its status in turn; unlocking all is noted and not obeyed."""
        if request[2] == 0x32:  # noqa: PLR2004  # the command of the table above
            turn_ms = REPLY_MS * (1 + board.address)
            return Heard(Asked.QUERY, turn_ms, lambda: self._status(board, 0x36))
        board.dangers.append(request)
        return Heard(Asked.OTHER, REPLY_MS, lambda: NOTHING)


class KerongCu12:
    """`02 ADDR LOCK CMD ASK LEN 03 SUM [DATA]`; the sum is over the data too and stands before it."""

    baud = 19_200
    addresses = range(17)
    channels = 12
    channels_max = 12
    pulse_ms = 500
    tells = False

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """As the port says."""
        return cut(heard, self._lengths, self._fits)

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """As the port says."""
        _, address, lock, command = request[:4]
        if address != board.address:
            return None
        if command == 0x80:  # noqa: PLR2004  # status
            return Heard(Asked.QUERY, REPLY_MS, lambda: self._status(board, lock))
        if command != 0x81:  # noqa: PLR2004  # unlock
            return Heard(Asked.OTHER, REPLY_MS, lambda: self._said(request, 0x13))
        if lock >= board.channels:
            if lock == 0x0C:  # noqa: PLR2004  # all of them
                board.dangers.append(request)
            return Heard(Asked.OTHER, REPLY_MS, lambda: self._said(request, 0x11))
        return Heard(
            Asked.OPEN,
            REPLY_MS,
            lambda: self._said(request, 0x10),
            lambda: board.pulse(lock + 1, board.pulse_ms),
        )

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """As the port says."""
        return self._frame(address, frame[2:5], frame[8:])

    def refusal(self, request: bytes) -> bytes:
        """ASK 11: it failed."""
        return self._said(request, 0x11)

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """They wait to be asked."""
        del address, channel, closed
        return NOTHING

    @staticmethod
    def _lengths(heard: bytes) -> tuple[int, ...]:
        if heard[0] != STX:
            return ()
        return (8 + heard[5],) if len(heard) > 5 else (len(heard) + 1,)  # noqa: PLR2004  # LEN

    @staticmethod
    def _fits(frame: bytes) -> bool:
        return frame[6] == ETX and (sum(frame[:7]) + sum(frame[8:])) & 0xFF == frame[7]

    @staticmethod
    def _frame(address: int, middle: bytes, data: bytes = b"") -> bytes:
        header = bytes((STX, address, *middle, len(data), ETX))
        return header + bytes(((sum(header) + sum(data)) & 0xFF,)) + data

    def _said(self, request: bytes, ask: int) -> bytes:
        return self._frame(request[1], bytes((request[2], request[3], ask)))

    def _status(self, board: Works, lock: int) -> bytes:
        hooks = board.contacts(12).to_bytes(2, "little")
        return self._frame(board.address, bytes((lock, 0x80, 0x10)), hooks)


def _summed(*values: int) -> bytes:
    return bytes((*values, sum(values) & 0xFF))
