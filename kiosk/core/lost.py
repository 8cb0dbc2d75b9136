"""A kiosk that was enrolled anew remembers nothing: what central last knew helps staff to look.

The law of this file: `last_known` opens no door and makes nothing collectible. It names what staff should
find; only their look, stated as `audited`, puts it into this memory.
"""

from __future__ import annotations

from kiosk.core.memory import Compartment
from kiosk.core.state import State

UNTOUCHED = frozenset({"loaded", "accepted", "unconfirmed"})  # nobody was seen to open it


def remembered(state: State, number: int) -> str:
    """The cid that central believes in a compartment where this memory has not looked yet, or ""."""
    held = state.memory.compartments.get(number, Compartment())
    if state.memory.epoch == 1 or state.manifest is None or not held.unchecked:
        return ""
    if held.cid or held.pending or held.audited:
        return ""
    found = [
        result.cid
        for result in state.manifest.results
        if (result.cid, number) not in state.memory.parts
        and any(k.compartment == number and k.phase in UNTOUCHED for k in result.last_known)
    ]
    return found[0] if len(found) == 1 else ""  # two cannot both lie there: staff say what does
