"""`kiosk upgrade` under a real systemd: kept, refused, and back without a hand. Bounds: docs/appliance.md.

The law of a trial is not shortened here: a good release is watched for its whole minute, and a running kiosk
looks once a minute whether there is news of an upgrade. So most of these take a minute or two.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from time import monotonic

import pytest
from sqlalchemy import select

from kiosk import clock
from kiosk.appliance import outcome
from kiosk.appliance.outcome import Outcome
from kiosk.appliance.places import CURRENT, GOOD, TRIAL, Places
from kiosk.appliance.trial import STEADY_S, Why
from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from kiosk.run import SPACE_MS
from kiosk.version import VERSION
from sync.central.store import Store
from sync.central.tables import Alarm
from tests.booted import releases
from tests.booted.conftest import nightly
from tests.booted.inside import RUN, SYNC
from tests.booted.releases import NEXT
from tests.booted.stage import Appliance
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow]

# Bounds of docs/appliance.md, on a machine that is not busy otherwise.
OUT_S = 10.0  # out of service while the releases are exchanged
LOOP_S = 30.0  # from the exchange to a release that crashes until the old one serves again
NEWS_S = SPACE_MS / 1000 + 10.0  # until central has heard of one that failed while `run` went on
LAY_S = 180.0  # safety nets, never measures
NET_S = 60.0
FIRST, SECOND = cast.DOSSIERS[0], cast.DOSSIERS[2]
STICK = "/mnt/stick"
BOTH = (RUN, SYNC)


@contextmanager
def upgrading(appliance: Appliance, *words: str) -> Iterator[None]:
    """`kiosk upgrade`, begun; it ends with status 0 before this does."""
    with begun(appliance, *words) as order:
        yield
        said, _ = order.communicate(timeout=LAY_S)
        assert order.returncode == 0, said + appliance.log("kiosk-trial.service")


@contextmanager
def begun(appliance: Appliance, *words: str) -> Iterator[Popen[str]]:
    """`kiosk upgrade` under way; a test that fails does not wait for its end."""
    order = appliance.on.begin("kiosk", "upgrade", *words)
    try:
        yield order
    finally:
        order.kill()
        order.wait()
        assert order.stdout is not None
        order.stdout.close()


def refused(appliance: Appliance, *words: str) -> str:
    """What `kiosk upgrade` says that does not lead to the new release."""
    ran = appliance.on.run("kiosk", "upgrade", *words, check=False, timeout=LAY_S)
    assert ran.returncode == 1, ran.stdout
    assert "Traceback" not in ran.stderr
    return ran.stderr


def places(appliance: Appliance) -> Places:
    return Places(appliance.on.root)


def at_rest(appliance: Appliance) -> str:
    """The release that serves and has proved itself; nothing is under way."""
    there = places(appliance)
    serves = there.linked(CURRENT)
    assert serves == there.linked(GOOD)
    assert not there.at(TRIAL).exists()
    assert serves in there.laid()
    return serves


def last(appliance: Appliance) -> Outcome:
    found = outcome.read(places(appliance).at(outcome.FILE))
    assert found is not None
    return found


def started(ward: Ward) -> list[object]:
    """The versions that ever stated that they begin."""
    return [row["version"] for row in ward.hands.statements() if row["kind"] == "started"]


def told_central(appliance: Appliance, ward: Ward, why: Why) -> None:
    """It is in the journal with version and reason, and a person at central sees an alarm."""

    def found() -> Mapping[str, object] | None:
        return ward.hands.stated("fault", what="upgrade_failed", version=NEXT, why=str(why))

    wait_for(found, "the failed upgrade is stated", NEWS_S)
    wait_for(
        lambda: ("fault", "upgrade_failed") in alarms(appliance), "central has the alarm", NEWS_S
    )
    assert last(appliance).why == why
    assert "all as they were signed" in appliance.verify()


def alarms(appliance: Appliance) -> list[tuple[str, str]]:
    """Every one that central ever had: its kind, and what it is of."""
    store = Store(appliance.settings, clock.wall_ms)
    try:
        with store.begin() as session:
            return [(one.kind, one.what) for one in session.scalars(select(Alarm))]
    finally:
        store.close()


def plugged_in(appliance: Appliance, folder: Path) -> None:
    shutil.copytree(folder, appliance.seen(STICK))


def exchanged(appliance: Appliance, ward: Ward) -> float:
    """One release ends and the next one serves; the seconds between."""
    assert appliance.cabinet.wait_gone(LAY_S)
    since = monotonic()
    ward.back()
    return monotonic() - since


def test_a_good_release_is_kept_and_the_way_back_works(
    appliance: Appliance, ward: Ward, tmp_path: Path
) -> None:
    ward.fill([FIRST, SECOND])
    old, new = at_rest(appliance), releases.bundle(tmp_path / "stick")
    plugged_in(appliance, tmp_path / "stick")
    since = monotonic()
    with upgrading(appliance, STICK):
        assert exchanged(appliance, ward) <= OUT_S
        ward.collect(FIRST)  # on trial it serves
    assert monotonic() - since >= STEADY_S
    assert at_rest(appliance) == new
    assert (last(appliance).why, last(appliance).version) == ("", NEXT)
    assert started(ward) == [VERSION, NEXT]
    assert set(places(appliance).laid()) == {old, new}
    assert "all as they were signed" in appliance.verify()

    with upgrading(appliance, "--back"):
        assert exchanged(appliance, ward) <= OUT_S
    assert at_rest(appliance) == old
    assert started(ward) == [VERSION, NEXT, VERSION]
    ward.collect(SECOND)
    ward.reported()
    assert alarms(appliance) == []
    assert "all as they were signed" in appliance.verify()


@pytest.mark.parametrize("why", [Why.PACKAGES, Why.DOCTOR])
def test_a_release_that_is_seen_through_stops_nothing(
    appliance: Appliance, ward: Ward, tmp_path: Path, why: Why
) -> None:
    old, before = at_rest(appliance), [appliance.pid(unit) for unit in BOTH]
    stick = tmp_path / "stick"
    releases.bundle(stick, *([releases.DOCTOR_FINDS] if why is Why.DOCTOR else []))
    if why is Why.PACKAGES:
        releases.break_wheel(stick)
    plugged_in(appliance, stick)
    said = refused(appliance, STICK)
    clue = {Why.PACKAGES: "cryptography", Why.DOCTOR: releases.ILL}[why]
    assert clue in said
    assert clue in last(appliance).words
    assert at_rest(appliance) == old
    told_central(appliance, ward, why)
    assert [appliance.pid(unit) for unit in BOTH] == before
    assert started(ward) == [VERSION]
    assert ward.hands.shown == "Idle"


def test_a_release_that_crashes_again_and_again_is_left_without_a_hand(
    appliance: Appliance, ward: Ward, tmp_path: Path
) -> None:
    ward.fill([FIRST])
    number = 7 if ward.hands.wait_stated("loaded")["compartment"] != 7 else 8  # an empty one
    old, new = at_rest(appliance), releases.bundle(tmp_path / "stick", releases.RUN_ENDS)
    plugged_in(appliance, tmp_path / "stick")
    with begun(appliance, STICK) as order:
        wait_for(lambda: places(appliance).linked(CURRENT) == new, "they are exchanged", LAY_S)
        since = monotonic()
        with appliance.cabinet.hands() as cabinet:
            cabinet.jam(number)
            cabinet.coils.drive(number, None)  # on, until somebody orders it off
        wait_for(lambda: not appliance.coils_on(), "the relay is off", NET_S)
        assert places(appliance).linked(CURRENT) == new  # no `run` that could do it has begun
        ward.back()
        assert monotonic() - since <= LOOP_S
        said, _ = order.communicate(timeout=NET_S)
    assert order.returncode == 1
    assert Why.CRASH_LOOP in said
    assert at_rest(appliance) == old
    assert new not in places(appliance).laid()  # nobody goes back to that one
    told_central(appliance, ward, Why.CRASH_LOOP)
    assert started(ward) == [VERSION, VERSION]
    assert not appliance.coils_on()
    ward.collect(FIRST)


def test_the_power_goes_in_the_middle_of_a_trial(
    appliance: Appliance, ward: Ward, tmp_path: Path
) -> None:
    ward.fill([FIRST])
    old, new = at_rest(appliance), releases.bundle(tmp_path / "stick")
    plugged_in(appliance, tmp_path / "stick")
    with begun(appliance, STICK):
        exchanged(appliance, ward)
        assert places(appliance).linked(CURRENT) == new
        assert started(ward) == [VERSION, NEXT]
        appliance.power_cut()
    appliance.power_on()
    ward.back_on()
    assert at_rest(appliance) == old
    assert started(ward) == [VERSION, NEXT, VERSION]  # the new one never ran again
    settled = appliance.on.asks("kiosk-settle.service", "ExecMainExitTimestampMonotonic")
    assert 0 < int(settled) <= int(appliance.on.asks(RUN, "ExecMainStartTimestampMonotonic"))
    told_central(appliance, ward, Why.INTERRUPTED)
    ward.collect(FIRST)
