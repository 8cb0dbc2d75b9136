"""What the tables say about every kiosk at once: a handful of grouped questions, however large the fleet.

The law of this file: numbers only. No name and no dossier is read for the fleet.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, String, case, cast, distinct, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from sync.central.alarm_words import STATES
from sync.central.fleet import LATE_NOTICE_MS, Facts
from sync.central.office_tables import Task
from sync.central.page_tables import Handled
from sync.central.tables import Alarm, Holder, Kiosk, Notice, Result
from sync.messages import Status

ALARM_DAYS_MS = 30 * 24 * 60 * 60 * 1000  # older ones stay in the journal
_Counts = dict[str, tuple[int, int]]  # of a kiosk: how many, and since when
NONE = (0, 0)


def fleet_facts(session: Session, kiosks: Collection[str] | None, now_ms: int) -> list[Facts]:
    """These kiosks, or all, as `fleet.order` wants them."""
    columns = (Kiosk.id, Kiosk.unit, Kiosk.contact_ms, Kiosk.health, Kiosk.revoked_ms)
    wanted = select(*columns).order_by(Kiosk.id)
    if kiosks is not None:
        wanted = wanted.where(Kiosk.id.in_(kiosks))
    over = or_(Result.hold_until_ms <= now_ms, Result.status != Status.LIVE)
    phase = case(((Result.phase == "loaded") & over, "retrieve"), else_=Result.phase)
    counted = {
        name: _results(session, kiosks, phase, name)
        for name in ("loaded", "retrieve", "disputed", "unconfirmed")
    }
    locked = _locked(session, kiosks)
    alarms = _alarms(session, kiosks, now_ms)
    untold = _untold(session, kiosks, now_ms)
    phone = _phone(session, kiosks)
    return [
        Facts(
            name,
            unit,
            contact_ms,
            health,
            waiting=counted["loaded"].get(name, NONE)[0],
            retrieve=counted["retrieve"].get(name, NONE)[0],
            disputed=counted["disputed"].get(name, NONE)[0],
            unconfirmed=counted["unconfirmed"].get(name, NONE)[0],
            locked=locked.get(name, NONE)[0],
            alarms=alarms.get(name, NONE)[0],
            alarm_ms=alarms.get(name, NONE)[1],
            untold=untold.get(name, NONE)[0],
            phone=phone.get(name, NONE)[0],
            phone_ms=phone.get(name, NONE)[1],
            revoked_ms=revoked_ms,
        )
        for name, unit, contact_ms, health, revoked_ms in session.execute(wanted)
    ]


def open_alarms(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    """Alarms that nobody has handled and that are not over; the select must outer-join `Handled`."""
    recent = Alarm.at_ms >= now_ms - ALARM_DAYS_MS
    return Handled.alarm.is_(None), recent, Alarm.ended_ms == 0, Alarm.kind.not_in(STATES)


def _results(
    session: Session, kiosks: Collection[str] | None, phase: ColumnElement[str], wanted: str
) -> _Counts:
    narrow = Result.phase == ("loaded" if wanted == "retrieve" else wanted)
    found = select(Result.kiosk, func.count(), func.min(Result.loaded_ms))
    return _counts(session, found.where(narrow, phase == wanted), Result.kiosk, kiosks)


def _locked(session: Session, kiosks: Collection[str] | None) -> _Counts:
    found = select(Result.kiosk, func.count(distinct(Result.cid)), func.min(Result.loaded_ms))
    live = (Result.phase == "loaded", Result.status == Status.LIVE, Holder.locked)
    return _counts(session, found.join(Holder).where(*live), Result.kiosk, kiosks)


def _alarms(session: Session, kiosks: Collection[str] | None, now_ms: int) -> _Counts:
    # Alike ones count once, as they stand on the kiosk's page.
    alike = Alarm.kind + ":" + Alarm.what + ":" + cast(Alarm.compartment, String)
    count = func.count(distinct(alike))
    found = select(Alarm.kiosk, count, func.min(Alarm.at_ms)).outerjoin(Handled)
    return _counts(session, found.where(*open_alarms(now_ms)), Alarm.kiosk, kiosks)


def _phone(session: Session, kiosks: Collection[str] | None) -> _Counts:
    found = select(Result.kiosk, func.count(), func.min(Task.made_ms)).join(
        Task, Task.cid == Result.cid
    )
    return _counts(session, found.where(Task.done_ms == 0), Result.kiosk, kiosks)


def _untold(session: Session, kiosks: Collection[str] | None, now_ms: int) -> _Counts:
    found = select(Result.kiosk, func.count(), func.min(Notice.due_ms)).join(
        Notice, Notice.cid == Result.cid
    )
    late = (Notice.state == "waiting", Notice.due_ms <= now_ms - LATE_NOTICE_MS)
    return _counts(session, found.where(*late), Result.kiosk, kiosks)


def _counts(
    session: Session,
    found: Select[str, int, int],
    kiosk: InstrumentedAttribute[str],
    kiosks: Collection[str] | None,
) -> _Counts:
    chosen = found if kiosks is None else found.where(kiosk.in_(kiosks))
    rows = session.execute(chosen.group_by(kiosk))
    return {name: (n, since or 0) for name, n, since in rows}
