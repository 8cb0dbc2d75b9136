"""What central sees of a kiosk over time: faults that end, times without contact, times without service.

The law of this file: *silent is not broken*. A silence says nothing of what the kiosk did meanwhile; that it
did not serve is only what it has said itself. Both are kept, for the figures.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central.alarm_words import FAULT, advice
from sync.central.fleet import SILENT_MS
from sync.central.tables import Alarm, Kiosk
from sync.central.watch_tables import OUT, SILENT, ServiceGap

MOST_WHY = 64  # characters
LOOK_MS = 31 * 24 * 60 * 60 * 1000  # older alarms are on no page any more


def ended(
    session: Session, kiosk: str, now: int, *, what: str = "", restarted: bool = False
) -> None:
    """A fault is over, or with `restarted` every one that would be stated anew if it were not."""
    mine = (Alarm.kiosk == kiosk, Alarm.kind == FAULT, Alarm.at_ms > now - LOOK_MS)
    open_ = select(Alarm).where(*mine, Alarm.ended_ms == 0)
    for alarm in session.scalars(open_ if restarted else open_.where(Alarm.what == what)):
        told = advice(FAULT, alarm.what)
        if told.restated if restarted else told.heals:
            alarm.ended_ms = now


def over(session: Session, kiosk: str, now: int) -> None:
    """What it said last of itself means nothing any more: it was revoked."""
    ended(session, kiosk, now, restarted=True)
    mine = (ServiceGap.kiosk == kiosk, ServiceGap.kind == OUT, ServiceGap.until_ms == 0)
    session.execute(update(ServiceGap).where(*mine).values(until_ms=now))


def heard(session: Session, kiosk: Kiosk, now: int) -> None:
    """The kiosk has called; a silence before that is over and is kept."""
    if 0 < kiosk.contact_ms <= now - SILENT_MS:
        gap = {"kiosk": kiosk.id, "kind": SILENT, "since_ms": kiosk.contact_ms}
        session.merge(ServiceGap(**gap, until_ms=now))
    kiosk.contact_ms = now


def told_health(session: Session, kiosk: Kiosk, health: Mapping[str, object], now: int) -> None:
    """The kiosk has said how it is: whether it serves, and since when central knows that it does not."""
    mine = (ServiceGap.kiosk == kiosk.id, ServiceGap.kind == OUT, ServiceGap.until_ms == 0)
    gap = session.scalar(select(ServiceGap).where(*mine).limit(1))
    if health.get("serving") is not False:
        if gap is not None:
            gap.until_ms = now
        return
    if gap is None:
        gap = session.merge(ServiceGap(kiosk=kiosk.id, kind=OUT, since_ms=now, until_ms=0))
    word = health.get("outage")
    gap.why = word[:MOST_WHY] if isinstance(word, str) else ""
