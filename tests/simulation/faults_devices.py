"""What goes wrong with boards, contacts, power and the other devices; each is mended later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Reading
from tests.simulation.outfit import HEALTHY
from tests.simulation.plan import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from tests.simulation.world import World

MISSED_POLLS_MS = 300  # so long a driver asks in vain before it says that a board is lost
MEND_MS = (1_500, 30_000, 10 * MINUTE_MS, 2 * HOUR_MS)
BAD = (Trouble.OUTPUT_STUCK, Trouble.WRONG_MODE, Trouble.ADDRESS_CLASH)
GADGETS = (
    DeviceState(Device.SCANNER, Trouble.LOST),
    DeviceState(Device.PRINTER, Trouble.PAPER_OUT),
    DeviceState(Device.TAMPER, Trouble.OPENED),
)
DRAIN = (80, 40, 18, 14, 9, 16, 12, 4)  # per cent, as the battery tells it


def _later(world: World, do: Callable[[], None]) -> None:
    world.agenda.later(world.chance.choice(MEND_MS), do)


def _bank(world: World) -> tuple[str, tuple[int, ...]]:
    """A board and what hangs on it; most often the one that people are busy with."""
    scene = None if world.machine.state is None else world.machine.state.scene
    number = getattr(scene, "compartment", None)
    if not isinstance(number, int) or world.chance.random() < 0.3:
        number = world.chance.choice(world.cabinet.compartments)
    return world.machine.site.plan(number).bank, world.machine.site.bank_of(number)


def _breaks(world: World, state: DeviceState, told_after_ms: int = 0) -> None:
    """It breaks, the driver says so, and a while later it is well again."""
    if world.over or (state.device, state.name) in world.cabinet.ill:
        return
    world.book.unread()
    world.cabinet.fall_ill(state)

    def tell() -> None:
        if (state.device, state.name) in world.cabinet.ill:
            world.machine.deliver(state)

    world.agenda.later(told_after_ms, tell)
    _later(world, lambda: heal(world, state.device, state.name))


def heal(world: World, device: Device, name: str) -> None:
    """The device answers again."""
    state = world.cabinet.heal(device, name)
    if state is not None:
        world.book.unread()
        world.machine.deliver(state)


def lost_board(world: World) -> None:
    name, numbers = _bank(world)
    _breaks(world, DeviceState(Device.BOARD, Trouble.LOST, name, numbers), MISSED_POLLS_MS)


def unplugged_at_a_pulse(world: World) -> None:
    """The next lock that is pulsed takes its board with it: nobody sees what its door did."""
    world.unplug = True


def unplug(world: World, number: int) -> None:
    """The board of this compartment is gone."""
    site = world.machine.site
    lost = DeviceState(Device.BOARD, Trouble.LOST, site.plan(number).bank, site.bank_of(number))
    _breaks(world, lost, MISSED_POLLS_MS)


def bad_board(world: World, number: int | None = None) -> None:
    """A board that answers, and must not be pulsed: this compartment's, or any."""
    site = world.machine.site
    name, numbers = (
        _bank(world) if number is None else (site.plan(number).bank, site.bank_of(number))
    )
    _breaks(world, DeviceState(Device.BOARD, world.chance.choice(BAD), name, numbers))


def restless_board(world: World) -> None:
    """A plug that has worked loose: lost and back, again and again."""
    name, numbers = _bank(world)
    lost = DeviceState(Device.BOARD, Trouble.LOST, name, numbers)
    for at in range(world.chance.choice((4, 30))):
        world.agenda.later(at * 4_000, lambda: _breaks(world, lost))
        world.agenda.later(at * 4_000 + 2_500, lambda: heal(world, Device.BOARD, name))


def broken_gadget(world: World) -> None:
    _breaks(world, world.chance.choice(GADGETS))


def loose_contact(world: World) -> None:
    """A contact that says something else at nearly every sweep; in the end it is mended."""
    number = world.chance.choice((*_bank(world)[1], *world.book.lying))  # most often with papers
    world.book.tainted.add(number)
    flips, gap_ms = world.chance.choice((3, 6, 40, 300)), world.chance.choice((100, 300, 600))
    for at in range(flips):
        reading = Reading.CLOSED if at % 2 else Reading.OPEN
        world.agenda.later(at * gap_ms, partial(world.cabinet.stick_sensor, number, reading))
    world.agenda.later(flips * gap_ms, lambda: world.cabinet.mend(number))


def power_fails(world: World) -> None:
    """The mains go; the battery drains, perhaps to where no lock may be pulsed."""
    if world.cabinet.vitals.mains is False:
        return
    begin = world.chance.choice((0, 3))  # an old battery is low at once
    for at, percent in enumerate(DRAIN[begin : world.chance.randint(begin + 1, len(DRAIN))]):
        vitals = Vitals(mains=False, battery_percent=percent, celsius=31)
        world.agenda.later(at * 20_000, partial(measure, world, vitals))
    later = len(DRAIN) * 20_000 + world.chance.choice((1_000, 20 * MINUTE_MS, 3 * HOUR_MS))
    world.agenda.later(later, lambda: measure(world, HEALTHY))


def measure(world: World, vitals: Vitals) -> None:
    """Power and climate, as the drivers tell them."""
    if world.over:
        vitals = HEALTHY
    world.cabinet.vitals = vitals
    world.machine.deliver(vitals)


def all_well(world: World) -> None:
    """Everything is mended."""
    for device, name in list(world.cabinet.ill):
        heal(world, device, name)
    measure(world, HEALTHY)


DEVICE_FAULTS: tuple[tuple[int, Callable[[World], None]], ...] = (
    (3, lost_board),
    (3, bad_board),
    (3, unplugged_at_a_pulse),
    (1, restless_board),
    (1, broken_gadget),
    (5, loose_contact),
    (4, power_fails),
)
