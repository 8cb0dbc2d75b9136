"""Words of the bench: fake lock boards on a wire, wired to the doors of a simulated cabinet.

The law of this folder: a fake is the board's side of the wire, written from the boards' manuals and not
from `drivers/locks/`: a fake that shared a codec with the driver would share its mistakes. Channels
count from 1 as printed on the boards, whatever the wire counts from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class BenchBoard:
    """One board as installed. `doors`: which compartment hangs on which channel.

    `closed_when_shut`: the feedback contact is closed (bit 1) while the door is shut; turn it round
    for a lock that closes its contact when open. `status_first`: an 8A/80 board whose first status
    byte is channels 1 to 8. `modes`: Waveshare's register per channel as found (1: linkage).
    """

    address: int
    doors: Mapping[int, int]
    channels: int = 0  # 0: as many as this family usually has
    pulse_ms: int = 0  # the board's own; 0: as delivered. Waveshare is told it with each request
    closed_when_shut: bool = True
    status_first: bool = False
    modes: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class BenchBus:
    """One serial port and the boards of one family behind it."""

    name: str
    family: str
    boards: Sequence[BenchBoard]
    baud: int = 0  # 0: as delivered


class Asked(StrEnum):
    """What a request is about, so that a fault can be meant for pulses only."""

    OPEN = "open"
    QUERY = "query"  # door contacts
    OTHER = "other"  # modes, outputs, all off, version
