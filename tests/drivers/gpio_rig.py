"""A small cabinet on gpiozero's mock pins: relays with springs behind them, contacts, a clock."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gpiozero.exc import PinInvalidState
from gpiozero.pins.mock import MockFactory, MockPin

from drivers.devices import DeviceEvent
from drivers.doors import DriverEvent
from drivers.locks.duty import Duty
from drivers.locks.gpio import GpioBank
from drivers.locks.gpio_wiring import GpioWire, GpioWiring, Safeguard

LOCK_PINS = {3: 17, 4: 18, 7: 22}
CONTACT_PINS = {3: 5, 4: 6, 7: 13}
RAIL_PIN = 27
PULSE_MS = 60
NET_S = 20.0  # a safety net, never a measure
PATIENCE_EVENTS = 300

Wanted = Callable[[Sequence[DriverEvent]], bool]


def wiring(
    *,
    safeguard: Safeguard = Safeguard.ONE_SHOT,
    pulse_ms: int = PULSE_MS,
    active_high: bool = True,
) -> GpioWiring:
    wires = [
        GpioWire(n, LOCK_PINS[n], CONTACT_PINS[n], "closed", pulse_ms, cool_down_ms=20)
        for n in LOCK_PINS
    ]
    rail = RAIL_PIN if safeguard is Safeguard.RAIL_RELAY else None
    return GpioWiring(tuple(wires), safeguard, rail, active_high)


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Time:
    """A clock that stands still until it is told; `wait` lets the time it was asked for pass."""

    def __init__(self, ms: int = 50_000) -> None:
        self.ms = ms

    def now_ms(self) -> int:
        return self.ms

    def wait(self, seconds: float) -> None:
        self.ms += max(1, round(seconds * 1_000))


class Trap:
    """A wait that never comes back until it is released, as in a thread that hangs."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.released = threading.Event()

    def wait(self, _seconds: float) -> None:
        self.entered.set()
        assert self.released.wait(NET_S)


@dataclass
class Header:
    """What happened at the pins: levels in order, each with the time by `now_ms`."""

    now_ms: Callable[[], float] = lambda: time.monotonic() * 1_000
    springs: dict[int, int] = field(default_factory=dict)  # lock pin → contact pin
    dead: bool = False  # the chip is gone: nothing is read or written any more
    welded: set[int] = field(default_factory=set)  # pins that do not obey
    log: list[tuple[float, int, bool]] = field(default_factory=list)


def mock_factory(header: Header) -> MockFactory:
    class RigPin(MockPin):  # type: ignore[misc]  # gpiozero ships no types
        def _get_state(self) -> bool:
            if header.dead:
                raise PinInvalidState("the chip is gone")
            return bool(super()._get_state())

        def _set_state(self, value: bool) -> None:  # noqa: FBT001 - as gpiozero has it
            if header.dead:
                raise PinInvalidState("the chip is gone")
            super()._set_state(value)

        def _change_state(self, value: bool) -> bool:  # noqa: FBT001 - as gpiozero has it
            number = self.info.name.removeprefix("GPIO")
            pin = int(number)
            if pin in header.welded and not value:
                return False
            changed = bool(super()._change_state(value))
            if changed and self._function == "output":
                header.log.append((header.now_ms(), pin, value))
                if value and pin in header.springs:
                    self.factory.pin(header.springs[pin]).drive_high()
            return changed

    return MockFactory(pin_class=RigPin)


def runs_ms(header: Header, pins: Sequence[int]) -> list[float]:
    """How long each stretch at level 1 was, in order of their beginnings."""
    began: dict[int, float] = {}
    runs: list[float] = []
    for at, pin, level in header.log:
        if pin in pins and level:
            began[pin] = at
        elif pin in pins and pin in began:
            runs.append(at - began.pop(pin))
    return runs + [header.now_ms() - at for at in began.values()]


class GpioRig:
    """A `GpioBank`, not started, over three shut doors; time is real unless the test says otherwise."""

    def __init__(
        self,
        wires: GpioWiring | None = None,
        up_ms: Callable[[], int] = monotonic_ms,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.header = Header(springs={LOCK_PINS[n]: CONTACT_PINS[n] for n in LOCK_PINS})
        self.factory = mock_factory(self.header)
        self.compartments = tuple(LOCK_PINS)
        self.told: queue.Queue[DeviceEvent] = queue.Queue()
        self._events: queue.Queue[DriverEvent] = queue.Queue()
        self.bank = GpioBank(
            wires or wiring(),
            Duty(1),
            self.told.put,
            up_ms,
            factory=self.factory,
            pause=pause,
        )
        for pin in CONTACT_PINS.values():
            self.factory.pin(pin).drive_low()

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
            while len(events) < 3:
                events.append(self._events.get(timeout=0.5))
        except queue.Empty:
            pass
        return events

    def runs_ms(self) -> list[int]:
        return [round(ms) for ms in runs_ms(self.header, tuple(LOCK_PINS.values()))]

    def coil_is_on(self) -> bool:
        return any(self.factory.pin(pin)._state for pin in LOCK_PINS.values())

    def lose_board(self) -> None:
        self.header.dead = True
