"""The supervisor: timestamped readings of the contacts become what is known of each door (DESIGN §9).

Pure and shared by all boards. A reading counts once it has stood for `DEBOUNCE_MS`; one that is older than
`MAX_AGE_MS` is unknown; unknown is never taken for closed and makes no edge by itself. A contact that changes
too often is *flapping*: unknown until it has stood still for `STEADY_MS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drivers.doors import DoorsRead, Outcome, Reading

DEBOUNCE_MS = 150  # contacts bounce for tens of milliseconds when a spring throws the leaf
MAX_AGE_MS = 2_000
QUIET_MS = 2_000  # a contact this long closed is quiet: its edge can be believed to be a wrong door
STAYED_CLOSED_MS = 2_500
UNSEEN_MS = 5_000
BLIND_MS = 10_000  # no contact at all was read for so long: out of service
NOT_SENT_RETRIES = 2
FLAPS = 4  # a leaf that is thrown open and pushed shut makes no more changes than these
FLAP_MS = 3_000
STEADY_MS = 5_000
VAIN_PULSES = 3  # acknowledged, and the contact never moved: it, or the lock, wants looking at


@dataclass(frozen=True, slots=True)
class Door:
    """What is known of one door. `known` is the last debounced open or closed, whenever that was."""

    raw: Reading = Reading.UNKNOWN
    raw_since_ms: int = 0
    stable: Reading = Reading.UNKNOWN
    stable_since_ms: int = 0
    known: Reading = Reading.UNKNOWN
    read_at_ms: int = -MAX_AGE_MS - 1
    seen_open: bool = False  # debounced open at least once since this program started
    changes: tuple[int, ...] = ()  # up times of the newest changes between open and closed
    flapping: bool = False


UNREAD = Door()


@dataclass(frozen=True, slots=True)
class Asked:
    """The pulse that the supervisor is watching."""

    compartment: int
    at_ms: int
    cid: str
    staff: str = ""
    outcome: Outcome | None = None
    retries: int = NOT_SENT_RETRIES


@dataclass(frozen=True, slots=True)
class Edge:
    """A debounced change of one door."""

    compartment: int
    now: Reading
    quiet: bool  # it had been closed, and read well, for `QUIET_MS`
    found: bool = False  # open at the first reading of this run: nobody saw it open


@dataclass(frozen=True, slots=True)
class Doors:
    """Every door of the cabinet, and the pulse under watch."""

    doors: Mapping[int, Door] = field(default_factory=dict)
    asked: Asked | None = None
    swept_ms: int = -1  # the last sweep that read anything at all
    flapping: frozenset[int] = frozenset()  # doors whose contact changes too often to be believed
    vain: Mapping[int, int] = field(default_factory=dict)  # acknowledged pulses that moved nothing

    def reading(self, number: int, up_ms: int) -> Reading:
        """What a door says now; unknown when it has not been read lately."""
        door = self.doors.get(number)
        if door is None or up_ms - door.read_at_ms > MAX_AGE_MS:
            return Reading.UNKNOWN
        return door.stable

    @property
    def settling(self) -> bool:
        """True while a contact that answers has not yet stood still for `DEBOUNCE_MS`."""
        unknown = (d for d in self.doors.values() if d.stable is Reading.UNKNOWN)
        return any(d.raw is not Reading.UNKNOWN and not d.flapping for d in unknown)

    def open_now(self, up_ms: int) -> tuple[int, ...]:
        """Every door that reads open now."""
        return tuple(n for n in sorted(self.doors) if self.reading(n, up_ms) is Reading.OPEN)


def observe(doors: Doors, sweep: DoorsRead) -> tuple[Doors, tuple[Edge, ...]]:
    """One sweep over the contacts: the doors after it, and the edges it completed."""
    after, edges = dict(doors.doors), []
    swept, flapping = doors.swept_ms, doors.flapping
    for number in sorted(sweep.readings):
        before = after.get(number, UNREAD)
        door = _read(before, sweep.readings[number], sweep.up_ms)
        after[number] = door
        if door.raw is not Reading.UNKNOWN:
            swept = sweep.up_ms
        if door.flapping is not before.flapping:
            flapping ^= {number}
        found = before.known is Reading.UNKNOWN
        if door.known is not before.known and not (found and door.known is Reading.CLOSED):
            edges.append(Edge(number, door.known, _quiet(before, sweep.up_ms), found))
    return replace(doors, doors=after, swept_ms=swept, flapping=flapping), tuple(edges)


def _read(door: Door, raw: Reading, up_ms: int) -> Door:
    stale = up_ms - door.read_at_ms > MAX_AGE_MS
    as_before = raw is door.raw and raw is door.stable and raw is door.known
    if as_before and raw is not Reading.UNKNOWN and not stale:
        return _steady(door, up_ms)
    changed = raw is not door.raw or stale
    since = up_ms if changed else door.raw_since_ms
    changes = _changes(door, raw, up_ms)
    flapping = len(changes) > FLAPS or (door.flapping and not _stood(raw, since, up_ms, STEADY_MS))
    settled = raw is Reading.UNKNOWN or up_ms - since >= DEBOUNCE_MS
    stable = raw if settled else (Reading.UNKNOWN if stale else door.stable)
    stable = Reading.UNKNOWN if flapping else stable
    stirred = stable is not door.stable
    return Door(
        raw=raw,
        raw_since_ms=since,
        stable=stable,
        stable_since_ms=up_ms if stirred else door.stable_since_ms,
        known=door.known if stable is Reading.UNKNOWN else stable,
        read_at_ms=up_ms if raw is not Reading.UNKNOWN else door.read_at_ms,
        seen_open=door.seen_open or stable is Reading.OPEN,
        changes=changes,
        flapping=flapping,
    )


def _stood(raw: Reading, since_ms: int, up_ms: int, for_ms: int) -> bool:
    return raw is not Reading.UNKNOWN and up_ms - since_ms >= for_ms


def _changes(door: Door, raw: Reading, up_ms: int) -> tuple[int, ...]:
    """The changes of the last `FLAP_MS`, this one included. A gap in the readings is no change."""
    recent = tuple(t for t in door.changes if up_ms - t < FLAP_MS)
    if raw is door.raw or Reading.UNKNOWN in (raw, door.raw):
        return recent
    return (*recent, up_ms)[-FLAPS - 1 :]


def _steady(door: Door, up_ms: int) -> Door:
    """The same door, read again: nearly every reading, so that it must cost little."""
    since, stable_since, seen = door.raw_since_ms, door.stable_since_ms, door.seen_open
    return Door(door.raw, since, door.stable, stable_since, door.known, up_ms, seen, door.changes)


def _quiet(before: Door, up_ms: int) -> bool:
    steady = before.stable is Reading.CLOSED
    return steady and up_ms - before.stable_since_ms >= QUIET_MS


def pulsed(doors: Doors, asked: Asked) -> Doors:
    """A pulse is watched; what the contact does next it was asked to do, and is no flapping."""
    before = doors.doors.get(asked.compartment)
    if before is None or not before.changes:
        return replace(doors, asked=asked)
    calm = {**doors.doors, asked.compartment: replace(before, changes=())}
    return replace(doors, asked=asked, doors=calm)


def in_vain(doors: Doors, number: int) -> Doors:
    """One more acknowledged pulse after which a well-read contact never moved."""
    return replace(doors, vain={**doors.vain, number: doors.vain.get(number, 0) + 1})


def moved(doors: Doors, number: int) -> Doors:
    """Its contact has moved: whatever was counted against it is over."""
    if number not in doors.vain:
        return doors
    return replace(doors, vain={n: count for n, count in doors.vain.items() if n != number})
