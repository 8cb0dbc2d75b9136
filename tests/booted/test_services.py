"""The services under a real systemd: killed, hung, and each without the other. Bounds: docs/appliance.md."""

from __future__ import annotations

import os
import signal
from threading import Event
from time import monotonic

import pytest

from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from kiosk.demo.story import Story
from tests.booted.conftest import nightly
from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow]

# Bounds of docs/appliance.md, on a machine that is not busy otherwise.
HUNG_S = 10.0  # from the moment it hangs until it serves again
OFF_S = 9.0  # until a relay that it left on is off: watchdog, its end, locks-off
KILLED_S = 5.0  # from SIGKILL until it serves again
SYNC_S = 5.0  # from SIGKILL of sync until it runs again
NET_S = 60.0
DOSSIER = cast.DOSSIERS[0]
PULSE_MS = 1_000
AFTER_OPEN_S = (0.0, 0.1, 0.4, 0.8, 1.6, 3.0)  # when the citizen has pressed *open*


def restarts(appliance: Appliance, unit: str) -> int:
    return int(appliance.on.asks(unit, "NRestarts"))


def test_the_demos_whole_story_comes_true(appliance: Appliance) -> None:
    for _, deed in Story(appliance, appliance.hands).steps():
        deed()
    assert "all as they were signed" in appliance.verify()


def finish(ward: Ward) -> None:
    """The citizen stays: closes the door that stands open, or types the code once more."""
    hands = ward.hands
    wait_for(lambda: hands.shown not in ("", "OutOfService"), "the doors are read", NET_S)
    with ward.appliance.cabinet.hands() as cabinet:
        open_ = [n for n in cabinet.compartments if cabinet.is_open(n)]
        for n in open_:
            cabinet.take(n)
            assert cabinet.push(n)
    hands.see("Idle")
    if not open_:
        ward.collect(DOSSIER)


@pytest.mark.parametrize("after_s", AFTER_OPEN_S)
def test_run_is_killed_in_the_middle_of_a_pickup(
    appliance: Appliance, ward: Ward, after_s: float
) -> None:
    ward.fill([DOSSIER])
    sync = appliance.pid(SYNC)
    ward.come(DOSSIER)
    ward.hands.tap("open")
    Event().wait(after_s)
    begun = monotonic()
    os.kill(appliance.pid(RUN), signal.SIGKILL)
    appliance.wait_dead()
    ward.hands.forget_screen()
    appliance.start_run()
    finish(ward)
    with appliance.cabinet.hands() as cabinet:
        assert all(run.off_ms - run.on_ms <= PULSE_MS for run in cabinet.coil_runs())
        assert not cabinet.coils_on()
    opened = [row for row in ward.hands.statements() if row["kind"] == "opened" and "cid" in row]
    assert len(opened) == 1
    assert monotonic() - begun < NET_S
    assert (appliance.pid(SYNC), restarts(appliance, SYNC)) == (sync, 0)
    assert "all as they were signed" in appliance.verify()


def test_run_hangs_with_a_relay_on(appliance: Appliance, ward: Ward) -> None:
    sync, number = appliance.pid(SYNC), 7
    with appliance.cabinet.hands() as cabinet:
        cabinet.jam(number)  # its door stays shut, so that nothing but the relay is in question
    os.kill(appliance.pid(RUN), signal.SIGSTOP)
    begun = monotonic()
    with appliance.cabinet.hands() as cabinet:
        cabinet.coils.drive(number, None)  # on, until somebody orders it off
    wait_for(lambda: not appliance.coils_on(), "the relay is off", NET_S)
    off_s = monotonic() - begun
    appliance.wait_dead()
    ward.back()
    back_s = monotonic() - begun
    assert off_s <= OFF_S
    assert back_s <= HUNG_S
    assert (restarts(appliance, RUN), restarts(appliance, SYNC)) == (1, 0)
    assert appliance.pid(SYNC) == sync
    with appliance.cabinet.hands() as cabinet:
        assert [run.compartment for run in cabinet.coil_runs()] == [number]  # start-up pulsed none


def test_a_killed_run_serves_again_in_time_with_its_relays_off(
    appliance: Appliance, ward: Ward
) -> None:
    number, run = 7, appliance.pid(RUN)
    with appliance.cabinet.hands() as cabinet:
        cabinet.jam(number)
    os.kill(run, signal.SIGSTOP)  # it can neither see nor end what is on now
    with appliance.cabinet.hands() as cabinet:
        cabinet.coils.drive(number, None)
    begun = monotonic()
    os.kill(run, signal.SIGKILL)
    wait_for(lambda: not appliance.coils_on(), "the relay is off", NET_S)
    appliance.wait_dead()
    ward.back()
    assert monotonic() - begun <= KILLED_S


def test_sync_is_killed_and_hangs_and_the_doors_do_not_notice(
    appliance: Appliance, ward: Ward
) -> None:
    ward.fill([DOSSIER])
    run, sync = appliance.pid(RUN), appliance.pid(SYNC)
    os.kill(sync, signal.SIGKILL)
    begun = monotonic()
    wait_for(lambda: appliance.pid(SYNC) not in (0, sync), "sync runs again", NET_S)
    assert monotonic() - begun <= SYNC_S
    # Three minutes of watchdog are no test's business: a drop-in shortens them, and nothing else.
    appliance.write(
        "/etc/systemd/system/kiosk-sync.service.d/soon.conf", "[Service]\nWatchdogSec=12\n"
    )
    appliance.inside("systemctl", "daemon-reload")
    appliance.inside("systemctl", "restart", SYNC)
    os.kill(appliance.pid(SYNC), signal.SIGSTOP)
    ward.collect(DOSSIER)
    wait_for(lambda: restarts(appliance, SYNC) > 0, "the watchdog has ended sync", NET_S)
    ward.reported()
    assert (appliance.pid(RUN), restarts(appliance, RUN)) == (run, 0)


def test_it_never_gives_up(appliance: Appliance, ward: Ward) -> None:
    good = appliance.read("/etc/kiosk/kiosk.toml")
    appliance.write("/etc/kiosk/kiosk.toml", good.replace("[central]", "[centre]"))
    os.kill(appliance.pid(RUN), signal.SIGKILL)
    more_than_systemd_bears = 7
    wait_for(lambda: restarts(appliance, RUN) >= more_than_systemd_bears, "it tries on", NET_S)
    appliance.write("/etc/kiosk/kiosk.toml", good)
    ward.back()
