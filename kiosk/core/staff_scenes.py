"""The scenes of maintenance, one frozen value each; see `kiosk.core.scenes` for a visit's."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sync.messages import Role


class Trouble(StrEnum):
    """Why a staff act opened nothing; the same words as `ui.staff_screens.LoadTrouble`."""

    NONE = ""
    UNKNOWN = "unknown"
    ALREADY = "already"
    REVOKED = "revoked"
    ELSEWHERE = "elsewhere"
    FEE_DUE = "fee_due"
    NO_ROOM = "no_room"
    IDENTITY_CARD = "identity_card"
    SPACE = "space"
    DOOR_OPEN = "door_open"
    NOT_OPENED = "not_opened"
    UNCONFIRMED = "unconfirmed"
    WRONG_DOOR = "wrong_door"
    POWER = "power"
    FAULTY = "faulty"
    UNPROVEN = "unproven"
    RESTORING = "restoring"


@dataclass(frozen=True, slots=True)
class TestRun:
    """All free doors being tested, one by one."""

    left: tuple[int, ...] = ()
    done: int = 0
    failed: tuple[int, ...] = ()
    running: bool = False
    next_ms: int = 0  # up time of the next pulse: the screen stands between, and can be stopped


@dataclass(frozen=True, slots=True)
class Session:
    """A staff member at the screen, and what this stay is about."""

    staff: str
    role: Role
    loaded: int = 0
    skip: frozenset[int] = frozenset()  # compartments that would not open in this session
    run: TestRun = TestRun()
    undo: tuple[str, int] = ("", 0)  # cid and compartment of the last load, while it can be undone
    undo_until_ms: int = 0  # up time: afterwards its message may have left


class Step(StrEnum):
    """What a login asks for."""

    NUMBER = "number"
    PIN = "pin"
    TOTP = "totp"
    TOTP2 = "totp2"  # the next code too: the clock is unknown
    WAIT = "wait"


class LoginTrouble(StrEnum):
    """The same words as `ui.staff_screens.LoginTrouble`."""

    NONE = ""
    REFUSED = "refused"
    LOCKED = "locked"
    CLOCK = "clock"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Login:
    """Staff number, PIN, TOTP; or a staff card, then the PIN alone."""

    until_ms: int
    step: Step = Step.NUMBER
    number: str = ""
    card: str = field(default="", repr=False)  # the secret of the card that was scanned
    pin: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)
    totp2: str = field(default="", repr=False)
    trouble: LoginTrouble = LoginTrouble.NONE


@dataclass(frozen=True, slots=True)
class Loading:
    """Ready for the next envelope: the hub of minimal loading."""

    until_ms: int
    session: Session
    entered: str = ""
    trouble: Trouble = Trouble.NONE
    trouble_at: int = 0
    done_cid: str = ""
    done_at: int = 0
    add_cid: str = ""  # loaded already, and one more compartment may be added


@dataclass(frozen=True, slots=True)
class Choosing:
    """Several expected results end alike."""

    until_ms: int
    session: Session
    cids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadOpening:
    """A compartment was asked to open for loading."""

    until_ms: int
    session: Session
    cid: str
    compartment: int
    stuck: bool = False
    retried: bool = False


@dataclass(frozen=True, slots=True)
class LoadOpen:
    """Open for loading: put the envelope in, close the door."""

    until_ms: int
    session: Session
    cid: str
    compartment: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class LoadClosing:
    """Close the door. `full`: somebody else's papers lie inside; else the clerk is asked afterwards."""

    until_ms: int
    session: Session
    compartment: int
    since_ms: int
    full: bool
    cid: str = ""  # what was being loaded
