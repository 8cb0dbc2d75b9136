"""Central's message spool, read as the phone would get it. A file that was read once is not read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from kiosk.demo.seen import Sent
from kiosk.times import VIETNAM

COUNTRY = "+84"


class Post:
    """Everything that was sent so far."""

    def __init__(self, spool: Path, dossiers: Mapping[str, str]) -> None:
        """`dossiers`: from cid to dossier code."""
        self._spool = spool
        self._dossiers = dossiers
        self._read: dict[str, Sent] = {}

    def sent(self) -> tuple[Sent, ...]:
        """Newest first."""
        files = self._spool.glob("[0-9]*.json") if self._spool.is_dir() else ()
        for path in files:
            if path.name not in self._read:
                raw = json.loads(path.read_text(encoding="utf-8"))
                self._read[path.name] = self._sent(raw)
        return tuple(self._read[name] for name in sorted(self._read, reverse=True))

    def _sent(self, raw: Mapping[str, object]) -> Sent:
        at = datetime.fromisoformat(str(raw["at"])).astimezone(VIETNAM)
        return Sent(
            id=int(str(raw["id"])),
            kind=str(raw["kind"]),
            dossier=self._dossiers.get(str(raw["cid"]), ""),
            to=str(raw["to"]).replace(COUNTRY, "0", 1),
            at=f"{at:%H:%M}",
            text=str(raw["text"]),
        )
