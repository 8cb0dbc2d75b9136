"""Banks over the simulated cabinet, ready for the contract and for tests of the line."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.doors import DriverEvent
from drivers.simulated.bank import SWEEP_MS, SimulatedBank
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.line import SimulatedLine
from drivers.simulated.remote import RemoteBank

STEP_MS = 10
PATIENCE_MS = 20_000
PATIENCE_EVENTS = 300
NET_S = 20.0  # a safety net, never a measure

Wanted = Callable[[Sequence[DriverEvent]], bool]


class InProcess:
    """A `SimulatedBank`; time is what the rig says."""

    def __init__(self, compartments: Sequence[int] = (3, 4, 7), start_ms: int = 50_000) -> None:
        self.cabinet = Cabinet(compartments)
        self.cabinet.at(start_ms)
        self.bank = SimulatedBank(self.cabinet)
        self.compartments = self.cabinet.compartments
        self._events: list[DriverEvent] = []

    def inbox(self, event: DriverEvent) -> None:
        self._events.append(event)

    def until(self, wanted: Wanted) -> list[DriverEvent]:
        deadline = self.cabinet.now_ms + PATIENCE_MS
        while not wanted(self._events):
            assert self.cabinet.now_ms < deadline, self._events
            self.bank.advance(self.cabinet.now_ms + STEP_MS)
        return self._take()

    def rest(self) -> list[DriverEvent]:
        self.bank.advance(self.cabinet.now_ms + 5 * SWEEP_MS)
        return self._take()

    def runs_ms(self) -> list[int]:
        assert not self.coil_is_on()
        return [run.off_ms - run.on_ms for run in self.cabinet.board.coil_runs()]

    def coil_is_on(self) -> bool:
        return self.cabinet.board.coil_on() is not None

    def lose_board(self) -> None:
        self.cabinet.kill_board()

    def _take(self) -> list[DriverEvent]:
        taken, self._events = self._events, []
        return taken


class OverSocket:
    """A `RemoteBank` on a real socket to a `SimulatedLine`; time is real."""

    def __init__(self, folder: Path, compartments: Sequence[int] = (3, 4, 7)) -> None:
        self.path = folder / "cabinet.sock"
        self.cabinet = Cabinet(compartments)
        self.compartments = self.cabinet.compartments
        self.line = SimulatedLine(self.path, self.cabinet)
        self.line.start()
        self.bank = RemoteBank(self.path)
        self._events: queue.Queue[DriverEvent] = queue.Queue()

    def inbox(self, event: DriverEvent) -> None:
        self._events.put(event)

    def until(self, wanted: Wanted) -> list[DriverEvent]:
        events: list[DriverEvent] = []
        while not self._events.empty():
            events.append(self._events.get())
        while not wanted(events):
            assert len(events) < PATIENCE_EVENTS, events[-3:]
            events.append(self._events.get(timeout=NET_S))
        return events

    def rest(self) -> list[DriverEvent]:
        events: list[DriverEvent] = []
        try:
            while len(events) < 5:
                events.append(self._events.get(timeout=5 * SWEEP_MS / 1_000))
        except queue.Empty:
            pass
        return events

    def runs_ms(self) -> list[int]:
        with self.line.hands() as cabinet:
            assert cabinet.board.coil_on() is None
            return [run.off_ms - run.on_ms for run in cabinet.board.coil_runs()]

    def coil_is_on(self) -> bool:
        with self.line.hands() as cabinet:
            return cabinet.board.coil_on() is not None

    def lose_board(self) -> None:
        with self.line.hands() as cabinet:
            cabinet.kill_board()

    def close(self) -> None:
        self.bank.close()
        self.line.close()
