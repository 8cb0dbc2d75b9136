"""The fold of what central and kiosk held against each other: a revoked result, an older memory."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.changes import text_of
from kiosk.core.memory import Memory
from sync.messages import Statement


def conflict(memory: Memory, statement: Statement) -> Memory:
    """By `what`: an older memory serves nobody; one that was completed serves as staff look in."""
    match text_of(statement.fields, "what"):
        case "memory":
            return replace(memory, lost=True)
        case "restored":
            return _restored(memory)
        case "set_aside":
            return memory
        case _:
            cid = text_of(statement.fields, "cid")
            return replace(memory, conflicts=memory.conflicts | {cid})


def _restored(memory: Memory) -> Memory:
    """What happened after the newest row that came back nobody knows: staff look into everything."""
    held = {n: replace(c, unchecked="restored") for n, c in memory.compartments.items()}
    return replace(memory, compartments=held, lost=False)
