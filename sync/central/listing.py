"""Which results a kiosk is told of."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central.store import Store
from sync.central.tables import Kiosk, Result
from sync.messages import Status

DAY_MS = 24 * 60 * 60 * 1000
AFTER_COLLECTED_MS = DAY_MS  # so long the kiosk can say "used"
AFTER_REVOKED_MS = 30 * DAY_MS


def listed(store: Store, session: Session, kiosk: Kiosk) -> list[Result]:
    """Every result of the kiosk but those that have been over for long enough."""
    mine = session.scalars(
        select(Result).where(Result.kiosk == kiosk.id).order_by(Result.registered_ms, Result.cid)
    )
    now = store.now()
    return [
        result
        for result in mine
        if not (result.phase == "collected" and now - result.collected_ms > AFTER_COLLECTED_MS)
        and not (result.status == Status.REVOKED and now - result.revoked_ms > AFTER_REVOKED_MS)
    ]
