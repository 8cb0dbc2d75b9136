"""What whoever plays with the demo can see at one moment, as a value; and where each envelope is. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.demo.cast import DOSSIERS, Dossier
from ui.stage_view import Advice, Power, Where

READY = "ready"  # kind of message that carries a code
KNOWN_DIGITS = 4
_CODE = re.compile(r"\b(?:MA|CODE) (\d{4} \d{4})\b")


@dataclass(frozen=True, slots=True)
class SeenDoor:
    """One door and what really lies behind it, as dossier codes."""

    number: int
    is_open: bool = False
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """One message from central's spool. `to`: ten digits; `at`: local time "21:04"."""

    id: int
    kind: str
    dossier: str
    to: str
    at: str
    text: str

    @property
    def code(self) -> str:
        """The code in it, as printed; "" in other messages."""
        found = _CODE.search(self.text) if self.kind == READY else None
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything in sight. `held`: dossier code in the hand, "" none; `screen`: name of the touchscreen's."""

    doors: tuple[SeenDoor, ...]
    sent: tuple[Sent, ...] = ()  # newest first
    screen: str = ""
    power: Power = Power.ON
    network: bool = True
    held: str = ""
    taken: frozenset[str] = frozenset()
    reading: int = 0  # id of the message that is open
    trouble: Advice | None = None  # what went wrong with the demo itself

    def where(self, dossier: Dossier) -> tuple[Where, int]:
        """Where this envelope is, and behind which door if INSIDE."""
        if dossier.code == self.held:
            return Where.HELD, 0
        inside = (door.number for door in self.doors if dossier.code in door.papers)
        number = next(inside, 0)
        if number:
            return Where.INSIDE, number
        return (Where.TAKEN if dossier.code in self.taken else Where.DESK), 0

    def places(self) -> frozenset[Where]:
        """Where envelopes are."""
        return frozenset(self.where(dossier)[0] for dossier in DOSSIERS)

    def due(self) -> Sent | None:
        """A message with a code whose envelope still lies inside: the open one, else the newest."""
        inside = {paper for door in self.doors for paper in door.papers}
        good = [sent for sent in self.sent if sent.code and sent.dossier in inside]
        return next((sent for sent in good if sent.id == self.reading), next(iter(good), None))

    def open_door(self) -> SeenDoor | None:
        """The first door that stands open."""
        return next((door for door in self.doors if door.is_open), None)
