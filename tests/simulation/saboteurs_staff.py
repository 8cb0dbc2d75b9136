"""The patches of maintenance: each one plausible mistake in how staff work, put into the real core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from drivers.doors import Reading
from kiosk.core import fold, fold_staff, hub, service, staff_doors
from kiosk.core.changes import with_compartment, with_part
from kiosk.core.events import Key
from kiosk.core.fold_staff import PAPERS_FOUND
from kiosk.core.maintenance import MAINTENANCE
from kiosk.core.memory import Held, Memory, Phase
from kiosk.core.state import State, Turn
from kiosk.core.table import Row
from kiosk.core.upkeep_scenes import DoorAsk, Menu, Task, Unlock
from sync.messages import Kind, Role, Statement

Patch = pytest.MonkeyPatch
Change = Callable[[Memory, Memory, Statement], Memory]


def _fold(patch: Patch, kind: Kind, change: Change) -> None:
    """Another fold of one kind: `change(before, after, statement)`."""
    real = fold._CHANGES[kind]
    patch.setitem(fold._CHANGES, kind, lambda m, s: change(m, real(m, s), s))


def _number(statement: Statement) -> int:
    number = statement.fields["compartment"]
    assert isinstance(number, int)
    return number


def undo_leaves_the_part(patch: Patch) -> None:
    patch.setattr(fold_staff, "without_part", lambda memory, _cid, _number: memory)


def opened_papers_collectible_again(patch: Patch) -> None:
    def papers(memory: Memory, number: int, _named: str = "") -> Memory:
        held = memory.compartments[number]
        if not held.cid:
            return fold_staff._papers_found(memory, number, "found")
        memory = with_part(memory, held.cid, number, Phase.LOADED)
        return fold_staff._clear(memory, number, Held.OCCUPIED, held.cid)

    patch.setattr(fold_staff, "_papers_inside", papers)


def unclosed_papers_collectible_again(patch: Patch) -> None:
    """Opened, its closing unseen, so *unconfirmed*: forgotten that somebody had it in their hands."""

    def untouched(_before: Memory, after: Memory, statement: Statement) -> Memory:
        return with_compartment(after, _number(statement), touched=False)

    _fold(patch, Kind.OPENED, untouched)


def door_test_where_papers_lie(patch: Patch) -> None:
    def testable(state: State, number: int, up_ms: int) -> bool:
        return state.doors.reading(number, up_ms) is Reading.CLOSED

    patch.setattr(service, "testable", testable)


def unlocked_without_a_pin(patch: Patch) -> None:
    def confirm(turn: Turn, scene: Unlock, _value: str) -> None:
        hub._resume(turn, scene)

    row = MAINTENANCE[Unlock][Key.CONFIRM]
    anywhere = tuple(MAINTENANCE)
    patch.setitem(MAINTENANCE[Unlock], Key.CONFIRM, Row(confirm, (*row.to, *anywhere)))


def lock_forgets_the_open_question(patch: Patch) -> None:
    real = hub._resume

    def resume(turn: Turn, locked: Unlock) -> None:
        asked = isinstance(locked.resume, DoorAsk)
        real(turn, replace(locked, resume=Menu(0, locked.session)) if asked else locked)

    patch.setattr(hub, "_resume", resume)


def pending_not_cleared(patch: Patch) -> None:
    def kept(before: Memory, after: Memory, statement: Statement) -> Memory:
        number = _number(statement)
        return with_compartment(after, number, pending=before.compartments[number].pending)

    _fold(patch, Kind.LOADED, kept)


def retrieved_stays_collectible(patch: Patch) -> None:
    _fold(patch, Kind.RETRIEVED, lambda before, after, _s: replace(after, parts=before.parts))


def found_empty_stays_collectible(patch: Patch) -> None:
    def kept(before: Memory, after: Memory, statement: Statement) -> Memory:
        empty = statement.fields["finding"] == "empty"
        return replace(after, parts=before.parts) if empty else after

    _fold(patch, Kind.AUDITED, kept)


def stuck_door_ends_the_doubt(patch: Patch) -> None:
    def as_before(memory: Memory, number: int) -> Memory:
        return with_compartment(memory, number, unchecked="", before="", pending="")

    patch.setattr(fold, "as_before", as_before)


def block_washes_the_doubt_away(patch: Patch) -> None:
    def washed(_before: Memory, after: Memory, statement: Statement) -> Memory:
        if statement.fields["reason"] in PAPERS_FOUND:
            return after
        return with_compartment(after, _number(statement), unchecked="")

    _fold(patch, Kind.BLOCKED, washed)


def opened_by_key_and_trusted(patch: Patch) -> None:
    def trusted(before: Memory, after: Memory, statement: Statement) -> Memory:
        return before_but_seq(before, after) if statement.fields["finding"] == "by_key" else after

    _fold(patch, Kind.AUDITED, trusted)


def before_but_seq(before: Memory, after: Memory) -> Memory:
    """Nothing changed but the number of the statement."""
    return replace(after, compartments=before.compartments)


def papers_in_doubt_answered_as_empty(patch: Patch) -> None:
    real = staff_doors._seen

    def seen(turn: Turn, session: object, task: Task, _finding: str) -> None:
        real(turn, session, task, "empty")  # type: ignore[arg-type]  # passed on as it came

    patch.setattr(staff_doors, "_seen", seen)


def technician_loads(patch: Patch) -> None:
    patch.setattr(hub, "LOADERS", frozenset(Role))


def paused_for_ever(patch: Patch) -> None:
    patch.setattr("kiosk.core.automaton.hub.end_if_over", lambda _turn: None)


def session_never_locks(patch: Patch) -> None:
    patch.setattr(hub, "IDLE_MS", 10**9)


def staff_door_for_no_reason(patch: Patch) -> None:
    real = Turn.record

    def record(self: Turn, kind: Kind, *, sealed: str = "", **fields: object) -> int:
        if kind is Kind.STAFF_AUTHORISED:
            fields["reason"] = ""
        return real(self, kind, sealed=sealed, **fields)

    patch.setattr(Turn, "record", record)
