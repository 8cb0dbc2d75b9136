"""How the kiosk is, in figures: for `kiosk status`, for central, and for nobody's privacy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kiosk.core import guessing
from kiosk.core.automaton import busy, outage
from kiosk.core.clock import Now
from kiosk.core.state import State
from sync.messages import rfc3339


def in_force(state: State) -> tuple[int, str]:
    """Version and hash of the manifest that is open in memory; (0, "") for none."""
    if state.manifest is None:
        return 0, ""
    return state.manifest.ver, state.memory.manifest_hash


def health(state: State, now: Now, free_bytes: int) -> Mapping[str, object]:
    """A snapshot without names, codes or compartment contents."""
    memory, why = state.memory, outage(state, now.up_ms)
    held = memory.compartments.values()
    contact = state.contact_ms
    return {
        "kiosk": memory.kiosk,
        "epoch": memory.epoch,
        "version": state.site.version,
        "at": rfc3339(now.wall_ms),
        "clock": str(state.clock.trust),
        "up_s": now.up_ms // 1000,
        "serving": why is None,
        "outage": "" if why is None else str(why),
        "busy": busy(state),
        "manifest": in_force(state)[0],
        "statements": memory.seq,
        "contact_age_s": None if contact is None else (now.up_ms - contact) // 1000,
        "compartments": dict(Counter(str(c.held) for c in held)),
        "unchecked": sorted(n for n, c in memory.compartments.items() if c.unchecked),
        "blocked": sorted(n for n, c in memory.compartments.items() if c.blocked),
        "open": list(state.doors.open_now(now.up_ms)),
        "faults": sorted(state.faults),
        "mains": state.vitals.mains,
        "battery_percent": state.vitals.battery_percent,
        "celsius": state.vitals.celsius,
        "tries": guessing.tries(memory.bucket, now.up_ms, memory.policy),
        "free_mb": free_bytes // 2**20,
    }
