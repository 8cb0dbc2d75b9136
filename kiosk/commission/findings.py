"""What the round has shown: which door hangs on which channel, and everything that is not as it must be.

The law of this file: a kiosk goes live only when every compartment was opened by exactly one channel, and
that channel's own contact changed with the door and came back. Anything else is a finding, in words for
whoever holds the screwdriver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from drivers.doors import Reading
from kiosk.commission.plan import Candidate, Plan
from kiosk.commission.state import Found
from kiosk.hardware import Bus

SLOW_MS = 1_500  # a door that takes longer wants a look at its latch, or at the supply
MIRRORED_FAMILY = "xor-8a80"  # the one whose status bytes come in either order
GROUP = 8  # channels in one status byte


class Kind(StrEnum):
    """What is wrong. All but SLOW keep the kiosk from going live."""

    GAP = "gap"  # no channel opened this compartment
    DOUBLE = "double"  # two channels opened it
    SENSOR = "sensor"  # its contact never changed
    NOT_BACK = "not_back"  # its contact did not come back with the door
    SWAPPED = "swapped"  # the contact of another channel changed
    MOVED = "moved"  # a contact changed, but no door opened
    OCCUPIED = "occupied"  # a door opened behind which papers lie
    STATUS = "status"  # the boards of one bus differ in the order of their status bytes
    CROSSED = "crossed"  # a simulated lock that opens another door than its own
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: compartment, channel, the other channel, milliseconds, as it has them."""

    kind: Kind
    number: int = 0
    name: str = ""
    other: str = ""
    ms: int = 0

    @property
    def refuses(self) -> bool:
        """Whether the kiosk may not go live with it."""
        return self.kind is not Kind.SLOW


@dataclass(frozen=True, slots=True)
class Door:
    """One compartment as it was found."""

    number: int
    candidate: Candidate
    shut_when: Literal["closed", "open"]
    open_ms: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The end of a round. `flipped`: buses whose status order is the other one than was assumed."""

    doors: tuple[Door, ...]
    findings: tuple[Finding, ...]
    flipped: frozenset[str] = frozenset()

    @property
    def may_go_live(self) -> bool:
        """Nothing was found that forbids it."""
        return not any(finding.refuses for finding in self.findings)


def judge(
    plan: Plan, found: tuple[Found, ...], buses: tuple[Bus, ...], kept: frozenset[str] = frozenset()
) -> Judged:
    """Everything that the round has shown. `kept`: buses with boards that it did not try."""
    mirrors = _Mirrors(plan, found, buses, kept)
    doors, findings = [], [*mirrors.clashes()]
    opened = [one for one in found if one.number]
    for one in opened:
        candidate = plan.candidate(one.virtual)
        shut_when: Literal["closed", "open"] = "open" if one.rest is Reading.OPEN else "closed"
        doors.append(Door(one.number, candidate, shut_when, one.open_ms))
        findings += _of_door(plan, one, candidate, mirrors)
    findings += _of_mapping(plan, opened)
    for one in found:
        if one.contact and not one.number:
            findings.append(Finding(Kind.MOVED, name=plan.candidate(one.virtual).name))
    doors.sort(key=lambda door: door.number)
    findings.sort(key=lambda finding: (not finding.refuses, finding.number, finding.kind))
    return Judged(tuple(doors), tuple(findings), mirrors.flipped)


def sound(plan: Plan, found: tuple[Found, ...], judged: Judged) -> tuple[Found, ...]:
    """What need not be tried again once the flaws are put right: every channel without one.

    With a gap, each channel where nothing opened is tried again: one of them is the missing lock.
    """
    refusing = [finding for finding in judged.findings if finding.refuses]
    named = {name for finding in refusing for name in (finding.name, finding.other)} - {""}
    gap = any(finding.kind is Kind.GAP for finding in refusing)
    flawed = {one.virtual for one in plan.candidates if {one.name, one.bus} & named}
    return tuple(one for one in found if one.virtual not in flawed and (one.number or not gap))


def _of_door(plan: Plan, one: Found, candidate: Candidate, mirrors: _Mirrors) -> Iterator[Finding]:
    number, name = one.number, candidate.name
    if number in plan.occupied:
        yield Finding(Kind.OCCUPIED, number, name)
    if not (candidate.bus or candidate.contact_pin or number == one.virtual):
        yield Finding(Kind.CROSSED, number, name)
    if not one.contact:
        yield Finding(Kind.SENSOR, number, name)
        return
    if one.contact != one.virtual and not mirrors.explains(one):
        yield Finding(Kind.SWAPPED, number, name, plan.candidate(one.contact).name)
    if not one.back:
        yield Finding(Kind.NOT_BACK, number, name)
    if one.open_ms > SLOW_MS:
        yield Finding(Kind.SLOW, number, name, ms=one.open_ms)


def _of_mapping(plan: Plan, opened: list[Found]) -> Iterator[Finding]:
    numbers = Counter(one.number for one in opened)
    for number in sorted(plan.wanted - set(numbers)):
        yield Finding(Kind.GAP, number)
    for number in sorted(numbers):
        names = [plan.candidate(o.virtual).name for o in opened if o.number == number]
        if number in plan.taken:
            names.append(plan.taken[number])
        for other in names[1:]:
            yield Finding(Kind.DOUBLE, number, names[0], other)


class _Mirrors:
    """Whether contacts that came from the wrong channel are only status bytes in the other order.

    On a board with G status bytes channel c then answers as the same bit of byte G-1-g. A board is
    believed to be mirrored when at least one door says so and none says otherwise; the order is a
    property of the bus, so all its boards must agree.
    """

    def __init__(
        self, plan: Plan, found: tuple[Found, ...], buses: tuple[Bus, ...], kept: frozenset[str]
    ) -> None:
        self._plan = plan
        self._channels = {one.virtual: one for one in plan.candidates}
        mirrored = {bus.name for bus in buses if bus.family == MIRRORED_FAMILY}
        said: dict[tuple[str, int], set[bool]] = {}
        for one in found:
            candidate = self._channels[one.virtual]
            said_here = self._says(one) if candidate.bus in mirrored else None
            if said_here is not None:
                said.setdefault(candidate.home, set()).add(said_here)
        self._boards = {home for home, words in said.items() if words == {True}}
        plain = {bus for (bus, _), words in said.items() if False in words} | kept
        self._clash = {bus for bus, _ in self._boards} & plain
        self.flipped = frozenset(bus for bus, _ in self._boards) - self._clash

    def explains(self, one: Found) -> bool:
        """This contact is where a mirrored board puts it."""
        home = self._channels[one.virtual].home
        return home in self._boards and self._says(one) is not False

    def clashes(self) -> Iterator[Finding]:
        """Buses whose boards do not agree."""
        for bus in sorted(self._clash):
            yield Finding(Kind.STATUS, name=bus)

    def _says(self, one: Found) -> bool | None:
        """True: mirrored. False: not. None: this door cannot tell."""
        own = self._channels[one.virtual]
        seen = self._channels.get(one.contact)
        mirror = self._mirror(own)
        if seen is None or not one.number or mirror == own.channel:
            return None
        return seen.home == own.home and seen.channel == mirror

    def _mirror(self, own: Candidate) -> int:
        most = max(one.channel for one in self._plan.candidates if one.home == own.home)
        groups = -(-most // GROUP)
        group, bit = divmod(own.channel - 1, GROUP)
        return (groups - 1 - group) * GROUP + bit + 1
