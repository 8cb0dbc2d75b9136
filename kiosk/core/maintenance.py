"""Maintenance as far as loading needs it: staff in, envelope known, one compartment, loaded, staff out.

From `staff_authorised` until its outcome is stated a compartment is unchecked: no code, no other loading
(DESIGN §5, Staff). Every outcome is stated: loaded, not opened, blocked, released, unconfirmed.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core import login as logins
from kiosk.core.entry import appended, idle
from kiosk.core.events import Key
from kiosk.core.loading import TYPED_DIGITS, best, by_dossier, by_ending, why_not
from kiosk.core.login import login
from kiosk.core.recognise import CardScan, DossierScan, recognise
from kiosk.core.scenes import Idle, WrongDoor
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Login,
    LoginTrouble,
    Session,
    Trouble,
)
from kiosk.core.state import Turn
from kiosk.core.table import Row, Signal, Table
from sync.messages import Kind, Result, Role

__all__ = ["MAINTENANCE", "MORE_TIME_MS", "login"]

IDLE_MS = 300_000  # a session locks after five minutes without a touch
OPENING_MS = 10_000
STUCK_MS = 60_000
OPEN_MS = 300_000
MORE_TIME_MS = 60_000
LOADERS = frozenset({Role.CLERK, Role.SUPERVISOR})


def pin_checked(turn: Turn, scene: Login, value: str) -> None:
    """The scrypt worker's answer to a login: `value` is "fits" or "differs"."""
    member = logins.pin_step(turn, scene, fits=value == "fits")
    if member is None:
        return
    if member.role in LOADERS:
        turn.go(_hub(turn, Session(member.number, member.role)))
    else:
        turn.record(Kind.STAFF_OUT, staff=member.number, reason="role")
        turn.go(Login(turn.up_ms + logins.LOGIN_MS, trouble=LoginTrouble.ROLE))


def _hub(turn: Turn, session: Session, trouble: Trouble = Trouble.NONE, at: int = 0) -> Loading:
    return Loading(turn.up_ms + IDLE_MS, session, trouble=trouble, trouble_at=at)


def digit(turn: Turn, scene: Loading, value: str) -> None:
    """The last digits of a dossier code, typed by hand."""
    hub = _hub(turn, scene.session)
    turn.go(replace(hub, entered=appended(scene.entered, value, TYPED_DIGITS)))


def erase(turn: Turn, scene: Loading, _value: str) -> None:
    """The last digit goes."""
    turn.go(replace(_hub(turn, scene.session), entered=scene.entered[:-1]))


def typed(turn: Turn, scene: Loading, _value: str) -> None:
    """Four digits: the one expected result that ends so, or a choice."""
    if len(scene.entered) != TYPED_DIGITS:
        return
    hits = by_ending(turn.state, scene.entered)
    if not hits:
        turn.go(_hub(turn, scene.session, Trouble.UNKNOWN))
    elif len(hits) == 1:
        _authorise(turn, scene.session, hits[0])
    else:
        turn.go(Choosing(turn.up_ms + IDLE_MS, scene.session, tuple(r.cid for r in hits)))


def choose(turn: Turn, scene: Choosing, value: str) -> None:
    """One of several that end alike."""
    if value.isascii() and value.isdigit() and int(value) < len(scene.cids):
        result = turn.state.result(scene.cids[int(value)])
        if result is None:
            turn.go(_hub(turn, scene.session, Trouble.UNKNOWN))
        else:
            _authorise(turn, scene.session, result)


def back(turn: Turn, scene: Choosing, _value: str) -> None:
    """None of these."""
    turn.go(_hub(turn, scene.session))


def scanned(turn: Turn, scene: Loading, value: str) -> None:
    """An envelope's bar code. An identity card is recognised, refused and never stored."""
    what = recognise(value)
    if isinstance(what, CardScan):
        turn.go(_hub(turn, scene.session, Trouble.IDENTITY_CARD))
        return
    result = by_dossier(turn.state, what.code) if isinstance(what, DossierScan) else None
    if result is None:
        turn.go(_hub(turn, scene.session, Trouble.UNKNOWN))
    else:
        _authorise(turn, scene.session, result)


def _authorise(turn: Turn, session: Session, result: Result) -> None:
    """One suitable free compartment: stated, then pulsed."""
    trouble = Trouble.SPACE if turn.state.space_low else why_not(turn.state, result)
    if trouble is not Trouble.NONE:
        at = next(iter(turn.memory.parts_of(result.cid)), 0)
        turn.go(_hub(turn, session, trouble, at))
        return
    number = best(turn.state, result, turn.up_ms, session.skip)
    if number is None:
        turn.go(_hub(turn, session, Trouble.NO_ROOM))
        return
    turn.record(
        Kind.STAFF_AUTHORISED,
        compartment=number,
        staff=session.staff,
        reason="load",
        cid=result.cid,
    )
    turn.pulse(number, cid=result.cid, staff=session.staff)
    turn.go(LoadOpening(turn.up_ms + OPENING_MS, session, result.cid, number))


def opened(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """The compartment is open: envelope in, door closed."""
    turn.go(LoadOpen(turn.up_ms + OPEN_MS, scene.session, scene.cid, scene.compartment, turn.up_ms))


def stayed_closed(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """Pull gently, one retry, or another compartment."""
    turn.change(scene=replace(scene, stuck=True, until_ms=turn.up_ms + STUCK_MS))


def pulse_again(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """One retry under the same authority; never on a door that reads open."""
    closed = turn.state.doors.reading(scene.compartment, turn.up_ms) is Reading.CLOSED
    if scene.stuck and not scene.retried and closed:
        later = turn.up_ms + OPENING_MS
        turn.change(scene=replace(scene, stuck=False, retried=True, until_ms=later))
        turn.pulse(scene.compartment, cid=scene.cid, staff=scene.session.staff)


def give_up(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """It stayed shut: as it was before, and not offered again in this session."""
    number = scene.compartment
    if turn.state.doors.reading(number, turn.up_ms) is Reading.CLOSED:
        turn.record(Kind.NOT_OPENED, compartment=number, staff=scene.session.staff)
        turn.fault(f"stuck:{number}", compartment=number)
        _skip(turn, scene.session, number, Trouble.NOT_OPENED)
    else:
        unseen(turn, scene, "")


def unseen(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """No reading can be trusted: blocked until staff have looked."""
    number = scene.compartment
    turn.record(Kind.UNCONFIRMED, compartment=number, staff=scene.session.staff, reason="unseen")
    _skip(turn, scene.session, number, Trouble.UNCONFIRMED)


def _skip(turn: Turn, session: Session, number: int, trouble: Trouble) -> None:
    after = replace(session, skip=session.skip | {number})
    turn.go(_hub(turn, after, trouble, number))


def wrong_door(turn: Turn, scene: LoadOpening, value: str) -> None:
    """Another door opened: the session ends, everybody is told to close it."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="wrong_door")
    turn.go(WrongDoor(turn.up_ms + OPEN_MS, int(value), turn.up_ms, turn.memory.seq))


def closed(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """The door is closed: loaded, unless a manifest took the result away while it was open."""
    result = turn.state.result(scene.cid)
    trouble = Trouble.REVOKED if result is None else why_not(turn.state, result)
    session = scene.session
    if trouble is not Trouble.NONE:
        turn.record(
            Kind.BLOCKED, compartment=scene.compartment, staff=session.staff, reason="dropped"
        )
        turn.go(_hub(turn, session, trouble, scene.compartment))
        return
    turn.record(Kind.LOADED, cid=scene.cid, compartment=scene.compartment, staff=session.staff)
    after = replace(session, loaded=session.loaded + 1)
    hub = _hub(turn, after)
    turn.go(replace(hub, done_cid=scene.cid, done_at=scene.compartment))


def not_empty(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """Somebody else's papers lie inside: blocked for staff to look into; only close the door."""
    _leave(turn, scene, full=True)


def nothing(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """The clerk will put nothing in: the compartment was looked at and is free."""
    _leave(turn, scene, full=False)


def _leave(turn: Turn, scene: LoadOpen, *, full: bool) -> None:
    number, staff = scene.compartment, scene.session.staff
    if full:
        turn.record(Kind.BLOCKED, compartment=number, staff=staff, reason="not_empty")
    turn.go(LoadClosing(scene.until_ms, scene.session, number, scene.since_ms, full))


def left_closed(turn: Turn, scene: LoadClosing, _value: str) -> None:
    """The door is closed with nothing loaded."""
    if not scene.full:
        turn.record(
            Kind.RELEASED, compartment=scene.compartment, staff=scene.session.staff, papers=False
        )
    turn.go(_hub(turn, scene.session))


def left_open(turn: Turn, scene: LoadOpen | LoadClosing, _value: str) -> None:
    """Five minutes with a door open and nobody there: the compartment stays unchecked."""
    turn.record(Kind.LEFT_OPEN, compartment=scene.compartment)
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="left")
    turn.go(Idle())


def sign_out(turn: Turn, scene: Loading | Choosing, _value: str) -> None:
    """The batch ends: now central may send the codes."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="signed_out")
    turn.go(Idle())


def locked(turn: Turn, scene: Loading | Choosing, _value: str) -> None:
    """Nobody touched the screen for five minutes."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="idle")
    turn.go(Idle())


_HUB = (Loading, Choosing, LoadOpening)

MAINTENANCE: Table = {
    Login: {
        Key.DIGIT: Row(logins.digit, (Login,)),
        Key.ERASE: Row(logins.erase, (Login,)),
        Key.CONFIRM: Row(logins.confirm, (Login,)),
        Key.CANCEL: Row(idle, (Idle,)),
        Signal.PIN_CHECKED: Row(pin_checked, (Login, Loading)),
        Signal.TIMEOUT: Row(idle, (Idle,)),
    },
    Loading: {
        Key.DIGIT: Row(digit, (Loading,)),
        Key.ERASE: Row(erase, (Loading,)),
        Key.CONFIRM: Row(typed, _HUB),
        Key.SIGN_OUT: Row(sign_out, (Idle,)),
        Signal.SCAN: Row(scanned, _HUB),
        Signal.TIMEOUT: Row(locked, (Idle,)),
    },
    Choosing: {
        Key.CHOOSE: Row(choose, _HUB),
        Key.BACK: Row(back, (Loading,)),
        Key.SIGN_OUT: Row(sign_out, (Idle,)),
        Signal.TIMEOUT: Row(locked, (Idle,)),
    },
    LoadOpening: {
        Key.RETRY: Row(pulse_again, (LoadOpening,)),
        Key.CANCEL: Row(give_up, (Loading,)),
        Signal.OPENED: Row(opened, (LoadOpen,)),
        Signal.STAYED_CLOSED: Row(stayed_closed, (LoadOpening,)),
        Signal.UNSEEN: Row(unseen, (Loading,)),
        Signal.WRONG_DOOR: Row(wrong_door, (WrongDoor,)),
        Signal.TIMEOUT: Row(give_up, (Loading,)),
    },
    LoadOpen: {
        Key.NOT_EMPTY: Row(not_empty, (LoadClosing,)),
        Key.CANCEL: Row(nothing, (LoadClosing,)),
        Signal.CLOSED: Row(closed, (Loading,)),
        Signal.TIMEOUT: Row(left_open, (Idle,)),
    },
    LoadClosing: {
        Signal.CLOSED: Row(left_closed, (Loading,)),
        Signal.TIMEOUT: Row(left_open, (Idle,)),
    },
}
