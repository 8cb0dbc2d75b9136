"""What is wired to the Pi's header in a cabinet with GPIO relays, checked before any pin is touched.

The law of this file: no hardware safeguard, no locks. The controller times these pulses, so software
alone cannot end one when it is killed (`gpio.py` gives the figures); something in copper must.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from drivers.locks.duty import COOL_DOWN_MS
from drivers.locks.plan import ShutWhen
from drivers.pins import PINS, PULLED_UP_AT_POWER_ON

SHORTEST_PULSE_MS = 50
LONGEST_PULSE_MS = 2_000  # leaves the watchdog its time below the hard cap of `duty.py`


class Safeguard(StrEnum):
    """The circuit that ends a pulse when no program does.

    ONE_SHOT: a one-shot (555, 74HC123, time-delay relay) between each pin and its relay, or one per
    supply; after its time the coil is off, whatever the pin does. RAIL_RELAY: a relay in the locks'
    supply behind a retriggerable one-shot (or charge pump) of 200 to 500 ms; only edges on the rail
    pin, which this program makes during a pulse alone, keep it on. A plain relay on the rail pin is
    no safeguard and is heard as one: it chatters.
    """

    ONE_SHOT = "one_shot"
    RAIL_RELAY = "rail_relay"


@dataclass(frozen=True, slots=True)
class GpioWire:
    """One compartment: BCM pins of its relay and of its door contact (to ground)."""

    compartment: int  # 1 to 255
    lock_pin: int
    contact_pin: int
    shut_when: ShutWhen  # the contact, while the door is shut
    pulse_ms: int  # SHORTEST_PULSE_MS to LONGEST_PULSE_MS, from the lock's label
    cool_down_ms: int = COOL_DOWN_MS  # rest of this coil between two pulses


@dataclass(frozen=True, slots=True)
class GpioWiring:
    """The whole of it. ValueError on construction: what is wrong, and what to do."""

    wires: tuple[GpioWire, ...]
    safeguard: Safeguard | None = None
    rail_pin: int | None = None  # with RAIL_RELAY, and only then
    active_high: bool = True  # False: the relay board switches on at level 0

    def __post_init__(self) -> None:
        self._check_safeguard()
        self._check_wires()
        self._check_pins()

    def _check_safeguard(self) -> None:
        if self.safeguard is None:
            raise ValueError(
                "GPIO relays go live only with a hardware safeguard that ends a pulse when this program "
                "is killed: fit a one-shot per relay (safeguard = one_shot) or a rail relay behind a "
                "retriggerable one-shot (safeguard = rail_relay, with rail_pin), see docs/wiring.md; or "
                "use a lock board that times its pulses itself"
            )
        if (self.safeguard is Safeguard.RAIL_RELAY) != (self.rail_pin is not None):
            raise ValueError(
                "rail_pin goes with safeguard = rail_relay: state both, or neither of them"
            )

    def _check_wires(self) -> None:
        if not self.wires:
            raise ValueError("no compartment is wired to GPIO: name at least one")
        for wire in self.wires:
            if not SHORTEST_PULSE_MS <= wire.pulse_ms <= LONGEST_PULSE_MS:
                raise ValueError(
                    f"compartment {wire.compartment}: a pulse of {wire.pulse_ms} ms is out of range; "
                    f"GPIO relays are pulsed for {SHORTEST_PULSE_MS} to {LONGEST_PULSE_MS} ms"
                )
            if wire.cool_down_ms < 0:
                raise ValueError(f"compartment {wire.compartment}: cool_down_ms is below 0")
            if wire.shut_when not in ("closed", "open"):
                raise ValueError(f"compartment {wire.compartment}: shut_when is closed or open")
        if len({wire.compartment for wire in self.wires}) != len(self.wires):
            raise ValueError("a compartment is wired to GPIO twice: each is named once")

    def _check_pins(self) -> None:
        outputs = [wire.lock_pin for wire in self.wires]
        if self.rail_pin is not None:
            outputs.append(self.rail_pin)
        pins = outputs + [wire.contact_pin for wire in self.wires]
        beyond = sorted(set(pins) - set(PINS))
        if beyond:
            raise ValueError(
                f"GPIO{beyond[0]} is not on the header: pins are 0 to {PINS[-1]} (BCM)"
            )
        twice = sorted(pin for pin, times in Counter(pins).items() if times > 1)
        if twice:
            raise ValueError(f"GPIO{twice[0]} is wired twice: each pin serves one thing")
        early = sorted(set(outputs) & set(PULLED_UP_AT_POWER_ON))
        if early and self.active_high:
            raise ValueError(
                f"GPIO{early[0]} is pulled up from power-on until this program runs, which would hold "
                "an active-high relay on: put relays on GPIO9 to GPIO27"
            )
