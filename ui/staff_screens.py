"""The bodies of maintenance, as values; `ui/screens.py` has a visit's. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.walls import Cabinet, Urge


class LoginStep(StrEnum):
    """What is asked of staff."""

    NUMBER = "number"
    PIN = "pin"
    TOTP = "totp"
    TOTP2 = "totp2"  # the next code too, because the clock is unknown
    WAIT = "wait"  # the PIN is being checked


class LoginTrouble(StrEnum):
    """Why a login went wrong; never says which part."""

    NONE = ""
    REFUSED = "refused"
    LOCKED = "locked"
    CLOCK = "clock"  # the clock is unknown, so TOTP cannot be judged
    ROLE = "role"  # signed in rightly, but this role loads nothing


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """Number, PIN, TOTP. `entered` counts digits; only the staff number is shown in clear."""

    step: LoginStep
    number: str
    entered: int
    wanted: int  # digits this step takes; 0: free length
    trouble: LoginTrouble = LoginTrouble.NONE
    minutes: int = 0  # until the next try when LOCKED
    scanner: bool = False  # a staff card may be shown instead of the number


class LoadTrouble(StrEnum):
    """Why a scan opens nothing."""

    NONE = ""
    UNKNOWN = "unknown"
    ALREADY = "already"
    REVOKED = "revoked"
    ELSEWHERE = "elsewhere"
    FEE_DUE = "fee_due"
    NO_ROOM = "no_room"
    IDENTITY_CARD = "identity_card"
    SPACE = "space"  # the disk is nearly full: no loading
    DOOR_OPEN = "door_open"  # a door of the cabinet stands open
    NOT_OPENED = "not_opened"
    UNCONFIRMED = "unconfirmed"
    WRONG_DOOR = "wrong_door"
    POWER = "power"  # the battery is low: no door is opened
    FAULTY = "faulty"  # its lock board is in trouble
    UNPROVEN = "unproven"  # its lock board is new: first by key
    RESTORING = "restoring"  # own statements are coming back from central: no door is opened


@dataclass(frozen=True, slots=True)
class LoadScan:
    """Ready for the next envelope. `done` is the sentence about the last one (dossier, compartment)."""

    staff: str
    expected: int
    free: int
    loaded: int  # in this batch
    entered: str = ""  # last digits of a dossier typed by hand
    trouble: LoadTrouble = LoadTrouble.NONE
    trouble_compartment: int = 0
    done_dossier: str = ""
    done_compartment: int = 0
    can_undo: bool = False  # UNDO: the last load can still be taken back
    can_add: bool = False  # ANOTHER: one more compartment for a result that is loaded already


@dataclass(frozen=True, slots=True)
class Choice:
    """One expected result that a typed ending fits."""

    dossier: str
    name: str


@dataclass(frozen=True, slots=True)
class LoadChoose:
    """Several expected results end alike: choose by masked name and dossier code."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class LoadOpening:
    """A compartment was asked to open for loading."""

    compartment: int
    cabinet: Cabinet
    dossier: str
    name: str
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class LoadOpen:
    """Put the envelope in and close the door.

    `maybe_full` offers *not empty*; `apology` reminds of the letter.
    """

    compartment: int
    cabinet: Cabinet
    dossier: str
    name: str
    maybe_full: bool
    apology: bool
    urge: Urge


@dataclass(frozen=True, slots=True)
class LoadClosing:
    """Nothing was loaded: only close the door. `full`: somebody else's papers lie inside, leave them."""

    compartment: int
    cabinet: Cabinet
    full: bool
    urge: Urge
