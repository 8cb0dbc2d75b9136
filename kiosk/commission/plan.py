"""What a commissioning round is about: the channels to pulse, and the doors that they shall open.

The law of this file: during the round every channel is a *virtual* compartment, numbered 1 to 255 in the
order of pulsing, whose contact counts as CLOSED when its raw contact is. Which door it opens, and what its
contact says of a shut door, is what the round finds out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST = 255  # virtual compartments, as many as a cabinet has doors


@dataclass(frozen=True, slots=True)
class Candidate:
    """One lock channel. `pulsed` False: only its contact is watched, its lock is left alone."""

    virtual: int
    bus: str = ""
    board: int = 0
    channel: int = 0
    lock_pin: int = 0
    contact_pin: int = 0
    pulsed: bool = True

    @property
    def name(self) -> str:
        """As a technician finds it: bus/board/channel, the relay's GPIO line, or a number."""
        if self.bus:
            return f"{self.bus}/{self.board}/{self.channel}"
        return f"GPIO{self.lock_pin}" if self.contact_pin or self.lock_pin else str(self.virtual)

    @property
    def home(self) -> tuple[str, int]:
        """The board that it sits on."""
        return self.bus, self.board


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the round waits for what, in milliseconds."""

    watch_ms: int = 3_000  # a door that opens does so within this time
    settle_ms: int = 300  # a contact that stays so long has changed, or has come back
    quiet_ms: int = 500  # no contact changed for so long: the doors rest
    lost_ms: int = 6_000  # a contact that nobody can read for so long is told of
    back_ms: int = 1_500  # "it is shut" was said: the contact has to come back within this time
    cool_down_ms: int = 2_000  # between two pulses of one channel


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole round. `wanted` are the compartments that have to be found; `wall` all that exist."""

    candidates: tuple[Candidate, ...]
    wanted: frozenset[int]
    wall: frozenset[int]
    taken: Mapping[int, str] = field(default_factory=dict)  # numbers on wires that are kept
    occupied: frozenset[int] = frozenset()  # papers lie, or may lie, in them
    pace: Pace = Pace()

    @property
    def pulsed(self) -> tuple[Candidate, ...]:
        """Those whose locks are tried, in order."""
        return tuple(one for one in self.candidates if one.pulsed)

    def candidate(self, virtual: int) -> Candidate:
        """The channel behind a virtual number. KeyError: there is none."""
        for one in self.candidates:
            if one.virtual == virtual:
                return one
        raise KeyError(virtual)

    def fingerprint(self) -> str:
        """The same for the same round: what was kept of another one must not be mixed in."""
        facts = [
            [one.virtual, one.name, one.contact_pin, one.pulsed] for one in self.candidates
        ] + [sorted(self.wanted), sorted(self.occupied), sorted(self.taken.items())]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
