"""Central's own door, for the office's one-stop system: keys with scopes, idempotency keys, no secrets out.

The law of this file: an order under an idempotency key is carried out once; the same key again is
answered with how that result stands now, and with another order it is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import amend, results, rotation
from sync.central.desk import Desk
from sync.central.office_door import REFUSED, Orders, Reads, Watches
from sync.central.office_models import (
    AddIn,
    AlarmOut,
    ExtendIn,
    KioskOut,
    MarkIn,
    MoveIn,
    RegisterIn,
    ReissueIn,
    ResultOut,
    alarm_out,
    kiosk_out,
    result_out,
)
from sync.central.problems import ProblemError, documented
from sync.central.store import Store
from sync.central.tables import Alarm, Done, Kiosk, Result
from sync.compact import encode

MOST_LISTED = 500
Order = Callable[[Store, Session], Result]


Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]
Cid = Annotated[str, Path(max_length=64)]
Holder = Annotated[str, Path(max_length=64)]
router = APIRouter(prefix="/v1/office", tags=["office"], responses=documented(*REFUSED))


@router.post("/results", status_code=201)
def register(who: Orders, key: Key, body: RegisterIn) -> ResultOut:
    """Register a result with its holders. The code leaves once the kiosk states it as loaded."""
    return _once(
        who.desk, key, "register", body, lambda s, db: results.register(s, db, body.order())
    )


@router.post("/results/{cid}/re-issue")
def re_issue(who: Orders, key: Key, cid: Cid, body: ReissueIn) -> ResultOut:
    """Send a code again: the same until the kiosk has acknowledged it, then a new one."""

    def order(store: Store, session: Session) -> Result:
        results.re_issue(store, session, cid, body.holder, phone=body.phone)
        return results.find(store, session, cid)[1]

    return _once(who.desk, key, f"re-issue {cid}", body, order)


@router.post("/results/{cid}/extend")
def extend(who: Orders, key: Key, cid: Cid, body: ExtendIn) -> ResultOut:
    """Hold it until another moment."""
    until = int(body.hold_until.timestamp() * 1000)
    return _once(
        who.desk, key, f"extend {cid}", body, lambda s, db: results.extend(s, db, cid, until)
    )


@router.post("/results/{cid}/revoke")
def revoke(who: Orders, key: Key, cid: Cid) -> ResultOut:
    """It may not be handed out any more, for good."""
    return _once(who.desk, key, f"revoke {cid}", None, lambda s, db: results.revoke(s, db, cid))


@router.post("/results/{cid}/move")
def move(who: Orders, key: Key, cid: Cid, body: MoveIn) -> ResultOut:
    """Hand it out at another kiosk, under a new cid."""
    return _once(
        who.desk, key, f"move {cid}", body, lambda s, db: results.move(s, db, cid, body.kiosk), cid
    )


@router.post("/results/{cid}/holders", status_code=201)
def add_holder(who: Orders, key: Key, cid: Cid, body: AddIn) -> ResultOut:
    """One authorised recipient more; their code leaves with the others', or at once after those."""

    def order(store: Store, session: Session) -> Result:
        return amend.add_holder(store, session, cid, body.person())

    return _once(who.desk, key, f"add {cid}", body, order)


@router.delete("/results/{cid}/holders/{holder}")
def remove_holder(who: Orders, key: Key, cid: Cid, holder: Holder) -> ResultOut:
    """An authorised recipient may collect it no more: their code opens nothing, once known there."""

    def order(store: Store, session: Session) -> Result:
        return amend.remove_holder(store, session, cid, holder)

    return _once(who.desk, key, f"remove {cid} {holder}", None, order)


@router.post("/results/{cid}/marks")
def mark(who: Orders, key: Key, cid: Cid, body: MarkIn) -> ResultOut:
    """Set or clear `fee_due` and `overdue`; what is left out stays as it is."""

    def order(store: Store, session: Session) -> Result:
        return amend.mark(store, session, cid, fee_due=body.fee_due, overdue=body.overdue)

    return _once(who.desk, key, f"mark {cid}", body, order)


@router.get("/results/{cid}")
def one(who: Reads, cid: Cid) -> ResultOut:
    """How a result stands."""
    with who.desk.store.begin() as session:
        return result_out(who.desk.store, session, results.find(who.desk.store, session, cid)[1])


@router.get("/results")
def listed(
    who: Reads,
    kiosk: Annotated[str, Query(max_length=64)] = "",
    phase: Annotated[str, Query(max_length=16)] = "",
    after: Annotated[str, Query(max_length=64, description="last cid of the page before")] = "",
) -> list[ResultOut]:
    """Results by cid, at most 500 a page."""
    wanted = select(Result).where(Result.cid > after).order_by(Result.cid).limit(MOST_LISTED)
    if kiosk:
        wanted = wanted.where(Result.kiosk == kiosk)
    if phase:
        wanted = wanted.where(Result.phase == phase)
    with who.desk.store.begin() as session:
        found = session.scalars(wanted).all()
        return [result_out(who.desk.store, session, result) for result in found]


@router.get("/kiosks")
def kiosks(who: Watches) -> list[KioskOut]:
    """Every kiosk."""
    store = who.desk.store
    with store.begin() as session:
        found = session.scalars(select(Kiosk).order_by(Kiosk.id))
        return [kiosk_out(row, behind=rotation.is_behind(store, row)) for row in found]


@router.get("/alarms")
def alarms(who: Watches, after: Annotated[int, Query(ge=0, le=2**53)] = 0) -> list[AlarmOut]:
    """What a person must see, oldest first, at most 500 a page; with what it means and what to do."""
    wanted = select(Alarm).where(Alarm.id > after).order_by(Alarm.id).limit(MOST_LISTED)
    with who.desk.store.begin() as session:
        who.desk.store.settle_alarms(session)
        return [alarm_out(alarm) for alarm in session.scalars(wanted)]


def _once(
    desk: Desk, key: str, what: str, body: BaseModel | None, order: Order, cid: str = ""
) -> ResultOut:
    """Carry an order out unless it was, then tell how its result stands and wake who waits."""
    store = desk.store
    said = f"{what} {body.model_dump_json() if body else ''}".encode()
    fingerprint = encode(hmac.digest(store.fingerprint_secret, said, hashlib.sha256))
    name = encode(hashlib.sha256(key.encode()).digest())

    def unit(session: Session) -> tuple[ResultOut, set[str]]:
        done = session.get(Done, name)
        if done is None:
            result = order(store, session)
            at = store.now()
            # Of two at once under one key the second fails here, and finds this row next time.
            session.add(Done(key=name, fingerprint=fingerprint, cid=result.cid, at_ms=at))
            session.flush()
        elif hmac.compare_digest(done.fingerprint, fingerprint):
            result = session.get_one(Result, done.cid)
        else:
            conflict = HTTPStatus.UNPROCESSABLE_ENTITY
            raise ProblemError(conflict, "idempotency-key", "this key was used for another order")
        before = session.get(Result, cid)  # a move concerns two kiosks
        told = result_out(store, session, result)
        return told, {told.kiosk, before.kiosk if before else told.kiosk}

    told, kiosks = store.run(unit)
    for kiosk in kiosks:
        desk.bells.ring(kiosk)
    desk.poke()
    return told
