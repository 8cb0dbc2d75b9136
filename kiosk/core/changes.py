"""The small changes that the fold is made of: one part, one compartment, one account at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from kiosk.core.memory import MOVING, Account, Memory, Phase, with_place

Fields = Mapping[str, object]


def int_of(fields: Fields, name: str) -> int:
    """A whole number among the fields of a statement."""
    return cast(int, fields[name])


def text_of(fields: Fields, name: str) -> str:
    """A text among the fields; one that a statement leaves out is empty."""
    return cast(str, fields.get(name, ""))


def with_compartment(memory: Memory, number: int, **changes: object) -> Memory:
    """One compartment changed. A number that the configuration no longer has is passed over."""
    held = memory.compartments.get(number)
    if held is None:
        return memory
    changed = replace(held, **changes)  # type: ignore[arg-type]  # names are checked by tests
    return replace(memory, compartments={**memory.compartments, number: changed})


def with_part(memory: Memory, cid: str, number: int, phase: Phase) -> Memory:
    """One part of a result in another phase."""
    key = (cid, number)
    moving = memory.moving | {key} if phase in MOVING else memory.moving - {key}
    places = memory.places if key in memory.parts else with_place(memory.places, key)
    return replace(memory, parts={**memory.parts, key: phase}, moving=moving, places=places)


def with_account(memory: Memory, cid: str, holder: str, account: Account) -> Memory:
    """One holder's counters."""
    return replace(memory, accounts={**memory.accounts, (cid, holder): account})


def restored_floor(memory: Memory, cid: str) -> Memory:
    """The floor back at the accepted counter; a void acceptance leaves it alone."""
    acceptance = memory.acceptances.get(cid)
    if acceptance is None or acceptance.void:
        return memory
    key = (cid, acceptance.holder)
    old = memory.accounts.get(key)
    if old is None or old.gen != acceptance.gen:
        return memory
    return with_account(memory, *key, replace(old, floor=acceptance.counter))


def without_part(memory: Memory, cid: str, number: int) -> Memory:
    """One part as if it had never been loaded."""
    key = (cid, number)
    parts = {k: phase for k, phase in memory.parts.items() if k != key}
    numbers = tuple(n for n in memory.places.get(cid, ()) if n != number)
    places = {c: n for c, n in {**memory.places, cid: numbers}.items() if n}
    return replace(memory, parts=parts, places=places, moving=memory.moving - {key})


def with_failure(memory: Memory, number: int) -> Memory:
    """One more time that a door was asked in vain."""
    held = memory.compartments.get(number)
    return memory if held is None else with_compartment(memory, number, failed=held.failed + 1)
