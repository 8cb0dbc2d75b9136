"""Fake `waveshare-modbus`: Modbus RTU relay board with as many inputs as relays, 9600 baud.

A flash is echoed at once and the board ends it. Broadcasts (unit 0) are obeyed; only the questions of
its address and version are answered there, as the maker's examples show. Input 1 is a closed contact.
"""

from __future__ import annotations

from collections.abc import Callable

from drivers.bench.boards import Asked
from drivers.bench.family import NOTHING, REPLY_MS, Heard, cut
from drivers.bench.works import Works

BROADCAST = 0
FLASH_UNIT_MS = 100
FLASH_UNITS_MAX = 0x7FFF
VERSION = 200  # V2.00
RELAYS, FLASH_ON, FLASH_OFF, EVERY_RELAY = 0x0000, 0x0200, 0x0400, 0x00FF
MODES, BAUD, ADDRESS, VERSIONS = 0x1000, 0x2000, 0x4000, 0x8000
MODE_MAX = 3
BAD_FUNCTION, BAD_ADDRESS, BAD_VALUE = 1, 2, 3
PLAIN = 8  # bytes of a request but for the writing of many


def _framed(body: bytes) -> bytes:
    crc = 0xFFFF
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return body + crc.to_bytes(2, "little")


def _lengths(heard: bytes) -> tuple[int, ...]:
    if len(heard) > 1 and heard[1] == 0x0F:  # noqa: PLR2004  # its length comes after six bytes
        return (9 + heard[6],) if len(heard) > 6 else (len(heard) + 1,)  # noqa: PLR2004
    return (PLAIN,)


class WaveshareModbus:
    """Relay boards of 8 channels or more, with inputs ("D")."""

    baud = 9_600
    addresses = range(1, 248)
    channels = 8
    channels_max = 32
    pulse_ms = 500
    tells = False

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """As the port says."""
        return cut(heard, _lengths, lambda frame: _framed(frame[:-2]) == frame)

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """As the port says."""
        unit, function = request[0], request[1]
        if unit not in (BROADCAST, board.address):
            return None
        where, value = (int.from_bytes(request[n : n + 2], "big") for n in (2, 4))
        match function:
            case 0x01 | 0x02:
                heard = self._read_bits(board, request, where, value)
            case 0x03:
                heard = self._read_registers(board, request, where, value)
            case 0x05:
                heard = self._write_relay(board, request, where, value)
            case 0x06:
                heard = self._write_register(board, request, where, value)
            case 0x0F:
                heard = self._write_many(board, request, where, value)
            case _:
                heard = self._exception(request, BAD_FUNCTION)
        asking = function == 0x03 and where in (ADDRESS, VERSIONS)  # noqa: PLR2004
        if unit == BROADCAST and not asking and where not in (ADDRESS, BAUD):
            return Heard(heard.asked, heard.after_ms, lambda: NOTHING, heard.act)
        return heard

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """As the port says."""
        return _framed(bytes((address,)) + frame[1:-2])

    def refusal(self, request: bytes) -> bytes:
        """Exception 2: no such address."""
        return _framed(bytes((request[0], request[1] | 0x80, BAD_ADDRESS)))

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """They wait to be asked."""
        del address, channel, closed
        return NOTHING

    def _exception(self, request: bytes, code: int) -> Heard:
        frame = _framed(bytes((request[0], request[1] | 0x80, code)))
        return Heard(Asked.OTHER, REPLY_MS, lambda: frame)

    def _read_bits(self, board: Works, request: bytes, where: int, count: int) -> Heard:
        if not (count and where + count <= board.channels):
            return self._exception(request, BAD_ADDRESS)
        of_relays = request[1] == 0x01

        def answer() -> bytes:
            bits = (board.outputs if of_relays else board.contacts)(where + count) >> where
            data = bits.to_bytes(-(-count // 8), "little")
            return _framed(bytes((*request[:2], len(data))) + data)

        return Heard(Asked.OTHER if of_relays else Asked.QUERY, REPLY_MS, answer)

    def _read_registers(self, board: Works, request: bytes, where: int, count: int) -> Heard:
        first = where - MODES + 1
        if where in (ADDRESS, VERSIONS) and count == 1:
            values = [board.address if where == ADDRESS else VERSION]
        elif first >= 1 and count and first + count - 1 <= board.channels:
            values = [board.modes[n] for n in range(first, first + count)]
        else:
            return self._exception(request, BAD_ADDRESS)
        data = b"".join(value.to_bytes(2, "big") for value in values)
        frame = _framed(bytes((*request[:2], len(data))) + data)
        return Heard(Asked.OTHER, REPLY_MS, lambda: frame)

    def _write_relay(self, board: Works, request: bytes, where: int, value: int) -> Heard:
        base, channel = where & 0xFF00, (where & 0x00FF) + 1
        if where == EVERY_RELAY:
            if value:  # every coil on at once is noted, and refused
                board.dangers.append(request)
                return self._exception(request, BAD_VALUE)
            return self._echo(request, board.all_off)
        if channel > board.channels or base not in (RELAYS, FLASH_ON, FLASH_OFF):
            return self._exception(request, BAD_ADDRESS)
        if base == FLASH_ON:
            if not 1 <= value <= FLASH_UNITS_MAX:
                return self._exception(request, BAD_VALUE)
            return self._echo(
                request, lambda: board.pulse(channel, value * FLASH_UNIT_MS), Asked.OPEN
            )
        if base == RELAYS and value == 0:
            return self._echo(request, lambda: board.hold(channel, on=False))
        # Latched, toggled, or flashed the wrong way round: the coil would stay on.
        board.dangers.append(request)
        return self._echo(request, lambda: board.hold(channel, on=True))

    def _write_register(self, board: Works, request: bytes, where: int, value: int) -> Heard:
        channel = where - MODES + 1
        if where == ADDRESS and value in self.addresses:
            return self._echo(request, lambda: setattr(board, "address", value))
        if where == BAUD:
            return self._echo(request, lambda: None)  # a pty has no baud rate
        if not 1 <= channel <= board.channels:
            return self._exception(request, BAD_ADDRESS)
        if value > MODE_MAX:
            return self._exception(request, BAD_VALUE)
        return self._echo(request, lambda: board.modes.update({channel: value}))

    def _write_many(self, board: Works, request: bytes, where: int, count: int) -> Heard:
        if not (count and where + count <= board.channels):
            return self._exception(request, BAD_ADDRESS)
        bits = int.from_bytes(request[7:-2], "little")
        if bits:
            board.dangers.append(request)

        def act() -> None:
            for n in range(count):
                board.hold(where + n + 1, on=bool(bits >> n & 1))

        frame = _framed(request[:6])
        return Heard(Asked.OTHER, REPLY_MS, lambda: frame, act)

    def _echo(self, request: bytes, act: Callable[[], None], asked: Asked = Asked.OTHER) -> Heard:
        return Heard(asked, REPLY_MS, lambda: request, act)
