"""The disk fills up: loading stops first, pickups go on; when nothing fits any more, nothing is promised."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest

from kiosk.core.host import LOW_SPACE_BYTES
from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from kiosk.run import SPACE_MS
from tests.booted.conftest import nightly
from tests.booted.inside import RUN
from tests.booted.stage import DATA, Appliance, image_in
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow, pytest.mark.powercut]

FIRST, SECOND = cast.DOSSIERS[0], cast.DOSSIERS[2]
BALLAST = f"{DATA}/ballast"
MOST_LOGINS = 30  # until what SQLite had already set aside is used up
BACK_S = 10.0  # from room on the disk until it serves: it tries every 5 s
NET_S = 60.0


def fill(appliance: Appliance, leave: int) -> None:
    """Leave this many bytes of the data folder's disk to a user who is not root."""
    found = os.statvfs(appliance.on.root / DATA.lstrip("/"))
    free = found.f_bavail * found.f_frsize
    grown = Path(appliance.on.root / BALLAST.lstrip("/"))
    now = grown.stat().st_size if grown.exists() else 0
    appliance.inside("fallocate", "--length", str(now + free - leave), BALLAST)


def test_a_disk_that_fills_up_stops_loading_then_service_and_loses_nothing(
    layers: Sequence[Path], tmp_path: Path
) -> None:
    with Appliance(layers, image=image_in(tmp_path)) as appliance:
        ward = Ward(appliance)
        ward.fill([FIRST])
        fill(appliance, LOW_SPACE_BYTES // 2)
        wait_for(
            lambda: ward.hands.stated("fault", what="space"), "it notices", SPACE_MS / 1000 + NET_S
        )
        ward.staff_in()
        ward.hands.scan(SECOND.code)
        ward.hands.wait_field("trouble", "space")
        ward.hands.tap("sign_out")
        ward.hands.see("Idle")
        ward.collect(FIRST)

        fill(appliance, 0)
        before, pulses = appliance.rows(), pulsed(appliance)
        full_up(ward)
        assert pulsed(appliance) == pulses
        assert appliance.on.asks(RUN, "NRestarts") == "0"  # to report is to be alive
        rows = appliance.rows()
        assert rows[: len(before)] == before

        appliance.inside("rm", BALLAST)
        begun = monotonic()
        status = ("shows Idle", "shows Menu")  # staff who were in the middle are not asked anew
        wait_for(lambda: appliance.on.asks(RUN, "StatusText") in status, "it serves again", NET_S)
        assert monotonic() - begun <= BACK_S
        assert "all as they were signed" in appliance.verify()
        assert appliance.rows()[: len(rows)] == rows


def full_up(ward: Ward) -> None:
    """Staff come and go until the journal takes no more, and the screen says so."""
    hands = ward.hands
    for _ in range(MOST_LOGINS):
        hands.scan(ward.appliance.card)
        hands.see("StaffLogin")
        hands.type(cast.STAFF_PIN)
        hands.tap("confirm")
        wait_for(lambda: hands.shown == "Menu" or out_of_order(ward), "an answer", NET_S)
        if hands.shown == "Menu":
            hands.tap("sign_out")
            wait_for(lambda: hands.shown == "Idle" or out_of_order(ward), "an answer", NET_S)
        if out_of_order(ward):
            return
    pytest.fail("the journal never got full")


def out_of_order(ward: Ward) -> bool:
    """As systemd was told: a kiosk without a journal answers no script."""
    return ward.appliance.on.asks(RUN, "StatusText") == "shows out of order: the journal"


def pulsed(appliance: Appliance) -> int:
    with appliance.cabinet.hands() as cabinet:
        return len(cabinet.coil_runs())
