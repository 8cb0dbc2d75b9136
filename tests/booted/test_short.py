"""One short pass over a real systemd, in every run: installed from wheels, booted, enrolled, driven, killed.

The rest is the nightly size: `KIOSK_APPLIANCE=all ./dev test tests/booted`.
"""

from __future__ import annotations

import os
import signal

import pytest

from kiosk.demo.stage import wait_for
from tests.booted import probes
from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance
from tests.booted.ward import Ward

NET_S = 60.0
USERS = {RUN: "kiosk", SYNC: "kiosk-sync"}


@pytest.mark.slow
def test_it_is_installed_boots_serves_and_is_killed(appliance: Appliance, ward: Ward) -> None:
    # One test, since the machine is made once for it: a step that fails says which it was.
    serves_a_code(appliance, ward)
    each_has_its_own_process(appliance)
    probes.lay(appliance)
    run_is_killed_with_a_relay_on(appliance, ward)
    sync_is_killed(appliance)
    for unit in USERS:
        assert "code=exited ; status=0" in appliance.on.asks(unit, "ExecStartPre")  # the probes
    assert "all as they were signed" in appliance.verify()
    assert "Traceback" not in appliance.log(RUN) + appliance.log(SYNC)


def serves_a_code(appliance: Appliance, ward: Ward) -> None:
    hands = ward.hands
    hands.tap("start")
    hands.see("Digits")
    hands.type("0042")
    hands.tap("confirm")
    hands.see("Code")
    hands.tap("cancel")
    hands.see("Idle")
    assert appliance.on.run("systemctl", "is-system-running", check=False).stdout == "running\n"
    wait_for(
        lambda: appliance.on.asks(RUN, "StatusText") == "shows Idle", "systemd is told so", NET_S
    )
    assert '"serving": true' in appliance.inside("kiosk", "status", "--json")


def each_has_its_own_process(appliance: Appliance) -> None:
    for unit, user in USERS.items():
        assert appliance.on.asks(unit, "NRestarts") == "0"
        uid = appliance.inside("id", "-u", user).strip()
        status = appliance.status_of(unit)
        assert status["Uid"].split() == [uid] * 4
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def run_is_killed_with_a_relay_on(appliance: Appliance, ward: Ward) -> None:
    run, sync, number = appliance.pid(RUN), appliance.pid(SYNC), 7
    with appliance.cabinet.hands() as cabinet:
        cabinet.jam(number)
    os.kill(run, signal.SIGSTOP)  # it can neither see nor end what is on now
    with appliance.cabinet.hands() as cabinet:
        cabinet.coils.drive(number, None)
    os.kill(run, signal.SIGKILL)
    appliance.wait_dead()
    wait_for(lambda: not appliance.coils_on(), "locks-off has put the relay off", NET_S)
    assert appliance.pid(RUN) in (0, run)  # and that before it was started again
    ward.back()
    assert appliance.pid(SYNC) == sync


def sync_is_killed(appliance: Appliance) -> None:
    run, sync = appliance.pid(RUN), appliance.pid(SYNC)
    os.kill(sync, signal.SIGKILL)
    wait_for(lambda: appliance.pid(SYNC) not in (0, sync), "sync runs again", NET_S)
    assert appliance.pid(RUN) == run
