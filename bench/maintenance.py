"""The group `maintenance`: a clerk loads thirty results by scans alone; what does the kiosk add?

Real: core, projection, painting (whole screens), carrier, SQLite journal (signed, chained, WAL, FULL).
Simulated: cabinet, lock board (its latch, springs, bouncing contacts, sweeps) and the clerk's hands. Both
kinds of time run on one clock: whatever the real parts take, by the wall, is added to the simulated time,
so the hands wait for it. Not in it: a lock board other than the simulated one, and the scanner's own time.

The clerk scans, and waits until the door springs open; takes `DOOR_MS` to put the envelope in and push the
door shut; waits until the screen is ready for the next scan. `load_added_s` is all the waiting over the
number of results: scan → door open, and door shut → ready. One result in `OVERDUE_EVERY` is overdue: for it
the clerk also waits for the question about the apology letter, takes `READ_MS`, and touches once.

`touches_per_result` is every touch from the menu to the idle screen, signing out included and the login
not, over the number of results.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.measure import Measure, Metric, Numbers, Size

LOADED = 30
QUICK_LOADED = 4
FULL_PAIRS = 100  # sizes with fewer pairs only try whether it runs


def load(size: Size) -> Numbers:
    """`load_added_s` and `touches_per_result`: one batch, from the menu to the idle screen."""
    count = LOADED if size.pairs >= FULL_PAIRS else QUICK_LOADED
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        from bench.maintenance_clerk import Clerk  # noqa: PLC0415  # pygame greets when it loads

        clerk = Clerk(Path(name), count)
        try:
            clerk.load_all()
        finally:
            clerk.close()
    return {
        "maintenance.load_added_s": clerk.waited_ms / count / 1000,
        "maintenance.touches_per_result": clerk.touches / count,
    }


METRICS: Mapping[str, Metric] = {
    "maintenance.load_added_s": Metric("s", 1.5, below=True),
    "maintenance.touches_per_result": Metric("touches", 1),
}

MEASURES: Mapping[str, Measure] = {"load": load}
