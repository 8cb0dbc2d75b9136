"""Central's own door, for the office's one-stop system: bearer key, idempotency keys, no secrets out.

The law of this file: an order under an idempotency key is carried out once; the same key again is
answered with how that result stands now, and with another order it is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import results
from sync.central.desk import Desk, desk_of
from sync.central.office_models import (
    AlarmOut,
    ExtendIn,
    KioskOut,
    MoveIn,
    RegisterIn,
    ReissueIn,
    ResultOut,
    kiosk_out,
    result_out,
)
from sync.central.problems import ProblemError, documented
from sync.central.store import Store
from sync.central.tables import Alarm, Done, Kiosk, Result
from sync.central.texts import local
from sync.compact import encode

MOST_LISTED = 500
BEARER = "Bearer "
Order = Callable[[Store, Session], Result]


def office(request: Request, authorization: Annotated[str, Header(max_length=400)] = "") -> Desk:
    """The desk, for whoever bears the office's key."""
    desk = desk_of(request)
    wanted = BEARER + desk.store.settings.office_key
    if not hmac.compare_digest(authorization.encode(), wanted.encode()):
        raise ProblemError(401, "office-key", "wanted: Authorization: Bearer <office key>")
    return desk


At = Annotated[Desk, Depends(office)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]
router = APIRouter(prefix="/v1/office", tags=["office"], responses=documented(401, 404, 422))


@router.post("/results", status_code=201)
def register(desk: At, key: Key, body: RegisterIn) -> ResultOut:
    """Register a result with its holders. The code leaves once the kiosk states it as loaded."""
    return _once(desk, key, "register", body, lambda s, db: results.register(s, db, body.order()))


@router.post("/results/{cid}/re-issue")
def re_issue(desk: At, key: Key, cid: str, body: ReissueIn) -> ResultOut:
    """Send a code again: the same until the kiosk has acknowledged it, then a new one."""

    def order(store: Store, session: Session) -> Result:
        results.re_issue(store, session, cid, body.holder, phone=body.phone)
        return results.find(store, session, cid)[1]

    return _once(desk, key, f"re-issue {cid}", body, order)


@router.post("/results/{cid}/extend")
def extend(desk: At, key: Key, cid: str, body: ExtendIn) -> ResultOut:
    """Hold it until another moment."""
    until = int(body.hold_until.timestamp() * 1000)
    return _once(desk, key, f"extend {cid}", body, lambda s, db: results.extend(s, db, cid, until))


@router.post("/results/{cid}/revoke")
def revoke(desk: At, key: Key, cid: str) -> ResultOut:
    """It may not be handed out any more, for good."""
    return _once(desk, key, f"revoke {cid}", None, lambda s, db: results.revoke(s, db, cid))


@router.post("/results/{cid}/move")
def move(desk: At, key: Key, cid: str, body: MoveIn) -> ResultOut:
    """Hand it out at another kiosk, under a new cid."""
    return _once(
        desk, key, f"move {cid}", body, lambda s, db: results.move(s, db, cid, body.kiosk), cid
    )


@router.get("/results/{cid}")
def one(desk: At, cid: str) -> ResultOut:
    """How a result stands."""
    with desk.store.begin() as session:
        return result_out(desk.store, session, results.find(desk.store, session, cid)[1])


@router.get("/results")
def listed(
    desk: At,
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
    with desk.store.begin() as session:
        found = session.scalars(wanted).all()
        return [result_out(desk.store, session, result) for result in found]


@router.get("/kiosks")
def kiosks(desk: At) -> list[KioskOut]:
    """Every kiosk."""
    with desk.store.begin() as session:
        return [kiosk_out(row) for row in session.scalars(select(Kiosk).order_by(Kiosk.id))]


@router.get("/alarms")
def alarms(desk: At, after: Annotated[int, Query(ge=0, le=2**53)] = 0) -> list[AlarmOut]:
    """What a person must see, oldest first, at most 500 a page."""
    wanted = select(Alarm).where(Alarm.id > after).order_by(Alarm.id).limit(MOST_LISTED)
    with desk.store.begin() as session:
        return [
            AlarmOut(id=a.id, kiosk=a.kiosk, kind=a.kind, detail=a.detail, at=local(a.at_ms))
            for a in session.scalars(wanted)
        ]


def _once(
    desk: Desk, key: str, what: str, body: BaseModel | None, order: Order, cid: str = ""
) -> ResultOut:
    """Carry an order out unless it was, then tell how its result stands and wake who waits."""
    store = desk.store
    said = f"{what} {body.model_dump_json() if body else ''}".encode()
    fingerprint = encode(hmac.digest(store.fingerprint_secret, said, hashlib.sha256))
    name = encode(hashlib.sha256(key.encode()).digest())
    with store.begin() as session:
        done = session.get(Done, name)
        if done is None:
            result = order(store, session)
            at = store.now()
            session.add(Done(key=name, fingerprint=fingerprint, cid=result.cid, at_ms=at))
        elif hmac.compare_digest(done.fingerprint, fingerprint):
            result = session.get_one(Result, done.cid)
        else:
            conflict = HTTPStatus.UNPROCESSABLE_ENTITY
            raise ProblemError(conflict, "idempotency-key", "this key was used for another order")
        told = result_out(store, session, result)
        before = session.get(Result, cid)  # a move concerns two kiosks
    for kiosk in {told.kiosk, before.kiosk if before else told.kiosk}:
        desk.bells.ring(kiosk)
    desk.poke()
    return told
