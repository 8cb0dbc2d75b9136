"""A person before the kiosk: looks at the screen now and then, and does something about what it says.

Nobody follows a script: the scene may be any other at the next glance, after a cut for instance, and a
person with no answer to it waits, and in the end goes home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from drivers.doors import Scanned
from drivers.simulated.cabinet import Cabinet
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Scene
from tests.simulation.machine import Machine

PATIENCE = 90  # glances
DARK_PATIENCE = 4
NOISE = (Key.LANGUAGE, Key.TEXT_SIZE, Key.HELP, Key.BACK, Key.MORE_TIME)


class Actor:
    """Hands and eyes. `acts` says what to do on which scene."""

    def __init__(self, name: str, rng: Random, machine: Machine, cabinet: Cabinet) -> None:
        self.name = name
        self.rng = rng
        self.machine = machine
        self.cabinet = cabinet
        self.papers: list[str] = []
        self.gone = False
        self.glances = 0
        self.dark = 0
        self.noise = 0.04
        self.patience = PATIENCE
        self.acts: Mapping[type, Callable[[Any], None]] = {}

    @property
    def scene(self) -> Scene | None:
        """What the screen shows; None: it is dark."""
        return None if self.machine.state is None else self.machine.state.scene

    def glance(self) -> int | None:
        """One look; how long until the next one, None: gone home."""
        self.glances += 1
        scene = self.scene
        if scene is None:
            self.dark += 1
            if self.rng.random() < 0.4:  # no use waiting with a door in the hand
                for number in self.cabinet.compartments:
                    self.shut(number)
            self.gone |= self.dark > DARK_PATIENCE
            wait = self.rng.randint(5_000, 60_000)
        else:
            self._look(scene)
            wait = self.pace()
        if self.gone or self.glances > self.patience:
            self.leave()
            return None
        return wait

    def _look(self, scene: Scene) -> None:
        if self.rng.random() < self.noise:
            self.press(self.rng.choice(NOISE))
        act = self.acts.get(type(scene))
        if act is not None:
            act(scene)

    def pace(self) -> int:
        """From one look to the next."""
        return self.rng.randint(300, 2_500)

    def leave(self) -> None:
        """Going home."""
        self.gone = True

    def go(self, _scene: object = None) -> None:
        """That is enough."""
        self.gone = True

    # Hands

    def press(self, key: Key, value: str = "") -> None:
        """One touch."""
        self.machine.deliver(Pressed(key, value))

    def type(self, text: str, entered: str = "", *, typo: float = 0.0) -> None:
        """Clear what stands there, type digit by digit, perhaps one of them wrong."""
        for _ in entered:
            self.press(Key.ERASE)
        for digit in text:
            slip = self.rng.random() < typo
            self.press(Key.DIGIT, self.rng.choice("0123456789") if slip else digit)

    def scan(self, text: str) -> None:
        """Hold something before the scanner."""
        self.machine.deliver(Scanned(text))

    def pull(self, number: int) -> None:
        """Pull gently."""
        self.cabinet.pull(number)

    def shut(self, number: int) -> None:
        """Push a door shut."""
        self.cabinet.push(number)

    def take(self, number: int) -> tuple[str, ...]:
        """Take whatever lies there."""
        found = self.cabinet.take(number)
        self.papers += found
        return found
