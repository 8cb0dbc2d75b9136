"""A simulated cabinet: doors with papers behind them, one board, hands that pull, push and take.

The law of this file: the cabinet is told the time (`at`) and works out what happened since; it has
no clock and no thread, so the same seed and the same verbs give the same story. The wire and its
faults are `Cabinet.board`, or the boards of `drivers/bench/` over `Cabinet.coils`; hands, eyes and
broken parts are here. `now_ms` is the cabinet's own time: it only runs forward, and no power cut of
the kiosk sets it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from drivers.doors import Reading
from drivers.simulated.board import Board, CoilRun
from drivers.simulated.coils import Coils
from drivers.simulated.door import Door

COMPARTMENT_MAX = 255


def _chance(seed: int, n: int) -> Random:
    # One source per door: how coarsely time is told must not change which door bounces how.
    return Random(f"{seed}/{n}")  # noqa: S311 - bouncing contacts, not secrets


class Cabinet:
    """Doors shut, empty, healthy at first. Those in `springless` need a hand once they are free."""

    def __init__(
        self, compartments: Iterable[int], *, seed: int = 0, springless: Iterable[int] = ()
    ) -> None:
        numbers, loose = sorted(set(compartments)), set(springless)
        assert all(1 <= n <= COMPARTMENT_MAX for n in numbers), "painted numbers are 1 to 255"
        assert loose <= set(numbers), "a springless door is one of the doors"
        self._doors = {n: Door(_chance(seed, n), sprung=n not in loose) for n in numbers}
        assert self._doors, "a cabinet has doors"
        self.board = Board(self._doors)
        self.coils = Coils(self._doors)
        self.now_ms = 0
        self._faults_ms = 0

    # Time

    def at(self, now_ms: int) -> None:
        """Let time pass until `now_ms`; nothing is skipped, however long it was."""
        self.board.at(now_ms)
        self.coils.at(now_ms)
        for door in self._doors.values():
            door.at(now_ms)
        self.now_ms = now_ms

    def next_ms(self) -> int | None:
        """When something next happens by itself; None: never, as things are."""
        due = [self.board.next_ms(), self.coils.next_ms()]
        due += [door.pops_ms for door in self._doors.values()]
        return min((ms for ms in due if ms is not None), default=None)

    def stirred_ms(self) -> int:
        """When a reading last had a reason to change."""
        return max(self._faults_ms, *(door.moved_ms for door in self._doors.values()))

    # Eyes

    @property
    def compartments(self) -> tuple[int, ...]:
        """The numbers painted on the doors, ascending."""
        return tuple(self._doors)

    def readings(self) -> dict[int, Reading]:
        """One sweep of the board over the contacts; a dead board knows nothing."""
        if self.board.dead:
            return dict.fromkeys(self._doors, Reading.UNKNOWN)
        return {n: door.reading() for n, door in self._doors.items()}

    def is_open(self, n: int) -> bool:
        """How the leaf really stands, whatever its contact says."""
        return self._doors[n].is_open

    def papers(self, n: int) -> tuple[str, ...]:
        """What really lies in a compartment."""
        return tuple(self._doors[n].papers)

    def contact(self, n: int) -> Reading:
        """What one contact says, also while the board is dead."""
        return self._doors[n].reading()

    def coils_on(self) -> frozenset[int]:
        """The compartments whose coils carry current now, whoever drives them."""
        own = self.board.coil_on()
        return self.coils.on() | (frozenset() if own is None else {own})

    def coil_runs(self) -> tuple[CoilRun, ...]:
        """Every finished run of a coil by whoever drove it, in the order of their beginnings."""
        return tuple(sorted(self.board.coil_runs() + self.coils.runs(), key=lambda run: run.on_ms))

    # Hands. What moves says whether it moved.

    def pull(self, n: int) -> bool:
        """A hand pulls at the door; it opens if its latch is free."""
        return self._doors[n].pull()

    def push(self, n: int) -> bool:
        """A hand, or the wind, shuts the door."""
        return self._doors[n].push()

    def open_by_key(self, n: int) -> bool:
        """Staff open with the mechanical key; the board knows nothing of it."""
        return self._doors[n].turn_key()

    def put(self, n: int, paper: str) -> bool:
        """Lay a paper into an open compartment; False: the door is shut."""
        if self.is_open(n):
            self._doors[n].papers.append(paper)
        return self.is_open(n)

    def take(self, n: int) -> tuple[str, ...]:
        """Take every paper out of an open compartment; () when the door is shut."""
        if not self.is_open(n):
            return ()
        taken = self.papers(n)
        self._doors[n].papers.clear()
        return taken

    # Faults

    def jam(self, n: int) -> None:
        """The leaf holds fast where it is."""
        self._doors[n].jam()

    def break_spring(self, n: int) -> None:
        """The spring throws the leaf no more; a hand still opens it while the latch is free."""
        self._doors[n].break_spring()

    def stick_sensor(self, n: int, reading: Reading) -> None:
        """The contact says this, whatever the leaf does."""
        self._doors[n].stuck = reading
        self._faults_ms = self.now_ms

    def mend(self, n: int) -> None:
        """Put right leaf, spring, contact, relay and wire of one compartment."""
        self._doors[n].mend()
        self.board.cross(n, n)
        self.coils.unweld(n)
        self._faults_ms = self.now_ms

    def kill_board(self) -> None:
        """The board falls silent: readings are UNKNOWN, pulses go unanswered, the coil drops."""
        self.board.kill()
        self.coils.lose_power()
        self._faults_ms = self.now_ms

    def revive_board(self) -> None:
        """The board answers again."""
        self.board.revive()
        self._faults_ms = self.now_ms
