"""The driver's side of the group `hardware`: `BoardsBank` in a process of its own, asked over standard input.

Said unasked: `ready`, then `COMPARTMENT READING NANOSECONDS` whenever a door is read otherwise than before.
Asked: `spent` → CPU and monotonic seconds; `pulses N` → ratio and difference in milliseconds; an answer
begins with `=`.
"""

from __future__ import annotations

import queue
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench.hardware_rig import FAMILY, READY, SPARE, Layout
from bench.measure import pair
from drivers.bench.cabinet import PORT
from drivers.doors import DoorsRead, DriverEvent, PulseDone, Reading
from drivers.locks.bank import BoardsBank
from drivers.locks.duty import Duty
from drivers.locks.exchange import Line, wire_ms
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan, Wire
from drivers.locks.port import Port
from drivers.simulated.channel import monotonic_ms

CODEC = FAMILIES[FAMILY]
PULSE_MS = CODEC.capabilities.pulse_ms[0]
REST_S = 0.25  # from an answer until the row has room for the next pulse
PHASE_S = 0.2  # pulses come at any moment of a round
ANSWER_S = 10.0


class Drained:
    """A port on which a write takes as long as its bytes do on a wire: a pty has none."""

    def __init__(self, path: Path) -> None:
        self._port = Port(path, CODEC.baud)
        self._never = threading.Event()
        self.open, self.read, self.close = self._port.open, self._port.read, self._port.close
        self.written: queue.SimpleQueue[tuple[bytes, int]] = queue.SimpleQueue()

    def write(self, data: bytes) -> None:
        self._port.write(data)
        with self._port._alive() as line:
            termios.tcdrain(line.fileno())
        self._never.wait(wire_ms(len(data), CODEC.baud) / 1_000)
        if data[0] == OPENING:
            self.written.put((data, time.perf_counter_ns()))


OPENING = CODEC.open(1, 1, PULSE_MS).data[0]


class Driver:
    """The bank of one layout, and what it last said of each door."""

    def __init__(self, folder: Path, layout: Layout, *, drained: bool) -> None:
        self._folder = folder
        self._lines: list[Drained] = []
        self._seen: dict[int, Reading] = {}
        self._all_read = threading.Event()
        self._done: queue.SimpleQueue[PulseDone] = queue.SimpleQueue()
        channels = layout.channels()
        self._wires = [Wire(*place, "closed", PULSE_MS, cool_down_ms=0) for place in channels]
        names = sorted({bus for _, bus, *_ in channels})
        plans = [BusPlan(name, CODEC, folder / f"{PORT}{name}") for name in names]
        duty = Duty(len(channels))
        port = self._drained if drained else _port
        self.bank = BoardsBank(plans, self._wires, duty, lambda _: None, monotonic_ms, port)

    def start(self) -> None:
        """Until every door was read."""
        self.bank.start(self._hear)
        self._all_read.wait()

    def pulses(self, times: int) -> tuple[float, float]:
        """Pulses through the bank beside bare writes of the same bytes."""
        bare = Drained(self._folder / f"{PORT}{SPARE}")
        assert bare.open()
        request = CODEC.open(1, 1, PULSE_MS).data
        turns = iter(range(10**6))
        chance, never = Random(1), threading.Event()

        def ours() -> int:
            never.wait(REST_S + chance.random() * PHASE_S)
            wire = self._wires[next(turns) % len(self._wires)]
            begun = time.perf_counter_ns()
            self.bank.pulse(wire.compartment)
            _, ended = self._lines[0].written.get(timeout=ANSWER_S)
            self._done.get(timeout=ANSWER_S)
            return ended - begun

        def floor() -> int:
            begun = time.perf_counter_ns()
            bare.write(request)
            return bare.written.get()[1] - begun

        both = pair(times, ours, floor)
        bare.close()
        return both.ratio, both.added_ms

    def _drained(self, plan: BusPlan) -> Line:
        self._lines.append(Drained(plan.port))
        return self._lines[-1]

    def _hear(self, event: DriverEvent) -> None:
        at_ns = time.monotonic_ns()
        if isinstance(event, PulseDone):
            self._done.put(event)
        if not isinstance(event, DoorsRead):
            return
        for number, reading in event.readings.items():
            before = self._seen.get(number)
            self._seen[number] = reading
            if before is not None and reading is not before:
                say(f"{number} {reading} {at_ns}")
        if len(self._seen) == len(self._wires):
            self._all_read.set()


def _port(plan: BusPlan) -> Line:
    return Port(plan.port, plan.speed)


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: str, buses: str, boards: str, doors: str, *drained: str) -> None:
    """Until standard input ends."""
    layout = Layout(int(buses), int(boards), int(doors))
    driver = Driver(Path(folder), layout, drained=bool(drained))
    driver.start()
    say(READY)
    answers: dict[str, Callable[..., tuple[float, float]]] = {
        "spent": lambda: (time.process_time(), time.monotonic()),
        "pulses": lambda times: driver.pulses(int(times)),
    }
    for line in sys.stdin:
        what, *more = line.split()
        say("= {} {}".format(*answers[what](*more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
