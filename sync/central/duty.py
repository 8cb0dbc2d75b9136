"""The periodic duty: reminders before holding ends, and word when it has ended.

The law of this file: judged by central's clock, told by day and not by night, and once per holder and end of
holding: who runs it, how often, and whether somebody else runs it at the same time makes no difference.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from sync.central import holders, notices, tasks
from sync.central.store import Store
from sync.central.tables import Notice, Result
from sync.central.texts import EXPIRY, REMINDER, last_full_day, local
from sync.messages import Status

MOST_AT_ONCE = 200  # results in one transaction
HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS
STALE_MS = 7 * DAY_MS  # an end of holding longer ago is no news
QUIET_UNTIL, QUIET_FROM = time(7, 30), time(20, 30)


def remind_at(hold_until_ms: int, hours: int) -> int:
    """So many hours before the last full day ends."""
    last = last_full_day(hold_until_ms).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((last + timedelta(days=1)).timestamp() * 1000) - hours * HOUR_MS


def by_day(wall_ms: int) -> int:
    """That moment, or when people are awake again."""
    moment = local(wall_ms)
    if QUIET_UNTIL <= moment.time() < QUIET_FROM:
        return wall_ms
    day = moment.date() + timedelta(days=moment.time() >= QUIET_FROM)
    return int(datetime.combine(day, QUIET_UNTIL, moment.tzinfo).timestamp() * 1000)


def tell_of_holding(store: Store) -> int:
    """Queue what is due; for how many results. Harmless to repeat."""
    done = 0
    for step in (_remind, _expire):
        found = MOST_AT_ONCE
        while found == MOST_AT_ONCE:
            found = store.run(partial(step, store))
            done += found
    return done


def _remind(store: Store, session: Session) -> int:
    now, hours = store.now(), store.settings.reminder_hours
    reach = hours * HOUR_MS
    found = _lying(
        session,
        REMINDER,
        # Necessary, not sufficient: the last full day ends up to a day before holding does.
        Result.hold_until_ms.between(now + 1, now + reach + DAY_MS),
        Result.loaded_ms < Result.hold_until_ms - reach,
    )
    told = 0
    for result in found:
        moment = remind_at(result.hold_until_ms, hours)
        # Who was told of it later than that needs no reminder.
        if result.loaded_ms < moment <= now:
            told += 1
            _tell(store, session, result, REMINDER)
    return told


def _expire(store: Store, session: Session) -> int:
    now = store.now()
    found = _lying(session, EXPIRY, Result.hold_until_ms.between(now - STALE_MS, now))
    for result in found:
        _tell(store, session, result, EXPIRY)
    return len(found)


def _lying(session: Session, kind: str, *which: ColumnElement[bool]) -> list[Result]:
    """Results that lie there and were not told yet; those that another replica looks at are not ours."""
    told = exists().where(
        Notice.cid == Result.cid, Notice.kind == kind, Notice.at_ms == Result.hold_until_ms
    )
    wanted = (
        select(Result)
        .where(
            Result.phase == "loaded", ~Result.withheld, Result.status == Status.LIVE, ~told, *which
        )
        .order_by(Result.hold_until_ms, Result.cid)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(wanted))


def _tell(store: Store, session: Session, result: Result, kind: str) -> None:
    now, until = store.now(), result.hold_until_ms
    for held in holders.of(session, result.cid):
        cause = f"{kind}:{until}:{held.cid}:{held.id}"
        notices.add(session, held, kind, cause, due=by_day(now), at=until)
        if kind == REMINDER and held.locked:
            # The code in their messages opens nothing any more: only a new one helps.
            tasks.phone(session, held.cid, held.id, kind, tasks.LOCKED, f"phone:{cause}", now)
