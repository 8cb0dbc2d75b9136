"""A technician before a bench cabinet: sees which door is open, types its number, shuts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import monotonic_ms
from kiosk import hardware
from kiosk.commission import session
from kiosk.commission.find import Answering, Search, look
from kiosk.commission.plan import Candidate, Pace, Plan
from kiosk.commission.rig import Rig, buses_of, channels_of
from kiosk.commission.session import STOP, Answer, Asked
from kiosk.commission.state import Found, State
from ui.service_screens import Wizard

FAST = Pace(700, 120, 150, 1_500, 500, 500)
A_PANEL = hardware.Panel(None, None, None, None, "closed", battery=False, thermometer="none")

Doors = Mapping[int, int]  # by channel: the compartment behind it


class Hands(Protocol):
    """Whatever lets hands at a cabinet: `BenchCabinet`, for instance."""

    @property
    def hands(self) -> Callable[[], AbstractContextManager[Cabinet]]:
        """The cabinet, held still."""
        ...


@dataclass
class Technician:
    """A `Console` that answers as a careful person would; `instead` may answer first."""

    bench: Hands
    numbers: Sequence[int]
    instead: Callable[[Wizard], Answer | None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    pages: list[Wizard] = field(default_factory=list)
    answered: Wizard | None = None

    def show(self, page: Asked) -> None:
        assert isinstance(page, Wizard), "a round asks nothing else"
        if not self.pages or page != self.pages[-1]:
            self.pages.append(page)

    def poll(self) -> list[Answer]:
        page = self.pages[-1]
        if page is self.answered:
            return []
        self.answered = page
        own = self.instead(page)
        if own is not None:
            return [own]
        return self.usual(page)

    def tell(self, lines: Sequence[str]) -> None:
        self.told += lines

    def usual(self, page: Wizard) -> list[Answer]:
        if page.entered is not None:
            self.asked.append(page.title.key)
            opened = self.open_doors()
            return [opened[0] if opened else "none"]
        if page.title.key == "wizard.shut":
            blind = page.heed is not None
            for number in self.open_doors():
                with self.bench.hands() as cabinet:
                    cabinet.push(number)
            return ["shut"] if blind else []
        return [page.choices[0]] if page.choices and page.choices[0] != STOP else []

    def open_doors(self) -> list[int]:
        with self.bench.hands() as cabinet:
            return [n for n in self.numbers if cabinet.is_open(n)]


class Bench:
    """One bus with boards of one family, commissioned as `kiosk commission` does it."""

    def __init__(self, folder: Path, family: str, *boards: BenchBoard) -> None:
        self.numbers = sorted(n for board in boards for n in board.doors.values())
        self.addresses = range(
            min(board.address for board in boards), max(board.address for board in boards) + 1
        )
        self.family = family
        self.cabinet = Cabinet(self.numbers)
        self.bench = BenchCabinet(folder, self.cabinet, [BenchBus("a", family, boards)])
        self.bench.start()
        self.port = self.bench.port("a")
        self.person = Technician(self.bench, self.numbers)
        self.kept: list[tuple[Found, ...]] = []

    def look(self) -> tuple[Answering, ...]:
        found = look(
            [self.port], Search([self.family], self.addresses, lambda _: True, monotonic_ms)
        )
        assert found is not None
        return found

    def plan(self, *, most: int = 255, wanted: Sequence[int] = ()) -> Plan:
        """Every channel up to `most` is tried, every contact watched."""
        answering = self.look()
        self.buses = buses_of(answering, ())
        candidates = [
            Candidate(one.virtual, one.bus, one.board, one.channel, pulsed=one.channel <= most)
            for one in channels_of(answering, self.buses)
        ]
        numbers = frozenset(wanted or self.numbers)
        return Plan(tuple(candidates), numbers, numbers, pace=FAST)

    def conduct(self, plan: Plan, found: tuple[Found, ...] = ()) -> State:
        rig = Rig(a_cabinet(self.buses), self.buses, plan, monotonic_ms)
        rig.start()
        try:
            return session.conduct(plan, found, rig, self.person, monotonic_ms, self.kept.append)
        finally:
            rig.close()

    def close(self) -> None:
        self.bench.close()


def a_cabinet(buses: tuple[hardware.Bus, ...] = ()) -> hardware.Cabinet:
    """Boards on serial lines and nothing else."""
    return hardware.Cabinet(
        driver=hardware.Driver.BOARDS,
        socket=Path("cabinet.sock"),
        coils=1,
        screen_cell=(0, 0, 0),
        buses=buses,
        gpio=hardware.Gpio("", None, active_high=True),
        scanner=hardware.Reader("none", None),
        keypad=None,
        panel=A_PANEL,
        printer=hardware.Printer(None, 576),
        compartments=(),
        wiring=(),
    )
