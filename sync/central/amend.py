"""What the office changes about a result that is registered: who may collect it, fee due, overdue.

The law of this file: as in `results`: what a manifest would show differently raises the kiosk's revision
in the same transaction. A holder's id is never given to somebody else: the kiosk remembers codes by it.
"""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from sync.central import holders, notices
from sync.central.holders import NewHolder
from sync.central.results import CID_BYTES, OrderError, find, must_be_live
from sync.central.store import Store, UnknownError
from sync.central.tables import Holder, Result
from sync.schema import MOST_HOLDERS

AUTHORISED = "authorised"


def add_holder(store: Store, session: Session, cid: str, person: NewHolder) -> Result:
    """Somebody more may collect it; told at once when the papers lie there and the others were told.

    Raises:
        OrderError, PersonError, UnknownError: it is over, too many, no such phone, or there is none.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    there = holders.of(session, cid)
    if len(there) >= MOST_HOLDERS:
        raise OrderError(f"holders: {MOST_HOLDERS} is the most")
    number = max([result.retired, *(_number(held.id) for held in there)]) + 1
    name = f"h{number}"
    holders.add(store, session, result, name, person)
    kiosk.revision += 1
    if result.lies_there:
        held = session.get_one(Holder, (cid, name))
        cause = f"added:{cid}:{name}:{secrets.token_hex(CID_BYTES)}"
        notices.too(session, result, held, cause, store.now())
    return result


def remove_holder(store: Store, session: Session, cid: str, holder: str) -> Result:
    """An authorised recipient may collect it no more; secrets and phone are forgotten.

    Raises:
        OrderError: it is over, or that is the citizen, who is never taken off.
        UnknownError: there is no such holder.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    held = session.get(Holder, (cid, holder))
    if held is None:
        raise UnknownError(f"no holder {holder[:64]!r} of {cid}")
    if held.role != AUTHORISED:
        raise OrderError("only authorised recipients are taken off: revoke the result instead")
    if len(holders.of(session, cid)) == 1:
        raise OrderError("nobody could collect it then: revoke the result instead")
    result.retired = max(result.retired, _number(holder))
    session.delete(held)
    kiosk.revision += 1
    return result


def mark(
    store: Store, session: Session, cid: str, *, fee_due: bool | None, overdue: bool | None
) -> Result:
    """Set or clear what is shown to staff and the citizen; None leaves it as it is.

    Raises:
        OrderError, UnknownError: it is over, or there is none.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    before = (result.fee_due, result.overdue)
    result.fee_due = result.fee_due if fee_due is None else fee_due
    result.overdue = result.overdue if overdue is None else overdue
    if (result.fee_due, result.overdue) != before:
        kiosk.revision += 1
    return result


def _number(holder: str) -> int:
    digits = holder.removeprefix("h")
    return int(digits) if digits.isascii() and digits.isdigit() else 0
