"""A lock on a changed board is proven: opened by key, and its own contact was seen to open and to close.

Until then nobody pulses it: another door might open. A contact that moves before staff have entered
*opened by key* counts too, while that door still stands open when they do.
"""

from __future__ import annotations

from drivers.doors import Reading
from kiosk.core.doors import Edge
from kiosk.core.memory import Proof
from kiosk.core.state import State, Turn
from sync.messages import Kind

PROVEN = "proven"


def by_key(state: State, number: int) -> bool:
    """True while staff are opening it by key."""
    held = state.memory.compartments.get(number)
    return held is not None and held.proof is Proof.BY_KEY


def moved(turn: Turn, edge: Edge) -> None:
    """A debounced change of one contact."""
    number = edge.compartment
    if not turn.state.unproven(number):
        return
    ajar = turn.state.ajar
    if edge.now is Reading.OPEN:
        turn.change(ajar=ajar if edge.found else ajar | {number})
        return
    turn.change(ajar=ajar - {number})
    if number in ajar and by_key(turn.state, number):
        turn.record(Kind.AUDITED, compartment=number, finding=PROVEN)
