"""The installed machine that the tests of this folder boot, made once per worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.booted import cache, installed
from tests.booted.stage import Appliance
from tests.booted.ward import Ward

nightly = pytest.mark.skipif(
    not cache.NIGHTLY, reason=f"nightly size: {cache.SWITCH}=all ./dev test tests/booted"
)


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Path]]:
    """A bookworm with the program installed, top layer first."""
    folder = tmp_path_factory.mktemp("machine")
    yield cache.or_skip(lambda: installed.layers(folder))
    shutil.rmtree(folder)  # hundreds of megabytes: nobody looks at them afterwards


@pytest.fixture
def appliance(layers: Sequence[Path]) -> Iterator[Appliance]:
    """Booted, enrolled, idle."""
    with Appliance(layers) as booted:
        yield booted


@pytest.fixture
def ward(appliance: Appliance) -> Ward:
    """People before it."""
    return Ward(appliance)
