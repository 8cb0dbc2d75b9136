"""The simulated machine: real core, real journal, real ladder; power, clock and disk come from a seed.

It carries out effects as `kiosk run` does: in order, a `Record` on the disk before the next one starts.
The power may go, or the program die, at every boundary between two effects. Quiet time is skipped: while
no contact has a reason to change, the sweeps that would change nothing are not delivered but accounted
for (`_refresh`), just before the core is next asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from drivers.doors import DoorsRead, Reading
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.door import BOUNCE_MS
from kiosk.core import automaton
from kiosk.core.clock import Now
from kiosk.core.doors import BLIND_MS
from kiosk.core.effects import AnswerOffer, CheckPin, Effect, Pulse, ReadStory, Record, TakeIn
from kiosk.core.events import Event, Tick
from kiosk.core.fold import fold
from kiosk.core.memory import Memory, empty
from kiosk.core.state import State
from kiosk.journal_values import JournalError, JournalPort, Reason
from sync.messages import Clock, Refusal
from tests.simulation.agenda import Agenda
from tests.simulation.given_back import GivenBack
from tests.simulation.ladder import climbed, in_force, replayed
from tests.simulation.moments import Moment, Pulsed, Started, Stated, Stepped, Swept
from tests.simulation.plan import START_WALL_MS, Plan
from tests.simulation.plan import site as make_site
from tests.simulation.quiet import read_again, read_for_ever
from tests.simulation.workers import pin_checked, story_read

SWEEP_MS = 100
SETTLED_MS = BOUNCE_MS + 400  # so long after the last stir every reading has been debounced
UNREAD_SWEEP_MS = 500  # between two sweeps that hold an unknown reading
AT_A_PULSE = 8  # how much likelier a cut is around a pulse, where it hurts most
WHOLE_STORIES = 0.03  # reading one costs a signature per row
FRESH_MS = 1_500  # readings this young need no refreshing


class CutError(Exception):
    """The power went, or the program died (`power` False), between two effects."""

    def __init__(self, *, power: bool) -> None:
        super().__init__(power)
        self.power = power


class Machine(GivenBack):
    """One kiosk from the outside: it can be started, cut, and given events."""

    def __init__(
        self,
        plan: Plan,
        rng: Random,
        agenda: Agenda,
        cabinet: Cabinet,
        open_journal: Callable[[], JournalPort],
        tell: Callable[[Moment], None],
        pin_of: Callable[[str], str],
    ) -> None:
        self.site = make_site()
        self.agenda = agenda
        self.state: State | None = None
        self.journal: JournalPort | None = None
        self.boot_ms = 0
        self.runs = self.cuts = self.steps = 0
        self.cut_chance = plan.cut_chance
        self.wall_offset_ms = 0
        self.claim = Clock.SYNCED
        self.disk_fails: Reason | None = None
        self.stalled_until_ms = 0
        self.answers: list[tuple[int, Refusal | None]] = []
        self.durable: Memory = empty(self.site.kiosk, 1, self._numbers())
        self._rng = rng
        self._cabinet = cabinet
        self._open_journal = open_journal
        self._tell = tell
        self._pin_of = pin_of
        self._swept_ms = -SWEEP_MS
        self._started_ms = 0
        self._quiet = False
        self._unread = False
        self._asked: tuple[State | None, bool] = (None, False)
        self._wake: int | None = None

    def _numbers(self) -> tuple[int, ...]:
        return tuple(p.number for p in self.site.compartments)

    # Time

    @property
    def up_ms(self) -> int:
        """Since this machine booted."""
        return self.agenda.now_ms - self.boot_ms

    def now(self) -> Now:
        """What the operating system says."""
        wall = START_WALL_MS + self.agenda.now_ms + self.wall_offset_ms
        return Now(self.up_ms, wall, self.claim)

    def next_ms(self) -> int | None:
        """When the machine next wants to be asked, in the world's time."""
        if self.state is None:
            return None
        wake = self._wake_at()
        times = [] if wake is None else [wake + self.boot_ms]
        if not self._quiet:
            times.append(max(self._next_sweep_ms(), self.stalled_until_ms))
        elif not self._calm():
            times.append(self._next_sweep_ms())
        return min(times, default=None)

    def _wake_at(self) -> int | None:
        """As the core says; asked once per state. In quiet time sweeps are as good as delivered."""
        state = self.state
        assert state is not None
        if self._asked[0] is not state or self._asked[1] is not self._quiet:
            self._asked = (state, self._quiet)
            self._wake = automaton.wake_at(read_for_ever(state) if self._quiet else state)
        return self._wake

    def _next_sweep_ms(self) -> int:
        gap = UNREAD_SWEEP_MS if self._unread else SWEEP_MS
        grid = -(-self.agenda.now_ms // SWEEP_MS) * SWEEP_MS
        return max(grid, self._swept_ms + gap)

    def _calm(self) -> bool:
        """No reading can have changed, or be still unsettled, since the last sweep."""
        anchor = max(self._cabinet.stirred_ms(), self._started_ms, self.stalled_until_ms)
        settled = BLIND_MS + 2_000 if self._unread else SETTLED_MS
        return self._swept_ms > anchor + settled

    def turn(self) -> None:
        """Whatever is due now: answers of the board, a sweep, a tick."""
        for answer in self._cabinet.board.answers():
            self.deliver(answer)
        if self.state is None:
            return
        due = not (self._quiet and self._calm()) and self._next_sweep_ms() <= self.agenda.now_ms
        if due and self.agenda.now_ms >= self.stalled_until_ms:
            self._sweep()
        self._tick()

    def _tick(self) -> None:
        wake = None if self.state is None else self._wake_at()
        if wake is not None and wake <= self.up_ms:
            self.deliver(Tick())

    def _sweep(self) -> None:
        self._refresh()
        self._quiet = False
        readings = self._cabinet.readings()
        self._swept_ms = self.agenda.now_ms
        flapping = self.state is not None and bool(self.state.doors.flapping)
        self._unread = flapping or Reading.UNKNOWN in readings.values()
        self._tell(Swept(readings))
        self.deliver(DoorsRead(self.up_ms, readings))
        self._quiet = self._calm()

    def _refresh(self) -> None:
        """Account for the sweeps since the last one: each read what is known already."""
        if self.state is None or not self._quiet:
            return
        last = (self.agenda.now_ms - 1) // SWEEP_MS * SWEEP_MS - self.boot_ms
        doors = self.state.doors
        if last <= doors.swept_ms + FRESH_MS:
            return
        self.state = replace(self.state, doors=read_again(doors, last))

    def stall(self, for_ms: int) -> None:
        """No contact is read for so long, nor is anybody told."""
        self._refresh()
        self._quiet = False
        self.stalled_until_ms = self.agenda.now_ms + for_ms

    # Events and effects

    def deliver(self, event: Event) -> None:
        """One event through the core, and its effects carried out."""
        if self.state is None:
            return
        self._refresh()
        before, self.steps = self.state, self.steps + 1
        self.state, effects = automaton.step(before, event, self.now())
        if self._carry(effects, event):
            if any(isinstance(effect, TakeIn) for effect in effects):
                self._begin_anew()
            else:
                self._tell(Stepped(before, event, self.state, effects))

    def _carry(self, effects: tuple[Effect, ...], event: Event | None) -> bool:
        """False when the machine went down on the way."""
        carried: list[Record] = []
        whole = False
        risk = AT_A_PULSE if any(isinstance(e, Pulse) for e in effects) else 1
        try:
            for effect in effects:
                self._perhaps_cut(risk)
                self._effect(effect, event)
                if isinstance(effect, Record):
                    carried.append(effect)
            if effects:
                self._perhaps_cut(risk)
            whole = True
        except CutError as cut:
            self.cut(power=cut.power)
        except JournalError:
            self.cut(power=False)
        if any(isinstance(effect, TakeIn) for effect in effects):
            return whole  # what is durable was read from the disk
        if whole and self.state is not None:
            self.durable = self.state.memory
        else:
            for record in carried:
                self.durable = fold(self.durable, record.statement)
        return whole

    def _perhaps_cut(self, risk: int) -> None:
        if self.cut_chance and self._rng.random() < self.cut_chance * risk:
            raise CutError(power=self._rng.random() < 0.7)

    def _effect(self, effect: Effect, event: Event | None) -> None:
        match effect:
            case Record(statement, sealed, folded):
                assert self.journal is not None
                if self.disk_fails is not None:
                    raise JournalError(self.disk_fails, "the simulated disk refuses")
                self.journal.append(statement, sealed=sealed or None, folded=folded or None)
                self._tell(Stated(statement, event))
            case Pulse(compartment):
                self._tell(Pulsed(compartment, event))
                self._cabinet.board.pulse(compartment)
            case CheckPin():
                answer = pin_checked(effect, self._pin_of(effect.number), self.agenda.now_ms)
                self._soon(self._rng.randint(50, 400), answer)
            case ReadStory(compartment):
                assert self.journal is not None
                whole = self._rng.random() < WHOLE_STORIES
                self._soon(20, story_read(self.journal, compartment, whole=whole))
            case AnswerOffer(_, ver, refusal):
                self.answers.append((ver, refusal))
            case _:
                self._restore(effect, event)

    def _soon(self, in_ms: int, event: Event) -> None:
        """A worker's answer; it dies with the program."""
        run = self.runs
        self.agenda.later(in_ms, lambda: self.deliver(event) if run == self.runs else None)

    def offer(self, sealed: str | bytes) -> None:
        """Somebody offers a manifest; a worker climbs the ladder and answers a little later."""
        if self.state is None or self.journal is None:
            return
        event = climbed(sealed, self.state.memory, self.journal)
        self._soon(self._rng.choice((0, 20, 1_500)), event)

    # Up and down

    def cut(self, *, power: bool) -> None:
        """Everything in memory is gone. Without power a coil drops within a moment."""
        if self.journal is None:
            return
        self.state = None
        self.journal.close()
        self.journal = None
        self.runs += 1
        self.cuts += 1
        self._quiet = False
        if power:
            self.agenda.later(self._rng.randint(0, 150), self._cabinet.board.all_off)
            minutes = self._rng.choice((0.2, 1, 5, 30, 300))
            self.agenda.later(round(minutes * 60_000), lambda: self.boot(rebooted=True))
        else:
            self._cabinet.board.hang_up()
            self.agenda.later(self._rng.randint(1_000, 5_000), lambda: self.boot(rebooted=False))

    def boot(self, *, rebooted: bool) -> None:
        """Fold the journal, open the manifest in force, start the core."""
        assert self.state is None
        now_ms = self.agenda.now_ms
        if rebooted:
            self.boot_ms = now_ms - self._rng.randint(8_000, 20_000)
        self._cabinet.board.hang_up()
        self._swept_ms, self._started_ms = now_ms - SWEEP_MS, now_ms
        self._quiet, self._unread, self.stalled_until_ms = False, False, 0
        self.journal = self._open_journal()
        memory = replayed(self.journal, self.site, full=self._rng.random() < 0.15)
        self._tell(Started(self.durable, memory, self.journal.head.seq, rebooted))
        self.durable = memory
        manifest = in_force(self.journal, memory)
        assert manifest is not None or self.restored or not memory.ver
        aside = self.journal.aside() is not None
        now = self.now()
        self.state, effects = automaton.start(self.site, memory, manifest, now, aside=aside)
        self._carry(effects, None)
