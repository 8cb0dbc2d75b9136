"""The simulated board: pulses the locks, answers on the wire, can be dead or miswired.

The law of this file: the board, not the caller, times each pulse and drives one coil at a time, so
no crash of ours can leave a coil on; `coil_runs` is the proof. Like the doors it is told the time
(`at`) and works out what happened since. Times are `Cabinet.now_ms`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.doors import Outcome, PulseDone
from drivers.simulated.door import Door

PULSE_MS = 300  # the board's own pulse, and what these coils are rated for
LATCH_MS = 40  # from current to a drawn latch
REST_MS = 200  # between two coils, for the supply
REPLY_MS = 20  # a board that does nothing answers this fast; after a pulse it answers at its end
ANSWER_MS = 1_000  # no answer by then means none
WAITING_PULSES_MAX = 64
COIL_RUNS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class CoilRun:
    """The coil of this compartment (the real one, not the asked one) was on so long."""

    on_ms: int
    off_ms: int
    compartment: int


@dataclass(slots=True)
class _Pulse:
    """One exchange on the wire, with the steps that are still to come, soonest first."""

    asked: int
    coil: int
    on_ms: int
    outcome: Outcome
    steps: deque[tuple[int, Callable[[], None]]]
    coil_on: bool = False
    wanted: bool = True  # somebody still waits for the answer


class Board:
    """One healthy board, wired as the doors are numbered."""

    def __init__(self, doors: Mapping[int, Door]) -> None:
        self.dead = False
        self._doors = doors
        self._now = 0
        self._coil_of = {n: n for n in doors}
        self._spoilt: deque[Outcome] = deque()
        self._waiting: deque[int] = deque()
        self._rest_until = 0
        self._pulse: _Pulse | None = None
        self._answers: list[PulseDone] = []
        self._coil_runs: deque[CoilRun] = deque(maxlen=COIL_RUNS_MAX)

    # Time

    def at(self, now_ms: int) -> None:
        """Let time pass until `now_ms`; no step is skipped, however long it was."""
        assert now_ms >= self._now, "time runs forward"
        while (due := self._step_ms()) is not None and due <= now_ms:
            self._now = due
            self._step()
        self._now = now_ms

    def next_ms(self) -> int | None:
        """When the board next does something by itself; None: never, as things are."""
        return self._now if self._answers else self._step_ms()

    # The wire

    def pulse(self, n: int) -> None:
        """Ask for one pulse; `answers` will hold its end. It waits for its turn."""
        if n not in self._doors or len(self._waiting) >= WAITING_PULSES_MAX:
            self._answers.append(PulseDone(n, Outcome.NOT_SENT))
            return
        self._waiting.append(n)
        self.at(self._now)

    def answers(self) -> tuple[PulseDone, ...]:
        """Take the answers that have come since the last call."""
        taken, self._answers = tuple(self._answers), []
        return taken

    def hang_up(self) -> None:
        """Whoever asked is gone: nothing waits any more; a coil that is on runs its time out."""
        self._waiting.clear()
        self._answers.clear()
        if self._pulse is not None:
            self._pulse.wanted = False

    def all_off(self) -> None:
        """Hang up and put the coil off at once."""
        self.hang_up()
        self._cut()

    # The coils, as a meter on the supply sees them

    def coil_on(self) -> int | None:
        """The compartment whose coil is on now; there is never more than one."""
        return self._pulse.coil if self._pulse is not None and self._pulse.coil_on else None

    def coil_runs(self) -> tuple[CoilRun, ...]:
        """Every finished run of a coil, oldest first (the last 10,000)."""
        return tuple(self._coil_runs)

    # Faults

    def cross(self, n: int, m: int) -> None:
        """Miswired: a pulse for n reaches the coil of m. `cross(n, n)` puts it right."""
        assert {n, m} <= self._doors.keys(), "only coils that exist can be crossed"
        self._coil_of[n] = m

    def coil_of(self, n: int) -> int:
        """Whose coil a pulse for n reaches: its own, unless miswired."""
        return self._coil_of[n]

    def spoil_answer(self, outcome: Outcome) -> None:
        """The next pulse not yet spoilt ends so. Only NOT_SENT and REFUSED keep the coil off."""
        self._spoilt.append(outcome)

    def kill(self) -> None:
        """Silence: the coil drops, no pulse fires or is answered, no contact is read."""
        self.dead = True
        if self._pulse is not None:
            self._cut()
            self._pulse.outcome = Outcome.NO_ANSWER
            self._pulse.steps = deque([(self._pulse.on_ms + ANSWER_MS, self._done)])

    def revive(self) -> None:
        """The board answers again."""
        self.dead = False

    # Its works

    def _step_ms(self) -> int | None:
        if self._pulse is not None:
            return self._pulse.steps[0][0]
        return max(self._rest_until, self._now) if self._waiting else None

    def _step(self) -> None:
        if self._pulse is None:
            self._begin(self._waiting.popleft())
        else:
            _, step = self._pulse.steps.popleft()
            step()

    def _begin(self, asked: int) -> None:
        now = self._now
        outcome = Outcome.NO_ANSWER if self.dead else Outcome.ACKNOWLEDGED
        if self._spoilt and not self.dead:
            outcome = self._spoilt.popleft()
        fires = not self.dead and outcome not in (Outcome.NOT_SENT, Outcome.REFUSED)
        answer_ms = PULSE_MS if fires else REPLY_MS
        answer_ms = ANSWER_MS if outcome is Outcome.NO_ANSWER else answer_ms
        steps = deque([(now + answer_ms, self._done)])
        if fires:
            steps.extendleft([(now + PULSE_MS, self._cut), (now + LATCH_MS, self._free)])
        self._pulse = _Pulse(asked, self._coil_of[asked], now, outcome, steps, coil_on=fires)

    def _free(self) -> None:
        assert self._pulse is not None, "only a pulse draws a latch"
        if self._pulse.coil_on:
            door = self._doors[self._pulse.coil]
            door.at(self._now)
            door.free()

    def _cut(self) -> None:
        if self._pulse is None or not self._pulse.coil_on:
            return
        run = CoilRun(self._pulse.on_ms, self._now, self._pulse.coil)
        assert 0 <= run.off_ms - run.on_ms <= PULSE_MS, "a coil was on beyond its rating"
        self._pulse.coil_on = False
        self._coil_runs.append(run)
        self._rest_until = self._now + REST_MS

    def _done(self) -> None:
        assert self._pulse is not None, "only a pulse ends"
        assert not self._pulse.coil_on, "the board answers after its coil went off"
        if self._pulse.wanted:
            self._answers.append(PulseDone(self._pulse.asked, self._pulse.outcome))
        self._pulse = None
