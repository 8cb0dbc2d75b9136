"""Many lives, one after the other: what went wrong with which seed, and what the lives have shown."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.core.scenes import Outage, Why
from kiosk.core.visit import TABLE
from sync.messages import Kind
from tests.simulation.world import World

LATER_KINDS = frozenset({Kind.RECALLED})  # issue 4
ALL_KINDS = frozenset(str(kind) for kind in Kind) - LATER_KINDS
ALL_SCENES = frozenset(scene.__name__ for scene in TABLE)
ALL_WHYS = frozenset(
    [f"Told.{why}" for why in Why] + [f"Out.{why}" for why in Outage if why is not Outage.STARTING]
)


@dataclass
class Campaign:
    """The sum of all lives so far."""

    lives: int = 0
    steps: int = 0
    rows: int = 0
    cuts: int = 0
    failures: dict[int, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    scenes: set[str] = field(default_factory=set)
    whys: set[str] = field(default_factory=set)

    def never_seen(self) -> set[str]:
        """Statements, scenes and answers that no life has come by: where the simulation is blind."""
        return set(ALL_KINDS - self.kinds) | (ALL_SCENES - self.scenes) | (ALL_WHYS - self.whys)

    def live(self, seeds: Iterable[int], folder: Path, log: Callable[[str], None] | None) -> None:
        """One life per seed. A life that fails is noted down, and the next one begins."""
        for seed in seeds:
            world = World(seed, folder=folder)
            world.log = log
            try:
                world.live()
            except (AssertionError, LookupError, TypeError, ValueError, AttributeError) as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                self.failures[seed] = f"{type(error).__name__} {error} ({where})"
            self.lives += 1
            self.steps += world.machine.steps
            self.cuts += world.machine.cuts
            self.rows += len(world.book.statements)
            self.kinds |= world.book.kinds
            self.scenes |= world.book.scenes
            self.whys |= world.book.whys
