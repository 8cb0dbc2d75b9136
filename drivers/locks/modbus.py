"""Modbus RTU on the wire: seal a frame, and find one among bytes. Pure.

The law of this file: a frame is what begins like one, has the length its function demands, and ends in
its CRC; everything else is noise. Requests and answers share function codes and are told apart by
length alone. Only the functions that relay boards use are known (public Modbus specification, §6).
"""

from __future__ import annotations

from drivers.locks.framing import Damaged, Sight

READ_COILS = 0x01
READ_INPUTS = 0x02
READ_REGISTERS = 0x03
WRITE_COIL = 0x05
WRITE_REGISTER = 0x06
WRITE_COILS = 0x0F
EXCEPTION = 0x80  # set in the function of an answer that says no
FUNCTIONS = frozenset(
    (READ_COILS, READ_INPUTS, READ_REGISTERS, WRITE_COIL, WRITE_REGISTER, WRITE_COILS)
)

LAST_BOARD = 247  # addresses of the specification; 0 speaks to all
MOST_CHANNELS = 32  # of the largest relay board
LONGEST = 5 + 2 * MOST_CHANNELS  # board, function, count, one register per channel, CRC
_MOST_BITS = MOST_CHANNELS // 8  # bytes
_FIXED = 8  # board, function, address, value or count, CRC
_EXCEPTION = 5  # board, function, reason, CRC
# High bytes of the register addresses that relay boards have: modes, baud, address, version.
_REGISTERS = frozenset((0x10, 0x20, 0x40, 0x80))


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_TABLE = tuple(_remainder(byte) for byte in range(256))


def crc16(data: bytes) -> int:
    """Remainder of CRC-16/MODBUS: polynomial 0x8005 reflected, start 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def sealed(body: bytes) -> bytes:
    """The body with its CRC, low byte first."""
    return body + crc16(body).to_bytes(2, "little")


def request(board: int, function: int, address: int, value: int) -> bytes:
    """One request of fixed length; `value` is what to write, or how many to read."""
    body = bytes((board, function)) + address.to_bytes(2, "big") + value.to_bytes(2, "big")
    return sealed(body)


def look(window: bytes, *, final: bool) -> int | Damaged | Sight:
    """What begins at window[0] (see drivers.locks.framing.Look); a whole frame as its length."""
    lengths = _lengths(window[:_FIXED])
    whole = [length for length in lengths if length <= len(window)]
    for length in whole:
        if sealed(window[: length - 2]) == window[:length]:
            return length
    if len(whole) < len(lengths) and not final:
        return Sight.INCOMPLETE
    return Damaged(whole[0]) if whole else Sight.NOTHING


def _lengths(head: bytes) -> tuple[int, ...]:
    """How long a frame that begins so can be, shortest first; empty: none begins so.

    Shortest first, for a frame followed by two zero bytes passes the CRC as well. Of a head too short
    to tell, a length that it has not reached.
    """
    if head[0] > LAST_BOARD:
        return ()
    if len(head) == 1:
        return (_EXCEPTION,)
    function = head[1]
    if function & ~EXCEPTION not in FUNCTIONS:
        return ()
    if function & EXCEPTION or len(head) == 2:  # noqa: PLR2004 - board and function
        return (_EXCEPTION,)
    return _lengths_of(function, head)


def _lengths_of(function: int, head: bytes) -> tuple[int, ...]:
    third = head[2]  # the count of an answer, or the high byte of an address
    if function in (READ_COILS, READ_INPUTS):
        answer = (5 + third,) if third <= _MOST_BITS else ()
        return answer if third else (_FIXED,)
    if function == READ_REGISTERS:
        asked = (_FIXED,) if third in _REGISTERS else ()
        counted = third % 2 == 0 and 0 < third <= 2 * MOST_CHANNELS
        return tuple(sorted((*asked, *((5 + third,) if counted else ()))))
    many = function == WRITE_COILS and len(head) == _FIXED and 0 < head[6] <= _MOST_BITS
    return (_FIXED, 9 + head[6]) if many else (_FIXED,)
