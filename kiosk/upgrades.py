"""What `kiosk run` learns of upgrades: the small file that root writes, as an event."""

from __future__ import annotations

from pathlib import Path

from kiosk.appliance import outcome
from kiosk.core.events import UpgradeTold

LAST = Path(outcome.FILE)


def told(path: Path) -> UpgradeTold:
    """Read anew each time: the file may change while the kiosk runs. One that is not ours says nothing."""
    last = outcome.read(path)
    return (
        UpgradeTold("") if last is None else UpgradeTold(last.why, last.version if last.why else "")
    )
