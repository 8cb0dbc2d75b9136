"""A `BoardsBank` on ptys before a bench cabinet, ready for the contract and for lines that misbehave."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.boards import Codec
from drivers.devices import DeviceEvent, DeviceState
from drivers.doors import DoorsRead, DriverEvent, Outcome, PulseDone, Reading
from drivers.locks.bank import BoardsBank
from drivers.locks.duty import Duty
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan, Wire
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import monotonic_ms

PULSE_MS = {"waveshare-modbus": 200}  # the others have one length
COOL_DOWN_MS = 100
NET_S = 20.0  # a safety net, never a measure
REST_S = 0.6  # three sweeps of a calm bus, and some
PATIENCE_EVENTS = 500
PATIENCE_SWEEPS = 2

Wanted = Callable[[Sequence[DriverEvent]], bool]
Layout = Mapping[int, Mapping[int, int]]  # by board: compartment by channel
ONE_BOARD: Layout = {1: {1: 3, 2: 4, 5: 7}}
TWO_BOARDS: Layout = {1: {1: 3, 2: 4}, 2: {1: 7, 3: 8}}


class BoardsRig:
    """One bus `a` of one family; the fakes live on a thread of their own, in real time."""

    def __init__(
        self,
        folder: Path,
        family: str,
        boards: Layout = ONE_BOARD,
        *,
        modes: Mapping[int, int] | None = None,
        plugged: bool = True,
        most_on: int = 2,
        codec: Codec | None = None,
    ) -> None:
        codec = codec or FAMILIES[family]
        self.pulse_ms = PULSE_MS.get(family, codec.capabilities.pulse_ms[0])
        numbers = [n for doors in boards.values() for n in doors.values()]
        self.cabinet = Cabinet(numbers)
        self.compartments = self.cabinet.compartments
        bench = [
            BenchBoard(address, doors, pulse_ms=self.pulse_ms, modes=modes)
            for address, doors in boards.items()
        ]
        self.bench = BenchCabinet(folder, self.cabinet, [BenchBus("a", family, bench)])
        self.bench.start(unplugged=() if plugged else ("a",))
        wires = [
            Wire(n, "a", address, channel, "closed", self.pulse_ms, COOL_DOWN_MS)
            for address, doors in boards.items()
            for channel, n in doors.items()
        ]
        plan = BusPlan("a", codec, self.bench.port("a"))
        self.told: queue.Queue[DeviceEvent] = queue.Queue()
        self.bank = BoardsBank([plan], wires, Duty(most_on), self.told.put, monotonic_ms)
        self._events: queue.Queue[DriverEvent] = queue.Queue()
        self._kept: list[DriverEvent] = []

    # The contract's

    def inbox(self, event: DriverEvent) -> None:
        self._events.put(event)

    def until(self, wanted: Wanted) -> list[DriverEvent]:
        events, self._kept = self._kept, []
        while not self._events.empty():
            events.append(self._events.get())
        while not wanted(events):
            assert len(events) < PATIENCE_EVENTS, events[-3:]
            events.append(self._events.get(timeout=NET_S))
        return events

    def rest(self) -> list[DriverEvent]:
        events, self._kept = self._kept, []
        try:
            while len(events) < PATIENCE_SWEEPS:
                events.append(self._events.get(timeout=REST_S))
        except queue.Empty:
            pass
        return events

    def runs_ms(self) -> list[int]:
        while self.coil_is_on():  # nothing of ours ends it; sweeps go on meanwhile
            self._kept.append(self._events.get(timeout=NET_S))
        with self.bench.hands() as cabinet:
            return [run.off_ms - run.on_ms for run in cabinet.coil_runs()]

    def coil_is_on(self) -> bool:
        with self.bench.hands() as cabinet:
            return bool(cabinet.coils_on())

    def lose_board(self) -> None:
        self.bench.kill("a", 1)

    # Besides

    def start(self) -> None:
        """Start the bank and wait until every door was read."""
        self.bank.start(self.inbox)
        self.until_read(dict.fromkeys(self.compartments, Reading.CLOSED))

    def until_read(self, readings: Mapping[int, Reading]) -> None:
        """Wait until the last that was said of these compartments is this."""
        self.until(lambda events: last_readings(events).items() >= readings.items())

    def pulse(self, compartment: int) -> Outcome:
        """One pulse and its answer; what else comes is thrown away."""
        self.bank.pulse(compartment)
        return self.next_outcomes(1)[compartment]

    def next_outcomes(self, count: int) -> dict[int, Outcome]:
        """The next so many answers to pulses, by compartment; what else comes is thrown away."""
        events = self.until(lambda events: len(_answers(events)) == count)
        return {done.compartment: done.outcome for done in _answers(events)}

    def until_coil_on(self) -> None:
        """Spin: a bus that awaits the answer to a pulse says nothing that could be waited for."""
        deadline = monotonic_ms() + NET_S * 1_000
        while not self.coil_is_on():
            assert monotonic_ms() < deadline, "no coil came on"

    def next_told(self) -> DeviceState:
        """The next that is told of a device."""
        state = self.told.get(timeout=NET_S)
        assert isinstance(state, DeviceState)
        return state

    def close(self) -> None:
        self.bank.close()
        self.bench.close()


def _answers(events: Sequence[DriverEvent]) -> list[PulseDone]:
    return [event for event in events if isinstance(event, PulseDone)]


def last_readings(events: Sequence[DriverEvent]) -> dict[int, Reading]:
    """What was said last of each compartment."""
    last: dict[int, Reading] = {}
    for event in events:
        if isinstance(event, DoorsRead):
            last |= event.readings
    return last
