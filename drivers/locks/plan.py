"""How a cabinet is wired: which board and channel each compartment hangs on. Plain values.

They come from the configuration, which has checked each by itself; `BoardsBank` refuses what does not fit
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.boards import Codec
from drivers.doors import Reading
from drivers.locks.duty import COOL_DOWN_MS

USUAL_PULSE_MS = 500  # where neither the configuration nor the board says how long
ShutWhen = Literal["closed", "open"]


@dataclass(frozen=True, slots=True)
class BusPlan:
    """One port with boards of one family behind it."""

    name: str
    codec: Codec
    port: Path
    baud: int = 0  # 0: as the family is delivered
    status_first: bool = False  # the first status byte is channels 1 to 8 (`Codec.scan`)

    @property
    def speed(self) -> int:
        """Baud on the wire."""
        return self.baud or self.codec.baud


@dataclass(frozen=True, slots=True)
class Wire:
    """One compartment's lock and contact."""

    compartment: int
    bus: str
    board: int
    channel: int  # 1…, as printed on the board
    shut_when: ShutWhen  # the raw contact (or bit: closed = set) when the door is shut
    pulse_ms: int
    cool_down_ms: int = COOL_DOWN_MS

    def reading(self, contact: bool | None) -> Reading:  # noqa: FBT001 - a raw bit, or none was read
        """What the raw contact says about the door."""
        if contact is None:
            return Reading.UNKNOWN
        return Reading.CLOSED if contact == (self.shut_when == "closed") else Reading.OPEN


def usual_pulse_ms(within: tuple[int, int]) -> int:
    """What a coil gets where nobody said otherwise: 500 ms, or as near as the board can."""
    return min(max(USUAL_PULSE_MS, within[0]), within[1])
