"""Which results a kiosk is told of."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sync.central.store import Store
from sync.central.tables import Kiosk, Result
from sync.messages import Status

DAY_MS = 24 * 60 * 60 * 1000
AFTER_COLLECTED_MS = DAY_MS  # so long the kiosk can say "used"
AFTER_REVOKED_MS = 30 * DAY_MS


def listed(store: Store, session: Session, kiosk: Kiosk) -> list[Result]:
    """Every result of the kiosk but those that have been over for long enough."""
    wanted = select(Result).where(*is_listed(kiosk.id, store.now()))
    return list(session.scalars(wanted.order_by(Result.registered_ms, Result.cid)))


def is_listed(kiosk: str, now: int) -> tuple[ColumnElement[bool], ...]:
    """What holds of a result that this kiosk is told of."""
    return (
        Result.kiosk == kiosk,
        or_(Result.phase != "collected", Result.collected_ms >= now - AFTER_COLLECTED_MS),
        or_(Result.status != Status.REVOKED, Result.revoked_ms >= now - AFTER_REVOKED_MS),
    )
