"""Fake boards in this process, and the driver that polls them in another (bench/hardware_driver.py)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns
from typing import Self

from bench.probe import environment
from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet

FAMILY = "xor-8a80"
CHANNELS = 36  # of each board, however many have a door
SPARE = "spare"  # a bus without a driver, for the bare write
READY = "ready"
BUSES = "abcd"


@dataclass(frozen=True, slots=True)
class Layout:
    """So many buses, boards on each, and doors on each board; numbered on and on."""

    buses: int
    boards: int
    doors: int

    def channels(self) -> list[tuple[int, str, int, int]]:
        """Compartment, bus, board and channel of every door."""
        places = [
            (bus, board, channel)
            for bus in BUSES[: self.buses]
            for board in range(1, self.boards + 1)
            for channel in range(1, self.doors + 1)
        ]
        return [(number, *place) for number, place in enumerate(places, 1)]


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU time of the driver's process so far, and when that was."""

    cpu_s: float
    at_s: float


class Rig:
    """As a context manager: entered, every door has been read once."""

    def __init__(self, layout: Layout, *, drained: bool = False) -> None:
        """`drained`: every write takes the time of its bytes, as on a real line."""
        self._layout = layout
        self._drained = drained
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            channels = self._layout.channels()
            cabinet = Cabinet(number for number, *_ in channels)
            self._bench = BenchCabinet(folder, cabinet, [*self._buses(), _spare()])
            self._stack.callback(self._bench.close)
            self._bench.start()
            self._child = self._spawn(folder)
            self._stack.callback(self._end)
            assert self._said() == READY
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def door(self, bus: int, turn: int) -> int:
        """A compartment of this bus, another one each turn."""
        numbers = [n for n, name, *_ in self._layout.channels() if name == BUSES[bus]]
        return numbers[turn % len(numbers)]

    def spent(self) -> Spent:
        """What the driver's process has cost."""
        return Spent(*self._ask("spent"))

    def noticed_ms(self, doors: Sequence[int], *, opening: bool) -> list[float]:
        """Move these doors; how long until the driver's inbox had each as it is now."""
        moved: dict[int, int] = {}
        for number in doors:
            with self._bench.hands() as cabinet:
                move = cabinet.open_by_key if opening else cabinet.push
                assert move(number)
                moved[number] = monotonic_ns()
        took: list[float] = []
        wanted = "open" if opening else "closed"
        while moved:
            named, reading, at_ns = self._said().split()
            if int(named) in moved and reading == wanted:  # a bounce may say otherwise
                took.append((int(at_ns) - moved.pop(int(named))) / 1e6)
        return took

    def pulses(self, times: int) -> tuple[float, float]:
        """The ratio over a bare write, and the difference in milliseconds."""
        return self._ask(f"pulses {times}")

    def _buses(self) -> list[BenchBus]:
        boards: dict[str, dict[int, dict[int, int]]] = {}
        for number, bus, board, channel in self._layout.channels():
            boards.setdefault(bus, {}).setdefault(board, {})[channel] = number
        return [
            BenchBus(bus, FAMILY, [BenchBoard(n, doors, CHANNELS) for n, doors in of.items()])
            for bus, of in boards.items()
        ]

    def _spawn(self, folder: Path) -> subprocess.Popen[str]:
        numbers = (self._layout.buses, self._layout.boards, self._layout.doors)
        arguments = [str(folder), *map(str, numbers), *(["drained"] if self._drained else [])]
        return subprocess.Popen(
            [sys.executable, "-m", "bench.hardware_driver", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )

    def _end(self) -> None:
        self._child.kill()
        self._child.communicate()

    def _ask(self, what: str) -> tuple[float, float]:
        assert self._child.stdin is not None
        self._child.stdin.write(what + "\n")
        self._child.stdin.flush()
        while not (said := self._said()).startswith("="):
            pass  # a door moved
        _, first, second = said.split()
        return float(first), float(second)

    def _said(self) -> str:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line, "the driver's process ended; its own words are above"
        return line.strip()


def _spare() -> BenchBus:
    return BenchBus(SPARE, FAMILY, [])
