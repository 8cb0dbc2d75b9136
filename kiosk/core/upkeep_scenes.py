"""The scenes of maintenance beyond loading, one frozen value each; the words match `ui.upkeep_screens`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.core.staff_scenes import Session, Trouble

if TYPE_CHECKING:
    from kiosk.core.scenes import Scene


class Purpose(StrEnum):
    """Why staff open a door; it stands as the reason in `staff_authorised`."""

    LOAD = "load"
    TAKE_BACK = "take_back"
    UNDO = "undo"
    CHECK = "check"
    AUDIT = "audit"
    TEST = "test"


class Answer(StrEnum):
    """What staff saw in a compartment."""

    TAKEN = "taken"
    LEFT = "left"
    EMPTY = "empty"
    OTHER = "other"


class Act(StrEnum):
    """What can be done with one compartment."""

    CHECK = "check"
    TAKE = "take"
    BLOCK = "block"
    RELEASE = "release"
    BY_KEY = "by_key"


class Reason(StrEnum):
    """Why staff take back, block, release or open by key."""

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


class Entry(StrEnum):
    """What the menu offers."""

    LOAD = "load"
    TAKE_BACK = "take_back"
    AUDIT = "audit"
    CABINET = "cabinet"
    DOORS = "doors"
    STATE = "state"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Task:
    """One door opened by staff: why, which, and what is believed to lie there.

    `why` is the reason for taking back what is on no list; then the way leads back to the cabinet view.
    """

    purpose: Purpose
    compartment: int
    cid: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """What this role may do. A scan here loads at once."""

    until_ms: int
    session: Session


@dataclass(frozen=True, slots=True)
class Apology:
    """Overdue: the letter must lie in the envelope before a door opens."""

    until_ms: int
    session: Session
    cid: str


@dataclass(frozen=True, slots=True)
class DoorOpening:
    """A compartment was asked to open for a task."""

    until_ms: int
    session: Session
    task: Task
    stuck: bool = False
    retried: bool = False

    @property
    def compartment(self) -> int:
        """The door that is waited for."""
        return self.task.compartment


@dataclass(frozen=True, slots=True)
class DoorOpen:
    """The door stands open; when it is closed the answer is asked."""

    until_ms: int
    session: Session
    task: Task
    since_ms: int
    scanned: bool = False

    @property
    def compartment(self) -> int:
        """The door that stands open."""
        return self.task.compartment


@dataclass(frozen=True, slots=True)
class DoorAsk:
    """The door is closed: what was inside? Until then the compartment stays unchecked."""

    until_ms: int
    session: Session
    task: Task


@dataclass(frozen=True, slots=True)
class TakeList:
    """What to take back today."""

    until_ms: int
    session: Session
    page: int = 1
    trouble: Trouble = Trouble.NONE
    trouble_at: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit round, one compartment after the other, over days if need be."""

    until_ms: int
    session: Session
    trouble: Trouble = Trouble.NONE
    trouble_at: int = 0


@dataclass(frozen=True, slots=True)
class CabinetView:
    """All compartments as they stand on the wall."""

    until_ms: int
    session: Session
    trouble: Trouble = Trouble.NONE
    trouble_at: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a compartment's story, read from the journal."""

    kind: str
    at_ms: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One compartment and what happened to it; the shell reads it from the journal."""

    until_ms: int
    session: Session
    compartment: int
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """No act without a reason."""

    until_ms: int
    session: Session
    compartment: int
    act: Act


@dataclass(frozen=True, slots=True)
class Service:
    """The doors, live; `session.run` says how far a run over all free ones has come."""

    until_ms: int
    session: Session
    page: int = 1
    trouble: Trouble = Trouble.NONE
    trouble_at: int = 0


class StickAct(StrEnum):
    """What a stick is for."""

    IMPORT = "import"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class StickDone:
    """An event, too: `outcome` "accepted", "written", or why not; `number` a version or a count."""

    act: StickAct
    outcome: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class KioskState:
    """How the kiosk is. Times are up time."""

    until_ms: int
    session: Session
    called_ms: int | None = None  # when the centre was called
    stick: bool = False  # a stick is there
    look_ms: int = 0  # when to look for one again
    busy: StickAct | None = None
    busy_ms: int = 0
    told: StickDone | None = None  # what came of the last act


@dataclass(frozen=True, slots=True)
class Settings:
    """What the policy lets a supervisor change on site."""

    until_ms: int
    session: Session


@dataclass(frozen=True, slots=True)
class Unlock:
    """Locked after five minutes: the PIN alone goes on with the same work."""

    until_ms: int
    session: Session
    resume: Scene
    pin: str = field(default="", repr=False)
    checking: bool = False
    trouble: bool = False


Upkeep = (
    Menu
    | Apology
    | DoorOpening
    | DoorOpen
    | DoorAsk
    | TakeList
    | Audit
    | CabinetView
    | Story
    | Reasons
    | Service
    | KioskState
    | Settings
    | Unlock
)
