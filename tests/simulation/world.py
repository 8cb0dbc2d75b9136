"""One simulated life: people, staff, central and faults around one kiosk, in one thread, by one seed.

`World(seed).live()` runs the life and raises `PromiseBrokenError` at the first moment at which a promise
of DESIGN §6 does not hold. The same seed gives the same life, to the last statement (`digest`).
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from drivers.doors import Scanned
from kiosk.core.events import SpaceLeft
from kiosk.journal import Journal
from kiosk.journal_values import JournalPort
from sync.messages import Clock
from tests.journal_fake import Disk, MemoryJournal
from tests.simulation import deeds, faults, faults_devices, keys, old_card
from tests.simulation.actor import Actor
from tests.simulation.agenda import Agenda
from tests.simulation.book import ROLES, Book
from tests.simulation.devices_kept import told
from tests.simulation.entries import note
from tests.simulation.fates import Fate, rewire
from tests.simulation.invariants import PROMISES
from tests.simulation.machine import Machine
from tests.simulation.moments import Ended, Left, Moment, Pulsed, Started, Stated, Stepped
from tests.simulation.office import Office
from tests.simulation.outfit import Outfit
from tests.simulation.people import People
from tests.simulation.plan import HOUR_MS, KIOSK, MINUTE_MS, Temper, plan
from tests.simulation.shifts import Shifts
from tests.simulation.wire import Wire

QUEUE_TRIES = 6
STRIKES = 0.008  # chance of a fault at each glance of somebody at the kiosk
MOST_STEPS = 60_000
TOLD_MS = 300  # after a start: the drivers say how their devices are
CALM_DOWN_MS = 50 * MINUTE_MS
LAST_VISITS = 4
LAST_VISIT_MS = 30 * MINUTE_MS


class World:
    """Everything in one life. `folder` is needed by lives that write to a real SQLite journal."""

    def __init__(
        self,
        seed: int,
        *,
        folder: Path | None = None,
        hours: int | None = None,
        fate: Fate | None = None,
    ) -> None:
        self.fate = fate
        self.plan = plan(seed, real_journal=folder is not None)
        self.length_ms = self.plan.length_ms if hours is None else hours * HOUR_MS
        self.chance = Random(f"world {seed}")
        self.agenda = Agenda()
        springless = self.plan.springless
        self.cabinet = Outfit(range(1, 10), seed=seed, springless=springless)
        self.office = Office(Random(f"office {seed}"))
        self.disk = Disk()
        self._path = None if folder is None else folder / f"life-{seed}" / "journal.db"
        self.machine = Machine(
            self.plan,
            Random(f"machine {seed}"),
            self.agenda,
            self.cabinet,
            self._open_journal,
            self.tell,
            self._pin_of,
        )
        self.book = Book(self.plan, self.agenda, self.cabinet, self.office, self.machine)
        self.wire = Wire(Random(f"wire {seed}"), self.agenda, self.machine, self.office, self.tell)
        self.people = People(self)
        self.shifts = Shifts(self)
        self.front: Actor | None = None
        self.over = False
        self.unplug = False  # the next pulse takes its board with it
        self.digest = hashlib.sha256()
        self.log: Callable[[str], None] | None = None
        self._snapshot: Disk | None = None

    def _open_journal(self) -> JournalPort:
        if self.plan.real_journal:
            assert self._path is not None
            return Journal.open(self._path, kiosk=KIOSK, epoch=1, key=keys.STATEMENT)
        return MemoryJournal(self.disk, kiosk=KIOSK, epoch=1, key=keys.STATEMENT)

    def _pin_of(self, number: str) -> str:
        return self.office.central.pin(number) if number in ROLES else ""

    def tell(self, moment: Moment) -> None:
        """Put a moment before every promise, then into the book."""
        self._trace(moment)
        told(self.book, moment)
        for promise in PROMISES:
            promise(self.book, moment)
        note(self.book, moment)
        if self.fate is not None:
            self.fate(self, moment)
        if isinstance(moment, Pulsed) and self.unplug:
            self.unplug = False
            self.agenda.later(20, partial(faults_devices.unplug, self, moment.compartment))
        if isinstance(moment, Started):
            self.agenda.later(TOLD_MS, self._drivers_start)

    def _drivers_start(self) -> None:
        for event in self.cabinet.says():
            self.machine.deliver(event)

    def _trace(self, moment: Moment) -> None:
        match moment:
            case Stated(statement, _):
                line = f"{self.agenda.now_ms} {statement.seq} {statement.kind} {statement.fields}"
            case Pulsed(compartment, _):
                line = f"{self.agenda.now_ms} pulse {compartment}"
            case Stepped(before, event, after, _) if after.scene is not before.scene:
                name = type(after.scene).__name__
                line = f"{self.agenda.now_ms} {type(event).__name__} -> {name}"
            case _:
                return
        self.digest.update(line.encode())
        if self.log is not None:
            self.log(line)

    # A life

    def live(self) -> None:
        """From the first start to half an hour after everything was mended."""
        for _ in range(self.plan.results):
            deeds.register(self)
        self.machine.boot(rebooted=True)
        self.agenda.later(500, self.wire.poll)
        self._each(10 * MINUTE_MS, 10 * MINUTE_MS, self.people.post)
        self._each(5 * MINUTE_MS, 8 * HOUR_MS, self.shifts.send_clerk)
        self._each(HOUR_MS, 12 * HOUR_MS, self.shifts.send_keeper)
        self._each(HOUR_MS, 5 * HOUR_MS, self.people.send_stranger)
        self._each(2 * HOUR_MS, 6 * HOUR_MS, self._passer_by)
        calm = self.plan.temper is Temper.CALM
        self._each(HOUR_MS, 5 * HOUR_MS, lambda: deeds.register(self) if calm else self._decide())
        if not calm:
            pace = self.plan.fault_every_ms
            self._each(pace // 10, 2 * pace, lambda: faults.strike(self))
        if self.chance.random() < 0.2 and not self.plan.real_journal:
            self.agenda.later(self.chance.randint(0, self.length_ms), self.snapshot)
        self.run(self.length_ms)
        self._end()

    def _decide(self) -> None:
        deeds.decide(self)

    def _each(self, low_ms: int, high_ms: int, do: Callable[[], None]) -> None:
        """Again and again, until the life is over."""

        def again() -> None:
            if not self.over:
                do()
                self.agenda.later(self.chance.randint(low_ms, high_ms), again)

        self.agenda.later(self.chance.randint(low_ms // 2, high_ms // 2), again)

    def run(self, until_ms: int) -> None:
        """Let the world turn."""
        while True:
            due = [self.agenda.next_ms(), self.machine.next_ms(), self.cabinet.next_ms()]
            now_ms = min((ms for ms in due if ms is not None), default=until_ms)
            if now_ms > until_ms:
                break
            self.agenda.now_ms = max(now_ms, self.agenda.now_ms)
            self.cabinet.at(self.agenda.now_ms)
            self.machine.turn()
            self.agenda.run()
            assert self.machine.steps < MOST_STEPS, "a life is bounded"
        self.agenda.now_ms = until_ms
        self.cabinet.at(until_ms)

    def _end(self) -> None:
        """Mend everything, let everybody go home, let the kiosk and the network catch up."""
        self.over = True
        self.machine.cut_chance = 0.0
        if not all(plan.proven for plan in self.machine.site.compartments):
            rewire(self.machine, frozenset())
            self.machine.cut(power=False)
        self.machine.disk_fails = None
        self.wire.lost, self.wire.down_until_ms = 0.0, 0
        self.machine.deliver(SpaceLeft(10**10))
        self.machine.wall_offset_ms, self.machine.claim = 0, Clock.SYNCED
        for _ in range(40):
            self.cabinet.revive_board()
            faults_devices.all_well(self)
            for number in self.cabinet.compartments:
                self.cabinet.mend(number)
                self.cabinet.push(number)
            self.run(self.agenda.now_ms + 15 * MINUTE_MS)
            if self.machine.state is not None and self.front is None:
                break
        self.look_after_everything()
        self.all_told()
        if self._snapshot is not None and old_card.usable(self, self._snapshot):
            old_card.put_in(self, self._snapshot)
        if self.machine.journal is not None:
            self.machine.journal.close()

    def all_told(self) -> None:
        """Half an hour passes, and central hears of everything."""
        self.run(self.agenda.now_ms + CALM_DOWN_MS)
        for _ in range(20):
            self.wire.report()
        assert self.machine.state is not None
        assert self.machine.journal is not None
        self.tell(Ended(self._rows(), self.machine.state))

    def look_after_everything(self) -> None:
        """An honest supervisor goes through a mended cabinet, until nothing is left to be explained."""
        for _ in range(LAST_VISITS):
            last = self.shifts.send_last()
            self.run(self.agenda.now_ms + LAST_VISIT_MS)
            if not last.entries and not last.skipped:
                self.book.kept = True
                break
        assert self.book.kept or self.plan.temper is not Temper.CALM, "the last keeper gave up"

    def _rows(self) -> tuple[str, ...]:
        """What lies on the disk."""
        assert self.machine.journal is not None
        if not self.plan.real_journal:
            return tuple(str(row) for row in self.disk.rows)
        rows = self.machine.journal.after(0, most=10**6, most_bytes=10**9)
        return tuple(str(row) for row in rows)

    # Happenings

    def scan(self, text: str) -> None:
        """Something is held before the scanner."""
        self.machine.deliver(Scanned(text))

    def invite(self, who: tuple[str, str]) -> None:
        """A holder will come."""
        self.people.invite(who)

    def arrive(self, actor: Actor, tries: int = 0, *, closing: bool = False) -> None:
        """One person at a time; who finds somebody there comes back a minute later."""
        if (self.over and not closing) or tries > QUEUE_TRIES:
            return
        if self.front is not None:
            self.agenda.later(MINUTE_MS, lambda: self.arrive(actor, tries + 1, closing=closing))
            return
        self.front = actor
        self._glance(actor)

    def _glance(self, actor: Actor) -> None:
        stormy = self.plan.temper is not Temper.CALM and not self.over
        if stormy and self.chance.random() < STRIKES:
            faults.strike(self)  # things go wrong while somebody stands there
        wait = actor.glance()
        if wait is not None:
            self.agenda.later(wait, lambda: self._glance(actor))
            return
        self.front = None
        self.tell(self.people.farewell(actor))

    def left(self, moment: Left) -> None:
        """Somebody went home."""
        self.tell(moment)

    def _passer_by(self) -> None:
        if self.front is None:
            for number in self.cabinet.compartments:
                self.cabinet.push(number)

    def snapshot(self) -> None:
        """Somebody copies the card."""
        self._snapshot = copy.deepcopy(self.disk)

    @property
    def copied(self) -> bool:
        """Whether somebody has a copy of the card."""
        return self._snapshot is not None

    def everybody(self) -> None:
        """All holders try what they have."""
        self.over = False
        self.people.everybody_comes()
        self.run(self.agenda.now_ms + HOUR_MS)
        self.over = True
