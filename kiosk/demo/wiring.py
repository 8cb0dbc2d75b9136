"""The demo's doors on lock boards: `kiosk demo --cabinet xor-8a80` plays over a real serial line.

The boards are fakes on a pty (drivers/bench); the driver, the wire and the frames are those of a cabinet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import PORT
from drivers.bench.families import FAMILIES


@dataclass(frozen=True, slots=True)
class Setup:
    """Which kiosk is played: how its screen stands, and what drives its locks."""

    landscape: bool = False
    cabinet: str = "simulated"  # or a family of lock boards
    buses: int = 1  # how many, where there are boards
    devices: str = '[scanner]\nkind = "simulated"'  # the other devices' tables in kiosk.toml


SIMULATED = "simulated"
CABINETS = (SIMULATED, *FAMILIES)
BUSES = "abcd"


def buses_of(family: str, numbers: Sequence[int], count: int = 1) -> tuple[BenchBus, ...]:
    """These doors in order, shared evenly between `count` buses (at most 4) with boards of `family`."""
    share = -(-len(numbers) // count)
    shares = [numbers[first : first + share] for first in range(0, len(numbers), share)]
    return tuple(_bus_of(name, family, part) for name, part in zip(BUSES, shares, strict=False))


def _bus_of(name: str, family: str, numbers: Sequence[int]) -> BenchBus:
    """As many boards as these doors need."""
    kind = FAMILIES[family]
    size = kind.channels
    boards = [
        BenchBoard(kind.addresses[place], dict(enumerate(numbers[first : first + size], 1)), size)
        for place, first in enumerate(range(0, len(numbers), size))
    ]
    return BenchBus(name, family, boards)


def bus_table(bus: BenchBus) -> str:
    """Its `[[bus]]` in kiosk.toml; the port lies beside that file."""
    return f'[[bus]]\nname = "{bus.name}"\nfamily = "{bus.family}"\nport = "{PORT}{bus.name}"'


def wires(buses: Sequence[BenchBus]) -> Mapping[int, Mapping[str, object]]:
    """By compartment: the keys that its `[[compartment]]` has more."""
    return {
        number: {"bus": bus.name, "board": board.address, "channel": channel}
        for bus in buses
        for board in bus.boards
        for channel, number in board.doors.items()
    }
