"""The technician's bodies: doors one by one, and the state of the kiosk. Values only, standard library."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.staff_screens import LoadTrouble
from ui.walls import Sign


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One door for the technician."""

    compartment: int
    sign: Sign
    reading: str  # "open" | "closed" | "unknown"
    cycles: int
    failures: int
    mean_open_ms: int  # 0: never measured


@dataclass(frozen=True, slots=True)
class Service:
    """Doors, live. CHOOSE a compartment pulses it if it is free; CONFIRM runs all free ones; BACK.

    While `running`, CANCEL stops after the present door.
    """

    rows: tuple[ServiceRow, ...]  # at most SERVICE_ROWS
    page: int
    pages: int  # ANOTHER shows the next page
    running: bool = False
    done: int = 0
    left: int = 0
    failed: tuple[int, ...] = ()
    trouble: LoadTrouble = LoadTrouble.NONE
    trouble_compartment: int = 0


SERVICE_ROWS = 6


class Level(StrEnum):
    """How a line of the state page stands."""

    OK = "ok"
    CARE = "care"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class StateLine:
    """One line: `key` names the text (version, uptime, clock, contact, manifest, ...), `value` is ready."""

    key: str
    value: str
    level: Level = Level.OK


STATE_KEYS = (
    "version",
    "uptime",
    "clock",
    "contact",
    "manifest",
    "waiting",
    "disk",
    "doors",
    "scanner",
    "faults",
)


@dataclass(frozen=True, slots=True)
class KioskState:
    """The state of the kiosk. BACK."""

    lines: tuple[StateLine, ...]
