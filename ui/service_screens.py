"""The technician's bodies: doors one by one, the state of the kiosk, commissioning. Values only.

Standard library only.
"""

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
    "temperature",
    "power",
    "boards",
    "scanner",
    "printer",
    "faults",
)


class Call(StrEnum):
    """How calling the centre stands."""

    IDLE = "idle"
    CALLING = "calling"
    REACHED = "reached"
    SILENT = "silent"  # no answer in time


class StickAct(StrEnum):
    """What a USB stick is for; `Action.CHOOSE` carries it as value."""

    IMPORT = "import"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class StickTold:
    """What came of it: a word that the painter has a sentence for, else it says *refused* and the word."""

    act: StickAct
    outcome: str
    number: int = 0  # of the manifest's version, or of statements


@dataclass(frozen=True, slots=True)
class KioskState:
    """The state of the kiosk. BACK, CALL the centre; CHOOSE one of `stick` while one is plugged in."""

    lines: tuple[StateLine, ...]
    call: Call = Call.IDLE
    stick: tuple[StickAct, ...] = ()
    busy: bool = False  # a stick is being read or written
    told: StickTold | None = None


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: words of `setting.NAME` and `setting.NAME_VALUE`."""

    name: str
    value: str  # what holds now
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a supervisor may change here. CHOOSE carries "name:value"; BACK."""

    rows: tuple[SettingRow, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text by its key, with the facts to fill in."""

    key: str
    facts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Wizard:
    """One step of commissioning. CHOOSE carries one of `choices`; CONFIRM ends the number asked for.

    Without a number the first choice is the big button.
    """

    title: Phrase
    lines: tuple[Phrase, ...] = ()  # at most WIZARD_LINES
    good: Phrase | None = None  # what was seen to be right
    heed: Phrase | None = None  # what must be heeded
    entered: str | None = None  # the digits so far; None: no number is asked for
    choices: tuple[str, ...] = ()  # words of `wizard.do.…`; with a number at most three
    done: int = 0
    total: int = 0  # 0: no bar


WIZARD_LINES = 5
WIZARD_DIGITS = 3
