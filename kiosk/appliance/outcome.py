"""What became of the last upgrade: a small file that root writes and `kiosk run` reads to tell central."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.appliance.ground import Ground
from kiosk.appliance.trial import Why

FILE = "/var/lib/kiosk-upgrade/last.json"
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why` is "" for one that went well."""

    release: str  # its name, with the sum
    version: str
    before: str  # version that served before
    why: str = ""
    words: str = ""  # for people; never leaves the machine
    tries: int = 1  # how often this release was tried in a row
    at_ms: int = 0  # wall time, right or wrong


def write(ground: Ground, outcome: Outcome) -> None:
    """On the disk when this returns."""
    text = json.dumps(asdict(outcome), ensure_ascii=False, indent=1)
    ground.write(FILE, text.encode() + b"\n")


def read(path: Path) -> Outcome | None:
    """The last one; None: there was none, or the file is not ours."""
    try:
        with path.open("rb") as file:
            raw = json.loads(file.read(MOST_BYTES))
        outcome = Outcome(**raw)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return outcome if outcome.why in ("", *Why) else None
