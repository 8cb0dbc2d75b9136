"""The cabinet as wired: its locks, contacts, readers and lights, as plain values.

`kiosk/config_cabinet.py` reads them, `kiosk commission` finds them out and writes them, `kiosk/compose.py`
builds the drivers from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.core.site import CompartmentPlan

COOL_DOWN_MS = 2_000  # unless the configuration says otherwise


class Driver(StrEnum):
    """Which kind of locks the cabinet has."""

    SIMULATED = "simulated"
    BOARDS = "boards"
    GPIO = "gpio"


@dataclass(frozen=True, slots=True)
class Bus:
    """One serial line with lock boards of one family."""

    name: str
    family: str
    port: Path
    baud: int  # 0: as the family is delivered
    status_first: bool  # the first status byte is channels 1 to 8 (some 8A/80 boards)


@dataclass(frozen=True, slots=True)
class Gpio:
    """Relays and contacts on the Pi's own header."""

    safeguard: (
        str  # "one_shot" | "rail_relay": what in hardware ends a pulse when this program cannot
    )
    rail_pin: int | None
    active_high: bool


@dataclass(frozen=True, slots=True)
class Wiring:
    """How one compartment's lock and contact are wired: bus, board and channel, or two GPIO lines."""

    compartment: int
    bus: str = ""
    board: int = 0
    channel: int = 0
    lock_pin: int = 0
    contact_pin: int = 0
    shut_when: str = "closed"  # "closed" | "open": the contact while the door is shut
    pulse_ms: int = 0  # 0: as the board times it by itself, on GPIO 500
    cool_down_ms: int = COOL_DOWN_MS
    proven: bool = True  # its door was seen to move when its lock was pulsed
    changes: int = 0  # how often its board was changed: a proof by key is of one change


@dataclass(frozen=True, slots=True)
class Reader:
    """A scanner (`kind`: none, simulated, line, gm65, honeywell, newland, wedge)."""

    kind: str
    port: Path | None


@dataclass(frozen=True, slots=True)
class Panel:
    """Light, buzzer, tamper switch, power and climate; None: not fitted."""

    light_pin: int | None
    buzzer_pin: int | None
    tamper_pin: int | None
    mains_pin: int | None
    mains_when: str  # "closed" (to ground) | "open": the mains line while there is mains
    battery: bool  # the kernel knows one, below /sys/class/power_supply
    thermometer: str  # "none" | "w1" (a DS18B20 in the cabinet) | "board" (the Pi's own, warmer)


@dataclass(frozen=True, slots=True)
class Printer:
    """The receipt printer; `port` None: none."""

    port: Path | None
    width_px: int


@dataclass(frozen=True, slots=True)
class Cabinet:
    """Everything that has a wire."""

    driver: Driver
    socket: Path  # of the simulated cabinet
    coils: int  # how many may be on at once, over all buses: what the supply bears
    screen_cell: tuple[int, int, int]
    buses: tuple[Bus, ...]
    gpio: Gpio
    scanner: Reader
    keypad: Path | None
    panel: Panel
    printer: Printer
    compartments: tuple[CompartmentPlan, ...]
    wiring: tuple[Wiring, ...]  # one each, in the same order
