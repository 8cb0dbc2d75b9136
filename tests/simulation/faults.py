"""What goes wrong: cabinet, wire, disk, clock, network, power, hostile manifests. Drawn by seed, then mended.

Each fault is one function of the world; one that spoils a contact writes its compartment into the book as
tainted, since what it says is no longer the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drivers.doors import Outcome, Reading
from kiosk.core.doors import MAX_AGE_MS
from kiosk.core.events import SpaceLeft
from kiosk.journal_values import Reason
from sync.envelopes import seal_manifest
from sync.messages import Clock
from tests.simulation import keys
from tests.simulation.faults_devices import DEVICE_FAULTS
from tests.simulation.plan import BUILT_MS, DAY_MS, HOUR_MS, MINUTE_MS, START_WALL_MS
from tests.simulation.strangers import JUNK

if TYPE_CHECKING:
    from tests.simulation.world import World

CROSSED_MS = 8 * HOUR_MS
MEND_MS = (2_000, 30_000, 10 * MINUTE_MS, 3 * HOUR_MS)


def _later(world: World, do: Callable[[], None]) -> None:
    world.agenda.later(world.chance.choice(MEND_MS), do)


def _any(world: World) -> int:
    """A compartment; most often the one that people are busy with."""
    scene = None if world.machine.state is None else world.machine.state.scene
    busy = getattr(scene, "compartment", None)
    if isinstance(busy, int) and world.chance.random() < 0.7:
        return busy
    return world.chance.choice(world.cabinet.compartments)


def jam(world: World) -> None:
    number = _any(world)
    world.cabinet.jam(number)
    _later(world, lambda: world.cabinet.mend(number))


def break_spring(world: World) -> None:
    world.cabinet.break_spring(_any(world))


def stick_sensor(world: World) -> None:
    number = _any(world)
    world.book.tainted.add(number)
    world.cabinet.stick_sensor(number, world.chance.choice(list(Reading)))
    _later(world, lambda: world.cabinet.mend(number))


def dead_board(world: World) -> None:
    world.book.blind()
    world.cabinet.kill_board()

    def revive() -> None:
        world.cabinet.revive_board()
        world.book.blind()

    _later(world, revive)


def cross_wires(world: World) -> None:
    number, other = _any(world), world.chance.choice(world.cabinet.compartments)
    world.book.crossed = True
    world.cabinet.board.cross(number, other)
    for_ms = CROSSED_MS  # long enough to be met by somebody
    _later(world, lambda: world.agenda.later(for_ms, lambda: world.cabinet.mend(number)))


def spoil_answers(world: World) -> None:
    outcome = world.chance.choice([o for o in Outcome if o is not Outcome.ACKNOWLEDGED])
    for _ in range(world.chance.randint(1, 5)):
        world.cabinet.board.spoil_answer(outcome)


def silent_driver(world: World) -> None:
    for_ms = world.chance.choice((1_500, 4_000, 30_000))
    world.machine.stall(for_ms)
    noted = world.book.blind if for_ms > MAX_AGE_MS else world.book.unread  # a gap that is bridged
    noted()
    world.agenda.later(for_ms, noted)


def key_opens(world: World) -> None:
    """Somebody opens a compartment with the mechanical key, takes nothing, shuts it."""
    number = _any(world)
    world.cabinet.open_by_key(number)
    world.agenda.later(world.chance.choice((60, 5_000, HOUR_MS)), lambda: _shut(world, number))


def _shut(world: World, number: int) -> None:
    world.cabinet.push(number)


def shutting_wind(world: World) -> None:
    for number in world.cabinet.compartments:
        world.cabinet.push(number)


def bad_disk(world: World) -> None:
    world.machine.disk_fails = world.chance.choice((Reason.FULL, Reason.IO))

    def mend() -> None:
        world.machine.disk_fails = None

    world.agenda.later(world.chance.choice((500, 5_000, MINUTE_MS)), mend)


def little_space(world: World) -> None:
    world.machine.deliver(SpaceLeft(10 * 1024 * 1024))
    _later(world, lambda: world.machine.deliver(SpaceLeft(10**10)))


def wrong_clock(world: World) -> None:
    """The wall clock is set, forward or back, with or without saying so; later it is right again."""
    machine = world.machine
    machine.wall_offset_ms = world.chance.choice(
        (HOUR_MS, -HOUR_MS, 3 * DAY_MS, 400 * DAY_MS, -400 * DAY_MS, 2 * MINUTE_MS)
    )
    machine.claim = world.chance.choice(list(Clock))
    _later(world, lambda: right_clock(world))


def no_clock(world: World) -> None:
    """The next boot wakes with no idea of the time."""
    machine = world.machine
    machine.wall_offset_ms = BUILT_MS - START_WALL_MS - world.agenda.now_ms
    machine.claim = Clock.UNKNOWN
    world.machine.cut(power=True)
    world.agenda.later(world.chance.choice((HOUR_MS, 8 * HOUR_MS)), lambda: right_clock(world))


def right_clock(world: World) -> None:
    """NTP has answered."""
    world.machine.wall_offset_ms = 0
    world.machine.claim = Clock.SYNCED


def bad_network(world: World) -> None:
    world.wire.lost = world.chance.choice((0.1, 0.5, 0.9))

    def mend() -> None:
        world.wire.lost = 0.0

    world.agenda.later(world.chance.choice((HOUR_MS, 6 * HOUR_MS)), mend)


def no_network(world: World) -> None:
    for_ms = world.chance.choice((20 * MINUTE_MS, 5 * HOUR_MS, 20 * HOUR_MS))
    world.wire.down_until_ms = world.agenda.now_ms + for_ms


def power_cut(world: World) -> None:
    world.machine.cut(power=True)


def program_dies(world: World) -> None:
    world.machine.cut(power=False)


def old_manifest(world: World) -> None:
    if world.office.older:
        world.machine.offer(world.chance.choice(world.office.older).jwe)


def forged_manifest(world: World) -> None:
    """From central's own last payload: signed by a stranger, for another kiosk, cut, garbled, twinned."""
    if world.office.newest is None:
        return
    payload = world.office.central.serve_stale(0)
    jwe = world.office.newest.jwe
    changes, signer = world.chance.choice(
        (
            ({"aud": "bt2"}, keys.CENTRAL),
            ({"epoch": 2}, keys.CENTRAL),
            ({"results": "none"}, keys.CENTRAL),
            ({"results": []}, keys.STRANGER),
            ({}, keys.STRANGER),
        )
    )
    if world.machine.durable.ver == payload["ver"] and world.chance.random() < 0.3:
        changes, signer = {"results": []}, keys.CENTRAL  # a twin of the one in force
    forged = seal_manifest(
        {**payload, **changes}, signer=signer, recipient_public=keys.OPENING_PUBLIC
    ).jwe
    cut = world.chance.randrange(len(jwe))
    texts = (forged, forged, forged, jwe[:cut], jwe[:cut] + "A" + jwe[cut + 1 :], "", "a.b.c")
    world.machine.offer(world.chance.choice(texts))


def junk_scans(world: World) -> None:
    for _ in range(world.chance.randint(1, 30)):
        world.scan(world.chance.choice(JUNK))


FAULTS: tuple[tuple[int, Callable[[World], None]], ...] = (
    (3, jam),
    (2, break_spring),
    (2, stick_sensor),
    (4, dead_board),
    (2, cross_wires),
    (3, spoil_answers),
    (2, silent_driver),
    (2, key_opens),
    (2, shutting_wind),
    (3, bad_disk),
    (1, little_space),
    (2, wrong_clock),
    (1, no_clock),
    (3, bad_network),
    (2, no_network),
    (5, power_cut),
    (5, program_dies),
    (3, old_manifest),
    (4, forged_manifest),
    (2, junk_scans),
    *DEVICE_FAULTS,
)


def strike(world: World) -> None:
    """One fault."""
    weights = [weight for weight, _ in FAULTS]
    world.chance.choices([fault for _, fault in FAULTS], weights)[0](world)
