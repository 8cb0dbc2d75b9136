"""Fates: rare situations that a life is led into on purpose, again and again.

A mistake that needs three unlikely things at once may stay unseen in hundreds of lives. A fate makes the
second and third happen whenever the first one does; everything else is dealt by the seed as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from drivers.devices import Vitals
from kiosk.core.scenes import Ready
from sync.messages import Kind
from tests.simulation.faults_devices import bad_board, measure
from tests.simulation.moments import Moment, Stated, Stepped
from tests.simulation.outfit import HEALTHY
from tests.simulation.plan import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

Fate = Callable[["World", Moment], None]
AT_ONCE_MS = 30  # before a contact is believed, and before anybody moves
LOW = Vitals(mains=False, battery_percent=5, celsius=31)
OFTEN = 0.6
KEY_MS = (60, 1_000, 5_000)  # a door stands open so long; the first is too short to be believed


def shut_in_the_dark(world: World, moment: Moment) -> None:
    """A citizen's door opens; the program dies, and the door falls shut on the papers meanwhile."""
    if not isinstance(moment, Stated) or moment.statement.kind != Kind.OPENED:
        return
    fields = moment.statement.fields
    if "cid" in fields and world.chance.random() < OFTEN:
        number = fields["compartment"]
        assert isinstance(number, int)
        world.agenda.later(AT_ONCE_MS, partial(_fall_shut, world, number))


def _fall_shut(world: World, number: int) -> None:
    if not world.over:
        world.machine.cut(power=False)
        world.cabinet.push(number)


def no_power_at_the_button(world: World, moment: Moment) -> None:
    """*Ready* stands on the screen, and the battery runs low before the button is pressed."""
    if not isinstance(moment, Stepped) or not isinstance(moment.after.scene, Ready):
        return
    if not isinstance(moment.before.scene, Ready) and world.chance.random() < OFTEN:
        world.agenda.later(AT_ONCE_MS, partial(measure, world, LOW))
        world.agenda.later(30 * MINUTE_MS, partial(measure, world, HEALTHY))


def old_card(world: World, moment: Moment) -> None:
    """Somebody copies the card early on, and puts the copy in at the end."""
    loaded = isinstance(moment, Stated) and moment.statement.kind == Kind.LOADED
    if loaded and not world.over and not world.copied:
        world.snapshot()


def bad_boards(world: World, moment: Moment) -> None:
    """A board goes wrong under somebody's hands: before the button, or as staff sign in."""
    if isinstance(moment, Stepped) and isinstance(moment.after.scene, Ready):
        parts = moment.after.memory.parts_of(moment.after.scene.match.cid)
        if not isinstance(moment.before.scene, Ready) and parts:
            world.agenda.later(AT_ONCE_MS, partial(bad_board, world, min(parts)))
    elif isinstance(moment, Stated) and moment.statement.kind == Kind.STAFF_IN:
        world.agenda.later(AT_ONCE_MS, partial(bad_board, world))


def rewire(machine: Machine, unproven: frozenset[int]) -> None:
    """From the next start on these compartments hang on a changed board, and no others."""
    plans = (
        replace(p, proven=False, changes=p.changes + 1)
        if p.number in unproven
        else replace(p, proven=True)
        for p in machine.site.compartments
    )
    machine.site = replace(machine.site, compartments=tuple(plans))


def changed_boards(world: World, moment: Moment) -> None:
    """A board is changed while the power is off: what lay behind it is opened by key, one by one."""
    if not isinstance(moment, Stated) or world.over:
        return
    kind, fields = moment.statement.kind, moment.statement.fields
    if kind == Kind.STAFF_OUT and world.book.lying and world.chance.random() < OFTEN:
        world.agenda.later(MINUTE_MS, partial(_change_boards, world))
    elif kind == Kind.AUDITED and fields["finding"] == "by_key":
        number = fields["compartment"]
        assert isinstance(number, int)
        if number in world.book.unproven:
            world.agenda.later(2_000, partial(_turn_key, world, number))
            world.agenda.later(2_000 + world.chance.choice(KEY_MS), partial(_push, world, number))


def _change_boards(world: World) -> None:
    """Once in a while every compartment that holds papers hangs on a new board; else none does."""
    if world.over or world.front is not None:
        return
    full = frozenset(world.book.lying)
    if world.book.listed and max(world.book.listed.values()) % 2 == 0:
        full = frozenset()  # commissioned again; else the same boards are changed once more
    rewire(world.machine, full)
    world.machine.cut(power=True)
    for hours in (1, 3, 6):
        world.agenda.later(hours * HOUR_MS, partial(world.shifts.send_key_holder, sorted(full)))


def _turn_key(world: World, number: int) -> None:
    world.cabinet.open_by_key(number)


def _push(world: World, number: int) -> None:
    world.cabinet.push(number)


FATES: tuple[Fate, ...] = (
    shut_in_the_dark,
    no_power_at_the_button,
    bad_boards,
    changed_boards,
    old_card,
)
