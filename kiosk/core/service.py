"""Door service: one door pulsed and watched, or all free ones in turn; occupied ones open in audits only."""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core import hub, staff_doors
from kiosk.core.barred import why_barred
from kiosk.core.memory import Compartment, Held
from kiosk.core.staff_scenes import TestRun, Trouble
from kiosk.core.state import State, Turn
from kiosk.core.upkeep_scenes import Purpose, Service, Task

PAGE_ROWS = 6


def testable(state: State, number: int, up_ms: int) -> bool:
    """Free by a staff look, neither blocked nor unchecked, and closed."""
    held = state.memory.compartments.get(number, Compartment(unchecked="unknown"))
    closed = state.doors.reading(number, up_ms) is Reading.CLOSED
    usable = held.serves and why_barred(state, number, testing=True) is Trouble.NONE
    return usable and held.held is Held.FREE and closed and not state.outdated


def one(turn: Turn, scene: Service, value: str) -> None:
    """Pulse one door."""
    known = {str(plan.number) for plan in turn.state.site.compartments}
    if value not in known:
        return
    number = int(value)
    if testable(turn.state, number, turn.up_ms):
        session = replace(scene.session, run=TestRun())
        staff_doors.authorise(turn, session, Task(Purpose.TEST, number))
    else:
        later = turn.up_ms + hub.IDLE_MS
        trouble = why_barred(turn.state, number) or Trouble.NO_ROOM
        turn.go(Service(later, scene.session, scene.page, trouble, number))


def run_all(turn: Turn, scene: Service, _value: str) -> None:
    """Every free door, one after the other; each is closed by hand before the next one opens."""
    numbers = [p.number for p in turn.state.site.compartments]
    free = tuple(n for n in sorted(numbers) if testable(turn.state, n, turn.up_ms))
    run = TestRun(left=free, running=bool(free))
    go_on(turn, replace(scene, session=replace(scene.session, run=run)))


def go_on(turn: Turn, scene: Service) -> None:
    """The next door of the run that can still be tested."""
    run = scene.session.run
    while run.running and run.left:
        number, run = run.left[0], replace(run, left=run.left[1:])
        session = replace(scene.session, run=run)
        task = Task(Purpose.TEST, number)
        if not testable(turn.state, number, turn.up_ms):
            continue
        if staff_doors.authorise(turn, session, task) is Trouble.NONE:
            return
    done = replace(scene.session, run=replace(run, running=False))
    later = turn.up_ms + hub.IDLE_MS
    if turn.state.battery_low:
        scene = replace(scene, trouble=Trouble.POWER, trouble_at=0)
    turn.go(replace(scene, session=done, until_ms=later))


def pace(turn: Turn) -> None:
    """A run over all free doors goes on a moment after the last one is closed."""
    scene = turn.state.scene
    run = scene.session.run if isinstance(scene, Service) else None
    if isinstance(scene, Service) and run and run.running and turn.up_ms >= run.next_ms:
        go_on(turn, scene)


def stop(turn: Turn, scene: Service, _value: str) -> None:
    """Not the next one."""
    turn.change(scene=_stopped(scene))


def pause(turn: Turn, scene: Service, value: str) -> None:
    """A citizen comes first: no further door of a run opens beside them, nor by itself afterwards."""
    hub.pause(turn, _stopped(scene), value)


def _stopped(scene: Service) -> Service:
    run = replace(scene.session.run, left=(), running=False)
    return replace(scene, session=replace(scene.session, run=run))


def next_page(turn: Turn, scene: Service, _value: str) -> None:
    """The next page, or the first again."""
    pages = max(1, -(-len(turn.state.site.compartments) // PAGE_ROWS))
    later = turn.up_ms + hub.IDLE_MS
    turn.change(scene=replace(scene, page=scene.page % pages + 1, until_ms=later))
