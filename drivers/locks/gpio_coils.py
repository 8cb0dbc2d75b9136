"""The coils behind GPIO relays: one pulse at a time, and a check that needs no trust in it.

The law of this file: a pulse ends in `finally`, and whatever is on without a run in its time is put
off by whoever looks (`check`, the watchdog's thread). A line that does not obey never keeps the
others on. gpiozero's `blink` is not used: stopped in the middle it leaves the pin on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from drivers.doors import Outcome
from drivers.locks.gpio_wiring import GpioWiring
from drivers.pins import Factory, Output, PinError

GRACE_MS = 200  # what a pulse may overstay before the watchdog ends it
RAIL_EDGE_MS = 50  # between two edges on the rail pin, during a pulse
RAIL_LEAD_MS = 50  # the rail comes up before the coil, so that its contact does not switch the load

Clock = Callable[[], int]
Pause = Callable[[float], object]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    compartment: int
    over_ms: int  # when all must be off again


class Coils:
    """Relays and, with a rail relay, the rail. PinError on construction: a pin cannot be had.

    `pause` waits for that many seconds or until `stopped` is true, whichever comes first.
    """

    def __init__(
        self,
        wiring: GpioWiring,
        *,
        factory: Factory,
        now_ms: Clock,
        pause: Pause,
        stopped: Callable[[], bool],
    ) -> None:
        self._now_ms = now_ms
        self._pause = pause
        self._stopped = stopped
        self._run: _Run | None = None
        self._stuck = self._lost = self._closed = False
        self._rail: Output | None = None
        self._coils: dict[int, Output] = {}
        with ExitStack() as undo:
            for wire in wiring.wires:
                output = self._claim(wire.lock_pin, factory, wiring, undo)
                self._coils[wire.compartment] = output
            if wiring.rail_pin is not None:
                self._rail = self._claim(wiring.rail_pin, factory, wiring, undo)
            undo.pop_all()

    @staticmethod
    def _claim(pin: int, factory: Factory, wiring: GpioWiring, undo: ExitStack) -> Output:
        output = Output(pin, factory=factory, active_high=wiring.active_high)
        undo.callback(output.close)
        return output

    @property
    def stuck(self) -> bool:
        """Whether some pin was still on after it was last put off."""
        return self._stuck

    @property
    def lost(self) -> bool:
        """Whether some pin could not be put off or read back when that was last tried."""
        return self._lost

    @property
    def surely_off(self) -> bool:
        """Whether the last putting off went well."""
        return not (self._stuck or self._lost)

    def pulse(self, compartment: int, pulse_ms: int) -> Outcome:
        """One pulse from its beginning to its end; only one thread calls this."""
        lead_ms = 0 if self._rail is None else RAIL_LEAD_MS
        start_ms = self._now_ms()
        self._run = _Run(compartment, start_ms + lead_ms + pulse_ms)
        outcome = Outcome.NOT_SENT
        try:
            self._hold(start_ms + lead_ms)
            if not self._stopped():
                outcome = Outcome.NO_ANSWER  # from here on it may have fired
                self._coils[compartment].put(on=True)
                self._hold(self._now_ms() + pulse_ms)
                outcome = Outcome.ACKNOWLEDGED
        except PinError as error:
            _LOG.error("the pulse on compartment %d failed: %s", compartment, error)
        finally:
            self.all_off()
            self._run = None
        return outcome

    def check(self, now_ms: int) -> bool:
        """The watchdog's look. True: a pulse overstayed, its thread hangs, and all was put off."""
        some_on = self._some_on()  # looked at before the run: a run is told before its coil is on
        run = self._run
        overstayed = run is not None and now_ms > run.over_ms + GRACE_MS
        if (some_on or not self.surely_off) and (run is None or overstayed):
            if self.surely_off:  # once, as below
                _LOG.critical("a coil is on, or may be, outside of a pulse's time: all are put off")
            self.all_off()
        return overstayed

    def all_off(self) -> None:
        """Every coil, then the rail; each is tried whatever the others do. Callable from any thread."""
        if self._closed:  # the pins are no longer ours
            return
        stuck = lost = False
        for output in self._outputs():
            try:
                output.put(on=False)
                stuck |= output.is_on()
            except PinError as error:
                lost = True
                if not self._lost:  # once: the watchdog tries again ten times a second
                    _LOG.critical("a relay may be on, cut the locks' supply: %s", error)
        self._stuck, self._lost = stuck, lost

    def close(self) -> None:
        """All off, and the pins given back. Safe twice."""
        self.all_off()
        self._closed = True
        for output in self._outputs():
            try:
                output.close()
            except PinError as error:
                _LOG.error("at the end: %s", error)

    def _outputs(self) -> list[Output]:
        return [*self._coils.values(), *([self._rail] if self._rail is not None else [])]

    def _some_on(self) -> bool:
        try:
            return any(output.is_on() for output in self._outputs())
        except PinError:
            return True  # unknown is never taken for off

    def _hold(self, until_ms: int) -> None:
        while (left_ms := until_ms - self._now_ms()) > 0 and not self._stopped():
            if self._rail is not None:
                self._rail.put(on=not self._rail.is_on())
            self._pause(min(left_ms, RAIL_EDGE_MS) / 1_000)
