"""What a technician is told: one message when something is wrong, one when it is over again.

The law of this file: never a message per row. What is new since the last look is one message, whatever it is
and wherever; what was told and goes on is not told again; a network outage of many kiosks is a few words in
it. What needs nobody at night waits until the morning, and is dropped if it has ended by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sync.central import alarm_messages
from sync.central.advice import Urgency
from sync.central.alarm_texts import Said, over, wrong
from sync.central.alarm_words import OUT_OF_SERVICE, SILENT, STATES, advice
from sync.central.duty import by_day
from sync.central.fleet import SILENT_MS
from sync.central.page_tables import Handled
from sync.central.store import Store
from sync.central.tables import Alarm, Kiosk
from sync.central.watch_tables import OUT, ServiceGap
from sync.messages import rfc3339

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
LONG_SILENT_MS = 30 * MINUTE_MS  # then a technician hears of it, and of everybody else's silence
SETTLED_MS = 2 * MINUTE_MS  # what heals by itself within this is nobody's news
CONFIRMED_MS = 12 * MINUTE_MS  # one health snapshot more has said the same
OVER_MS = 5 * MINUTE_MS  # what comes back within this was not over
ALL_OVER_MS = 30 * MINUTE_MS  # no longer does word of what is over wait for the rest
KNOWN_OUTAGES = ("doors", "power")  # their faults are alarms already
MOST_AT_ONCE = 10_000  # a city's kiosks, so that its outage is one message


def tell_technicians(store: Store) -> int:
    """Look at the fleet and queue what is to be told; how many messages. Safe to repeat."""
    store.run(partial(_see_silence, store))
    store.run(partial(_see_service, store))
    if not store.settings.technicians:
        return 0
    return store.run(partial(_tell, store))


# How kiosks are


def _see_silence(store: Store, session: Session) -> None:
    """Whoever is silent for long, and with them everybody who is silent: it may be one network."""
    now = store.now()
    heard = select(Kiosk.id).where(Kiosk.contact_ms > now - SILENT_MS)
    gone = or_(
        Alarm.kiosk.in_(heard), Alarm.kiosk.in_(select(Kiosk.id).where(Kiosk.revoked_ms > 0))
    )
    _end(session, SILENT, gone, now)
    told = select(Alarm.id).where(
        Alarm.kiosk == Kiosk.id, Alarm.kind == SILENT, Alarm.ended_ms == 0
    )
    quiet = select(Kiosk).where(Kiosk.contact_ms > 0, Kiosk.revoked_ms == 0, ~told.exists())
    long = quiet.where(Kiosk.contact_ms <= now - LONG_SILENT_MS).limit(1)
    if session.scalar(long) is None:
        return
    store.settle_alarms(session)  # another replica that looks now waits here, and finds them told
    found = quiet.where(Kiosk.contact_ms <= now - SILENT_MS).order_by(Kiosk.id)
    for kiosk in session.scalars(found.limit(MOST_AT_ONCE)):
        store.alarm(session, kiosk.id, SILENT, f"last heard {rfc3339(kiosk.contact_ms)}")


def _see_service(store: Store, session: Session) -> None:
    """Who says that it does not serve, and no fault says why."""
    now = store.now()
    out = select(ServiceGap.kiosk).where(ServiceGap.kind == OUT, ServiceGap.until_ms == 0)
    _end(session, OUT_OF_SERVICE, Alarm.kiosk.not_in(out), now)
    told = select(Alarm.id).where(
        Alarm.kiosk == ServiceGap.kiosk, Alarm.kind == OUT_OF_SERVICE, Alarm.ended_ms == 0
    )
    found = select(ServiceGap).where(
        ServiceGap.kind == OUT,
        ServiceGap.until_ms == 0,
        ServiceGap.since_ms <= now - CONFIRMED_MS,
        ServiceGap.why.not_in(KNOWN_OUTAGES),
        ServiceGap.kiosk.not_in(select(Kiosk.id).where(Kiosk.revoked_ms > 0)),
        ~told.exists(),
    )
    if session.scalar(found.limit(1)) is None:
        return
    store.settle_alarms(session)
    for gap in session.scalars(found.limit(MOST_AT_ONCE)):
        store.alarm(session, gap.kiosk, OUT_OF_SERVICE, gap.why or "no reason given", what=gap.why)


def _end(session: Session, kind: str, gone: ColumnElement[bool], now: int) -> None:
    open_ = select(Alarm).where(Alarm.kind == kind, Alarm.ended_ms == 0, gone)
    for alarm in session.scalars(open_):
        alarm.ended_ms = now


# What is told


def _tell(store: Store, session: Session) -> int:
    now = store.now()
    store.settle_alarms(session)  # replicas take turns
    by_night = by_day(now) != now
    made = 0
    new = _new(session, now, by_night=by_night)
    if new:
        made += _queue(store, session, f"wrong:{new[-1].id}", wrong(_said(session, new)))
    done = _over(session, now, by_night=by_night)
    if done:
        text = over(_said(session, done))
        made += _queue(store, session, f"over:{now}:{done[-1].id}", text)
    return made


def _new(session: Session, now: int, *, by_night: bool) -> list[Alarm]:
    """Alarms to be told now, the oldest first; those like one that was told already are marked so."""
    due = Urgency.NIGHT if by_night else Urgency.DAY
    open_ = (Alarm.told_ms == 0, Alarm.ended_ms == 0, Handled.alarm.is_(None))
    recent = (Alarm.at_ms > now - DAY_MS, Alarm.at_ms <= now, Alarm.urgency <= due)
    wanted = select(Alarm).outerjoin(Handled).where(*open_, *recent).order_by(Alarm.id)
    found: dict[tuple[str, str, str], Alarm] = {}
    for alarm in session.scalars(wanted.limit(MOST_AT_ONCE)):
        if alarm.kind not in STATES and _heals(alarm) and alarm.at_ms > now - SETTLED_MS:
            continue
        key = (alarm.kiosk, alarm.kind, alarm.what)
        if key not in found and not _goes_on(session, alarm, now):
            found[key] = alarm
        alarm.told_ms = now
    return list(found.values())


def _goes_on(session: Session, alarm: Alarm, now: int) -> bool:
    """Whether the same was told within a day, and neither is it over nor has anybody handled it."""
    same = (Alarm.kiosk == alarm.kiosk, Alarm.kind == alarm.kind, Alarm.what == alarm.what)
    told = (Alarm.told_ms > now - DAY_MS, Alarm.cleared_ms == 0, Alarm.id != alarm.id)
    earlier = select(Alarm.id).outerjoin(Handled).where(*same, *told, Handled.alarm.is_(None))
    return session.scalar(earlier.limit(1)) is not None


def _over(session: Session, now: int, *, by_night: bool) -> list[Alarm]:
    """Alarms of which it is to be told that they are over: all together, or after a while."""
    told = select(Alarm).where(
        Alarm.told_ms > 0, Alarm.cleared_ms == 0, Alarm.urgency <= Urgency.DAY
    )
    recent = told.where(Alarm.at_ms > now - 31 * DAY_MS).order_by(Alarm.id)
    due = Urgency.NIGHT if by_night else Urgency.DAY
    ended = recent.where(Alarm.ended_ms.between(1, now - OVER_MS), Alarm.urgency <= due)
    found = list(session.scalars(ended.limit(MOST_AT_ONCE)))
    if not found:
        return []
    handled = select(Handled.alarm)
    still = recent.where(Alarm.ended_ms == 0, Alarm.id.not_in(handled))
    open_ = {(a.kiosk, a.kind, a.what) for a in session.scalars(still) if _heals(a)}
    first = min(alarm.ended_ms for alarm in found)
    if open_ and first > now - ALL_OVER_MS:
        return []
    for alarm in found:
        alarm.cleared_ms = now
    alike = {(a.kiosk, a.kind, a.what): a for a in found}
    return [alarm for key, alarm in alike.items() if key not in open_]


def _heals(alarm: Alarm) -> bool:
    return advice(alarm.kind, alarm.what).heals


def _said(session: Session, found: Sequence[Alarm]) -> list[Said]:
    names = {alarm.kiosk for alarm in found}
    contacts = select(Kiosk.id, Kiosk.contact_ms).where(Kiosk.id.in_(names))
    heard = {row.id: row.contact_ms for row in session.execute(contacts)}
    return [
        Said(
            one.kiosk,
            advice(one.kind, one.what).name.vi,
            silent=one.kind == SILENT,
            since_ms=heard.get(one.kiosk, 0) if one.kind == SILENT else one.at_ms,
            compartment=one.compartment,
        )
        for one in found
    ]


def _queue(store: Store, session: Session, cause: str, text: str) -> int:
    for number, phone in enumerate(store.settings.technicians):
        alarm_messages.queue(store, session, f"{cause}:{number}", phone, text)
    return len(store.settings.technicians)
