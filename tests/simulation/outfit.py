"""A cabinet on several boards, with power, printer and the rest: each can fail by itself, and say so.

What is true lives here; the running program knows only what it was told (`tests.simulation.book`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Outcome, PulseDone, Reading
from drivers.simulated.board import Board
from drivers.simulated.cabinet import Cabinet

HEALTHY = Vitals(mains=True, battery_percent=100, celsius=31)


class Boards(Board):
    """The simulated board, but some compartments hang on boards that are gone: nothing is sent there."""

    lost: Collection[int] = ()

    def pulse(self, n: int) -> None:
        if n in self.lost:
            self._answers.append(PulseDone(n, Outcome.NOT_SENT))
        else:
            super().pulse(n)


class Outfit(Cabinet):
    """The simulated cabinet with everything around it."""

    def __init__(
        self, compartments: Iterable[int], *, seed: int = 0, springless: Iterable[int] = ()
    ) -> None:
        super().__init__(compartments, seed=seed, springless=springless)
        self.board: Boards = Boards(self._doors)
        self.lost: set[int] = set()
        self.board.lost = self.lost
        self.ill: dict[tuple[Device, str], DeviceState] = {}
        self.vitals = HEALTHY

    def readings(self) -> dict[int, Reading]:
        """What hangs on a lost board is not read."""
        return {n: Reading.UNKNOWN if n in self.lost else r for n, r in super().readings().items()}

    def says(self) -> tuple[DeviceState | Vitals, ...]:
        """What the drivers tell a program that has just started."""
        return (*self.ill.values(), self.vitals)

    def fall_ill(self, state: DeviceState) -> None:
        """A device breaks; a lost board takes its contacts with it."""
        self.ill[state.device, state.name] = state
        if state.device is Device.BOARD and state.trouble is Trouble.LOST:
            self.lost |= set(state.compartments)
            self._faults_ms = self.now_ms

    def heal(self, device: Device, name: str) -> DeviceState | None:
        """It is well again: what the driver says, None if it was not ill."""
        state = self.ill.pop((device, name), None)
        if state is None:
            return None
        self.lost -= set(state.compartments)
        self._faults_ms = self.now_ms
        return DeviceState(device, Trouble.NONE, name, state.compartments)
