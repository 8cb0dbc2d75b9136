"""How a transition table is written and run: scene × what happened → handler and where it may lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk.core.events import Key
from kiosk.core.state import Turn


class Signal(StrEnum):
    """What the core itself finds out, besides the keys that people press."""

    SCAN = "scan"
    TIMEOUT = "timeout"
    OPENED = "opened"  # the asked door was seen to open
    CLOSED = "closed"  # the open door was seen to close
    STAYED_CLOSED = "stayed closed"
    UNSEEN = "unseen"  # no reading can be trusted
    WRONG_DOOR = "wrong door"
    PIN_CHECKED = "pin checked"


Handler = Callable[[Turn, Any, str], None]  # the scene's own type stands in each handler


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the table. A handler that leads anywhere else is a programming error."""

    handler: Handler
    to: tuple[type, ...]


Table = Mapping[type, Mapping[Key | Signal, Row]]


def dispatch(table: Table, turn: Turn, what: Key | Signal, value: str = "") -> bool:
    """Run the cell for the present scene; False when the scene does not know what happened."""
    scene = turn.state.scene
    row = table.get(type(scene), {}).get(what)
    if row is None:
        return False
    row.handler(turn, scene, value)
    landed = type(turn.state.scene)
    assert landed in row.to, f"{type(scene).__name__} {what} led to {landed.__name__}"
    return True
