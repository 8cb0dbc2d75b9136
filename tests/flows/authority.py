"""Promise 1, as a question to the journal: which statement authorises this pulse?"""

from __future__ import annotations

from sync.messages import Kind, Statement


def authorised(journal: list[Statement], number: int) -> bool:
    """Does a statement authorise this pulse, its outcome not stated yet (promise 1)?"""
    for statement in reversed(journal):
        f, kind = statement.fields, statement.kind
        if kind == Kind.RESUMED:
            return True  # of parts accepted before, each of which the fold knows
        if kind == Kind.ACCEPTED and number in f["compartments"]:  # type: ignore[operator]  # JSON
            return True
        if f.get("compartment") == number and kind in {Kind.REOPENED, Kind.STAFF_AUTHORISED}:
            return True
        if f.get("compartment") == number and kind not in {Kind.PULSED, Kind.FAULT}:
            return False
    return False
