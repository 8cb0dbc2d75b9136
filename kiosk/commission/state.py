"""The values of a commissioning round: where it is, what was found, what can happen, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from kiosk.commission.plan import Candidate, Plan


class Step(StrEnum):
    """Where in the round."""

    BEGIN = "begin"  # every door is to be shut; a touch goes on
    REST = "rest"  # waits for quiet contacts, then pulses
    WATCH = "watch"  # the pulse is out
    ASK = "ask"  # which door opened?
    SHUT = "shut"  # the door is to be closed again
    DONE = "done"
    STOPPED = "stopped"


class Choice(StrEnum):
    """What can be answered besides a number."""

    GO = "go"
    ANEW = "anew"  # forget what an interrupted round had found
    NONE = "none"  # no door opened
    AGAIN = "again"
    EMPTY = "empty"  # nothing is wired to the rest of this board
    SHUT = "shut"  # I have closed it
    BACK = "back"
    STOP = "stop"


class Trouble(StrEnum):
    """What the person has to be told besides the question."""

    NONE = ""
    LOST = "lost"  # the board does not answer
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    NOT_ON_WALL = "not_on_wall"
    DUPLICATE = "duplicate"  # another channel opened that door before
    OCCUPIED = "occupied"  # papers should lie behind that door


@dataclass(frozen=True, slots=True)
class Typed:
    """A number was typed and confirmed."""

    number: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the offered answers."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Event = DoorsRead | PulseDone | Typed | Chosen | Tick


@dataclass(frozen=True, slots=True)
class Pulse:
    """Effect: one pulse on this virtual compartment."""

    virtual: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Effect: put `State.found` on the disk before anything else moves."""


Effect = Pulse | Keep


@dataclass(frozen=True, slots=True)
class Found:
    """What one channel did."""

    virtual: int
    number: int  # the compartment whose door opened; 0: none
    contact: int = 0  # whose contact changed: its own if it did, else the first other; 0: none
    rest: Reading = Reading.UNKNOWN  # that contact while the door is shut
    open_ms: int = 0  # from the pulse to that change; boards that answer late make it longer
    back: bool = False  # it came back when the door was shut
    skipped: bool = False  # never pulsed: nothing is wired there


@dataclass(frozen=True, slots=True)
class State:
    """The round so far. `found` has one entry per channel that is done, the newest last."""

    plan: Plan
    found: tuple[Found, ...] = ()
    step: Step = Step.BEGIN
    since_ms: int = 0  # of this step
    readings: Mapping[int, Reading] = field(default_factory=dict)
    stirred_ms: int = 0  # when a contact changed last
    tries: int = 0
    pulsed_ms: int | None = None  # of this channel
    outcome: Outcome | None = None
    rest: Mapping[int, Reading] = field(default_factory=dict)  # before the pulse
    moved: Mapping[int, int] = field(default_factory=dict)  # contact → when it changed
    number: int = 0  # the answer
    contact: int = 0
    trouble: Trouble = Trouble.NONE
    told: int = 0  # the number that `trouble` is about; typing it again insists
    said_ms: int | None = None  # when "it is shut" was said

    @property
    def channel(self) -> Candidate | None:
        """The one it is about now; None when all are done."""
        done = {one.virtual for one in self.found}
        return next((one for one in self.plan.pulsed if one.virtual not in done), None)

    def changed(self) -> tuple[int, ...]:
        """Contacts that differ from before the pulse, the first to change first."""
        still = [v for v in self.moved if self.readings.get(v) not in (None, self.rest.get(v))]
        known = [v for v in still if self.readings[v] is not Reading.UNKNOWN]
        return tuple(sorted(known, key=lambda v: self.moved[v]))

    def changed_here(self) -> int:
        """The contact that counts for this channel: its own before any other; 0: none."""
        changed, channel = self.changed(), self.channel
        if channel is not None and channel.virtual in changed:
            return channel.virtual
        return changed[0] if changed else 0

    def on_channel(self, number: int) -> str:
        """The name of the channel that already opened this compartment; "" for none."""
        for one in self.found:
            if one.number == number:
                return self.plan.candidate(one.virtual).name
        return self.plan.taken.get(number, "")
