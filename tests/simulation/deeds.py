"""What central decides in the course of a life: new results, newer codes, recalls, moves, other holders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation.plan import DAY_MS, HOUR_MS, START_WALL_MS, Temper

if TYPE_CHECKING:
    from tests.simulation.world import World


def phone_number(world: World) -> str:
    """Fictional, and now and then with the same last four digits as somebody else's."""
    taken = sorted(world.book.known_texts)
    digits = str(world.chance.randrange(1_000, 10_000))
    if taken and world.chance.random() < 0.25:
        digits = world.chance.choice(taken)
    world.book.known_texts.add(digits)
    return f"0530{world.chance.randrange(10, 100)}{digits}"


def register(world: World) -> None:
    """One more result; some are never fetched in time, some need a fee first."""
    calm = world.plan.temper is Temper.CALM
    short = not calm and world.chance.random() < 0.25
    hold_ms = world.chance.randint(6, 24) * HOUR_MS if short else 7 * DAY_MS
    wall_ms = START_WALL_MS + world.agenda.now_ms
    phone = phone_number(world)
    result = world.office.register(phone, hold_ms=hold_ms, wall_ms=wall_ms)
    if not calm and world.chance.random() < 0.2:
        result.dossiers[0] = f"H29.915-261121-{world.chance.randint(1, 2):04d}"
    result.fee_due = not calm and world.chance.random() < 0.05
    result.overdue = world.chance.random() < 0.2


def _loaded(world: World) -> str | None:
    known = sorted(world.office.loaded)
    return world.chance.choice(known) if known else None


def _who(world: World, cid: str) -> tuple[str, str] | None:
    holders = sorted(world.office.central.results[cid].holders)
    return (cid, world.chance.choice(holders)) if holders else None


def resend(world: World) -> None:
    """A newer counter, or the same code again."""
    _issue(world, fresh=False)


def re_issue(world: World) -> None:
    """A new secret: every earlier code is void."""
    _issue(world, fresh=True)


def _issue(world: World, *, fresh: bool) -> None:
    cid = _loaded(world)
    who = None if cid is None else _who(world, cid)
    if who is not None:
        world.office.re_issue(who, fresh=fresh)
        if world.chance.random() < 0.8:
            world.invite(who)


def revoke(world: World) -> None:
    _change(world, world.office.central.revoke)


def drop(world: World) -> None:
    _change(world, world.office.central.drop)


def relist(world: World) -> None:
    for cid in sorted(world.office.central.results):
        world.office.central.relist(cid)
    world.office.changed = True


def _change(world: World, how: Callable[[str], None]) -> None:
    cid = _loaded(world)
    if cid is not None:
        how(cid)
        world.office.changed = True
        who = _who(world, cid)
        if who is not None:
            world.invite(who)


def move(world: World) -> None:
    """Central has it elsewhere now, or back here."""

    def moved(cid: str) -> None:
        result = world.office.central.results[cid]
        result.place = "" if result.place else "UBND Phường Bình Phú"

    _change(world, moved)


def another_holder(world: World) -> None:
    cid = _loaded(world)
    if cid is not None and len(world.office.central.results[cid].holders) < 3:
        name = "h" + "abcdefgh"[len(world.office.central.results[cid].holders)]
        if name not in world.office.central.results[cid].holders:
            world.office.central.authorise(cid, name, phone_number(world))
            world.office.changed = True
            world.office.message((cid, name))
            world.invite((cid, name))


def unlist_holder(world: World) -> None:
    cid = _loaded(world)
    who = None if cid is None else _who(world, cid)
    if who is not None:
        world.invite(who)
        world.office.central.unlist(*who)
        world.office.changed = True


def tighter_policy(world: World) -> None:
    policies: tuple[dict[str, object], ...] = (
        {},
        {"bucket": 5},
        {"holder_refusals": 3, "settings": ["sound"]},
        {"resume_s": 120},
    )
    world.office.central.policy = world.chance.choice(policies)
    world.office.changed = True


def come_back(world: World) -> None:
    """Somebody who has the papers already tries the code once more."""
    cid = _loaded(world)
    who = None if cid is None else _who(world, cid)
    if who is not None:
        world.invite(who)


def too_early(world: World) -> None:
    """Somebody at the counter is shown the code before the papers are in the kiosk."""
    waiting = sorted(set(world.office.central.results) - set(world.office.loaded))
    who = _who(world, world.chance.choice(waiting)) if waiting else None
    if who is not None:
        world.office.message(who)
        world.invite(who)


def mass_absence(world: World) -> None:
    """A restored central that has lost most of its list."""
    for cid in sorted(world.office.central.results)[1:]:
        world.office.central.drop(cid)
    world.office.changed = True
    world.agenda.later(3 * HOUR_MS, lambda: relist(world))


DEEDS: tuple[tuple[int, Callable[[World], None]], ...] = (
    (6, register),
    (4, resend),
    (3, re_issue),
    (2, revoke),
    (2, drop),
    (2, relist),
    (1, move),
    (3, another_holder),
    (1, unlist_holder),
    (1, tighter_policy),
    (4, come_back),
    (2, too_early),
    (1, mass_absence),
)


def decide(world: World) -> None:
    """One deed."""
    weights = [weight for weight, _ in DEEDS]
    world.chance.choices([deed for _, deed in DEEDS], weights)[0](world)
