"""The fold of what staff did with a compartment: authorised, loaded, taken back, looked into, blocked.

From `staff_authorised` until an outcome is stated a compartment is unchecked (DESIGN §5, Staff). Papers that
a citizen was seen to open never become collectible again (promise 2), whatever staff find.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.core.changes import (
    int_of,
    restored_floor,
    text_of,
    with_compartment,
    with_part,
    without_part,
)
from kiosk.core.memory import Compartment, Held, Memory, Phase, Proof
from sync.messages import Kind, Statement

UNTOUCHED = frozenset(
    {Phase.LOADED, Phase.ACCEPTED, Phase.UNCONFIRMED}
)  # nobody was seen to open it
PAPERS_FOUND = frozenset(
    {"found", "not_empty", "dropped"}
)  # blocked: papers inside to be taken out
BY_STAFF = frozenset({"lock", "sensor", "door", "cleaning", "other"})  # blocked for the door's sake


def _staff_authorised(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    reason = text_of(f, "reason")
    pending = text_of(f, "cid") if reason == "load" else ""
    number = int_of(f, "compartment")
    held = memory.compartments.get(number, Compartment())
    return with_compartment(
        memory,
        number,
        unchecked=f"staff:{reason}",
        pending=pending or held.pending,
        before=held.unchecked,
    )


def as_before(memory: Memory, number: int) -> Memory:
    """The door stayed shut: whatever was doubtful about this compartment still is."""
    held = memory.compartments.get(number, Compartment())
    pending = held.pending if held.before else ""
    return with_compartment(memory, number, unchecked=held.before, before="", pending=pending)


def _loaded(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    memory = with_part(memory, cid, number, Phase.LOADED)
    return _clear(memory, number, Held.OCCUPIED, cid)


def _retrieved(memory: Memory, statement: Statement) -> Memory:
    """Papers are out. Undone, it is as if they had never been loaded; else they are gone for good."""
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    if cid and f.get("undo") is True:
        memory = without_part(memory, cid, number)
    elif cid and memory.parts.get((cid, number)) is not Phase.COLLECTED:
        memory = with_part(memory, cid, number, Phase.RETRIEVED)
    return _clear(memory, number, Held.FREE)


def _blocked(memory: Memory, statement: Statement) -> Memory:
    """A look that found papers settles what was doubtful; a block from the wall does not."""
    number, reason = int_of(statement.fields, "compartment"), text_of(statement.fields, "reason")
    if reason in PAPERS_FOUND:
        return _papers_found(memory, number, reason)
    return with_compartment(memory, number, blocked=reason or "blocked")


def _released(memory: Memory, statement: Statement) -> Memory:
    """Staff looked: papers inside or not. Without `papers` only the block is taken away."""
    f = statement.fields
    number, papers = int_of(f, "compartment"), f.get("papers")
    if papers is None:
        return with_compartment(memory, number, blocked="")
    return _papers_inside(memory, number) if papers is True else _empty(memory, number)


def _audited(memory: Memory, statement: Statement) -> Memory:
    """What staff saw in a compartment; compartment 0 begins a round."""
    f = statement.fields
    number, finding = int_of(f, "compartment"), text_of(f, "finding")
    if finding == "begun":
        return replace(memory, audit_round=statement.seq)
    if finding == "by_key":
        wanted = memory.compartments.get(number, Compartment()).proof is Proof.WANTED
        proof = {"proof": Proof.BY_KEY} if wanted else {}
        return with_compartment(memory, number, unchecked="by_key", **proof)
    if finding == "proven":
        return with_compartment(memory, number, proof=Proof.GIVEN)
    if finding == "papers":
        memory = _papers_inside(memory, number, text_of(f, "cid"))
    elif finding == "empty":
        memory = _empty(memory, number)
    else:
        memory = _papers_found(memory, number, "found")
    return with_compartment(memory, number, audited=statement.seq)


def _papers_inside(memory: Memory, number: int, named: str = "") -> Memory:
    """Loaded again if no citizen was seen to open it; else found papers, which staff take out.

    `named`: what central believed there and staff have found, where this memory held nothing.
    """
    held = memory.compartments.get(number, Compartment())
    if named and not held.cid and (named, number) not in memory.parts:
        return _clear(with_part(memory, named, number, Phase.LOADED), number, Held.OCCUPIED, named)
    phase = memory.parts.get((held.cid, number)) if held.cid else None
    if phase not in UNTOUCHED or held.touched:
        return _papers_found(memory, number, "found")
    if phase is not Phase.LOADED:
        memory = restored_floor(memory, held.cid)
    memory = with_part(memory, held.cid, number, Phase.LOADED)
    return _clear(memory, number, Held.OCCUPIED, held.cid)


def _empty(memory: Memory, number: int) -> Memory:
    held = memory.compartments.get(number, Compartment())
    if held.cid and memory.parts.get((held.cid, number)) is not Phase.COLLECTED:
        memory = with_part(memory, held.cid, number, Phase.RETRIEVED)
    return _clear(memory, number, Held.FREE)


def _papers_found(memory: Memory, number: int, reason: str) -> Memory:
    """Looked into, and papers lie inside that nobody may collect: staff take them out."""
    return with_compartment(memory, number, blocked=reason, unchecked="", pending="", before="")


def _clear(memory: Memory, number: int, held: Held, cid: str = "") -> Memory:
    """Looked into and settled. What staff have blocked stays so until they release it, with a reason."""
    was = memory.compartments.get(number, Compartment())
    blocked = was.blocked if was.blocked in BY_STAFF else ""
    last = was.last if cid else was.cid or was.last
    return with_compartment(
        memory,
        number,
        held=held,
        cid=cid,
        unchecked="",
        blocked=blocked,
        pending="",
        before="",
        last=last,
        touched=False,
    )


STAFF_CHANGES: dict[str, Callable[[Memory, Statement], Memory]] = {
    Kind.STAFF_AUTHORISED: _staff_authorised,
    Kind.LOADED: _loaded,
    Kind.RETRIEVED: _retrieved,
    Kind.AUDITED: _audited,
    Kind.BLOCKED: _blocked,
    Kind.RELEASED: _released,
}
