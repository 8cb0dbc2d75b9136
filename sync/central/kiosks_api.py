"""Kiosks through the office's door: revoke one that was stolen, see what it sent afterwards.

The law of this file: new credentials of staff leave in the answer that makes them, and never again. Whose
answer was lost gets new ones by `PUT …/staff/{number}`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from sync.central.office_door import REFUSED, Revokes, Watches
from sync.central.problems import documented
from sync.central.revocation import revoke_kiosk
from sync.central.tables import Fork
from sync.central.texts import local

MOST_LISTED = 100
router = APIRouter(
    prefix="/v1/office/kiosks/{kiosk}", tags=["kiosks"], responses=documented(*REFUSED)
)
Kiosk = Annotated[str, Path(max_length=64)]


class StaffRenewedOut(BaseModel):
    """What this member of staff must be told, in person; the same at all these kiosks."""

    number: str
    role: str
    kiosks: list[str]
    pin: str = Field(repr=False)
    totp_secret: str = Field(repr=False)
    card: str = Field(repr=False)


class RevokedOut(BaseModel):
    """What was done just now: 0 and nobody when the kiosk had been revoked before."""

    kiosk: str
    revoked_at: datetime
    results: int
    to_phone: int
    staff: list[StaffRenewedOut]


class AsideOut(BaseModel):
    """A signed row that was kept aside: of a `fork`, or sent by a kiosk after it was `revoked`."""

    epoch: int
    seq: int
    hash: str
    why: str
    received_at: datetime
    statement: str


@router.post("/revoke")
def revoke(who: Revokes, kiosk: Kiosk) -> RevokedOut:
    """Stolen: serve it nothing any more, revoke all that lies there, replace what its staff sign in with.

    For good: the id comes back by enrolment only. Again changes nothing.
    """
    done = revoke_kiosk(who.desk.store, kiosk, who.name)
    for place in {kiosk, *(place for one in done.staff for place in one.kiosks)}:
        who.desk.bells.ring(place)
    staff = [
        StaffRenewedOut(
            number=one.number,
            role=one.role,
            kiosks=list(one.kiosks),
            pin=one.pin,
            totp_secret=one.totp_secret,
            card=one.card,
        )
        for one in done.staff
    ]
    return RevokedOut(
        kiosk=kiosk,
        revoked_at=local(done.at_ms),
        results=done.results,
        to_phone=done.to_phone,
        staff=staff,
    )


@router.get("/aside")
def aside(
    who: Watches,
    kiosk: Kiosk,
    after: Annotated[str, Query(max_length=64, description="last hash of the page before")] = "",
) -> list[AsideOut]:
    """Rows that were kept aside and never merged, by hash, at most 100 a page."""
    mine = (Fork.kiosk == kiosk, Fork.hash > after)
    wanted = select(Fork).where(*mine).order_by(Fork.hash).limit(MOST_LISTED)
    with who.desk.store.begin() as session:
        return [
            AsideOut(
                epoch=row.epoch,
                seq=row.seq,
                hash=row.hash,
                why=row.why,
                received_at=local(row.received_ms),
                statement=row.compact,
            )
            for row in session.scalars(wanted)
        ]
