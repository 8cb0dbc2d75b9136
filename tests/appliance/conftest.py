"""The installed machine that the tests of this folder boot, made once per worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.appliance import cache
from tests.appliance.stage import Appliance
from tests.appliance.ward import Ward

nightly = pytest.mark.skipif(
    not cache.NIGHTLY, reason=f"nightly size: {cache.SWITCH}=all ./dev test tests/appliance"
)


@pytest.fixture(scope="session")
def layers() -> Sequence[Path]:
    """A bookworm with the program installed, top layer first."""
    return [Path("/tmp/nsp/root")]


@pytest.fixture
def appliance(layers: Sequence[Path]) -> Iterator[Appliance]:
    """Booted, enrolled, idle."""
    with Appliance(layers) as booted:
        yield booted


@pytest.fixture
def ward(appliance: Appliance) -> Ward:
    """People before it."""
    return Ward(appliance)
