"""Screens as values: everything a screen shows, and everything a hand can say back. Standard library only.

The law of this file: what is on the screen is one frozen `Screen`; painting is a function of it. Texts,
sizes and colours belong to the painter, facts belong here. Nothing in a `Screen` is secret but what the
person before it typed a moment ago, and masked names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ui.setup_screens import Setup
from ui.staff_screens import (
    LoadChoose,
    LoadClosing,
    LoadOpen,
    LoadOpening,
    LoadScan,
    StaffLogin,
)
from ui.upkeep_screens import Upkeep
from ui.walls import Cabinet, Urge


@dataclass(frozen=True, slots=True)
class Idle:
    """One big button. `scanner` False hides the line about the QR code."""

    scanner: bool = True


@dataclass(frozen=True, slots=True)
class Digits:
    """The four known digits; `reopening` after *I forgot something*."""

    entered: str
    reopening: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The eight digits of the code; the known digits stay in sight."""

    known: str
    entered: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a match; never says which half. `qr` True: the QR was not a code of ours or is unknown."""

    qr: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Typed codes pause. `again_at` is local time, None while the clock is not trusted."""

    minutes: int
    again_at: datetime | None


class Why(StrEnum):
    """Why a right answer opens nothing now."""

    EXPIRED = "expired"
    RECALLED = "recalled"
    REPLACED = "replaced"
    USED = "used"
    ELSEWHERE = "elsewhere"
    NOT_YET = "not_yet"
    OTHER_KIOSK = "other_kiosk"
    CHECKED = "checked"  # compartment blocked or unchecked, or code locked
    NOT_OPENED = "not_opened"  # the door stayed shut; the code stays good
    UNCONFIRMED = "unconfirmed"  # no sensor saw whether the door opened
    WRONG_DOOR = "wrong_door"
    DISPUTED = "disputed"
    NOT_MINE = "not_mine"


@dataclass(frozen=True, slots=True)
class Told:
    """Plain words: what happened, that the papers are safe, where and when, whom to call."""

    why: Why
    place: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Masked name, compartment, where it is; *open* or *not mine*."""

    name: str
    compartment: int
    cabinet: Cabinet
    authorised: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The pulse is out; the asked door glows."""

    compartment: int
    cabinet: Cabinet


@dataclass(frozen=True, slots=True)
class Stuck:
    """Pull gently; one retry."""

    compartment: int
    cabinet: Cabinet
    can_retry: bool


@dataclass(frozen=True, slots=True)
class Open:
    """Take every envelope, check the name, close the door."""

    compartment: int
    cabinet: Cabinet
    urge: Urge
    can_dispute: bool = True


@dataclass(frozen=True, slots=True)
class PutBack:
    """After a dispute: leave the papers inside, close the door, staff will call."""

    compartment: int
    cabinet: Cabinet
    urge: Urge
    empty: bool = False  # nothing to put back: only close the door


@dataclass(frozen=True, slots=True)
class WrongDoor:
    """Another door opened: take nothing, close it."""

    compartment: int  # the one that opened
    cabinet: Cabinet
    urge: Urge


@dataclass(frozen=True, slots=True)
class Next:
    """One more part lies in another compartment; `left` counts the parts still to open."""

    compartment: int
    cabinet: Cabinet
    left: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Done: time, apology when late, five faces, *I forgot something* while it can still be."""

    at: datetime | None
    late: bool
    rated: int  # 0: not yet
    forgot_s: int  # seconds left for *I forgot something*; 0: not offered


@dataclass(frozen=True, slots=True)
class Reclose:
    """After a restart with a door open, or for one left open: close it. No name."""

    compartment: int
    cabinet: Cabinet
    urge: Urge


class Outage(StrEnum):
    """Why the kiosk serves nobody."""

    STARTING = "starting"
    NEVER_SYNCED = "never_synced"  # no manifest yet
    JOURNAL = "journal"  # the disk refuses to keep statements
    MEMORY = "memory"  # two copies of this memory went different ways: to be enrolled anew
    RESTORING = "restoring"  # this memory is not the newest: the rest is coming back from central
    DOORS = "doors"  # no lock board answers
    POWER = "power"  # no mains, and too little battery for a lock
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Plain reason, whom to call, the papers are safe."""

    why: Outage


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to call, where the counter is, how it works in three steps."""


Body = (
    Idle
    | Digits
    | Code
    | Refused
    | Paused
    | Told
    | Ready
    | Opening
    | Stuck
    | Open
    | PutBack
    | WrongDoor
    | Next
    | Closed
    | Reclose
    | OutOfService
    | Help
    | StaffLogin
    | LoadScan
    | LoadChoose
    | LoadOpening
    | LoadOpen
    | LoadClosing
    | Upkeep
    | Setup
)


class Sound(StrEnum):
    """What is heard while this screen stands; a change of value is a new sound."""

    NONE = ""
    OPENED = "opened"  # one soft chime, and the voice: take all, close the door
    CLOSE = "close"  # voice: please close the door, once
    ALARM = "alarm"  # repeats until the door is closed
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every body: header, progress, footer."""

    unit: str  # "Phường Bình Tiên"
    address: str
    hotline: str
    now: datetime | None  # local time to the minute; None: not trusted, not shown
    lang: str = "vi"  # "vi" | "en"
    large: bool = False
    night: bool = False
    progress: int = 0  # 0 none, else 1..3
    offline: bool = False
    incident: str = ""  # read out on the phone
    closes_in_s: int | None = None  # countdown; None: time does not run
    more_time: bool = False  # the button "I need more time" is offered


@dataclass(frozen=True, slots=True)
class Screen:
    """All that a person sees and hears."""

    frame: Frame
    body: Body
    sound: Sound = Sound.NONE
