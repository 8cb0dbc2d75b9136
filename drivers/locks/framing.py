"""What the codecs share: one walk over arriving bytes, check bytes, and the limits of a request.

The walk asks a family at every position what begins there. It never raises, never skips a byte unseen,
and goes on one byte after whatever fits nothing, so that garbage in front of a frame hides no frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

from drivers.boards import WHOLE_BOARD, Codec, Frame, Scan

BYTE_BITS = 8


class Sight(Enum):
    """What a position holds when it is neither a frame nor a damaged one."""

    NOTHING = "nothing"  # no frame begins here, whatever may follow
    INCOMPLETE = "incomplete"  # may be the beginning of a frame; more bytes decide


@dataclass(frozen=True, slots=True)
class Damaged:
    """A head with a whole frame behind it whose check does not fit. `length`: of that frame, bytes."""

    length: int


Look = Callable[[bytes, bool], Frame | Damaged | Sight]
"""(window, final) -> what begins at window[0]. The window holds at most longest + 1 bytes: the longest
frame and one byte behind it. `final`: nothing comes after the window's end if it is shorter."""


def scan(data: bytes, look: Look, *, longest: int, final: bool) -> Scan:
    """Walk over `data`. A damaged frame that overlaps a good one was only noise before it."""
    frames: list[Frame] = []
    at = noise = 0
    suspect = None  # where the damaged frame that is not yet explained away would end
    corrupt = False
    while at < len(data):
        seen = look(data[at : at + longest + 1], final)
        if isinstance(seen, Frame):
            frames.append(seen)
            corrupt |= suspect is not None and suspect <= at
            suspect = None
            at += len(seen.data)
            continue
        if seen is Sight.INCOMPLETE and not final and len(data) - at <= longest:
            break
        if isinstance(seen, Damaged) and suspect is None:
            suspect = at + seen.length
        noise += 1
        at += 1
    return Scan(tuple(frames), noise, corrupt or suspect is not None, data[at:])


def xor_of(data: bytes) -> int:
    """Exclusive or of all bytes; 0 over a frame together with its own check."""
    return reduce(xor, data, 0)


def sum_of(data: bytes) -> int:
    """Low byte of the sum of all bytes."""
    return sum(data) & 0xFF


def bits_of(groups: bytes, channels: int) -> Mapping[int, bool]:
    """Bits by channel: the lowest bit of the first byte is channel 1."""
    return {
        channel: bool(groups[(channel - 1) // BYTE_BITS] >> (channel - 1) % BYTE_BITS & 1)
        for channel in range(1, min(channels, BYTE_BITS * len(groups)) + 1)
    }


def hex_of(data: bytes) -> str:
    """`8A 01 01 11 9B`."""
    return data.hex(" ").upper()


def channels_in_words(contacts: Mapping[int, bool], *, given: bool) -> str:
    """The channels whose bit is `given`: `1, 9, 17`, or `none`."""
    return ", ".join(str(channel) for channel, bit in contacts.items() if bit is given) or "none"


def check_board(codec: Codec, board: int) -> None:
    """ValueError: this family has no board of that address."""
    if board not in codec.boards:
        first, last = codec.boards[0], codec.boards[-1]
        raise ValueError(f"{codec.family}: board {board} is not in {first} to {last}")


def check_pulse(codec: Codec, board: int, channel: int, pulse_ms: int) -> None:
    """ValueError: no such board, channel or pulse length. The whole board is never one channel."""
    check_board(codec, board)
    if not WHOLE_BOARD < channel <= codec.channels:
        raise ValueError(f"{codec.family}: channel {channel} is not in 1 to {codec.channels}")
    shortest, longest = codec.capabilities.pulse_ms
    if not shortest <= pulse_ms <= longest:
        raise ValueError(
            f"{codec.family}: a pulse of {pulse_ms} ms is not in {shortest} to {longest} ms"
        )


def check_query(codec: Codec, board: int, channels: int) -> None:
    """ValueError: no such board, or more channels than this family has."""
    check_board(codec, board)
    if not 0 < channels <= codec.channels:
        raise ValueError(f"{codec.family}: {channels} channels are not in 1 to {codec.channels}")
