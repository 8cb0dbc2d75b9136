"""The wall of doors as a value, and how long one of them has been open. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DoorLook(StrEnum):
    """How one door is drawn."""

    SHUT = "shut"
    ASKED = "asked"  # glows
    OPEN = "open"  # drawn open


@dataclass(frozen=True, slots=True)
class Door:
    """One door as it stands on the wall. Rows and columns count from 1, top left, facing the cabinet."""

    number: int
    row: int
    column: int
    height: int = 1  # rows that it takes
    look: DoorLook = DoorLook.SHUT


@dataclass(frozen=True, slots=True)
class Cabinet:
    """The wall of doors, with the cell where the touchscreen itself sits (0, 0, 0: not in this wall)."""

    rows: int
    columns: int
    doors: tuple[Door, ...]
    screen_row: int = 0
    screen_column: int = 0
    screen_height: int = 0


class Urge(StrEnum):
    """How long the door has been open."""

    CALM = "calm"
    WARN = "warn"  # 30 s, voice
    ALARM = "alarm"  # 60 s, sound


class Sign(StrEnum):
    """What is known of a compartment: each has a colour and a sign (never colour alone)."""

    FREE = "free"
    PRESUMED_EMPTY = "presumed_empty"
    OCCUPIED = "occupied"
    EXPIRED = "expired"
    FAULTY = "faulty"
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"
    OPEN = "open"
