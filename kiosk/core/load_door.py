"""The compartment is open for loading: envelope in, door closed, loaded; or it stays shut, or is not empty.

From `staff_authorised` until its outcome is stated a compartment is unchecked: no code, no other loading
(DESIGN §5, Staff). Every outcome is stated: loaded, not opened, blocked, released, unconfirmed.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core.barred import why_barred
from kiosk.core.hub import IDLE_MS, loading
from kiosk.core.loading import may_add, why_not
from kiosk.core.scenes import Idle, WrongDoor
from kiosk.core.staff_scenes import (
    LoadClosing,
    LoadOpen,
    LoadOpening,
    Session,
    Trouble,
)
from kiosk.core.state import Turn
from kiosk.core.upkeep_scenes import DoorAsk, Purpose, Task
from sync.messages import Kind

OPENING_MS = 10_000
STUCK_MS = 60_000
OPEN_MS = 300_000
UNDO_MS = 150_000  # central sends the code after 180 s: half a minute is left for the door


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
        barred = why_barred(turn.state, number)
        if barred is Trouble.NONE:
            turn.fault(f"stuck:{number}", compartment=number)
        _skip(turn, scene.session, number, barred or Trouble.NOT_OPENED)
    else:
        unseen(turn, scene, "")


def unseen(turn: Turn, scene: LoadOpening, _value: str) -> None:
    """No reading can be trusted: blocked until staff have looked."""
    number = scene.compartment
    turn.record(Kind.UNCONFIRMED, compartment=number, staff=scene.session.staff, reason="unseen")
    _skip(turn, scene.session, number, Trouble.UNCONFIRMED)


def _skip(turn: Turn, session: Session, number: int, trouble: Trouble) -> None:
    after = replace(session, skip=session.skip | {number})
    turn.go(loading(turn, after, trouble, number))


def wrong_door(turn: Turn, scene: LoadOpening, value: str) -> None:
    """Another door opened: the session ends, everybody is told to close it."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="wrong_door")
    turn.go(WrongDoor(turn.up_ms + OPEN_MS, int(value), turn.up_ms, turn.memory.seq))


def closed(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """The door is closed: loaded, unless a manifest took the result away while it was open."""
    result = turn.state.result(scene.cid)
    adding = result is not None and may_add(turn.state, result)
    fits = Trouble.NONE if adding or result is None else why_not(turn.state, result)
    trouble = Trouble.REVOKED if result is None else fits
    session = scene.session
    if trouble is not Trouble.NONE:
        turn.record(
            Kind.BLOCKED, compartment=scene.compartment, staff=session.staff, reason="dropped"
        )
        turn.go(loading(turn, session, trouble, scene.compartment))
        return
    turn.record(Kind.LOADED, cid=scene.cid, compartment=scene.compartment, staff=session.staff)
    undo = (scene.cid, scene.compartment)
    until_ms = turn.up_ms + UNDO_MS
    after = replace(session, loaded=session.loaded + 1, undo=undo, undo_until_ms=until_ms)
    turn.go(replace(loading(turn, after), done_cid=scene.cid, done_at=scene.compartment))


def not_empty(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """Somebody else's papers lie inside: blocked for staff to look into; only close the door."""
    _leave(turn, scene, full=True)


def nothing(turn: Turn, scene: LoadOpen, _value: str) -> None:
    """The clerk changed the mind: once the door is closed, the clerk says what lies inside."""
    _leave(turn, scene, full=False)


def _leave(turn: Turn, scene: LoadOpen, *, full: bool) -> None:
    number, staff = scene.compartment, scene.session.staff
    if full:
        last = turn.memory.compartments[number].last  # whose papers they may be
        fields = {"previous": last} if last else {}
        turn.record(Kind.BLOCKED, compartment=number, staff=staff, reason="not_empty", **fields)
    turn.go(LoadClosing(scene.until_ms, scene.session, number, scene.since_ms, full, scene.cid))


def left_closed(turn: Turn, scene: LoadClosing, _value: str) -> None:
    """The door is closed: *not empty* was said already, all else is asked. Nothing is supposed."""
    if scene.full:
        turn.go(loading(turn, scene.session))
    else:
        task = Task(Purpose.LOAD, scene.compartment, scene.cid)
        turn.go(DoorAsk(turn.up_ms + IDLE_MS, scene.session, task))


def left_open(turn: Turn, scene: LoadClosing, _value: str) -> None:
    """Five minutes with a door open and nobody there: the compartment stays as it was stated."""
    turn.record(Kind.LEFT_OPEN, compartment=scene.compartment)
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="left")
    turn.go(Idle())
