"""The power of the whole machine goes at any moment: what the disk holds is what a restart finds.

The data folder lies on ext4 on a loop file. The kiosk is stopped dead, the file is copied, and the machine
boots on the copy: the page cache is lost, as in a real cut. The boards go on by themselves, which is
harder than a supply that is gone for all.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

import pytest

from kiosk.demo import cast
from tests.booted.conftest import nightly
from tests.booted.inside import RUN
from tests.booted.stage import Appliance, image_in
from tests.booted.ward import Ward
from tests.powercut import disk

pytestmark = [nightly, pytest.mark.slow, pytest.mark.powercut]

CUTS = int(os.environ.get("KIOSK_POWER_CUTS", "6"))
FIRST, SECOND = cast.DOSSIERS[0], cast.DOSSIERS[2]
LONGEST_S = 4.0  # after which a pickup or a loading is over
BACK_S = 10.0  # from power-on until it serves, on a machine that is not busy otherwise
PULSE_MS = 1_000
NET_S = 60.0


def cut(appliance: Appliance) -> None:
    """The power goes; the next start finds what the disk held at this moment."""
    (held,) = appliance.disk.images
    os.kill(appliance.pid(RUN), signal.SIGSTOP)
    copy = disk.cut(held, held.with_suffix(".copy"))
    appliance.power_cut()
    shutil.move(copy, held)


def doors_shut(ward: Ward) -> None:
    """Whoever stands there takes what is in an open door and closes it."""
    with ward.appliance.cabinet.hands() as cabinet:
        for number in cabinet.compartments:
            if cabinet.is_open(number):
                cabinet.take(number)
                assert cabinet.push(number)
    ward.hands.see("Idle")


@pytest.mark.parametrize("seed", range(CUTS))
def test_the_power_goes_at_any_moment(layers: Sequence[Path], tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with Appliance(layers, image=image_in(tmp_path)) as appliance:
        ward = Ward(appliance)
        ward.fill([FIRST])
        if seed % 2:
            ward.come(FIRST)
            ward.hands.tap("open")
        else:
            ward.staff_in()
            ward.hands.scan(SECOND.code)
        Event().wait(chance.uniform(0, LONGEST_S))
        known = [row.compact for row in appliance.received()]
        cut(appliance)
        pulses = len(coil_runs(appliance))
        begun = monotonic()
        appliance.power_on()
        ward.back_on()
        assert monotonic() - begun <= BACK_S
        doors_shut(ward)
        rows = appliance.rows()
        assert rows[: len(known)] == known, "central has rows that the kiosk has not"
        assert len(coil_runs(appliance)) <= pulses + 1  # the one that was on; none by itself
        assert all(ms <= PULSE_MS for ms in coil_runs(appliance))
        assert "all as they were signed" in appliance.verify()
        assert not appliance.coils_on()
        collected = [row for row in ward.hands.statements() if row["kind"] == "collected"]
        if not collected and not opened(ward):
            ward.collect(FIRST)
        assert "all as they were signed" in appliance.verify()


def opened(ward: Ward) -> list[object]:
    return [row for row in ward.hands.statements() if row["kind"] == "opened" and row.get("cid")]


def coil_runs(appliance: Appliance) -> list[int]:
    with appliance.cabinet.hands() as cabinet:
        return [run.off_ms - run.on_ms for run in cabinet.coil_runs()]
