"""A real central, and where it listens on loopback."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.central.settings import load_settings
from sync.central.store import Store
from tests.kiosk.station import WALL_MS
from tests.sync.world import serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    # Seconds pass between any two looks at the clock: nobody here tries too often.
    clock = itertools.count(WALL_MS, 7_000)
    made = Store(replace(load_settings(tmp_path / "central", {}), port=0), clock.__next__)
    yield made
    made.close()


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    with serving(store) as address:
        yield address
