"""How letters leave: one adapter per channel, chosen in the settings; here the spool of files.

The law of this file: an adapter is handed the same letter again after any doubt, under the same id; whoever
takes letters from it keeps the first of each id and drops the others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sync.central.letters import CHANNELS, Letter
from sync.central.settings import OFF, SPOOL, Settings
from sync.messages import rfc3339


class Fate(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    LATER = "later"  # the way is blocked for now: the same again
    REFUSED = "refused"  # this letter will never be taken


@dataclass(frozen=True, slots=True)
class Answer:
    """What an adapter says; `rest_ms`: it asks to be left alone for so long."""

    fate: Fate
    rest_ms: int = 0


class Adapter(Protocol):
    """One way out."""

    def send(self, letter: Letter, at_ms: int) -> Answer:
        """Hand the letter over; ends within a bounded time.

        Raises:
            OSError: our own disk does not take it.
        """
        ...


class Spool:
    """A folder of files, for whatever picks them up there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter, at_ms: int) -> Answer:
        """One file, named by the id: the same letter again replaces it."""
        message = {k: v for k, v in asdict(letter).items() if k != "qr" or v}
        name = letter.id if isinstance(letter.id, str) else f"{letter.id:08d}"
        write_spool(self._folder, f"{name}.json", {**message, "at": rfc3339(at_ms)})
        return Answer(Fate.SENT)


def adapters_of(settings: Settings) -> dict[str, Adapter]:
    """The channels that are in use."""
    # Late: most commands that open a store send nothing.
    from sync.central.gateway import Gateway  # noqa: PLC0415

    found: dict[str, Adapter] = {}
    for channel in CHANNELS:
        way = settings.posts[channel]
        if way.to == SPOOL:
            found[channel] = Spool(settings.folder / "spool")
        elif way.to != OFF:
            found[channel] = Gateway(way.to, way.key)
    return found


def write_spool(folder: Path, name: str, message: Mapping[str, object]) -> None:
    """One message as a file, whole or not at all, readable by its owner only.

    Raises:
        OSError: it could not be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(message, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / name)
