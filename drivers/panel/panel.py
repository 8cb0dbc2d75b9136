"""The rest of the cabinet: status light, buzzer, tamper loop, mains, battery, temperature.

The law of this file: whatever is not fitted is not there, whatever breaks says so once and stops
nobody else. Two threads: one for pins, every 50 ms, and one for what the kernel measures, which may
take a second to answer. Each is a plain function of the time (`step`, `measure`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.devices import Device, DeviceEvent, Tell, Trouble, Vitals
from drivers.panel import sysfs
from drivers.panel.patterns import BUZZES, LIGHTS, Buzz, Light
from drivers.panel.signals import Contact, Measured, Signal
from drivers.panel.sysfs import Thermometer
from drivers.pins import Factory
from drivers.standing import Standing

STEP_MS = 50
SILENT_MS = 3_000  # nobody said for so long what the light is to show: staff are wanted
MEASURE_MS = 5_000
WARMER_MC = 1_000  # thousandths of a degree: a smaller change is not told
JOIN_S = 2.0  # per thread, at the end


@dataclass(frozen=True, slots=True)
class Fitted:
    """What this cabinet has; BCM pins, None: not fitted.

    `tamper_pin`: a loop to ground, closed while all is well. `mains_pin`: a line that is low
    (`mains_when = "closed"`) or high (`"open"`) while there is mains; without it the kernel's word is
    taken, where it has one and a battery is fitted. `active_high` is for light and buzzer.
    """

    light_pin: int | None = None
    buzzer_pin: int | None = None
    tamper_pin: int | None = None
    mains_pin: int | None = None
    mains_when: Literal["closed", "open"] = "closed"
    battery: bool = False
    thermometer: Thermometer | None = None
    active_high: bool = True


class Panel:
    """All of it. `tell` is called from its threads, and from no other.

    `factory` (of `drivers.pins.header`, closed by who opened it) may be None where there is no GPIO:
    what hangs on pins is then told as LOST. `up_ms` is the machine's monotonic clock, `root` is /sys.
    """

    def __init__(
        self,
        fitted: Fitted,
        tell: Tell,
        up_ms: Callable[[], int],
        *,
        factory: Factory | None,
        root: Path = Path("/sys"),
    ) -> None:
        self._fitted = fitted
        self._tell = tell
        self._up_ms = up_ms
        self._root = root
        self._closing = threading.Event()
        self._lock = threading.Lock()  # over what is told
        self._vitals: Vitals | None = None

        def signal(pin: int | None) -> Signal | None:
            return None if pin is None else Signal(pin, factory, active_high=fitted.active_high)

        def contact(pin: int | None) -> Contact | None:
            return None if pin is None else Contact(pin, factory)

        self._wanted: tuple[Light, int] | None = None  # what the light is to show, and since when
        self._shown: Light | None = None
        self._light, self._buzzer = signal(fitted.light_pin), signal(fitted.buzzer_pin)
        self._tamper, self._mains = contact(fitted.tamper_pin), contact(fitted.mains_pin)
        self._battery: Measured[int] = Measured()
        self._thermometer: Measured[int] = Measured()
        self._light_stands = Standing(self._say, Device.LIGHT)
        self._buzzer_stands = Standing(self._say, Device.BUZZER)
        self._tamper_stands = Standing(self._say, Device.TAMPER)
        self._mains_stands = Standing(self._say, Device.POWER, "mains")
        self._battery_stands = Standing(self._say, Device.POWER, "battery")
        self._thermometer_stands = Standing(self._say, Device.THERMOMETER)
        self._steady_mc: int | None = None  # the temperature as last told
        self._kernel_mains: bool | None = None
        self._threads = [
            threading.Thread(target=self._guarded, args=job, name=f"panel-{name}", daemon=True)
            for name, job in (
                ("pins", (self.step, STEP_MS)),
                ("vitals", (self.measure, MEASURE_MS)),
            )
        ]

    def start(self) -> None:
        """Begin; what is measured is told as soon as it is known."""
        for thread in self._threads:
            thread.start()

    def light(self, pattern: Light) -> None:
        """Show this, said again and again by whoever lives. Callable from any thread, as are the next two.

        Whoever has said something and then falls silent hangs: after SILENT_MS the light is ALARM.
        """
        self._wanted = (pattern, self._up_ms())

    def buzz(self, pattern: Buzz) -> None:
        """Sound this once, in place of what sounds now."""
        if self._buzzer is not None:
            self._buzzer.show(BUZZES[pattern])

    def close(self) -> None:
        """Dark and silent; the pins are given back. Safe twice."""
        with self._lock:
            self._closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(JOIN_S)
        for part in (self._light, self._buzzer, self._tamper, self._mains):
            if part is not None:
                part.close()

    def step(self, now_ms: int) -> None:
        """Drive the outputs, look at the switches, tell what changed."""
        self._choose(now_ms)
        for part in (self._light, self._buzzer, self._tamper, self._mains):
            if part is not None:
                part.step(now_ms)
        with self._lock:
            if self._light is not None:
                self._light_stands.now(self._light.trouble)
            if self._buzzer is not None:
                self._buzzer_stands.now(self._buzzer.trouble)
            if self._tamper is not None:
                opened = Trouble.OPENED if self._tamper.closed is False else Trouble.NONE
                self._tamper_stands.now(self._tamper.trouble or opened)
            if self._mains is not None:
                self._mains_stands.now(self._mains.trouble)
                self._tell_vitals()

    def _choose(self, now_ms: int) -> None:
        """A pattern begins when it is another one: said again, it goes on."""
        if self._light is None or self._wanted is None:
            return
        pattern, said_ms = self._wanted
        if pattern is not Light.OFF and now_ms - said_ms > SILENT_MS:
            pattern = Light.ALARM
        if pattern is not self._shown:
            self._shown = pattern
            self._light.show(LIGHTS[pattern])

    def measure(self, _now_ms: int) -> None:
        """Ask the kernel, tell what changed."""
        fitted = self._fitted
        if fitted.thermometer is not None:
            self._thermometer.take(sysfs.milli_celsius(self._root, fitted.thermometer))
        if fitted.battery:
            self._battery.take(sysfs.battery_percent(self._root))
            self._kernel_mains = sysfs.mains(self._root)
        with self._lock:
            self._thermometer_stands.now(self._thermometer.trouble)
            self._battery_stands.now(self._battery.trouble)
            self._tell_vitals()

    def _say(self, event: DeviceEvent) -> None:
        if not self._closing.is_set():
            self._tell(event)

    def _tell_vitals(self) -> None:
        vitals = Vitals(self._mains_now(), self._battery.value, self._celsius())
        before = self._vitals or Vitals()
        if vitals != before:
            self._vitals = vitals
            self._say(vitals)

    def _mains_now(self) -> bool | None:
        if self._mains is None:
            return self._kernel_mains
        if self._mains.closed is None:
            return None
        return self._mains.closed is (self._fitted.mains_when == "closed")

    def _celsius(self) -> int | None:
        """Whole degrees; they change only when the temperature moved by a degree since it was told."""
        now_mc, told_mc = self._thermometer.value, self._steady_mc
        if now_mc is None or told_mc is None or abs(now_mc - told_mc) >= WARMER_MC:
            self._steady_mc = now_mc
        return None if self._steady_mc is None else round(self._steady_mc / 1_000)

    def _guarded(self, job: Callable[[int], None], every_ms: int) -> None:
        try:
            while True:
                job(self._up_ms())
                if self._closing.wait(every_ms / 1_000):
                    return
        finally:
            # Also when this thread fails: a light may stay as it is, a buzzer must not.
            if self._buzzer is not None:
                self._buzzer.off()
