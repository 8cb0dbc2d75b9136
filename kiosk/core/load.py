"""Loading: which envelope it is, the apology enclosed, one compartment authorised; undone in one touch."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import hub, staff_doors
from kiosk.core.entry import appended
from kiosk.core.hub import IDLE_MS, loading
from kiosk.core.loading import TYPED_DIGITS, best, by_dossier, by_ending, may_add, why_not
from kiosk.core.memory import Phase
from kiosk.core.recognise import CardScan, DossierScan, recognise
from kiosk.core.staff_scenes import (
    Choosing,
    Loading,
    LoadOpening,
    Session,
    Trouble,
)
from kiosk.core.state import State, Turn
from kiosk.core.upkeep_scenes import (
    Apology,
    Menu,
    Purpose,
    Task,
)
from sync.messages import Kind, Result

OPENING_MS = 10_000


def digit(turn: Turn, scene: Loading, value: str) -> None:
    """The last digits of a dossier code, typed by hand."""
    turn.go(
        replace(loading(turn, scene.session), entered=appended(scene.entered, value, TYPED_DIGITS))
    )


def erase(turn: Turn, scene: Loading, _value: str) -> None:
    """The last digit goes."""
    turn.go(replace(loading(turn, scene.session), entered=scene.entered[:-1]))


def typed(turn: Turn, scene: Loading, _value: str) -> None:
    """Four digits: the one expected result that ends so, or a choice."""
    if len(scene.entered) != TYPED_DIGITS:
        return
    hits = by_ending(turn.state, scene.entered)
    if not hits:
        turn.go(loading(turn, scene.session, Trouble.UNKNOWN))
    elif len(hits) == 1:
        _authorise(turn, scene.session, hits[0])
    else:
        turn.go(Choosing(turn.up_ms + IDLE_MS, scene.session, tuple(r.cid for r in hits)))


def choose(turn: Turn, scene: Choosing, value: str) -> None:
    """One of several that end alike."""
    if value.isascii() and value.isdigit() and int(value) < len(scene.cids):
        result = turn.state.result(scene.cids[int(value)])
        if result is None:
            turn.go(loading(turn, scene.session, Trouble.UNKNOWN))
        else:
            _authorise(turn, scene.session, result)


def back(turn: Turn, scene: Choosing, _value: str) -> None:
    """None of these."""
    turn.go(loading(turn, scene.session))


def scanned(turn: Turn, scene: Loading | Menu, value: str) -> None:
    """An envelope's bar code. An identity card is recognised, refused and never stored."""
    if scene.session.role not in hub.LOADERS:
        return
    what = recognise(value)
    if isinstance(what, CardScan):
        turn.go(loading(turn, scene.session, Trouble.IDENTITY_CARD))
        return
    result = by_dossier(turn.state, what.code) if isinstance(what, DossierScan) else None
    if result is None:
        turn.go(loading(turn, scene.session, Trouble.UNKNOWN))
    else:
        _authorise(turn, scene.session, result)


def _authorise(
    turn: Turn, session: Session, result: Result, *, told: bool = False, adding: bool = False
) -> None:
    """One suitable free compartment: stated, then pulsed. `told`: the apology letter is enclosed."""
    refused = (
        Trouble.NONE if adding and may_add(turn.state, result) else why_not(turn.state, result)
    )
    power = Trouble.POWER if turn.state.battery_low else Trouble.NONE
    trouble = Trouble.SPACE if turn.state.space_low else refused or power
    if trouble is not Trouble.NONE:
        at = next(iter(turn.memory.parts_of(result.cid)), 0)
        more = trouble is Trouble.ALREADY and may_add(turn.state, result)
        refusing = loading(turn, session, trouble, at)
        turn.go(replace(refusing, add_cid=result.cid if more else ""))
        return
    if result.overdue and not told:
        turn.go(Apology(turn.up_ms + IDLE_MS, session, result.cid))
        return
    number = best(turn.state, result, turn.up_ms, session.skip)
    if number is None:
        turn.go(loading(turn, session, Trouble.NO_ROOM))
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


def apology_enclosed(turn: Turn, scene: Apology, _value: str) -> None:
    """The letter lies in the envelope: now a compartment opens."""
    result = turn.state.result(scene.cid)
    if result is None:
        turn.go(loading(turn, scene.session, Trouble.UNKNOWN))
    else:
        _authorise(turn, scene.session, result, told=True)


def no_apology(turn: Turn, scene: Apology, _value: str) -> None:
    """Not yet: nothing opens."""
    turn.go(loading(turn, scene.session))


def add_part(turn: Turn, scene: Loading, _value: str) -> None:
    """The papers do not fit into one compartment: another one for the same result."""
    result = turn.state.result(scene.add_cid)
    if result is not None and may_add(turn.state, result):
        _authorise(turn, scene.session, result, told=True, adding=True)


def undo(turn: Turn, scene: Loading, _value: str) -> None:
    """The last load is taken back in one touch: its compartment opens again."""
    if not may_undo(turn.state, scene.session, turn.up_ms):
        return
    cid, number = scene.session.undo
    session = replace(scene.session, undo=("", 0))
    trouble = staff_doors.authorise(turn, session, Task(Purpose.UNDO, number, cid))
    if trouble is not Trouble.NONE:
        turn.go(loading(turn, scene.session, trouble, number))


def may_undo(state: State, session: Session, up_ms: int) -> bool:
    """Whether the last load still lies untouched and its message cannot have left (DESIGN §4).

    Afterwards the office recalls the result, and it is taken back like any other, from the list.
    """
    return state.memory.parts.get(session.undo) is Phase.LOADED and up_ms < session.undo_until_ms
