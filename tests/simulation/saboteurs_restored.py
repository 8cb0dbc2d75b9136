"""Plausible mistakes around a restored card, put into the real core."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk import restoring
from kiosk.core import automaton, fold
from kiosk.core.memory import Memory
from kiosk.core.scenes import Outage
from kiosk.core.state import State
from sync.envelopes import peek_statement
from sync.keys import Key
from sync.messages import Kind, Statement

Patch = pytest.MonkeyPatch


def restored_and_trusted(patch: Patch) -> None:
    """What came back is taken for what lies there: nobody has to look."""
    real = fold._CHANGES[Kind.CONFLICT]

    def change(memory: Memory, statement: Statement) -> Memory:
        after = real(memory, statement)
        restored = statement.fields.get("what") == "restored"
        return replace(after, compartments=memory.compartments) if restored else after

    patch.setitem(fold._CHANGES, Kind.CONFLICT, change)


def served_while_rows_come_back(patch: Patch) -> None:
    """Rows lie aside, and the older memory goes on."""
    real = automaton.outage

    def outage(state: State, up_ms: int) -> Outage | None:
        return real(replace(state, aside=False), up_ms)

    patch.setattr(automaton, "outage", outage)


def rows_of_strangers_believed(patch: Patch) -> None:
    """A row is believed for what it says of itself."""

    def unsigned(text: str, _key: Key) -> dict[str, object]:
        return peek_statement(text)

    patch.setattr(restoring, "check_statement", unsigned)
