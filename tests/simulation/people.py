"""Who comes when: holders with their messages, clerks with envelopes, strangers with none of these."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from kiosk.core.scenes import Grant
from tests.simulation.actor import Actor
from tests.simulation.citizens import CAREFUL, Citizen, Errand, manner
from tests.simulation.moments import Left
from tests.simulation.plan import HOUR_MS, KIOSK, MINUTE_MS, Temper
from tests.simulation.staff import Staff
from tests.simulation.strangers import Guesser, Vandal

if TYPE_CHECKING:
    from tests.simulation.world import World


class People:
    """The street before the kiosk."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = Random(f"people {world.plan.seed}")
        self._calm = world.plan.temper is Temper.CALM
        self._came = 0
        self._fetched: set[str] = set()

    def _own(self, name: str) -> Random:
        self._came += 1
        return Random(f"{name} {self._came} {self._world.plan.seed}")

    # Holders

    def post(self) -> None:
        """Codes that may be sent now are sent; whoever gets one will come."""
        for who in self._world.office.tell():
            self.invite(who)

    def invite(self, who: tuple[str, str]) -> None:
        """A holder comes some time, with the newest message or an older one."""
        rng = self._own("citizen")
        in_ms = rng.choice((rng.randint(1, 60) * MINUTE_MS, rng.randint(1, 20) * HOUR_MS))
        self._world.agenda.later(in_ms, lambda: self._comes(who, rng))

    def _comes(self, who: tuple[str, str], rng: Random) -> None:
        world = self._world
        result = world.office.central.results[who[0]]
        phone = world.office.phones.get(who)
        if who[1] not in result.holders or phone is None or not phone.codes:
            return
        how = CAREFUL if self._calm or rng.random() < 0.4 else manner(rng)
        known = world.office.central.known_digits(*who)
        code, qr = phone.codes[-1], phone.qr if rng.random() < 0.3 else ""
        if not self._calm:
            known, code, qr = self._muddled(rng, known, code, qr, phone.codes, phone.stale_qr)
        errand = Errand(who[0], known, code, qr)
        name = f"{who[1]} of {who[0]}"
        world.arrive(Citizen(name, rng, world.machine, world.cabinet, errand, how))
        if not self._calm and rng.random() < 0.4:
            world.agenda.later(rng.randint(1, 600) * MINUTE_MS, lambda: self.invite(who))

    def _muddled(
        self, rng: Random, known: str, code: str, qr: str, codes: list[str], stale: str
    ) -> tuple[str, str, str]:
        """Wrong digits, an older message, another kiosk's QR."""
        chance = rng.random()
        if chance < 0.05:
            known = f"{rng.randrange(10_000):04d}"
        elif chance < 0.25:
            code = rng.choice(codes)
        elif chance < 0.3 and qr:
            qr = stale or qr
        elif chance < 0.35 and qr:
            qr = qr.replace(KIOSK, "bt2")
        return known, code, qr

    def everybody_comes(self) -> None:
        """All holders, one after the other, with what they have."""
        for who in sorted(self._world.office.phones):
            self._comes(who, self._own("citizen"))

    def farewell(self, actor: Actor) -> Left:
        """What a person goes home with; in a calm life whoever was careful must have been served."""
        cids: frozenset[str] = frozenset()
        served = False
        self._left_behind()
        if isinstance(actor, Citizen):
            cid = actor.errand.cid
            cids = frozenset({cid})
            first = cid not in self._fetched
            served = self._calm and first and not actor.held_up and not actor.dark
            served &= not self._in_doubt(cid)
            self._fetched.add(cid)
        elif isinstance(actor, Staff):
            self._world.shifts.farewell(actor)
        return Left(actor.name, cids, tuple(actor.papers), served)

    def _in_doubt(self, cid: str) -> bool:
        """Staff must look first: the kiosk says so, and opens nothing."""
        book = self._world.book
        lying = {number for number, of in book.lying.items() if of == cid}
        pending = cid in book.pending.values() or not lying
        return pending or bool(lying & (book.doubts.keys() | book.blocks.keys()))

    def _left_behind(self) -> None:
        """Papers behind an open door, or one that is about to open: anybody may take them now."""
        world = self._world
        for number in world.cabinet.compartments:
            if world.cabinet.is_open(number):
                world.book.misplaced |= set(world.cabinet.papers(number))
        grant = getattr(world.machine.state and world.machine.state.scene, "grant", None)
        if isinstance(grant, Grant):
            world.book.misplaced.add(grant.match.cid)

    # Strangers

    def send_stranger(self) -> None:
        """Somebody with no business here."""
        world = self._world
        if self._calm or self._rng.random() < 0.4:
            return
        rng = self._own("stranger")
        known = sorted(world.book.known_texts) or ["4821"]
        if rng.random() < 0.5:
            world.arrive(Vandal(rng, world.machine, world.cabinet, known=known))
        else:
            tries = rng.choice((3, 12, 12))
            world.arrive(
                Guesser(rng, world.machine, world.cabinet, known=rng.choice(known), tries=tries)
            )
