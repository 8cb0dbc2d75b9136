"""The audit round: every compartment that should hold papers, or is unchecked, is opened and looked into.

A round begins with a statement and may take days: what was audited since then is not asked again.
"""

from __future__ import annotations

from kiosk.core import hub, staff_doors
from kiosk.core.memory import Held, Memory
from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import Turn
from kiosk.core.upkeep_scenes import Audit, Purpose, Task
from sync.messages import Kind


def left(memory: Memory) -> tuple[int, ...]:
    """Compartments still to be audited in this round, in the order of their numbers."""
    return tuple(
        number
        for number, held in sorted(memory.compartments.items())
        if held.unchecked  # again, if it became so since it was audited in this round
        or ((held.held is Held.OCCUPIED or held.blocked) and held.audited <= memory.audit_round)
    )


def done(memory: Memory) -> int:
    """How many were audited since the round began."""
    begun = memory.audit_round
    return sum(begun < held.audited for held in memory.compartments.values()) if begun else 0


def go_on(turn: Turn, scene: Audit, _value: str) -> None:
    """Open the next compartment; the first one begins a round."""
    if not turn.memory.audit_round or not left(turn.memory):
        turn.record(Kind.AUDITED, compartment=0, staff=scene.session.staff, finding="begun")
    trouble, at = Trouble.NONE, 0
    for number in left(turn.memory):
        if number in scene.session.skip:
            continue
        task = Task(Purpose.AUDIT, number, staff_doors.lying(turn, number))
        shut = staff_doors.authorise(turn, scene.session, task)
        if shut is Trouble.NONE:
            return
        trouble, at = trouble or shut, at or number
    turn.go(Audit(turn.up_ms + hub.IDLE_MS, scene.session, trouble, at))
