"""Which statements are alarms, and which end some.

The law of this file: a person must see what went wrong at a door, with a code or with a machine; what heals
is over when the kiosk says so, or when it starts anew without it.
"""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from sync.central import watching
from sync.central.store import Store
from sync.messages import Kind, Statement

MOST_COMPARTMENT = 255
ALARMS = frozenset(
    {
        Kind.CONFLICT,
        Kind.DISPUTED,
        Kind.FAULT,
        Kind.LEFT_OPEN,
        Kind.MANIFEST_REFUSED,
        Kind.OPENED_UNASKED,
        Kind.RESULT_LOCKED,
        Kind.UNCONFIRMED,
        Kind.WRONG_DOOR,
    }
)
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WHAT = re.compile(r"[A-Za-z0-9._:/-]{1,80}")  # of a fault: `board_lost:bus/2`


def take(store: Store, session: Session, kiosk: str, statement: Statement) -> None:
    """Raise the alarm that this statement is, or end those that it says are over."""
    what = _said(statement, "what", _WHAT)
    if statement.kind in ALARMS:
        words = [what, *(_said(statement, name, _WORD) for name in ("reason", "refusal", "cid"))]
        detail = f"row {statement.seq} {' '.join(word for word in words if word)}"
        door = _door(statement)
        store.alarm(session, kiosk, statement.kind, detail, what=what, compartment=door)
    elif statement.kind == Kind.FAULT_CLEARED:
        watching.ended(session, kiosk, store.now(), what=what)
    elif statement.kind == Kind.STARTED:
        watching.ended(session, kiosk, store.now(), restarted=True)


def _said(statement: Statement, name: str, form: re.Pattern[str]) -> str:
    value = statement.fields.get(name)
    return value if isinstance(value, str) and form.fullmatch(value) else ""


def _door(statement: Statement) -> int:
    """The compartment that it is about; of a wrong door the one that opened."""
    for name in ("opened", "compartment"):
        number = statement.fields.get(name)
        if type(number) is int and 1 <= number <= MOST_COMPARTMENT:
            return number
    return 0
