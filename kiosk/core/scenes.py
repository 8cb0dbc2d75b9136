"""The states of a visit (DESIGN §12) and of maintenance, one frozen value each.

`until_ms` is the up time at which the scene times out; None: time does not run. Scenes in which a door is
at stake carry the `Grant` under which it was pulsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.core.codes import Match
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Login,
)
from kiosk.core.upkeep_scenes import Upkeep


class Why(StrEnum):
    """Why a person is told something instead of being let in; the same words as `ui.screens.Why`."""

    EXPIRED = "expired"
    RECALLED = "recalled"
    REPLACED = "replaced"
    USED = "used"
    ELSEWHERE = "elsewhere"
    NOT_YET = "not_yet"
    OTHER_KIOSK = "other_kiosk"
    CHECKED = "checked"
    NOT_OPENED = "not_opened"
    UNCONFIRMED = "unconfirmed"
    WRONG_DOOR = "wrong_door"
    DISPUTED = "disputed"
    NOT_MINE = "not_mine"


class Outage(StrEnum):
    """Why nobody is served; the same words as `ui.screens.Outage` where they meet."""

    STARTING = "starting"
    NEVER_SYNCED = "never_synced"
    MEMORY = "memory"
    RESTORING = "restoring"
    DOORS = "doors"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a visit may open: `match` was accepted, the parts in `left` are not opened yet."""

    match: Match
    left: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody stands here."""

    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Digits:
    """The known digits."""

    until_ms: int
    entered: str = field(default="", repr=False)
    code: str = field(default="", repr=False)  # kept when somebody came back to change the digits


@dataclass(frozen=True, slots=True)
class Again:
    """The known digits once more, before *I forgot something* reopens the last part."""

    until_ms: int
    grant: Grant
    entered: str = field(default="", repr=False)
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Code:
    """The eight digits of the code."""

    until_ms: int
    known: str = field(repr=False)
    entered: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a match; `qr` when it was shown to the scanner."""

    until_ms: int
    seq: int
    known: str = field(default="", repr=False)
    qr: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Typed codes pause: the bucket is empty."""

    until_ms: int


@dataclass(frozen=True, slots=True)
class Told:
    """Plain words why nothing opens now."""

    until_ms: int
    why: Why
    seq: int = 0  # incident number, 0 for none
    place: str = ""
    at_ms: int = 0  # wall time that belongs to the message, 0 for none


@dataclass(frozen=True, slots=True)
class Ready:
    """A right answer, and one button."""

    until_ms: int
    match: Match


@dataclass(frozen=True, slots=True)
class Opening:
    """The pulse is out."""

    until_ms: int
    grant: Grant
    compartment: int
    retried: bool = False


@dataclass(frozen=True, slots=True)
class Stuck:
    """The door stayed shut: pull gently, one retry."""

    until_ms: int
    grant: Grant
    compartment: int
    retried: bool


@dataclass(frozen=True, slots=True)
class Open:
    """`since_ms`: when the door was seen open, moved forward by *more time*."""

    until_ms: int
    grant: Grant
    compartment: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class PutBack:
    """A complaint was stated: close the door, staff will call."""

    until_ms: int
    grant: Grant
    compartment: int
    since_ms: int
    seq: int
    empty: bool


@dataclass(frozen=True, slots=True)
class WrongDoor:
    """Another door opened: take nothing, close it."""

    until_ms: int
    compartment: int
    since_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class Next:
    """One more part of the same result."""

    until_ms: int
    grant: Grant
    compartment: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Collected: thanks, five faces, *I forgot something*."""

    until_ms: int
    grant: Grant
    closed_ms: int  # up time
    at_ms: int  # wall time, 0 when the clock is not trusted
    rated: int = 0


@dataclass(frozen=True, slots=True)
class Reclose:
    """A door stands open after a restart: close it. No name."""

    until_ms: int
    compartment: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class Out:
    """Nobody can be served."""

    why: Outage
    until_ms: int | None = None


Scene = (
    Idle
    | Digits
    | Again
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
    | Out
    | Login
    | Loading
    | Choosing
    | LoadOpening
    | LoadOpen
    | LoadClosing
    | Upkeep
)
