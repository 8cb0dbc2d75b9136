"""One world per test, closed behind it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sync.world import FakeRun, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.store.settings = replace(made.store.settings, port=0)
    yield made
    made.store.close()


@pytest.fixture
def kiosk(world: World, tmp_path: Path) -> Iterator[FakeRun]:
    made = FakeRun(tmp_path / "run.sock", world.keys, world.enrolled.central)
    yield made
    made.close()
