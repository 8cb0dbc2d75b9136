"""Promises about staff: no door without a reason, no work without the PIN, beliefs that fit the papers."""

from __future__ import annotations

from kiosk.core.events import PinChecked
from kiosk.core.memory import Held
from kiosk.core.scenes import Idle, Out, Scene
from kiosk.core.staff_scenes import Session
from kiosk.core.state import State
from kiosk.core.upkeep_scenes import (
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    KioskState,
    Menu,
    Purpose,
    Reasons,
    Service,
    Settings,
    Story,
    Unlock,
)
from sync.messages import Kind, Role, Statement
from tests.simulation.book import Authority, Book
from tests.simulation.entries_staff import number_of, text
from tests.simulation.moments import Ended, Stepped, hold

NAMELESS = Menu | CabinetView | Story | Reasons | Service | KioskState | Settings | Unlock
AT_A_DOOR = DoorOpening | DoorOpen | DoorAsk
MAY: dict[str, frozenset[str]] = {
    "clerk": frozenset({"load", "undo", "take_back", "check"}),
    "technician": frozenset({"test"}),
    "supervisor": frozenset(Purpose),
}


def authorising(book: Book, statement: Statement) -> None:
    """1: who opens what, and why; this role may."""
    number, reason = number_of(statement), text(statement, "reason")
    role = book.roles.get(text(statement, "staff"), "")
    hold(reason in MAY.get(role, ()), f"1: a {role or 'stranger'} opens {number} for {reason!r}")
    again = number in book.staffed and reason == "load"
    hold(not again, f"1: {number} is opened for loading, and its last opening has no outcome")


def staff_pulse(book: Book, number: int, authority: Authority) -> None:
    """1: what staff may pulse. Loading and tests never meet papers."""
    hold(authority.reason, f"1: staff open {number} for no reason")
    if authority.reason in ("load", "test"):
        hold(number not in book.lying, f"1: {number} is opened to {authority.reason}, and is full")
    if authority.reason == "test":
        before = book.earlier.get(number, "")
        hold(not before, f"1: {number} is opened to be tested and is unchecked: {before}")


def looking(book: Book, statement: Statement) -> None:
    """2: staff here speak the truth, so what they say must be stated of the compartment they saw."""
    finding, number = _finding(statement), statement.fields.get("compartment")
    if finding is None or not isinstance(number, int) or not _seen_well(book, number):
        return
    inside = bool(book.cabinet.papers(number))
    hold(inside is finding, f"2: {statement.kind} says of {number} papers: {finding}; it is not so")


def _finding(statement: Statement) -> bool | None:
    """Papers inside or not, None when nobody looked."""
    fields = statement.fields
    if statement.kind == Kind.AUDITED and fields["finding"] in ("papers", "empty"):
        return fields["finding"] == "papers"
    tested = fields.get("reason") == "test"
    released = statement.kind == Kind.RELEASED and fields.get("papers") is False
    return False if statement.kind == Kind.RETRIEVED or (released and not tested) else None


def _seen_well(book: Book, number: int) -> bool:
    """Nothing moved behind anybody's back: the right door, a good contact, shut."""
    shut = not book.cabinet.is_open(number)
    return shut and book.trusts(number) and not book.crossed and not book.card_restored


def beliefs_hold(book: Book, moment: Stepped) -> None:
    """2, 9: parts, compartments, doubts and blocks are what statements say, no more and no less."""
    before, memory = moment.before.memory, moment.after.memory
    if book.card_restored:
        return
    if memory.parts is not before.parts:
        here = {part: str(phase) for part, phase in memory.parts.items()}
        for part in sorted(here.keys() | book.parts.keys()):
            said = book.parts.get(part)
            hold(here.get(part) == said, f"2: {part} is {here.get(part)}, statements say {said}")
    if memory.compartments is before.compartments:
        return
    out = {n for n, held in memory.compartments.items() if not held.serves}
    doubted = book.doubts.keys() | book.blocks.keys()
    hold(out <= doubted, f"9: {sorted(out - doubted)} serve nobody, and nothing says why")
    hold(out >= doubted, f"2: {sorted(doubted - out)} serve, and are doubtful")
    for number, held in memory.compartments.items():
        there = (held.cid, held.pending)
        stated = (book.lying.get(number, ""), book.pending.get(number, ""))
        hold(there == stated, f"2: {number} holds {there}, statements say {stated}")
    for number in book.looked:
        believed_is_true(book, moment.after, number)


def believed_is_true(book: Book, state: State, number: int) -> None:
    """2: what is believed of a compartment that was just looked into."""
    held = state.memory.compartments[number]
    papers = set(book.cabinet.papers(number))
    if not _seen_well(book, number):
        return
    if held.held is Held.OCCUPIED and book.statements[-1].kind == Kind.AUDITED:
        hold(papers == {held.cid}, f"2: {number} holds {papers}, and {held.cid} is believed")


def unlocking(moment: Stepped) -> None:
    """7: work behind a lock goes on only with the PIN; 9: and is the very same work."""
    before, after = moment.before.scene, moment.after.scene
    old, new = _session(before), _session(after)
    if new is None or (old is not None and not isinstance(before, Unlock)):
        return
    if isinstance(after, Unlock):
        paused = moment.before.paused
        same = isinstance(before, Unlock) or paused is not None
        hold(same, "7: a lock that nobody has left")
        return
    fits = isinstance(moment.event, PinChecked) and moment.event.ok
    hold(fits, f"7: {type(after).__name__} of staff {new.staff} without the PIN")
    if isinstance(before, Unlock):
        asked = isinstance(before.resume, DoorAsk) and isinstance(after, DoorOpen)
        same = type(after) is type(before.resume) or asked
        hold(same, f"9: {type(before.resume).__name__} was locked, {type(after).__name__} goes on")
        tasks = (getattr(before.resume, "task", None), getattr(after, "task", None))
        hold(tasks[0] == tasks[1], "9: another door goes on than was interrupted")


def _session(scene: Scene) -> Session | None:
    session = getattr(scene, "session", None)
    return session if isinstance(session, Session) else None


def locked_in_time(moment: Stepped) -> None:
    """9: work that waits for its owner does not wait for ever."""
    paused = moment.after.paused
    waits = paused is None or moment.after.clock.up_ms < paused.until_ms
    hold(waits, "9: paused work is over and waits on")


def no_name_for(moment: Stepped) -> None:
    """10: a technician sees doors, never a name or whose papers lie where."""
    scene = moment.after.scene
    session = _session(scene)
    if session is None or session.role is not Role.TECHNICIAN:
        return
    if isinstance(scene, AT_A_DOOR):
        test = scene.task.purpose is Purpose.TEST and not scene.task.cid
        hold(test, "10: a technician opens a compartment that is somebody's")
    else:
        hold(isinstance(scene, NAMELESS), f"10: a technician sees {type(scene).__name__}")


def kept_at_last(book: Book, moment: Ended) -> None:
    """9: after a keeper's rounds in a mended cabinet nothing is left that nobody can explain."""
    if book.card_restored or not book.kept:
        return
    memory = moment.state.memory
    for number, held in memory.compartments.items():
        why = held.unchecked or held.blocked
        hold(not why, f"9: {number} is {why} after a keeper's rounds")
        if held.held is Held.PRESUMED_EMPTY:  # nobody has looked, and nobody says so
            continue
        papers = set(book.cabinet.papers(number))
        believed = {held.cid} if held.held is Held.OCCUPIED else set()
        hold(papers == believed, f"9: {number} holds {papers}; {believed} is believed")
    hold(
        isinstance(moment.state.scene, Idle | Out), "9: everybody is gone, and nobody is signed out"
    )
