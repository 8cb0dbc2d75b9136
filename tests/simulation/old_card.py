"""The end of some lives: a copy of the card is put in, which knows less than central."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.plan import HOUR_MS

if TYPE_CHECKING:
    from tests.journal_fake import Disk
    from tests.simulation.world import World


def usable(world: World, copied: Disk | None) -> bool:
    """Whether the copy serves at all, and lacks something."""
    return bool(copied and copied.sealed and len(copied.rows) + 2 <= len(world.disk.rows))


def put_in(world: World, copied: Disk) -> None:
    """From the next contact on no promise is broken by it, nor by the way back."""
    disk = world.disk
    world.machine.cut(power=True)
    disk.rows[:] = copied.rows
    disk.states, disk.sealed = dict(copied.states), dict(copied.sealed)
    world.book.older_card(len(copied.rows))
    if world.chance.random() < 0.5:  # nobody is told for a while, and the copy serves on its own
        world.wire.down_until_ms = world.agenda.now_ms + 8 * HOUR_MS
    world.run(world.agenda.now_ms + 7 * HOUR_MS)
    world.everybody()
    world.run(world.agenda.now_ms + 2 * HOUR_MS)
    if not world.book.came_back:
        return  # a fork: it waits for a new epoch
    world.book.kept = False
    world.look_after_everything()
    world.all_told()
    world.everybody()
