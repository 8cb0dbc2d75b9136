"""The machine's clocks: the one place that reads them.

Up time is CLOCK_MONOTONIC, which on Linux counts from boot. How far the wall clock can be believed is
read from systemd-timesyncd's flag file (DESIGN §8); the core judges that claim.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from kiosk.core.clock import Now
from sync.messages import Clock

SYNCED_FLAG = Path("/run/systemd/timesync/synchronized")  # touched at every synchronisation
BATTERY_CLOCK = Path("/dev/rtc0")

NowPort = Callable[[], Now]


class Source(StrEnum):
    """Whom to ask whether the wall clock is right."""

    TIMESYNCD = "timesyncd"  # a Raspberry Pi in service
    HOST = "host"  # another machine's own care (chrony, a virtual machine): taken as synced


def up_ms() -> int:
    """Milliseconds since boot."""
    return time.monotonic_ns() // 1_000_000


def wall_ms() -> int:
    """Milliseconds since the Unix epoch, right or wrong."""
    return time.time_ns() // 1_000_000


def clock(source: Source) -> NowPort:
    """A port that tells the present moment."""

    def now() -> Now:
        return Now(up_ms(), wall_ms(), _claim(source))

    return now


def knows_time(source: Source) -> bool:
    """Whether the machine claims to know it; for jobs that run without the core, which judges the claim."""
    return _claim(source) is not Clock.UNKNOWN


def _claim(source: Source) -> Clock:
    if source is Source.HOST or SYNCED_FLAG.exists():
        return Clock.SYNCED
    return Clock.HOLDOVER if BATTERY_CLOCK.exists() else Clock.UNKNOWN
