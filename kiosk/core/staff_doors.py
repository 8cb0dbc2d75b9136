"""Doors that staff open for a task: authorised with a reason, opened, closed, and what they saw is asked.

From `staff_authorised` until the answer is stated the compartment is unchecked (DESIGN §5, Staff). Every way
out states an outcome or leaves it unchecked, and the screen says so.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core import hub, lost
from kiosk.core.barred import why_barred
from kiosk.core.loading import holds, may_add, why_not
from kiosk.core.memory import Compartment, Held
from kiosk.core.recognise import DossierScan, recognise
from kiosk.core.scenes import WrongDoor
from kiosk.core.staff_scenes import Session, Trouble
from kiosk.core.state import Turn
from kiosk.core.upkeep_scenes import (
    Answer,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Purpose,
    Service,
    TakeList,
    Task,
)
from sync.messages import Kind

OPENING_MS = 10_000
STUCK_MS = 60_000
OPEN_MS = 300_000
PACE_MS = 2_000  # between two doors of a run: time to stop it
ANSWERS: dict[Purpose, tuple[Answer, ...]] = {
    Purpose.LOAD: (Answer.LEFT, Answer.TAKEN, Answer.OTHER),
    Purpose.TAKE_BACK: (Answer.TAKEN, Answer.LEFT, Answer.EMPTY, Answer.OTHER),
    Purpose.UNDO: (Answer.TAKEN, Answer.LEFT),
    Purpose.CHECK: (Answer.LEFT, Answer.EMPTY, Answer.OTHER),
    Purpose.AUDIT: (Answer.LEFT, Answer.EMPTY, Answer.OTHER),
    Purpose.TEST: (Answer.EMPTY, Answer.OTHER),
}


def lying(turn: Turn, number: int) -> str:
    """What is believed to lie in a compartment, or what was being loaded into it."""
    held = turn.memory.compartments.get(number, Compartment())
    return held.pending or held.cid or lost.remembered(turn.state, number)


def authorise(turn: Turn, session: Session, task: Task) -> Trouble:
    """State who opens what and why, then pulse; or why not: it stands open, or may not be pulsed."""
    if turn.state.doors.reading(task.compartment, turn.up_ms) is Reading.OPEN:
        return Trouble.DOOR_OPEN
    testing = task.purpose is Purpose.TEST
    barred = why_barred(turn.state, task.compartment, testing=testing)
    if barred is not Trouble.NONE:
        return barred
    turn.record(
        Kind.STAFF_AUTHORISED,
        compartment=task.compartment,
        staff=session.staff,
        reason=str(task.purpose),
        cid=task.cid,
        **({"why": task.why} if task.why else {}),
    )
    turn.pulse(task.compartment, cid=task.cid, staff=session.staff)
    turn.go(DoorOpening(turn.up_ms + OPENING_MS, session, task))
    return Trouble.NONE


def opened(turn: Turn, scene: DoorOpening, _value: str) -> None:
    """It is open: look, then close."""
    turn.go(DoorOpen(turn.up_ms + OPEN_MS, scene.session, scene.task, turn.up_ms))


def stayed_closed(turn: Turn, scene: DoorOpening, _value: str) -> None:
    """Pull gently, one retry, or leave it."""
    turn.change(scene=replace(scene, stuck=True, until_ms=turn.up_ms + STUCK_MS))


def pulse_again(turn: Turn, scene: DoorOpening, _value: str) -> None:
    """One retry under the same authority; never on a door that does not read closed."""
    closed = turn.state.doors.reading(scene.compartment, turn.up_ms) is Reading.CLOSED
    if scene.stuck and not scene.retried and closed:
        later = turn.up_ms + OPENING_MS
        turn.change(scene=replace(scene, stuck=False, retried=True, until_ms=later))
        turn.pulse(scene.compartment, cid=scene.task.cid, staff=scene.session.staff)


def give_up(turn: Turn, scene: DoorOpening, _value: str) -> None:
    """It stayed shut: nothing in there has changed."""
    number = scene.compartment
    if turn.state.doors.reading(number, turn.up_ms) is not Reading.CLOSED:
        unseen(turn, scene, "")
        return
    turn.record(Kind.NOT_OPENED, compartment=number, staff=scene.session.staff)
    barred = why_barred(turn.state, number)
    if barred is Trouble.NONE:
        turn.fault(f"stuck:{number}", compartment=number)
    home(turn, scene.session, scene.task, barred or Trouble.NOT_OPENED, failed=True)


def unseen(turn: Turn, scene: DoorOpening, _value: str) -> None:
    """No reading can be trusted: blocked until somebody has looked."""
    number, staff = scene.compartment, scene.session.staff
    turn.record(Kind.UNCONFIRMED, compartment=number, staff=staff, reason="unseen")
    home(turn, scene.session, scene.task, Trouble.UNCONFIRMED, failed=True)


def wrong_door(turn: Turn, scene: DoorOpening, value: str) -> None:
    """Another door opened: the session ends, everybody is told to close it."""
    turn.record(Kind.STAFF_OUT, staff=scene.session.staff, reason="wrong_door")
    turn.go(WrongDoor(turn.up_ms + OPEN_MS, int(value), turn.up_ms, turn.memory.seq))


def label(turn: Turn, scene: DoorOpen, value: str) -> None:
    """The envelope's label is scanned while the door is open: it fits, or something else lies there."""
    what, result = recognise(value), turn.state.result(scene.task.cid)
    if isinstance(what, DossierScan) and result is not None and holds(result, what.code):
        turn.change(scene=replace(scene, scanned=True))


def closed(turn: Turn, scene: DoorOpen, _value: str) -> None:
    """The door is closed: ask what was inside, unless the label has said it."""
    if scene.scanned and scene.task.purpose in {Purpose.AUDIT, Purpose.CHECK}:
        answered(turn, DoorAsk(0, scene.session, scene.task), Answer.LEFT)
    else:
        turn.go(DoorAsk(turn.up_ms + hub.IDLE_MS, scene.session, scene.task))


def _tested(turn: Turn, session: Session, task: Task, *, empty: bool) -> None:
    """Only free compartments are tested: papers in one are found papers, as in loading."""
    number, staff = task.compartment, session.staff
    if empty:
        turn.record(Kind.RELEASED, compartment=number, staff=staff, papers=False, reason="test")
    else:
        last = turn.memory.compartments.get(number, Compartment()).last
        fields = {"previous": last} if last else {}
        turn.record(Kind.BLOCKED, compartment=number, staff=staff, reason="not_empty", **fields)


def answered(turn: Turn, scene: DoorAsk, value: str) -> None:
    """What staff saw becomes a statement."""
    task, session = scene.task, scene.session
    if value not in ANSWERS[task.purpose]:
        return
    if turn.state.doors.reading(task.compartment, turn.up_ms) is Reading.OPEN:
        turn.go(DoorOpen(turn.up_ms + OPEN_MS, session, task, turn.up_ms))
        return
    match Answer(value):
        case Answer.EMPTY | Answer.OTHER if task.purpose is Purpose.TEST:
            _tested(turn, session, task, empty=value == Answer.EMPTY)
        case Answer.TAKEN:
            _taken(turn, session, task)
        case Answer.LEFT:
            _left(turn, session, task)
        case Answer.EMPTY:
            _seen(turn, session, task, "empty")
        case Answer.OTHER:
            _seen(turn, session, task, "other")
    home(turn, session, task, Trouble.NONE)


def _taken(turn: Turn, session: Session, task: Task) -> None:
    if task.purpose is Purpose.LOAD:  # never loaded: the clerk has the envelope
        turn.record(Kind.RELEASED, compartment=task.compartment, staff=session.staff, papers=False)
        return
    turn.record(
        Kind.RETRIEVED,
        cid=task.cid,
        compartment=task.compartment,
        staff=session.staff,
        undo=task.purpose is Purpose.UNDO,
        **({"reason": task.why} if task.why else {}),
    )


def _left(turn: Turn, session: Session, task: Task) -> None:
    """The papers are inside: loaded at last, or as they were."""
    result = turn.state.result(task.cid)
    held = turn.memory.compartments.get(task.compartment, Compartment())
    fresh = result is not None and (
        why_not(turn.state, result) is Trouble.NONE or may_add(turn.state, result)
    )
    if fresh and held.pending == task.cid:
        turn.record(Kind.LOADED, cid=task.cid, compartment=task.compartment, staff=session.staff)
        if task.purpose is not Purpose.AUDIT:
            return
    _seen(turn, session, task, "papers")


def _seen(turn: Turn, session: Session, task: Task, finding: str) -> None:
    """State what was found; a difference from what was believed is an alarm besides."""
    held = turn.memory.compartments.get(task.compartment, Compartment())
    cid = held.cid or lost.remembered(turn.state, task.compartment)
    expected = held.held is Held.OCCUPIED or bool(cid)
    turn.record(
        Kind.AUDITED,
        cid=cid,
        compartment=task.compartment,
        staff=session.staff,
        finding=finding,
        differs=finding == "other" or expected is not (finding == "papers"),
    )
    if expected and finding == "empty":
        turn.fault(f"missing:{task.compartment}", compartment=task.compartment, cid=cid)


def home(
    turn: Turn, session: Session, task: Task, trouble: Trouble, *, failed: bool = False
) -> None:
    """Back to where this door was opened from."""
    later, number = turn.up_ms + hub.IDLE_MS, task.compartment
    match task.purpose:
        case Purpose.TAKE_BACK if task.why:
            turn.go(CabinetView(later, session, trouble, number if trouble else 0))
        case Purpose.LOAD | Purpose.UNDO:
            turn.go(hub.loading(turn, session, trouble, number if trouble else 0))
        case Purpose.TAKE_BACK:
            turn.go(TakeList(later, session, 1, trouble, number if trouble else 0))
        case Purpose.AUDIT:
            skip = session.skip | {number} if failed else session.skip
            after = replace(session, skip=skip)
            turn.go(Audit(later, after, trouble, number if trouble else 0))
        case Purpose.CHECK:
            turn.go(CabinetView(later, session, trouble, number if trouble else 0))
        case Purpose.TEST:
            run = session.run
            bad = (*run.failed, number) if failed else run.failed
            going = run.running and bool(run.left)
            next_ms = turn.up_ms + PACE_MS
            run = replace(run, done=run.done + 1, failed=bad, running=going, next_ms=next_ms)
            after = replace(session, run=run)
            turn.go(Service(later, after, trouble=trouble, trouble_at=number if trouble else 0))
