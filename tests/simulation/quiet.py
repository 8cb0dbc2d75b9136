"""Quiet time: sweeps that would read what is known already are accounted for instead of delivered."""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import Reading
from kiosk.core.doors import Door, Doors
from kiosk.core.state import State

FAR_MS = 10**15


def read_again(doors: Doors, up_ms: int) -> Doors:
    """As after a sweep at `up_ms` that found every contact as it was."""
    read = {n: d if d.raw is Reading.UNKNOWN else _at(d, up_ms) for n, d in doors.doors.items()}
    any_read = any(d.raw is not Reading.UNKNOWN for d in read.values())
    return replace(doors, doors=read, swept_ms=up_ms if any_read else doors.swept_ms)


def _at(door: Door, up_ms: int) -> Door:
    """The same door, read again: `replace` with less ado, for it is called so often."""
    return Door(
        door.raw,
        door.raw_since_ms,
        door.stable,
        door.stable_since_ms,
        door.known,
        up_ms,
        door.seen_open,
        door.changes,
        door.flapping,
    )


def read_for_ever(state: State) -> State:
    """As if sweeps never stopped: when would the core wake then?"""
    return replace(state, doors=replace(state.doors, swept_ms=FAR_MS))
