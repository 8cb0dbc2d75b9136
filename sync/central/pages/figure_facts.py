"""What figures are made from, kiosk by kiosk: no more than one kiosk's rows of one period at a time.

The law of this file: it reads times, scores and names of faults; never a person, never a dossier.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.central.fleet import SILENT_MS
from sync.central.pages.story_facts import moment, opened_row
from sync.central.periods import Course, Gap, Mark, Period, Sums, Watched, sum_up
from sync.central.store import Store
from sync.central.tables import Kiosk, Result, Row
from sync.central.watch_tables import SILENT, ServiceGap
from sync.messages import Kind

DAY_MS = 24 * 60 * 60 * 1000
BEFORE_MS = 31 * DAY_MS  # a fault that began so long before the period still counts
AFTER_MS = 62 * DAY_MS  # what is reported later than that after its end no longer counts
KINDS = (Kind.RATED, Kind.FAULT, Kind.FAULT_CLEARED, Kind.STARTED)


def sums_of(store: Store, kiosks: Iterable[str], period: Period) -> Sums:
    """All these kiosks together. One short transaction each: nobody waits for a report."""
    total = Sums()
    for kiosk in kiosks:
        with store.begin() as session:
            courses = _courses(session, kiosk, period)
            rows = _rows(session, kiosk, period)
            watched = _watched(session, kiosk, period, store.now())
        marks = [mark for mark in map(_mark, rows) if mark is not None]
        days, now = store.settings.workdays, store.now()
        total.add(sum_up(period, courses, marks, days, watched, now))
    return total


def _watched(session: Session, kiosk: str, period: Period, now: int) -> Watched:
    """From its first start on, until now or until it was revoked."""
    first = select(func.min(Row.received_ms)).where(Row.kiosk == kiosk)
    since = session.scalar(first.where(Row.kind == Kind.STARTED)) or 0
    row = session.get_one(Kiosk, kiosk)
    until = row.revoked_ms or now
    mine = (ServiceGap.kiosk == kiosk, ServiceGap.since_ms < period.end_ms)
    over = or_(ServiceGap.until_ms == 0, ServiceGap.until_ms > period.start_ms)
    gaps = [
        Gap(gap.since_ms, gap.until_ms, gap.kind == SILENT)
        for gap in session.scalars(select(ServiceGap).where(*mine, over))
    ]
    if 0 < row.contact_ms <= until - SILENT_MS:  # a silence is entered only when it is over
        gaps.append(Gap(row.contact_ms, until, silent=True))
    return Watched(since, until, gaps)


def _courses(session: Session, kiosk: str, period: Period) -> list[Course]:
    times = (Result.loaded_ms, Result.collected_ms, Result.hold_until_ms)
    inside = or_(*(t.between(period.start_ms, period.end_ms - 1) for t in times))
    wanted = select(*times, Result.due_ms, Result.revoked_ms).where(Result.kiosk == kiosk, inside)
    return [Course(*row) for row in session.execute(wanted)]


def _rows(session: Session, kiosk: str, period: Period) -> list[Row]:
    span = Row.received_ms.between(period.start_ms - BEFORE_MS, period.end_ms + AFTER_MS)
    wanted = select(Row).where(Row.kiosk == kiosk, Row.kind.in_(KINDS), Row.state == "ok", span)
    return list(session.scalars(wanted))


def _mark(row: Row) -> Mark | None:
    statement = opened_row(row)
    if statement is None:
        return None
    score, what = statement.fields.get("score"), statement.fields.get("what")
    return Mark(
        moment(statement, row.received_ms)[0],
        statement.kind,
        what if isinstance(what, str) else "",
        score if type(score) is int else 0,
    )
