"""What the doctor says: one line per thing looked at, in plain words. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    WARNING = "warning"  # the kiosk serves, but not as well as it could, or not for long
    FAILED = "failed"  # something does not work, or may do harm


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `what_to_do` is "" where nothing is to be done."""

    name: str
    level: Level
    words: str
    what_to_do: str = ""


def well(name: str, words: str) -> Finding:
    """All is as it should be."""
    return Finding(name, Level.OK, words)


def doubt(name: str, words: str, what_to_do: str) -> Finding:
    """Worth a look; people are served meanwhile."""
    return Finding(name, Level.WARNING, words, what_to_do)


def wrong(name: str, words: str, what_to_do: str) -> Finding:
    """To be mended."""
    return Finding(name, Level.FAILED, words, what_to_do)


def numbers(of: list[int]) -> str:
    """Compartment numbers for a sentence: `3`, or `3, 4, 7`; of many the first dozen."""
    shown = ", ".join(str(n) for n in sorted(of)[:MOST_NUMBERS])
    return f"{shown} and {len(of) - MOST_NUMBERS} more" if len(of) > MOST_NUMBERS else shown


MOST_NUMBERS = 12
