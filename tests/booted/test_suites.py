"""Both Debians below Raspberry Pi OS, whole: their Python, their systemd, its own judges."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted import cache, installed
from tests.booted.conftest import nightly
from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance
from tests.booted.ward import Ward
from tests.systemd.test_tools import EXPOSURE

pytestmark = [nightly, pytest.mark.slow]

UNITS = "/etc/systemd/system"
OURS = (RUN, SYNC, "kiosk.target")
NEWER = ("RestartSteps", "RestartMaxDelaySec")  # which bookworm's systemd 252 passes over


@pytest.fixture(params=["bookworm", "trixie"])
def appliance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Appliance]:
    """Installed from the wheels for that Python."""
    layers = cache.or_skip(lambda: installed.layers(tmp_path / "machine", request.param))
    with Appliance(layers) as booted:
        yield booted
    shutil.rmtree(tmp_path / "machine")


def test_it_serves_is_killed_and_is_judged_by_that_systemd(appliance: Appliance) -> None:
    appliance.cut_power()
    Ward(appliance).back()
    assert "all as they were signed" in appliance.verify()
    said = appliance.on.run("systemd-analyze", "verify", "--man=no", *OURS)
    ours = [line for line in said.stderr.splitlines() if "kiosk" in line]
    assert [line for line in ours if not any(f"'{key}'" in line for key in NEWER)] == []
    for unit in (RUN, SYNC):
        most = f"--threshold={round(EXPOSURE[unit] * 10)}"
        judged = ("systemd-analyze", "security", "--offline=true", "--no-pager", most)
        appliance.inside(*judged, f"{UNITS}/{unit}")  # fails when it is more exposed
