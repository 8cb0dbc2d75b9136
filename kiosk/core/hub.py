"""The staff member's way through maintenance: menu, roles, lock after idle, pause for a citizen, way out.

Roles come from the manifest (issue 3): a clerk loads and takes back, a technician looks after doors and sees
no names, a supervisor does both and audits.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core import entry
from kiosk.core import login as logins
from kiosk.core.effects import CheckPin
from kiosk.core.entry import appended
from kiosk.core.recognise import StaffCardScan, recognise
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpen, Login, Session, Trouble
from kiosk.core.state import State, Turn
from kiosk.core.upkeep_scenes import (
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    Entry,
    KioskState,
    Menu,
    Purpose,
    Service,
    Settings,
    TakeList,
    Task,
    Unlock,
    Upkeep,
)
from sync.messages import SETTINGS, Kind, Role

IDLE_MS = 300_000  # a session locks after five minutes without a touch
LOCKED_MS = 900_000  # and ends a quarter of an hour later
UNLOCK_MS = 60_000  # for the PIN; then the screen is the citizens' again, and the work waits
ALLOWED: dict[Role, tuple[Entry, ...]] = {
    Role.CLERK: (Entry.LOAD, Entry.TAKE_BACK, Entry.CABINET, Entry.STATE),
    Role.TECHNICIAN: (Entry.DOORS, Entry.CABINET, Entry.STATE),
    Role.SUPERVISOR: tuple(Entry),
}
LOADERS = frozenset({Role.CLERK, Role.SUPERVISOR})


def may(session: Session, entry: Entry) -> bool:
    """Whether this role has this entry."""
    return entry in ALLOWED[session.role]


def entries(state: State, session: Session) -> tuple[Entry, ...]:
    """What the menu offers this role; settings only while the policy lets one be changed."""
    any_setting = any(name in state.memory.policy.settings for name in SETTINGS)
    offered = ALLOWED[session.role]
    return offered if any_setting else tuple(e for e in offered if e is not Entry.SETTINGS)


def menu(turn: Turn, session: Session) -> None:
    """To the menu."""
    turn.go(Menu(turn.up_ms + IDLE_MS, session))


def loading(turn: Turn, session: Session, trouble: Trouble = Trouble.NONE, at: int = 0) -> Loading:
    """The hub of loading, with what went wrong, if anything."""
    return Loading(turn.up_ms + IDLE_MS, session, trouble=trouble, trouble_at=at)


def pin_checked(turn: Turn, scene: Login, value: str) -> None:
    """The worker's answer to a login: "fits" or "differs", and the step of a pair of codes.

    Whoever's work waited until now is out: one session at a time.
    """
    fits, step = value.split()
    member = logins.pin_step(turn, scene, fits=fits == "fits", pair_step=int(step))
    if member is not None:
        menu(turn, Session(member.number, member.role))


def choose(turn: Turn, scene: Menu, value: str) -> None:
    """One entry of the menu, if the role has it."""
    if value not in entries(turn.state, scene.session):
        return
    later, session = turn.up_ms + IDLE_MS, scene.session
    match Entry(value):
        case Entry.LOAD:
            turn.go(loading(turn, session))
        case Entry.TAKE_BACK:
            turn.go(TakeList(later, session))
        case Entry.AUDIT:
            turn.go(Audit(later, session))
        case Entry.CABINET:
            turn.go(CabinetView(later, session))
        case Entry.DOORS:
            turn.go(Service(later, session))
        case Entry.STATE:
            turn.go(KioskState(later, session))
        case Entry.SETTINGS:
            turn.go(Settings(later, session))


def back(turn: Turn, scene: Upkeep | Loading, _value: str) -> None:
    """Back to the menu."""
    menu(turn, scene.session)


def sign_out(turn: Turn, scene: Upkeep | Loading, _value: str) -> None:
    """The batch ends: now central may send the codes."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="signed_out")
    turn.go(Idle())


def locked(turn: Turn, scene: Upkeep | Loading, _value: str) -> None:
    """Nobody touched the screen for five minutes: the PIN alone goes on."""
    turn.go(Unlock(turn.up_ms + UNLOCK_MS, scene.session, scene))


def left_open(turn: Turn, scene: DoorOpen | LoadOpen, _value: str) -> None:
    """Five minutes with a door open and no touch: an alarm, and locked; the question comes later."""
    turn.record(Kind.LEFT_OPEN, compartment=scene.compartment)
    task = (
        scene.task
        if isinstance(scene, DoorOpen)
        else Task(Purpose.LOAD, scene.compartment, scene.cid)
    )
    ask = DoorAsk(turn.up_ms + IDLE_MS, scene.session, task)
    turn.go(Unlock(turn.up_ms + UNLOCK_MS, scene.session, ask))


def pause(turn: Turn, scene: Upkeep | Loading, _value: str) -> None:
    """A citizen comes first: one touch, and the work waits behind the PIN."""
    turn.change(paused=Unlock(turn.up_ms + LOCKED_MS, scene.session, scene))
    turn.go(Idle())


def come_back(turn: Turn, _scene: Idle, _value: str) -> None:
    """The hidden gesture: back to paused work, or a new login."""
    paused = turn.state.paused
    if paused is not None and turn.up_ms < paused.until_ms:
        turn.change(paused=None)
        turn.go(replace(paused, until_ms=turn.up_ms + UNLOCK_MS, pin="", checking=False))
    else:
        logins.end_paused(turn)
        logins.login(turn, _scene, _value)


def idle_scan(turn: Turn, scene: Idle, value: str) -> None:
    """A staff card begins a login, or brings its owner back to paused work; all else is a citizen's."""
    what = recognise(value)
    if not isinstance(what, StaffCardScan):
        entry.scan(turn, scene, value)
    elif _owns(turn, what):
        come_back(turn, scene, "")
    else:
        logins.card_shown(turn, what)


def _owns(turn: Turn, card: StaffCardScan) -> bool:
    """Whether the work that waits is this card's owner's. A forged card ends nobody's work."""
    paused = turn.state.paused
    if paused is None or paused.session.staff != card.number:
        return False
    member = logins.member_of(turn.state, card.number)
    return member is not None and logins.card_fits(member, card.token)


def unlock_scan(turn: Turn, scene: Unlock, value: str) -> None:
    """Another member's card at a locked screen: their own login, while the work waits behind it."""
    what = recognise(value)
    if not isinstance(what, StaffCardScan) or what.number == scene.session.staff:
        turn.tally("scan_ignored")
        return
    unlock_timeout(turn, scene, "")
    logins.card_shown(turn, what)


def end_if_over(turn: Turn) -> None:
    """A quarter of an hour is enough to come back."""
    paused = turn.state.paused
    if paused is not None and turn.up_ms >= paused.until_ms:
        logins.end_paused(turn)


def unlock_digit(turn: Turn, scene: Unlock, value: str) -> None:
    """One more digit of the PIN."""
    if not scene.checking:
        turn.change(scene=replace(scene, pin=appended(scene.pin, value, logins.PIN_DIGITS)))


def unlock_erase(turn: Turn, scene: Unlock, _value: str) -> None:
    """The last digit goes."""
    if not scene.checking:
        turn.change(scene=replace(scene, pin=scene.pin[:-1]))


def unlock_confirm(turn: Turn, scene: Unlock, _value: str) -> None:
    """The PIN goes to the worker; a revoked or throttled staff number is out."""
    member = logins.member_of(turn.state, scene.session.staff)
    throttled = logins.staff_wait_ms(turn.state, scene.session.staff, turn.up_ms) > 0
    if scene.checking or len(scene.pin) != logins.PIN_DIGITS:
        return
    if member is None or member.role is not scene.session.role or throttled:
        unlock_end(turn, scene, "revoked")
        return
    turn.effects.append(CheckPin(member.number, scene.pin, member.pin))
    turn.change(scene=replace(scene, pin="", checking=True), pins_due=turn.state.pins_due + 1)


def unlock_checked(turn: Turn, scene: Unlock, value: str) -> None:
    """The worker's answer: on with the work, or one more try taken from the bucket."""
    if not scene.checking or turn.state.pins_due:
        return
    member = logins.member_of(turn.state, scene.session.staff)
    if member is None or member.role is not scene.session.role:  # revoked while scrypt ran
        unlock_end(turn, scene, "revoked")
        return
    if value.startswith("fits"):
        _resume(turn, scene)
        return
    turn.record(Kind.STAFF_REFUSED, staff=scene.session.staff)
    turn.change(scene=replace(scene, checking=False, trouble=True))


def unlock_end(turn: Turn, scene: Unlock, value: str) -> None:
    """Signed out, timed out, or revoked meanwhile; an open question leaves its compartment unchecked."""
    reason = value or "idle"
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason=reason)
    turn.go(Idle())


def unlock_timeout(turn: Turn, scene: Unlock, _value: str) -> None:
    """Nobody came back yet: the screen is the citizens', the work waits for the gesture and the PIN."""
    until_ms = turn.up_ms + LOCKED_MS - UNLOCK_MS
    turn.change(paused=replace(scene, until_ms=until_ms, pin="", checking=False))
    turn.go(Idle())


def unlock_sign_out(turn: Turn, scene: Unlock, _value: str) -> None:
    """Enough for today."""
    unlock_end(turn, scene, "signed_out")


def _resume(turn: Turn, locked_: Unlock) -> None:
    """The same work, with its time anew."""
    scene = locked_.resume
    until_ms = turn.up_ms + IDLE_MS
    if isinstance(scene, DoorAsk):
        number = scene.task.compartment
        if turn.state.doors.reading(number, turn.up_ms) is Reading.OPEN:
            turn.go(DoorOpen(until_ms, locked_.session, scene.task, turn.up_ms))
            return
    anew: dict[str, object] = {"until_ms": until_ms, "session": locked_.session}
    turn.go(replace(scene, **anew))  # type: ignore[arg-type]  # only scenes with a session are locked
