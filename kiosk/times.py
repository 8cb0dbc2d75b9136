"""Local time as people read it. Asia/Ho_Chi_Minh has no daylight saving time (shared/domain §5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def local(wall_ms: int) -> datetime:
    """Local time without seconds, of milliseconds since the Unix epoch."""
    moment = datetime.fromtimestamp(wall_ms // 1000, UTC).astimezone(VIETNAM)
    return moment.replace(second=0, tzinfo=None)
