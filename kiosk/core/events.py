"""Everything that can happen to the kiosk, as frozen values in one inbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.devices import DeviceState, Vitals
from drivers.doors import DoorsRead, PulseDone, Scanned
from kiosk.core.codes import Made
from kiosk.core.restored import Weighed
from kiosk.core.upkeep_scenes import Happening, StickDone
from sync.messages import Manifest, Refusal


class Key(StrEnum):
    """What a hand at the screen says; the same words as `ui.hands.Action`."""

    START = "start"
    DIGIT = "digit"
    ERASE = "erase"
    CONFIRM = "confirm"
    CHANGE = "change"
    CANCEL = "cancel"
    RETRY = "retry"
    OPEN = "open"
    NOT_MINE = "not_mine"
    DISPUTE_EMPTY = "dispute_empty"
    DISPUTE_NOT_MINE = "dispute_not_mine"
    DISPUTE_MISSING = "dispute_missing"
    RATE = "rate"
    SKIP = "skip"
    FORGOT = "forgot"
    ANOTHER = "another"
    FINISH = "finish"
    MORE_TIME = "more_time"
    HELP = "help"
    BACK = "back"
    LANGUAGE = "language"
    TEXT_SIZE = "text_size"
    STAFF = "staff"
    CHOOSE = "choose"
    NOT_EMPTY = "not_empty"
    UNDO = "undo"
    SIGN_OUT = "sign_out"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Pressed:
    """One touch; `value` is a digit, a choice or a number of stars."""

    key: Key
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed and nothing else."""


@dataclass(frozen=True, slots=True)
class ManifestOpened:
    """A manifest climbed the whole ladder. `head_fits` is the journal's own look at `manifest.head`."""

    manifest: Manifest = field(repr=False)
    hash: str
    sealed: str = field(repr=False)
    head_fits: Refusal | None  # None: fits; else HEAD_AHEAD or HEAD_DIFFERS
    made: Made = field(repr=False)  # codes computed ahead by the worker
    offer: int = 0  # whom to answer
    by: str = ""  # `x` of the central key that signed it


@dataclass(frozen=True, slots=True)
class ManifestRefused:
    """A manifest fell off the ladder."""

    refusal: Refusal
    ver: int
    hash: str
    offer: int = 0


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The scrypt worker's answer."""

    number: str
    ok: bool
    step: int = -1  # of the first of a pair of codes, -1: none was found or asked for


@dataclass(frozen=True, slots=True)
class StoryRead:
    """The newest statements about one compartment, newest first."""

    compartment: int
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Contacted:
    """`sync` reached central; `at_ms` is the up time of that moment."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpaceLeft:
    """Free bytes where the journal lives."""

    free: int


@dataclass(frozen=True, slots=True)
class UpgradeTold:
    """What became of the last upgrade: `why` it failed, "" for one that went well or for none."""

    why: str
    version: str = ""  # that did not prove itself


@dataclass(frozen=True, slots=True)
class StickSeen:
    """Whether a USB stick with a file on it is mounted."""

    present: bool


Event = (
    Pressed
    | Tick
    | DoorsRead
    | PulseDone
    | Scanned
    | ManifestOpened
    | ManifestRefused
    | Weighed
    | PinChecked
    | StoryRead
    | Contacted
    | SpaceLeft
    | UpgradeTold
    | StickSeen
    | StickDone
    | DeviceState
    | Vitals
)
