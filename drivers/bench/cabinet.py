"""The bench: fake lock boards on ptys over one simulated cabinet, in real time, on one thread.

The law of this file: the boards live here and time their own coils by this clock, whatever becomes of
whoever holds the other end of the port. A port has a stable name (`<folder>/ttyBus-<name>`, a link to
the pty of the moment), so that it can vanish and come back as by-id names do.

    cabinet = Cabinet([3, 4, 7])
    bus = BenchBus("a", "xor-8a80", [BenchBoard(1, {1: 3, 2: 4}), BenchBoard(2, {1: 7})])
    bench = BenchCabinet(tmp_path, cabinet, [bus])
    bench.start()
    ...  # the driver opens str(bench.port("a")) with pyserial
    bench.fault("a", Fault.SILENCE, only=Asked.OPEN)  # the next pulse fires, its answer is lost
    bench.fault("a", Fault.ECHO, times=None)  # from now on, until bench.clear()
    bench.kill("a", 2); bench.revive("a", 2)  # one board
    bench.unplug("a"); bench.plug("a")  # the port vanishes, and comes back
    with bench.hands() as cabinet:  # held still: hands, eyes, faults of doors, coils
        cabinet.push(3); cabinet.jam(4); cabinet.coils.weld(7)
        cabinet.coil_runs(); cabinet.coils_on()
    bench.heard("a")  # the requests that came, bytes; bench.dangers(): those that must never come
    bench.close()

Within the demo, pass the line's own lock: `BenchCabinet(folder, cabinet, buses, hands=line.hands)`.
"""

from __future__ import annotations

import queue
import select
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from drivers.bench.boards import Asked, BenchBus
from drivers.bench.bus import FakeBus
from drivers.bench.faults import Fault
from drivers.bench.wire import Pty
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import Waker, monotonic_ms

PORT = "ttyBus-"
OBEY_S = 10.0  # the bench's thread takes a port away, or brings it, well within this
Hands = Callable[[], AbstractContextManager[Cabinet]]


class BenchCabinet:
    """Several buses over one cabinet. Every method may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        cabinet: Cabinet,
        buses: Sequence[BenchBus],
        *,
        hands: Hands | None = None,
        wire_time: bool = True,
    ) -> None:
        self._cabinet = cabinet
        self._lock = threading.RLock()
        self._borrowed = hands or self._own_hands
        self._waker = Waker()
        self._buses = {bus.name: FakeBus(cabinet, bus, wire_time=wire_time) for bus in buses}
        assert len(self._buses) == len(buses), "every bus has its own name"
        self._ports = {name: Pty(folder / f"{PORT}{name}") for name in self._buses}
        self._errands: queue.SimpleQueue[tuple[Callable[[], None], Future[None]]] = (
            queue.SimpleQueue()
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bench-cabinet", daemon=True)

    def start(self, *, unplugged: Sequence[str] = ()) -> None:
        """Every port appears, but for those. OSError: a pty or its link cannot be made."""
        for name, port in self._ports.items():
            if name not in unplugged:
                port.plug()
        self._thread.start()

    def close(self) -> None:
        """Coils off, ports gone. Safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._waker.wake()
        if self._thread.is_alive():
            self._thread.join(OBEY_S)
        with self._borrowed() as cabinet:
            cabinet.coils.lose_power()
        for port in self._ports.values():
            port.unplug()
        self._waker.close()

    @contextmanager
    def hands(self) -> Iterator[Cabinet]:
        """The cabinet at this very moment, held still for a hand, an eye or a fault. Be quick."""
        with self._borrowed() as cabinet:
            yield cabinet
        self._waker.wake()

    # The ports

    def port(self, bus: str) -> Path:
        """The name under which this bus is to be opened; it stays the same."""
        return self._ports[bus].path

    def unplug(self, bus: str) -> None:
        """The adapter is pulled out; returns when it is. Not within `hands`."""

        def errand() -> None:
            self._ports[bus].unplug()
            self._buses[bus].forget()

        self._do(errand)

    def plug(self, bus: str) -> None:
        """The adapter is there again, under its name; returns when it is. Not within `hands`.

        OSError: no pty is left, or the folder cannot be written.
        """
        self._do(self._ports[bus].plug)

    def channels(self, bus: str, board: int) -> int:
        """How many this board has."""
        return self._buses[bus].boards[board].channels

    # Faults and eyes

    def fault(
        self,
        bus: str,
        fault: Fault,
        *,
        times: int | None = 1,
        board: int | None = None,
        only: Asked | None = None,
    ) -> None:
        """Spoil the next `times` exchanges (None: until `clear`) of this board, about this."""
        with self.hands():
            self._buses[bus].faults.plan(fault, times=times, board=board, only=only)

    def clear(self) -> None:
        """No scripted fault is left on any bus; boards, doors and modes stay as they are."""
        with self.hands():
            for bus in self._buses.values():
                bus.faults.clear()

    def kill(self, bus: str, board: int) -> None:
        """This board loses its power: its coils drop, it is silent."""
        with self.hands():
            self._buses[bus].boards[board].die()

    def revive(self, bus: str, board: int) -> None:
        """It has power again."""
        with self.hands():
            self._buses[bus].boards[board].revive()

    def set_mode(self, bus: str, board: int, channel: int, mode: int) -> None:
        """Waveshare: 0 normal, 1 linkage (the input drives the relay)."""
        with self.hands():
            self._buses[bus].boards[board].modes[channel] = mode

    def report(self, bus: str, board: int, channel: int) -> None:
        """The board tells unasked how this contact stands."""
        with self.hands() as cabinet:
            self._buses[bus].report(board, channel, cabinet.now_ms)

    def planned(self, bus: str) -> tuple[str, ...]:
        """Which scripted faults are still to come, for a person."""
        with self.hands():
            return self._buses[bus].faults.planned()

    def heard(self, bus: str) -> tuple[bytes, ...]:
        """The whole requests that came, oldest first (the last 10,000)."""
        with self.hands():
            return tuple(self._buses[bus].heard)

    def dangers(self) -> tuple[bytes, ...]:
        """Requests that no lock driver may ever send: hold on, open all, latch a relay."""
        with self.hands():
            boards = [board for bus in self._buses.values() for board in bus.boards.values()]
            return tuple(request for board in boards for request in board.dangers)

    # The bench's thread

    @contextmanager
    def _own_hands(self) -> Iterator[Cabinet]:
        with self._lock:
            self._cabinet.at(max(monotonic_ms(), self._cabinet.now_ms))
            yield self._cabinet

    def _do(self, errand: Callable[[], None]) -> None:
        done: Future[None] = Future()
        self._errands.put((errand, done))
        self._waker.wake()
        done.result(OBEY_S)

    def _run(self) -> None:
        while not self._closing.is_set():
            with self._borrowed() as cabinet:
                self._do_errands()
                wait_s = self._turn(cabinet)
                ports = [port for port in self._ports.values() if port.plugged]
            ends: list[Waker | Pty] = [self._waker, *ports]
            readable, _, _ = select.select(ends, [], [], wait_s)
            if self._waker in readable:
                self._waker.drain()

    def _do_errands(self) -> None:
        with suppress(queue.Empty):
            while True:
                errand, done = self._errands.get_nowait()
                try:
                    errand()
                except OSError as error:  # it is the caller who wanted a port
                    done.set_exception(error)
                else:
                    done.set_result(None)

    def _turn(self, cabinet: Cabinet) -> float | None:
        """Hear and speak on every bus; seconds until there is more to say, None: only when asked."""
        for name, port in self._ports.items():
            bus = self._buses[name]
            if port.plugged and (data := port.read()):
                bus.hear(data, cabinet.now_ms)
            if (spoken := bus.speak(cabinet.now_ms)) and port.plugged:
                port.write(spoken)
        due = [ms for bus in self._buses.values() if (ms := bus.due_ms()) is not None]
        return max(0, min(due) - monotonic_ms()) / 1_000 if due else None
