"""How the kiosk is, in figures: for `kiosk status`, for central, and for nobody's privacy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kiosk.core import guessing
from kiosk.core.automaton import busy, outage
from kiosk.core.clock import Now
from kiosk.core.site import Site
from kiosk.core.state import State
from sync.messages import Clock, rfc3339

OUTAGE_JOURNAL = "journal"


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
        "journal": "",
        "busy": busy(state),
        "manifest": in_force(state)[0],
        "manifest_age_s": _manifest_age_s(state, now),
        "statements": memory.seq,
        "contact_age_s": None if contact is None else (now.up_ms - contact) // 1000,
        "compartments": dict(Counter(str(c.held) for c in held)),
        "unchecked": sorted(n for n, c in memory.compartments.items() if c.unchecked),
        "audit": _audit(state),
        "blocked": sorted(n for n, c in memory.compartments.items() if c.blocked),
        "unproven": [n for n in sorted(memory.compartments) if state.unproven(n)],
        "open": list(state.doors.open_now(now.up_ms)),
        "faults": sorted(state.faults),
        "mains": state.vitals.mains,
        "battery_percent": state.vitals.battery_percent,
        "celsius": state.vitals.celsius,
        "tries": guessing.tries(memory.bucket, now.up_ms, memory.policy),
        "free_mb": free_bytes // 2**20,
    }


def out_of_order(
    before: Mapping[str, object], site: Site, now: Now, why: str, free_bytes: int
) -> Mapping[str, object]:
    """While the journal refuses the core does not run: what was known before, and that it serves nobody."""
    unknown: Mapping[str, object] = {
        "kiosk": site.kiosk,
        "epoch": site.epoch,
        "version": site.version,
        "clock": str(Clock.UNKNOWN),
        "manifest": 0,
        "manifest_age_s": None,
        "statements": 0,
        "contact_age_s": None,
        "compartments": {},
        "unchecked": [],
        "audit": "",
        "blocked": [],
        "unproven": [],
        "open": [],
        "faults": [],
        "mains": None,
        "battery_percent": None,
        "celsius": None,
        "tries": 0,
    }
    is_so: Mapping[str, object] = {
        "at": rfc3339(now.wall_ms),
        "up_s": now.up_ms // 1000,
        "serving": False,
        "outage": OUTAGE_JOURNAL,
        "journal": why,
        "busy": False,  # nobody can be served
        "free_mb": free_bytes // 2**20,
    }
    return {**unknown, **before, **is_so}


def _manifest_age_s(state: State, now: Now) -> int | None:
    """By a clock that can be believed; None: nobody can tell, or there is none."""
    if state.manifest is None or not state.clock.trusted:
        return None
    return max(0, (now.wall_ms - state.manifest.iat_ms) // 1000)


def _audit(state: State) -> str:
    """Why an audit round is due, "" for no such reason."""
    reasons = {c.unchecked for c in state.memory.compartments.values()}
    return next((why for why in ("restored", "new_epoch") if why in reasons), "")
