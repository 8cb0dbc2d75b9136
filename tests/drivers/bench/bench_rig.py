"""One bus of fakes whose time is a number."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.bus import FakeBus
from drivers.simulated.cabinet import Cabinet

START_MS = 50_000


def shown(data: bytes) -> str:
    return data.hex(" ").upper()


class Rig:
    """Bytes in, bytes out; the doors are 1, 2, 3 … in the order of the boards."""

    def __init__(self, family: str, *boards: BenchBoard, wire_time: bool = False) -> None:
        doors = [n for board in boards for n in board.doors.values()]
        self.cabinet = Cabinet(doors)
        self.cabinet.at(START_MS)
        spec = BenchBus("a", family, boards)
        self.bus = FakeBus(self.cabinet, spec, wire_time=wire_time)

    def ask(self, request: str, wait_ms: int = 1_500) -> str:
        """All that is said within this time."""
        return shown(b"".join(data for _, data in self.timed(request, wait_ms)))

    def timed(self, request: str, wait_ms: int = 1_500) -> list[tuple[int, bytes]]:
        """What is said, and how many milliseconds after the request."""
        begin = self.cabinet.now_ms
        if request:
            self.bus.hear(bytes.fromhex(request), begin)
        said: list[tuple[int, bytes]] = []
        while self.cabinet.now_ms < begin + wait_ms:
            due = self.bus.due_ms()
            now = begin + wait_ms if due is None else min(due, begin + wait_ms)
            self.cabinet.at(max(now, self.cabinet.now_ms))
            if data := self.bus.speak(self.cabinet.now_ms):
                said.append((self.cabinet.now_ms - begin, data))
        return said

    def open_by_hand(self, *doors: int) -> None:
        for n in doors:
            self.cabinet.open_by_key(n)
        self.cabinet.at(self.cabinet.now_ms + 50)

    def runs_ms(self) -> list[tuple[int, int]]:
        return [(run.compartment, run.off_ms - run.on_ms) for run in self.cabinet.coil_runs()]


def board(address: int, channels: Sequence[int] = (1, 2), **more: object) -> BenchBoard:
    """Door n is on channel n; further boards begin at 100 times their address."""
    first = 0 if address <= 1 else 100 * address
    return BenchBoard(address, {n: first + n for n in channels}, **more)  # type: ignore[arg-type]  # told by keyword
