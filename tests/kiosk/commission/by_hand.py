"""A round told by hand: plain values in, time in steps, every effect kept."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from kiosk.commission.plan import Candidate, Plan
from kiosk.commission.state import Choice, Chosen, Effect, Event, Found, Pulse, State
from kiosk.commission.wizard import start, step

OPEN, CLOSED, UNKNOWN = Reading.OPEN, Reading.CLOSED, Reading.UNKNOWN
SHUT = {1: CLOSED, 2: CLOSED, 3: CLOSED}
PLAN = Plan(
    tuple(Candidate(n, "a", 1, n) for n in (1, 2, 3)), frozenset({7, 8, 9}), frozenset({7, 8, 9})
)
PACE = PLAN.pace


class Round:
    """Time in steps of 100 ms; every effect is kept."""

    def __init__(self, plan: Plan = PLAN, found: tuple[Found, ...] = ()) -> None:
        self.now = 1_000
        self.effects: list[Effect] = []
        self.state = start(plan, self.now, found)
        self.readings: Mapping[int, Reading] = SHUT

    def say(self, event: Event) -> State:
        self.state, effects = step(self.state, event, self.now)
        self.effects += effects
        return self.state

    def choose(self, choice: Choice) -> State:
        return self.say(Chosen(choice))

    def sweep(self, readings: Mapping[int, Reading] | None = None) -> State:
        self.readings = {**self.readings, **(readings or {})}
        return self.say(DoorsRead(self.now, self.readings))

    def wait(self, ms: int) -> State:
        until = self.now + ms
        while self.now < until:
            self.now += 100
            self.sweep()
        return self.state

    def pulsed(self) -> list[int]:
        return [effect.virtual for effect in self.effects if isinstance(effect, Pulse)]

    def to_watch(self) -> int:
        """Until the next pulse; which one it is."""
        before = len(self.pulsed())
        for _ in range(100):
            if len(self.pulsed()) > before:
                return self.pulsed()[-1]
            self.wait(100)
        raise AssertionError(self.state)

    def opens(self, *contacts: int, outcome: Outcome = Outcome.ACKNOWLEDGED) -> State:
        """The pulse is answered; these contacts change."""
        virtual = self.to_watch()
        self.now += 100
        self.say(PulseDone(virtual, outcome))
        self.sweep({n: OPEN if self.readings[n] is CLOSED else CLOSED for n in contacts})
        return self.wait(PACE.settle_ms if contacts else PACE.watch_ms)

    def shuts(self, *contacts: int) -> State:
        self.sweep({n: OPEN if self.readings[n] is CLOSED else CLOSED for n in contacts})
        return self.wait(PACE.settle_ms)


def begun(plan: Plan = PLAN) -> Round:
    made = Round(plan)
    made.sweep()
    made.choose(Choice.GO)
    return made
