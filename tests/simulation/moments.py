"""What the promises are asked about: everything that happens in a simulated life, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.doors import Reading
from kiosk.core.effects import Effect
from kiosk.core.events import Event
from kiosk.core.memory import Memory
from kiosk.core.state import State
from sync.messages import Statement


@dataclass(frozen=True, slots=True)
class Swept:
    """The contacts were read; told before the core takes them."""

    readings: Mapping[int, Reading]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement is on the disk. `event` is None at start-up."""

    statement: Statement
    event: Event | None


@dataclass(frozen=True, slots=True)
class Pulsed:
    """A pulse is handed to the board."""

    compartment: int
    event: Event | None


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step was taken and every effect of it carried out."""

    before: State
    event: Event
    after: State
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """The program started. `remembered` is what was durable before, `replayed` the fold of the disk."""

    remembered: Memory
    replayed: Memory
    rows: int
    rebooted: bool


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A restored card: what central gave back is the journal now; told before what follows is stated."""


@dataclass(frozen=True, slots=True)
class Received:
    """Central took statements."""


@dataclass(frozen=True, slots=True)
class Left:
    """A person went home with these papers. `served`: everything was done right for `cid`."""

    who: str
    cids: frozenset[str]
    papers: tuple[str, ...]
    served: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """Everything was mended, everybody is gone, and half an hour has passed."""

    rows: tuple[str, ...]
    state: State


Moment = Swept | Stated | Pulsed | Stepped | Started | TakenIn | Received | Left | Ended


class PromiseBrokenError(AssertionError):
    """A promise of DESIGN §6 does not hold; the text says which, and how."""


def hold(what: object, why: str) -> None:
    """Raise unless `what` is true."""
    if not what:
        raise PromiseBrokenError(why)
