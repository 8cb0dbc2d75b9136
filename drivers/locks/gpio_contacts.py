"""Door contacts on GPIO: sampled, never interrupted; the core debounces what is told here.

The law of this file: an unreadable contact is UNKNOWN, never shut. While something moves every sample
is told, otherwise few are, so that an idle cabinet costs little.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from drivers.doors import Reading
from drivers.locks.gpio_wiring import GpioWiring
from drivers.pins import Factory, PinError, Switch

SAMPLE_MS = 50  # between two looks; the core counts an edge after 150 ms
BUSY_MS = 600  # so long after a change each look is told
QUIET_MS = 300  # otherwise


class Contacts:
    """One contact per door. PinError on construction: a pin cannot be had. One thread calls `sample`."""

    def __init__(self, wiring: GpioWiring, *, factory: Factory) -> None:
        self._shut_when = {wire.compartment: wire.shut_when for wire in wiring.wires}
        self._switches: dict[int, Switch] = {}
        self._readings: dict[int, Reading] = {}
        self._changed_ms = self._told_ms = 0
        with ExitStack() as undo:
            for wire in wiring.wires:
                switch = Switch(wire.contact_pin, factory=factory)
                undo.callback(switch.close)
                self._switches[wire.compartment] = switch
            self._pins = undo.pop_all()

    @property
    def lost(self) -> bool:
        """Whether a contact could not be read when last looked at."""
        return Reading.UNKNOWN in self._readings.values()

    def sample(self, now_ms: int) -> Mapping[int, Reading] | None:
        """Look at every contact; None: nothing that needs telling."""
        readings = {compartment: self._read(compartment) for compartment in self._switches}
        if readings != self._readings:
            self._readings = readings
            self._changed_ms = now_ms
        elif now_ms - self._changed_ms > BUSY_MS and now_ms - self._told_ms < QUIET_MS:
            return None
        self._told_ms = now_ms
        return readings

    def close(self) -> None:
        """Give the pins back. Safe twice. PinError: the chip is gone."""
        self._pins.close()

    def _read(self, compartment: int) -> Reading:
        try:
            closed = self._switches[compartment].is_closed()
        except PinError:
            return Reading.UNKNOWN
        shut = closed == (self._shut_when[compartment] == "closed")
        return Reading.CLOSED if shut else Reading.OPEN
