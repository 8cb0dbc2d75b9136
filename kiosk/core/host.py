"""What the machine underneath tells: how much room its disk has, what became of an upgrade."""

from __future__ import annotations

from kiosk.core.events import UpgradeTold
from kiosk.core.state import Turn

LOW_SPACE_BYTES = 200 * 1024 * 1024
UPGRADE_FAILED = "upgrade_failed"


def space(turn: Turn, free: int) -> None:
    """`free` bytes are left; under `LOW_SPACE_BYTES` nothing is loaded."""
    low = free < LOW_SPACE_BYTES
    turn.change(space_low=low, space_free=free)
    if low:
        turn.fault("space")
    else:
        turn.clear("space")


def upgraded(turn: Turn, told: UpgradeTold) -> None:
    """A release that was left again is a fault until the next upgrade goes well."""
    if told.why:
        turn.fault(UPGRADE_FAILED, version=told.version, why=told.why)
    else:
        turn.clear(UPGRADE_FAILED)
