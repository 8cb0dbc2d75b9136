"""Kiosks through the office's door: tighten what one may do, revoke one that was stolen, see what it sent.

The law of this file: new credentials of staff leave in the answer that makes them, and never again. Whose
answer was lost gets new ones by `PUT …/staff/{number}`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from sync.central.office_door import REFUSED, Revokes, Watches
from sync.central.policies import policy_of, set_policy
from sync.central.problems import documented
from sync.central.revocation import revoke_kiosk
from sync.central.tables import Fork
from sync.central.texts import local
from sync.messages import Policy, Setting

MOST_LISTED = 100
MOST_REFILL_S = 24 * 60 * 60
DEFAULT = Policy()
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


class PolicyIn(BaseModel):
    """All of a kiosk's policy; what is left out is the default, and nothing is looser than that."""

    model_config = ConfigDict(extra="forbid")

    bucket: int = Field(DEFAULT.bucket, ge=1, le=DEFAULT.bucket)
    refill_s: int = Field(DEFAULT.refill_s, ge=DEFAULT.refill_s, le=MOST_REFILL_S)
    holder_refusals: int = Field(DEFAULT.holder_refusals, ge=1, le=DEFAULT.holder_refusals)
    resume_s: int = Field(DEFAULT.resume_s, ge=0, le=DEFAULT.resume_s)
    settings: list[Setting] = Field([], max_length=len(Setting))


class PolicyOut(BaseModel):
    """As it holds, defaults filled in: the fields of the manifest's `policy` (protocol, §4)."""

    bucket: int
    refill_s: int
    holder_refusals: int
    resume_s: int
    settings: list[str]


@router.get("/policy")
def policy(who: Watches, kiosk: Kiosk) -> PolicyOut:
    """What this kiosk lets people try, and what a supervisor may change there."""
    return _told(policy_of(who.desk.store, kiosk))


@router.put("/policy")
def tighten(who: Revokes, kiosk: Kiosk, body: PolicyIn) -> PolicyOut:
    """Replace it; a kiosk that is online goes by it within seconds. Never looser than the default."""
    held = set_policy(who.desk.store, kiosk, body.model_dump(mode="json", exclude_defaults=True))
    who.desk.bells.ring(kiosk)
    return _told(held)


def _told(held: Policy) -> PolicyOut:
    return PolicyOut(**asdict(held))


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
