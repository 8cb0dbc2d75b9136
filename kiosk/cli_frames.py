"""Bytes of lock boards in words, and operations in bytes: the technician's help at the wire.

Needs no configuration and touches no device: what it prints may be sent by hand with any serial monitor.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence

from drivers.boards import Codec, Frame, Operation, Request, Scan
from drivers.locks.framing import hex_of
from drivers.locks.plan import usual_pulse_ms

OK, NOTHING_VALID, USAGE = 0, 1, 2
MOST_BYTES = 65_536  # a minute at 9600 baud; more is not read by eye

HELP = """
kiosk frames FAMILY "8A 01 01 11 9B"   what these bytes say: every frame, noise, checks that do not fit
kiosk frames FAMILY open 1/12          the bytes that open board 1, channel 12, once
kiosk frames FAMILY query 1            the bytes that ask board 1 for its contacts

Spaces, commas, colons and 0x between bytes do not matter. Channels count from 1, as elsewhere.
--json prints one object: valid, operation, board, channel (0: the whole board), doors, hex.
doors is {channel: raw contact bit}; true means contact closed, hook locked or bit set. Whether that is
a shut door is a property of the installation. A capture of several frames describes the first in these
keys, and all of them, each with the same keys, in the list "frames". Without a valid frame the values
are null, {} and the bytes as given.
Exit status: 0; 1 no valid frame in the capture; 2 wrong use (hex, address, family).
"""


class _WrongUseError(Exception):
    """What was typed cannot be meant."""


def run(family: str, words: Sequence[str], *, as_json: bool, status_first: bool = False) -> int:
    """One line of `kiosk frames`; returns the exit status."""
    try:
        codec = _codec(family)
        if words[0].lower() in (Operation.OPEN, Operation.QUERY):
            return _make(codec, words, as_json=as_json)
        data = _bytes(words)
    except (_WrongUseError, ValueError) as error:
        print(f"kiosk frames: {error}", file=sys.stderr)
        return USAGE
    found = codec.scan(data, final=True, status_first=status_first)
    if as_json:
        print(json.dumps(_captured(found, data)))
    else:
        print("\n".join(_in_words(codec, found)))
    return OK if found.frames else NOTHING_VALID


def _codec(family: str) -> Codec:
    from drivers.locks.families import FAMILIES

    if family not in FAMILIES:
        known = ", ".join(sorted(FAMILIES))
        raise _WrongUseError(f"no family is called {family[:40]!r}; there are {known}")
    return FAMILIES[family]


def _make(codec: Codec, words: Sequence[str], *, as_json: bool) -> int:
    request = _request(codec, words)
    if as_json:
        print(json.dumps(_object(request.operation, request.board, request.channel, request.data)))
    else:
        print(hex_of(request.data))
    return OK


def _request(codec: Codec, words: Sequence[str]) -> Request:
    verb, place = words[0].lower(), " ".join(words[1:])
    if verb == Operation.OPEN:
        match = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", place)
        if match is None:
            raise _WrongUseError(f"open BOARD/CHANNEL, as in open 1/12; not {place[:40]!r}")
        pulse_ms = usual_pulse_ms(codec.capabilities.pulse_ms)
        return codec.open(int(match[1]), int(match[2]), pulse_ms)
    if re.fullmatch(r"[0-9]{1,3}", place) is None:
        raise _WrongUseError(f"query BOARD, as in query 1; not {place[:40]!r}")
    return codec.query(int(place), codec.channels)


def _bytes(words: Sequence[str]) -> bytes:
    """Hex digits, two by two; ValueError or _WrongUseError says which piece is none."""
    data = bytearray()
    for piece in re.split(r"[\s,:;]+", " ".join(words).strip()):
        digits = piece[2:] if piece[:2] in ("0x", "0X") else piece
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", digits) is None:
            raise _WrongUseError(
                f"{piece[:40]!r} is not hex, two digits a byte, nor is it open or query"
            )
        data += bytes.fromhex(digits)
        if len(data) > MOST_BYTES:
            raise _WrongUseError(f"more than {MOST_BYTES} bytes; give a shorter piece")
    return bytes(data)


def _object(
    operation: Operation | None,
    board: int | None,
    channel: int | None,
    data: bytes,
    doors: Mapping[int, bool] | None = None,
) -> dict[str, object]:
    return {
        "valid": operation is not None,
        "operation": operation,
        "board": board,
        "channel": channel,
        "doors": {str(number): bit for number, bit in (doors or {}).items()},
        "hex": hex_of(data),
    }


def _captured(found: Scan, data: bytes) -> dict[str, object]:
    if not found.frames:
        return _object(None, None, None, data)
    frames = [_framed(frame) for frame in found.frames]
    return frames[0] if len(frames) == 1 else {**frames[0], "frames": frames}


def _framed(frame: Frame) -> dict[str, object]:
    return _object(frame.operation, frame.board, frame.channel, frame.data, frame.contacts)


def _in_words(codec: Codec, found: Scan) -> list[str]:
    lines = [f"{hex_of(frame.data)}: {codec.explain(frame)}" for frame in found.frames]
    if found.corrupt:
        lines.append(
            "bad check: a head is there with enough bytes behind it, but its check is wrong"
        )
    if found.noise:
        lines.append(f"noise: {found.noise} byte(s) belong to no frame")
    if not found.frames:
        lines.append(f"no valid frame of {codec.family} in these bytes")
    return lines
