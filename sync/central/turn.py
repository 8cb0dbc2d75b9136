"""One statement being taken in: what it says, as plain words and numbers, and what it speaks of.

The law of this file: a kiosk states what it likes, so nothing here raises: what is missing or something else
is "", -1 or None.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.central.papers import Papers
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Part, Result
from sync.keys import SIGNING, BadKeyError, read_key
from sync.messages import Clock, Statement

AHEAD_MS = 5 * 60 * 1000  # a kiosk's clock further ahead of ours is not believed
MOST_NUMBER = 2**53
MOST_COMPARTMENT = 255
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The phase of a result is that of the part that needs a person most.
_WORST_FIRST = ("disputed", "unconfirmed", "opened", "accepted", "loaded", "collected")


@dataclass(frozen=True, slots=True)
class Turn:
    """One statement, in the transaction that stores it."""

    store: Store
    session: Session
    kiosk: Kiosk
    papers: Papers
    statement: Statement

    def text(self, name: str) -> str:
        """A plain word among the kind's own fields, "" when it is missing or something else."""
        value = self.statement.fields.get(name)
        return value if isinstance(value, str) and _WORD.fullmatch(value) else ""

    def number(self, name: str) -> int:
        """As `text`; -1 when it is missing or something else."""
        value = self.statement.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            return -1
        return value if 0 <= value <= MOST_NUMBER else -1

    def numbers(self, name: str) -> list[int]:
        """The numbers in a list."""
        values = self.statement.fields.get(name)
        return [v for v in values if type(v) is int] if isinstance(values, list) else []

    def key_id(self, name: str) -> str:
        """The key id of a public JWK, "" when it is missing or something else."""
        try:
            return read_key(self.statement.fields.get(name), curve=SIGNING).kid
        except BadKeyError:
            return ""

    def result(self) -> Result | None:
        """The result that is meant, if it is one of this kiosk's."""
        return self.papers.result(self.text("cid"))

    def part(self) -> Part | None:
        """The part that is meant, if it lies there."""
        return self.papers.part(self.text("cid"), self.number("compartment"))

    def holder(self) -> Holder | None:
        """The holder that is meant, unless they were taken off meanwhile."""
        name = self.text("holder")
        return next((h for h in self.papers.holders(self.text("cid")) if h.id == name), None)

    def at_ms(self) -> int:
        """When it happened, as far as the kiosk's clock can be believed; else now."""
        now = self.store.now()
        trusted = self.statement.clock is not Clock.UNKNOWN
        return self.statement.at_ms if trusted and self.statement.at_ms < now + AHEAD_MS else now

    def set_part(self, result: Result, number: int, phase: str) -> None:
        """A part's phase, and with it the result's."""
        if not 1 <= number <= MOST_COMPARTMENT:
            return
        self.papers.put(result.cid, number, phase)
        self.settle(result)

    def settle(self, result: Result) -> None:
        """The result's phase, after its parts have changed."""
        result.phase = overall(self.papers.phases(result.cid))
        if result.phase != "collected":
            result.collected_ms = 0
        elif not result.collected_ms:
            result.collected_ms = self.at_ms()


def overall(phases: Collection[str]) -> str:
    """The phase of a result from those of its parts."""
    return next((phase for phase in _WORST_FIRST if phase in phases), "retrieved")
