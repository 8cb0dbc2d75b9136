"""A compartment's story, read back from the journal by a worker: bounded, newest first."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.core.upkeep_scenes import Happening
from kiosk.journal_values import JournalPort
from sync.envelopes import peek_statement
from sync.schema import wall_ms

MOST_HAPPENINGS = 6
MOST_ROWS = 4_000  # how far back a story is looked for
PAGE_ROWS = 100
PAGE_BYTES = 2**20
DETAILS = ("staff", "reason", "finding", "outcome", "what")


def happenings(journal: JournalPort, compartment: int) -> tuple[Happening, ...]:
    """What the newest statements say about one compartment."""
    found: list[Happening] = []
    end = journal.head.seq
    oldest = max(0, end - MOST_ROWS)
    while end > oldest and len(found) < MOST_HAPPENINGS:
        after = max(oldest, end - PAGE_ROWS)
        rows = journal.after(after, most=end - after, most_bytes=PAGE_BYTES)
        texts = [row for row in rows if isinstance(row, str)]
        for text in reversed(texts):
            statement = peek_statement(text)
            if _concerns(statement, compartment):
                found.append(_happening(statement))
        end = after
    return tuple(found[:MOST_HAPPENINGS])


def _concerns(statement: Mapping[str, object], compartment: int) -> bool:
    numbers = statement.get("compartments")
    if statement.get("kind") == "started":
        return False
    several = isinstance(numbers, list) and compartment in numbers
    named = (statement.get(name) for name in ("compartment", "asked", "opened"))
    return several or compartment in named


def _happening(statement: Mapping[str, object]) -> Happening:
    said = [str(statement[name]) for name in DETAILS if statement.get(name)]
    return Happening(str(statement["kind"]), wall_ms(str(statement["at"])), " · ".join(said))
