"""What the doors did becomes statements, alike for every scene; the scene is told by a signal.

Two halves: `swept` turns edges of the contacts into statements, `settle` applies the rules that hold
whenever the kiosk serves (DESIGN §5): an accepted part whose door reads open is *opened*; an opened part
found closed without its closing seen is *unconfirmed*; an acceptance whose time is over goes back.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from kiosk.core import opening, proof
from kiosk.core.devices import RESTLESS
from kiosk.core.doors import (
    STAYED_CLOSED_MS,
    UNSEEN_MS,
    VAIN_PULSES,
    Asked,
    Doors,
    Edge,
    in_vain,
    moved,
    observe,
)
from kiosk.core.judge import may_pulse, serves
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Closed,
    Idle,
    Next,
    Open,
    Opening,
    PutBack,
    Reclose,
    Stuck,
    Told,
    WrongDoor,
)
from kiosk.core.staff_scenes import LoadClosing, LoadOpen, LoadOpening
from kiosk.core.state import State, Turn
from kiosk.core.table import Signal, dispatch
from kiosk.core.upkeep_scenes import DoorOpen, DoorOpening
from kiosk.core.visit import TABLE
from sync.messages import Kind

WAITING = Opening | Stuck | LoadOpening | DoorOpening  # scenes that wait for a pulsed door to move
STANDING_OPEN = Open | PutBack | WrongDoor | Reclose | LoadOpen | LoadClosing | DoorOpen
HOLDING = Opening | Stuck | Open | PutBack | Next | Closed  # scenes whose grant is still at work


def swept(turn: Turn, sweep: DoorsRead) -> None:
    """One sweep over the contacts."""
    before = turn.state.doors
    doors, edges = observe(before, sweep)
    turn.change(doors=doors)
    if before.flapping or doors.flapping:
        _flapping(turn, before, sweep.up_ms)
    # The asked door first: another one in the same sweep is then no *wrong door*.
    for edge in sorted(edges, key=lambda e: not _waits_for(turn, e.compartment)):
        _moved(turn, edge.compartment)
        if edge.found:
            _found_open(turn, edge.compartment)
        elif edge.now is Reading.OPEN:
            _door_opened(turn, edge)
        else:
            _door_closed(turn, edge.compartment)
        proof.moved(turn, edge)


def _flapping(turn: Turn, before: Doors, up_ms: int) -> None:
    """A contact that comes and goes is counted; `devices.keep` states when it begins and ends."""
    doors = turn.state.doors
    for _ in before.flapping ^ doors.flapping:
        turn.tally(RESTLESS)
    for number in before.flapping & doors.flapping:
        if doors.doors[number].raw_since_ms == up_ms:
            turn.tally("flapping")


def _moved(turn: Turn, number: int) -> None:
    """A contact that moves is not stuck."""
    turn.change(doors=moved(turn.state.doors, number))
    turn.clear(f"sensor_stuck:{number}")


def pulse_done(turn: Turn, done: PulseDone) -> None:
    """The wire's answer: stated; only *not sent* is repeated, under the same authority."""
    turn.record(Kind.PULSED, compartment=done.compartment, outcome=str(done.outcome))
    asked = turn.state.doors.asked
    if asked is None or asked.compartment != done.compartment:
        return
    if done.outcome is Outcome.NOT_SENT and asked.retries and _may_repeat(turn, done.compartment):
        turn.pulse(asked.compartment, cid=asked.cid, staff=asked.staff)
        again = turn.state.doors.asked
        assert again is not None  # pulse has just set it
        asked = replace(again, retries=asked.retries - 1)
    turn.change(doors=replace(turn.state.doors, asked=replace(asked, outcome=done.outcome)))


def _may_repeat(turn: Turn, number: int) -> bool:
    """A repeated pulse needs what every pulse needs (DESIGN §5, Pulses)."""
    scene = turn.state.scene
    if not isinstance(scene, WAITING) or scene.compartment != number:
        return False
    if isinstance(scene, LoadOpening | DoorOpening):
        return not turn.state.barred(number, staff=True)
    if scene.grant.reopened:
        return not turn.state.barred(number)
    return may_pulse(turn.state, scene.grant.match) is None and serves(turn.state, number)


def _waits_for(turn: Turn, number: int) -> bool:
    scene = turn.state.scene
    return isinstance(scene, WAITING) and scene.compartment == number


def _lying(state: State, number: int) -> tuple[str, Phase | None]:
    """What lies in a compartment: cid and phase, ("", None) when nothing does."""
    held = state.memory.compartments.get(number)
    if held is None or not held.cid:
        return "", None
    return held.cid, state.memory.parts.get((held.cid, number))


def _staff_opened(state: State, number: int) -> bool:
    held = state.memory.compartments.get(number)
    by_screen = held is not None and held.unchecked.startswith("staff:")
    return by_screen or proof.by_key(state, number)


def _door_opened(turn: Turn, edge: Edge) -> None:
    number = edge.compartment
    cid, phase = _lying(turn.state, number)
    if _waits_for(turn, number):
        _opened_as_asked(turn, number)
    elif phase is Phase.ACCEPTED and not _staff_opened(turn.state, number):
        _opened_late(turn, cid, number)
    elif proof.by_key(turn.state, number):
        turn.record(Kind.OPENED, compartment=number, reason="by_key")
    elif isinstance(turn.state.scene, WAITING) and edge.quiet:
        _wrong_door(turn, turn.state.scene.compartment, number)
    else:
        _unasked(turn, number)


def _found_open(turn: Turn, number: int) -> None:
    """A door opened while nobody looked, with papers in it that no code was accepted for."""
    _, phase = _lying(turn.state, number)
    held = turn.memory.compartments.get(number)
    if phase is Phase.LOADED and held is not None and held.serves:
        _unasked(turn, number)


def _opened_late(turn: Turn, cid: str, number: int) -> None:
    """An accepted part opened outside its visit: stated, and somebody is asked to close the door."""
    turn.record(Kind.OPENED, cid=cid, compartment=number)
    if isinstance(turn.state.scene, Idle | Told):  # told a moment ago that it would not open
        turn.go(Reclose(turn.up_ms + opening.RECLOSE_MS, number, turn.up_ms))


def _opened_as_asked(turn: Turn, number: int) -> None:
    asked = turn.state.doors.asked
    staff = asked.staff if asked is not None and asked.compartment == number else ""
    cid = "" if staff else _asked_cid(turn)
    took_ms = 0 if asked is None else turn.up_ms - asked.at_ms
    if staff:
        turn.record(Kind.OPENED, compartment=number, staff=staff, ms=took_ms)
    else:
        turn.record(Kind.OPENED, compartment=number, cid=cid, ms=took_ms)
    turn.change(doors=replace(turn.state.doors, asked=None))
    turn.clear(f"stuck:{number}")
    dispatch(TABLE, turn, Signal.OPENED)


def _asked_cid(turn: Turn) -> str:
    scene = turn.state.scene
    return scene.grant.match.cid if isinstance(scene, Opening | Stuck) else ""


def _wrong_door(turn: Turn, asked: int, opened: int) -> None:
    bank = list(turn.state.site.bank_of(asked))
    turn.record(Kind.WRONG_DOOR, asked=asked, opened=opened, bank=bank)
    turn.change(doors=replace(turn.state.doors, asked=None))
    dispatch(TABLE, turn, Signal.WRONG_DOOR, str(opened))


def _unasked(turn: Turn, number: int) -> None:
    held = turn.memory.compartments.get(number)
    if held is not None and held.unchecked == "opened_unasked":
        turn.tally("flapping")  # stated once; a contact that comes and goes is only counted
    else:
        turn.record(Kind.OPENED_UNASKED, compartment=number)


def _door_closed(turn: Turn, number: int) -> None:
    cid, phase = _lying(turn.state, number)
    scene = turn.state.scene
    loading = isinstance(scene, LoadOpen) and scene.compartment == number
    held = turn.memory.compartments.get(number)
    if phase is Phase.OPENED:
        holder = turn.memory.acceptances[cid].holder
        turn.record(Kind.COLLECTED, cid=cid, holder=holder, compartment=number)
    elif held is not None and held.unchecked == "opened_unasked":
        turn.tally("flapping")
    elif not loading:
        turn.record(Kind.CLOSED, compartment=number)
    if isinstance(scene, STANDING_OPEN) and scene.compartment == number:
        dispatch(TABLE, turn, Signal.CLOSED)


def watch_pulse(turn: Turn) -> None:
    """After a pulse: 2.5 s with good readings make it *stuck*, 5 s without make it *unseen*."""
    asked, scene = turn.state.doors.asked, turn.state.scene
    if asked is None:
        return
    if not isinstance(scene, WAITING) or scene.compartment != asked.compartment:
        turn.change(doors=replace(turn.state.doors, asked=None))
        return
    if isinstance(scene, Stuck) or (isinstance(scene, LoadOpening | DoorOpening) and scene.stuck):
        return
    elapsed = turn.up_ms - asked.at_ms
    reading = turn.state.doors.reading(asked.compartment, turn.up_ms)
    if reading is Reading.CLOSED and elapsed >= STAYED_CLOSED_MS:
        _in_vain(turn, asked)
        dispatch(TABLE, turn, Signal.STAYED_CLOSED)
    elif reading is Reading.UNKNOWN and elapsed >= UNSEEN_MS:
        dispatch(TABLE, turn, Signal.UNSEEN)


def _in_vain(turn: Turn, asked: Asked) -> None:
    """The board says it pulsed, the contact says nothing moved: one of the two wants looking at."""
    if asked.outcome is not Outcome.ACKNOWLEDGED:
        return
    number = asked.compartment
    turn.change(doors=in_vain(turn.state.doors, number))
    if turn.state.doors.vain[number] >= VAIN_PULSES:
        turn.fault(f"sensor_stuck:{number}", compartment=number)


def settle(turn: Turn) -> None:
    """The rules that hold in every scene, for every part on its way out."""
    for cid, number in sorted(turn.memory.moving):
        phase = turn.memory.parts.get((cid, number))
        if phase is Phase.ACCEPTED:
            _settle_accepted(turn, cid, number)
        elif phase is Phase.OPENED:
            _settle_opened(turn, cid, number)


def _settle_accepted(turn: Turn, cid: str, number: int) -> None:
    reading = turn.state.doors.reading(number, turn.up_ms)
    if reading is Reading.OPEN and not _staff_opened(turn.state, number):
        if _waits_for(turn, number):
            _opened_as_asked(turn, number)
            return
        _opened_late(turn, cid, number)
    elif not _may_finish(turn, cid):
        if reading is Reading.CLOSED:
            turn.record(Kind.NOT_OPENED, cid=cid, compartment=number)
        elif reading is Reading.UNKNOWN and _long_unread(turn, number):
            turn.record(Kind.UNCONFIRMED, cid=cid, compartment=number, reason="unread")


def _settle_opened(turn: Turn, cid: str, number: int) -> None:
    """Its door reads closed, and this program never saw it open: the closing was not seen."""
    door = turn.state.doors.doors.get(number)
    if door is None or door.seen_open:
        return
    if turn.state.doors.reading(number, turn.up_ms) is Reading.CLOSED:
        turn.record(Kind.UNCONFIRMED, cid=cid, compartment=number, reason="closing_unseen")


def _long_unread(turn: Turn, number: int) -> bool:
    door = turn.state.doors.doors.get(number)
    last = turn.state.started_ms if door is None else max(door.read_at_ms, turn.state.started_ms)
    return turn.up_ms - last >= UNSEEN_MS


def _may_finish(turn: Turn, cid: str) -> bool:
    """True while the visit holds this acceptance, or its time after a power cut still runs."""
    state, acceptance = turn.state, turn.memory.acceptances.get(cid)
    if acceptance is None:
        return False
    if isinstance(state.scene, HOLDING) and state.scene.grant.match.cid == cid:
        return True
    if acceptance.void or acceptance.seq > state.started_seq:
        return False
    if state.served_ms is None:
        return True
    return turn.up_ms < state.served_ms + turn.memory.policy.resume_s * 1000
