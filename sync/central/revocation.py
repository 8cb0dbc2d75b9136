"""A kiosk that was stolen: it is served nothing any more, and what it holds is worth nothing.

The law of this file: one transaction, and again changes nothing. A stolen controller holds every secret of
its manifest: every result there is revoked, every member of staff gets new credentials wherever they are
listed, and whoever was told that papers wait there is to be phoned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central import holders, notices, tasks, watching
from sync.central.alarm_words import STAFF_RENEWED
from sync.central.enrolment_tables import EnrolmentCode
from sync.central.renewal import Renewed, listed_there, renew
from sync.central.results import BY_KIOSK
from sync.central.store import Store
from sync.central.tables import Kiosk, Notice, Result
from sync.central.texts import COLLECTED, READY
from sync.messages import Status

OVER = ("collected", "retrieved")
NOT_THERE = "expected"  # registered, and never put in


@dataclass(frozen=True, slots=True)
class Revoked:
    """What was done. `staff` holds new credentials, told this once; empty when nothing was left to do."""

    kiosk: str
    at_ms: int
    results: int  # revoked just now
    to_phone: int  # persons
    staff: tuple[Renewed, ...] = field(repr=False)


def revoke_kiosk(store: Store, kiosk: str, by: str) -> Revoked:
    """Revoke a kiosk for good; it comes back by enrolment only, as the next epoch. `by`: who says so.

    Raises:
        UnknownError: no such kiosk.
    """
    return store.run(lambda session: _revoke(store, session, kiosk, by))


def _revoke(store: Store, session: Session, name: str, by: str) -> Revoked:
    places = {place for one in listed_there(store, session, name) for place in one.kiosks}
    # In one order for everybody, so that two revocations cannot wait for each other.
    rows = {place: store.kiosk(session, place) for place in sorted({name, *places})}
    kiosk = rows[name]
    if kiosk.revoked_ms:
        return Revoked(name, kiosk.revoked_ms, 0, 0, ())
    session.expire_all()  # what was read of staff before their kiosks were locked
    staff = [one.only(rows) for one in listed_there(store, session, name)]
    kiosk.revoked_ms, kiosk.revoked_by = store.now(), by
    kiosk.revision += 1  # whoever waits for a manifest is told at once
    watching.over(session, kiosk.id, store.now())
    found = _results(session, kiosk)
    to_phone = sum(_withdraw(session, kiosk, result) for result in found)
    renewed = [renew(store, session, one) for one in staff]
    _tell_wards(store, session, name, rows, renewed)
    codes = (EnrolmentCode.kiosk == name, EnrolmentCode.ended_ms == 0)
    session.execute(update(EnrolmentCode).where(*codes).values(ended_ms=store.now()))
    return Revoked(name, kiosk.revoked_ms, len(found), to_phone, tuple(renewed))


def _results(session: Session, kiosk: Kiosk) -> Sequence[Result]:
    """Everything there that is not over."""
    mine = (Result.kiosk == kiosk.id, Result.phase.not_in(OVER), Result.status == Status.LIVE)
    return session.scalars(select(Result).where(*mine).order_by(Result.cid)).all()


def _withdraw(session: Session, kiosk: Kiosk, result: Result) -> int:
    """Revoke a result, and ask for a call to everybody who may believe that papers wait; how many."""
    now = kiosk.revoked_ms
    result.status, result.revoked_ms, result.revoked_why = str(Status.REVOKED), now, BY_KIOSK
    waiting = (Notice.cid == result.cid, Notice.state == "waiting", Notice.kind != COLLECTED)
    session.execute(update(Notice).where(*waiting).values(state="void"))
    notices.void(session, result.cid, now)
    if result.phase == NOT_THERE:
        return 0
    people = holders.of(session, result.cid)
    for held in people:
        cause = f"phone:revoked:{result.cid}:{held.id}"
        tasks.phone(session, result.cid, held.id, READY, tasks.REVOKED, cause, now)
    return len(people)


def _tell_wards(
    store: Store, session: Session, name: str, rows: dict[str, Kiosk], renewed: Sequence[Renewed]
) -> None:
    """Where else their manifests change, and what the ward there must know in the morning."""
    for place, row in rows.items():
        numbers = [one.number for one in renewed if place in one.kiosks]
        if place != name and numbers:
            row.revision += 1
            detail = f"staff {', '.join(numbers)}: also listed at {name}, which was revoked"
            store.alarm(session, place, STAFF_RENEWED, detail)
