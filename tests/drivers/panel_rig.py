"""A panel on mock pins and a folder in place of /sys, whose thread is the test."""

from __future__ import annotations

from pathlib import Path

from drivers.devices import DeviceEvent
from drivers.panel.panel import STEP_MS, Fitted, Panel
from drivers.panel.sysfs import Thermometer
from tests.drivers.gpio_rig import Header, mock_factory

LIGHT, BUZZER, TAMPER, MAINS = 23, 24, 25, 6
ALL = Fitted(LIGHT, BUZZER, TAMPER, MAINS, "closed", True, Thermometer.W1)  # noqa: FBT003 - fitted


class Bench:
    """A panel whose thread is the test."""

    def __init__(self, sys: Path, fitted: Fitted = ALL) -> None:
        self.sys = sys
        self.header = Header(lambda: self.ms)
        self.factory = mock_factory(self.header)
        self.events: list[DeviceEvent] = []
        self.ms = 1_000
        self.panel = Panel(
            fitted, self.events.append, lambda: self.ms, factory=self.factory, root=sys
        )
        for pin in (TAMPER, MAINS):
            if pin in (fitted.tamper_pin, fitted.mains_pin):
                self.factory.pin(pin).drive_low()

    def warm(self, milli: int) -> None:
        put(self.sys, "bus/w1/devices/28-0119/temperature", milli)

    def charge(self, percent: int) -> None:
        put(self.sys, "class/power_supply/battery/type", "Battery")
        put(self.sys, "class/power_supply/battery/capacity", percent)

    def go(self, ms: int) -> list[DeviceEvent]:
        """Steps for so long; what was told."""
        end = self.ms + ms
        while self.ms < end:
            self.panel.step(self.ms)
            self.ms += STEP_MS
        return self._take()

    def measure(self, times: int = 1) -> list[DeviceEvent]:
        for _ in range(times):
            self.panel.measure(self.ms)
        return self._take()

    def is_on(self, pin: int) -> bool:
        return bool(self.factory.pin(pin)._state)

    def _take(self) -> list[DeviceEvent]:
        taken, self.events[:] = list(self.events), []
        return taken


def put(root: Path, name: str, value: object) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{value}\n")
