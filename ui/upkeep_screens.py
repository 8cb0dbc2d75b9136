"""The bodies of maintenance beyond loading: menu, take back, audit, cabinet, doors, state. Values only.

Standard library only. Roles see different things: a technician never sees a name or a dossier (both are
"" then), a clerk no diagnostics; who builds these values decides, the painter paints what it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ui.service_screens import KioskState, Service, Settings, Wizard
from ui.staff_screens import LoadTrouble
from ui.walls import Cabinet, Sign, Urge


class Entry(StrEnum):
    """What the menu offers; `Action.CHOOSE` carries it as value."""

    LOAD = "load"
    TAKE_BACK = "take_back"
    AUDIT = "audit"
    CABINET = "cabinet"
    DOORS = "doors"
    STATE = "state"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Menu:
    """After signing in. A scan here loads at once. CHOOSE entry, SIGN_OUT, START lets a citizen go first."""

    staff: str
    role: str  # "clerk" | "technician" | "supervisor"
    entries: tuple[Entry, ...]
    expected: int
    take_back: int
    to_check: int  # compartments unchecked or blocked
    free: int


@dataclass(frozen=True, slots=True)
class Apology:
    """Overdue: is the apology letter enclosed? CONFIRM (it is), CANCEL (not yet)."""

    dossier: str
    name: str


class Purpose(StrEnum):
    """Why staff open a door, besides loading."""

    LOAD = "load"  # after an interruption: does the envelope lie inside?
    TAKE_BACK = "take_back"
    UNDO = "undo"  # take out what was just loaded
    CHECK = "check"  # one compartment that is blocked or unchecked
    AUDIT = "audit"
    TEST = "test"  # a technician's door test on a free compartment


class TakeWhy(StrEnum):
    """Why a result is to be taken back."""

    EXPIRED = "expired"
    RECALLED = "recalled"
    MOVED = "moved"
    SUSPENDED = "suspended"  # absent from the manifest
    FOUND = "found"  # papers found in a compartment that should be empty


@dataclass(frozen=True, slots=True)
class TakeItem:
    """One result to fetch."""

    compartment: int
    dossier: str
    name: str
    why: TakeWhy


@dataclass(frozen=True, slots=True)
class TakeList:
    """What to take back today. CHOOSE index opens one; CONFIRM opens the first; BACK."""

    items: tuple[TakeItem, ...]  # at most as many as fit, see PAGE_ITEMS
    page: int  # from 1
    pages: int  # ANOTHER shows the next page
    trouble: LoadTrouble = LoadTrouble.NONE
    trouble_compartment: int = 0


PAGE_ITEMS = 4


@dataclass(frozen=True, slots=True)
class DoorOpening:
    """A compartment was asked to open for `purpose`. RETRY and CANCEL when stuck."""

    purpose: Purpose
    compartment: int
    cabinet: Cabinet
    dossier: str = ""
    name: str = ""
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class DoorOpen:
    """The door is open for `purpose`: what to look at, then close it. The answer is asked afterwards."""

    purpose: Purpose
    compartment: int
    cabinet: Cabinet
    urge: Urge
    dossier: str = ""
    name: str = ""
    scanned: bool = False  # the label was scanned and fits


class Answer(StrEnum):
    """What staff saw in a compartment; `Action.CHOOSE` carries it as value."""

    TAKEN = "taken"  # papers are out, in my hand
    LEFT = "left"  # papers stay inside
    EMPTY = "empty"  # nothing was inside
    OTHER = "other"  # something else lies inside


@dataclass(frozen=True, slots=True)
class DoorAsk:
    """The door is closed again: what was inside? CHOOSE one of `answers`."""

    purpose: Purpose
    compartment: int
    answers: tuple[Answer, ...]
    dossier: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit round. CONFIRM opens the next compartment, or begins a new round; BACK leaves it."""

    done: int
    left: int
    next_compartment: int  # 0: nothing left
    differences: int
    cabinet: Cabinet
    trouble: LoadTrouble = LoadTrouble.NONE
    trouble_compartment: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One compartment in the cabinet view; a target: CHOOSE its number."""

    number: int
    row: int
    column: int
    height: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class CabinetView:
    """All compartments as they stand on the wall. CHOOSE number, BACK."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    screen_row: int = 0
    screen_column: int = 0
    screen_height: int = 0
    trouble: LoadTrouble = LoadTrouble.NONE
    trouble_compartment: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a compartment's story: a kind of statement in words, its time, and a detail."""

    kind: str  # a `sync.messages.Kind`; the painter has the words
    at: datetime | None
    detail: str = ""  # staff number, reason, ...: never a name


class Act(StrEnum):
    """What can be done with a compartment; `Action.CHOOSE` carries it as value."""

    CHECK = "check"  # open it and look
    TAKE = "take"  # take out a result with which all is well
    BLOCK = "block"
    RELEASE = "release"
    BY_KEY = "by_key"  # it was opened with the mechanical key


@dataclass(frozen=True, slots=True)
class Story:
    """One compartment: what it is, why, and what happened. CHOOSE an act, BACK."""

    compartment: int
    sign: Sign
    reason: (
        str  # of being blocked or unchecked, "" for neither; a word that the painter knows or shows
    )
    happenings: tuple[Happening, ...]  # newest first, at most HAPPENINGS
    acts: tuple[Act, ...]


HAPPENINGS = 6


class Reason(StrEnum):
    """Why staff take back, block, release or open by key; `Action.CHOOSE` carries it as value."""

    LOCK = "lock"
    SENSOR = "sensor"
    DOOR = "door"
    CLEANING = "cleaning"
    PAPERS = "papers"
    REQUEST = "request"
    REPAIRED = "repaired"
    LOOKED = "looked"
    MISTAKE = "mistake"
    COUNTER = "counter"
    DAMAGED = "damaged"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reasons:
    """No act without a reason. CHOOSE one, BACK."""

    compartment: int
    act: Act
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Unlock:
    """Locked after five minutes: the PIN alone goes on with the same work. SIGN_OUT ends it."""

    staff: str
    entered: int
    wanted: int
    trouble: bool = False
    checking: bool = False


Upkeep = (
    Menu
    | Apology
    | TakeList
    | DoorOpening
    | DoorOpen
    | DoorAsk
    | Audit
    | CabinetView
    | Story
    | Reasons
    | Service
    | KioskState
    | Settings
    | Unlock
    | Wizard
)
