"""When staff come: clerks with envelopes, keepers to take back, audit and test, one for all at the end."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from kiosk.core.scenes import Idle
from kiosk.core.upkeep_scenes import Act, Entry
from tests.simulation.clerk import Clerk, Envelope
from tests.simulation.keeper import Keeper
from tests.simulation.plan import START_WALL_MS, Temper
from tests.simulation.staff import GOOD, Badge, Habit, Staff
from tests.simulation.strangers import Eavesdropper

if TYPE_CHECKING:
    from tests.simulation.world import World

HABITS = (
    GOOD,
    Habit(typo=0.05, misreads=0.3),
    Habit(walks_off=0.03),
    Habit(puts_nothing=0.3, undoes=0.3),
    Habit(changes_mind=0.4, undoes=0.3),
    Habit(not_empty=0.3, adds=0.3),
    Habit(leaves_open=0.4),
    Habit(types_code=1.0, typo=0.02),
    Habit(called_away=0.4, pauses=0.3),
    Habit(called_away=0.2, leaves_papers=0.3, misreads=0.1),
)
CALM_HABITS = (
    GOOD,
    GOOD,
    Habit(called_away=0.15),
    Habit(pauses=0.3),
    Habit(misreads=0.1, adds=0.2),
)
ROUNDS = (Entry.AUDIT, Entry.TAKE_BACK, Entry.CABINET, Entry.DOORS)
ALL_ROUNDS = (Entry.AUDIT, Entry.TAKE_BACK, Entry.AUDIT, Entry.TAKE_BACK, Entry.CABINET)
LAST_PATIENCE = 900
LAST_OPENS = 90


class Shifts:
    """The people with staff numbers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = Random(f"shifts {world.plan.seed}")
        self._calm = world.plan.temper is Temper.CALM
        self._came = 0

    def _own(self, name: str) -> Random:
        self._came += 1
        return Random(f"{name} {self._came} {self._world.plan.seed}")

    def _badge(self, number: str) -> Badge:
        world = self._world
        central = world.office.central
        known = number if number in world.book.roles else "7"

        def totp() -> str:
            return central.totp(START_WALL_MS + world.agenda.now_ms, known)

        def label(cid: str) -> str:
            return central.results[cid].dossiers[0]

        card = central.cards.get(number, "")
        return Badge(number, central.pin(known), totp, label, card)

    def _habit(self) -> Habit:
        return self._rng.choice(CALM_HABITS if self._calm else HABITS)

    def send_clerk(self) -> None:
        """Somebody with the envelopes of every result that central wants here."""
        world, rng = self._world, self._own("clerk")
        here = set(world.book.lying.values()) | {cid for cid, _ in world.book.collected}
        again = 0.0 if self._calm else 0.1
        pile = [
            Envelope(cid, result.dossiers[0])
            for cid, result in sorted(world.office.central.results.items())
            if cid not in here or rng.random() < again
        ]
        number = "7"
        if not self._calm:
            number = rng.choices(("7", "8", "9", "4"), (85, 5, 5, 5))[0]  # 4 is nobody's
        if pile:
            badge = self._badge(number)
            world.arrive(Clerk(rng, world.machine, world.cabinet, badge, pile, self._habit()))

    def send_keeper(self) -> None:
        """A supervisor, a clerk who takes back, or a technician."""
        world, rng = self._world, self._own("keeper")
        number = rng.choice(("8", "8", "7", "9"))
        entries = {
            "7": [Entry.TAKE_BACK, Entry.CABINET],
            "8": [*rng.sample(ROUNDS, 3), Entry.SETTINGS],
            "9": [Entry.DOORS, Entry.CABINET, Entry.STATE],
        }[number]
        every = list(world.cabinet.compartments)
        doubtful = sorted(world.book.doubts) or every
        acts = [
            (rng.choice(wanted), rng.choice(list(Act)))
            for wanted in rng.choices((every, doubtful), k=rng.randint(0, 4))
        ]
        if self._calm:
            acts = [(n, act) for n, act in acts if act is not Act.BLOCK]
        keeper = self._keeper(rng, number, entries, acts, rng.randint(2, 12))
        if number == "8" and world.front is None and rng.random() < 0.4:
            self._by_key(rng.choice(world.cabinet.compartments), keeper)
        world.arrive(keeper)

    def _keeper(
        self,
        rng: Random,
        number: str,
        entries: list[Entry],
        acts: list[tuple[int, Act]],
        opens: int,
    ) -> Keeper:
        world = self._world
        badge, habit = self._badge(number), self._habit()
        return Keeper(
            rng, world.machine, world.cabinet, badge, habit, entries=entries, acts=acts, opens=opens
        )

    def _by_key(self, number: int, keeper: Keeper) -> None:
        """Opened with the mechanical key and shut again: entered at the screen afterwards."""
        state = self._world.machine.state
        if state is not None and isinstance(state.scene, Idle):
            self._world.cabinet.open_by_key(number)
            self._world.agenda.later(3_000, lambda: self._shut(number))
            keeper.at_the_wall.insert(0, (number, Act.BY_KEY))
            if Entry.CABINET not in keeper.entries:
                keeper.entries.insert(0, Entry.CABINET)

    def send_key_holder(self, numbers: list[int]) -> None:
        """A supervisor with the key for what hangs on a changed board; another fate turns the key."""
        rng = self._own("key holder")
        acts = [(number, Act.BY_KEY) for number in numbers if number in self._world.book.unproven]
        if acts:
            entries = [Entry.CABINET, Entry.AUDIT]
            self._world.arrive(self._keeper(rng, "8", entries, acts, rng.randint(4, 12)))

    def _shut(self, number: int) -> None:
        self._world.cabinet.push(number)

    def send_last(self) -> Keeper:
        """Everything is mended: whoever comes now goes through everything."""
        world, rng = self._world, self._own("last")
        acts = [(number, Act.RELEASE) for number in world.cabinet.compartments]
        last = self._keeper(rng, "8", list(ALL_ROUNDS), acts, LAST_OPENS)
        last.habit, last.patience = GOOD, LAST_PATIENCE
        world.arrive(last, closing=True)
        return last

    def farewell(self, actor: Staff) -> None:
        """Called away for a while, or overlooked by somebody."""
        if actor.away_ms:
            self._world.agenda.later(actor.away_ms, lambda: self._back(actor))
        elif isinstance(actor, Clerk):
            self._overlooked(actor)

    def _back(self, actor: Staff) -> None:
        actor.come_again()
        self._world.arrive(actor)

    def _overlooked(self, clerk: Clerk) -> None:
        """Somebody has watched the clerk."""
        if self._calm or not clerk.last_totp or self._rng.random() < 0.6:
            return
        world, badge = self._world, clerk.badge
        listener = Eavesdropper(
            self._own("eavesdropper"),
            world.machine,
            world.cabinet,
            number=badge.number,
            pin=badge.pin,
            totp=clerk.last_totp,
        )
        world.agenda.later(100, lambda: world.arrive(listener))
