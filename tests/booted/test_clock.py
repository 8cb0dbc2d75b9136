"""The clock of the machine is unknown, found, set back and set forward; pickups go on through all of it.

A container has its host's clock, and nothing here may set that one. So the one call by which the program
reads it (`time.time_ns`, in kiosk/clock.py) is moved in there, by a file that says how far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from tests.booted.conftest import nightly
from tests.booted.stage import SYNCED, Appliance
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow]

FIRST, SECOND, THIRD = cast.DOSSIERS[0], cast.DOSSIERS[2], cast.DOSSIERS[5]
NET_S = 60.0
DAY_S = 86_400
MOVED = """
import time
real = time.time_ns

def moved():
    try:
        with open("/etc/moved-clock") as file:
            return real() + int(file.read() or 0) * 1_000_000_000
    except OSError:
        return real()

time.time_ns = moved
"""


def move(appliance: Appliance, seconds: int) -> None:
    appliance.write("/etc/moved-clock", str(seconds))


def wait_clock(appliance: Appliance, trust: str) -> None:
    wait_for(lambda: appliance.health()["clock"] == trust, f"the clock is {trust}", NET_S)


@pytest.fixture
def appliance(layers: Sequence[Path]) -> Iterator[Appliance]:
    """Nothing has synchronised its clock yet."""
    with Appliance(layers, synced=False) as booted:
        yield booted


def test_the_flag_of_timesyncd_is_seen_from_within_the_service(appliance: Appliance) -> None:
    assert appliance.health()["clock"] == "unknown"  # no battery clock in a container
    appliance.write(f"/{SYNCED}", "")
    wait_clock(appliance, "synced")
    assert appliance.on.asks("systemd-timesyncd.service", "ActiveState") in ("inactive", "")


def test_the_clock_is_set_back_and_forward_and_everybody_is_served(
    appliance: Appliance, ward: Ward
) -> None:
    appliance.write(f"/{SYNCED}", "")
    site = appliance.inside("sh", "-c", "echo /opt/kiosk/current/venv/lib/python3*/site-packages")
    appliance.write(f"{site.strip()}/moved_clock.py", MOVED)
    appliance.write(f"{site.strip()}/moved-clock.pth", "import moved_clock\n")
    appliance.inside("systemctl", "restart", "kiosk.target")
    ward.back()
    ward.fill([FIRST, SECOND, THIRD])
    wait_clock(appliance, "synced")

    move(appliance, -3 * DAY_S)
    wait_clock(appliance, "unknown")
    ward.collect(FIRST)
    appliance.cut_power()  # of `run` alone: it wakes in the past
    ward.back()
    assert appliance.health()["clock"] == "unknown"
    ward.collect(SECOND)

    move(appliance, 0)
    appliance.cut_power()
    ward.back()
    wait_clock(appliance, "synced")
    move(appliance, 400 * DAY_S)  # every result here would be over its time, if that were believed
    wait_clock(appliance, "unknown")
    ward.collect(THIRD)

    by_clock = {str(row["clock"]) for row in ward.hands.statements() if row["kind"] == "collected"}
    assert by_clock == {"unknown"}
    ward.reported()
    assert "all as they were signed" in appliance.verify()
