"""Words between a lock board's codec and the line that carries its bytes. Standard library only.

A codec is pure: requests become bytes, bytes become frames. It keeps no state, knows no time and never
raises on what came in from the wire. The line (`drivers/locks/bus.py`) writes one request, collects what
arrives until the answer is there or its time is over, and asks the codec what that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from drivers.doors import Capabilities

WHOLE_BOARD = 0  # as a channel: all of them; channels count from 1, as printed on the boards


class Operation(StrEnum):
    """What a request asks for, or what a frame is about."""

    OPEN = "open"  # one pulse on one channel
    QUERY = "query"  # door contacts
    OUTPUTS = "outputs"  # read relays back
    ALL_OFF = "all_off"
    MODES = "modes"  # how inputs act on relays
    CHANGE = "change"  # said unasked
    OTHER = "other"  # a valid frame of this family that this program never sends


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes to write, once, and how long the answer may take from the last byte written."""

    data: bytes
    operation: Operation
    board: int
    channel: int  # 1…, or WHOLE_BOARD
    answer_ms: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame whose check fits. `contacts` and `outputs` are raw bits by channel.

    A raw contact bit says *contact closed* (short) where the family reports contacts, and *bit set*
    elsewhere; which of the two means a shut door is a property of the installation, never of a codec.
    """

    data: bytes
    operation: Operation
    board: int
    channel: int
    is_request: bool = False  # by its form only the controller sends it (an echo, another master)
    refused: str = ""  # why the board said no, in English words; "" when it did not
    contacts: Mapping[int, bool] = field(default_factory=dict)
    outputs: Mapping[int, bool] = field(default_factory=dict)
    modes: Mapping[int, int] = field(default_factory=dict)  # by channel; 0 is normal


@dataclass(frozen=True, slots=True)
class Scan:
    """What a run of bytes holds: frames in order, whether bytes between or before them fit nothing.

    `corrupt`: a head and a whole frame were there, but its check does not fit. `rest`: the tail that may
    be the beginning of a frame still to come (at most `Codec.longest` bytes).
    """

    frames: tuple[Frame, ...]
    noise: int  # bytes that belong to no frame
    corrupt: bool
    rest: bytes


class Codec(Protocol):
    """One family of lock boards. Board addresses and channels are as printed in its manual."""

    @property
    def family(self) -> str:
        """Its name in the configuration: `xor-8a80`, for instance."""
        ...

    @property
    def baud(self) -> int:
        """As delivered; 8N1."""
        ...

    @property
    def boards(self) -> range:
        """Possible addresses."""
        ...

    @property
    def channels(self) -> int:
        """The most channels a board of this family has."""
        ...

    @property
    def longest(self) -> int:
        """Bytes of the longest frame."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """Declared, never guessed."""
        ...

    def open(self, board: int, channel: int, pulse_ms: int) -> Request:
        """One pulse. ValueError: an address, channel or duration that this family has not."""
        ...

    def query(self, board: int, channels: int) -> Request:
        """The contacts of the first `channels` channels. ValueError as above."""
        ...

    def at_start(self, board: int, channels: int) -> tuple[Request, ...]:
        """What to ask before the board is trusted (all off, modes); often nothing."""
        ...

    def read_outputs(self, board: int, channels: int) -> Request | None:
        """Read the relays back, where the family can; None where it cannot."""
        ...

    def scan(self, data: bytes, *, final: bool, status_first: bool = False) -> Scan:
        """What `data` holds; never raises. `final`: nothing more will come (the line fell quiet).

        Some frames have no length of their own and end only at the quiet: those are found when `final`.
        `status_first`: the first status byte is channels 1 to 8 (some 8A/80 boards), not the last.
        """
        ...

    def answers(self, request: Request, frame: Frame) -> bool:
        """Whether this frame answers this request: operation, board and channel fit."""
        ...

    def explain(self, frame: Frame) -> str:
        """The frame in plain English, for a technician with a serial monitor."""
        ...
