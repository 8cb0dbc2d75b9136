"""What is to be taken back today, and taking it: expired, recalled, moved, absent, or papers found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.core import hub, staff_doors
from kiosk.core.clock import Now
from kiosk.core.fold_staff import PAPERS_FOUND, UNTOUCHED
from kiosk.core.memory import Phase
from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import State, Turn
from kiosk.core.upkeep_scenes import Purpose, TakeList, Task
from sync.messages import Status

PAGE_ITEMS = 4


class TakeWhy(StrEnum):
    """The same words as `ui.upkeep_screens.TakeWhy`."""

    EXPIRED = "expired"
    RECALLED = "recalled"
    MOVED = "moved"
    SUSPENDED = "suspended"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Due:
    """One result to fetch from one compartment."""

    compartment: int
    cid: str
    why: TakeWhy


def due(state: State, now: Now) -> tuple[Due, ...]:
    """Everything to take back now, by compartment. Holding time is judged by a trusted clock only."""
    found = []
    for number, held in sorted(state.memory.compartments.items()):
        phase = state.memory.parts.get((held.cid, number)) if held.cid else None
        why = _why(state, held.cid, now) if phase in UNTOUCHED else None
        if phase is Phase.ACCEPTED:
            why = None  # somebody may be finishing
        if held.blocked in PAPERS_FOUND:
            why = TakeWhy.FOUND
        if why is not None:
            found.append(Due(number, held.cid, why))
    return tuple(found)


def _why(state: State, cid: str, now: Now) -> TakeWhy | None:
    result = state.result(cid)
    if result is None or cid in state.memory.suspended:
        return TakeWhy.SUSPENDED
    if result.place:
        return TakeWhy.MOVED
    if result.status is Status.REVOKED or cid in state.memory.recalled:
        return TakeWhy.RECALLED
    if state.clock.trusted and now.wall_ms > result.hold_until_ms:
        return TakeWhy.EXPIRED
    return None


def pages(items: tuple[Due, ...]) -> int:
    """How many pages the list has, at least one."""
    return max(1, -(-len(items) // PAGE_ITEMS))


def on_page(items: tuple[Due, ...], page: int) -> tuple[Due, ...]:
    """The items of one page, counted from 1."""
    return items[(page - 1) * PAGE_ITEMS : page * PAGE_ITEMS]


def next_page(turn: Turn, scene: TakeList, _value: str) -> None:
    """The next page, or the first again."""
    page = scene.page % pages(due(turn.state, turn.now)) + 1
    later = turn.up_ms + hub.IDLE_MS
    turn.go(TakeList(later, scene.session, page))


def choose(turn: Turn, scene: TakeList, value: str) -> None:
    """One item of the page."""
    items = on_page(due(turn.state, turn.now), scene.page)
    if value.isascii() and value.isdigit() and int(value) < len(items):
        _open(turn, scene, items[int(value)])


def first(turn: Turn, scene: TakeList, _value: str) -> None:
    """The first of all."""
    items = due(turn.state, turn.now)
    if items:
        _open(turn, scene, items[0])


def _open(turn: Turn, scene: TakeList, item: Due) -> None:
    task = Task(Purpose.TAKE_BACK, item.compartment, item.cid)
    trouble = staff_doors.authorise(turn, scene.session, task)
    if trouble is not Trouble.NONE:
        later = turn.up_ms + hub.IDLE_MS
        turn.change(
            scene=replace(scene, until_ms=later, trouble=trouble, trouble_at=item.compartment)
        )
