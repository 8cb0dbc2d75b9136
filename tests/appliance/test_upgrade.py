"""Upgrades over real folders and links, with releases of every kind, cut off before every step."""

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.appliance import outcome, upgrade
from kiosk.appliance.ground import ApplianceError, Ground, quiet
from kiosk.appliance.outcome import Outcome
from kiosk.appliance.places import CURRENT, GOOD, TRIAL, Places
from kiosk.appliance.services import RUN, SYNC
from kiosk.appliance.trial import LONGEST_S, Why
from kiosk.appliance.upgrade import QUIET_S
from tests.appliance.world import NEW, OLD, Cut, World
from tests.systemd.units import tool

BAD = {
    "crash": Why.CRASH_LOOP,
    "hang": Why.NOT_STARTED,
    "outage": Why.NOT_SERVING,
    "sync": Why.SYNC,
    "doctor late": Why.DOCTOR,
}
CUTS = [("well", "power cut"), ("crash", "judge killed")]
if os.environ.get("KIOSK_POWER_CUTS"):  # the nightly size
    CUTS += [("well", "judge killed"), ("crash", "power cut")]
UNITS = "etc/systemd/system"


def ground_of(world: World, before: Callable[[str], None] = quiet) -> Ground:
    return Ground(world.root, say=quiet, before=before)


@pytest.fixture
def world(tmp_path: Path) -> World:
    for name in ("systemd-sysusers", "systemd-tmpfiles", "systemctl"):
        tool(name)
    world = World(tmp_path / "root")
    world.lay(OLD)
    world.install(ground_of(world), OLD)
    world.pause(60)
    return world


def upgraded(world: World, way: str, **how: bool) -> Outcome:
    world.lay(NEW, way)
    ground = ground_of(world)
    upgrade.request(ground, world, NEW, **how)
    return upgrade.carry_out(ground, world)


def at_rest(world: World) -> str:
    """The release that serves; every part of the machine agrees on it, and nothing is under way."""
    places = Places(world.root)
    serves = places.linked(CURRENT)
    assert world.runs == serves == places.linked(GOOD)
    assert not places.at(TRIAL).exists()
    texts = {p.name: p.read_text(encoding="utf-8") for p in (world.root / UNITS).glob("*.service")}
    assert len(texts) >= 5
    assert {text.splitlines()[0] for text in texts.values()} == {f"# {serves}"}
    assert serves in places.laid()
    return serves


def last(world: World) -> Outcome:
    found = outcome.read(Places(world.root).at(outcome.FILE))
    assert found is not None
    return found


def test_a_good_release_stays_and_the_one_before_it_is_kept(world: World) -> None:
    made = upgraded(world, "well")
    assert at_rest(world) == NEW
    assert (made.why, made.version, made.before) == ("", "2.0.0", "1.0.0")
    assert last(world) == made
    assert set(Places(world.root).laid()) == {OLD, NEW}


@pytest.mark.parametrize("way", BAD)
def test_a_bad_one_is_left_again_without_a_hand(world: World, way: str) -> None:
    started_s = world.up_s
    made = upgraded(world, way)
    assert at_rest(world) == OLD
    assert (made.why, made.version, made.before) == (BAD[way], "2.0.0", "1.0.0")
    assert last(world) == made
    assert world.up_s - started_s <= LONGEST_S + 10
    assert Places(world.root).laid() == [OLD]  # nobody goes back to that one by mistake
    # The old one ends by its own program and units, and so does the new one.
    assert world.log == [
        f"start {OLD}",
        f"stop {OLD}",
        f"start {NEW}",
        f"stop {NEW}",
        f"start {OLD}",
    ]


def test_a_kiosk_that_waits_for_its_first_manifest_may_be_upgraded(world: World) -> None:
    world.serving = False
    assert upgraded(world, "well").why == ""
    assert at_rest(world) == NEW


def test_a_kiosk_that_nobody_started_is_not_started(world: World) -> None:
    world.stop()
    assert upgraded(world, "well").why == ""
    assert world.runs == ""
    assert Places(world.root).linked(CURRENT) == NEW


def test_a_visit_is_waited_for(world: World) -> None:
    world.busy_until_s = world.up_s + 60
    assert upgraded(world, "well").why == ""
    assert world.log[1] == f"stop {OLD}"
    assert world.since_s >= world.busy_until_s


def test_no_quiet_moment_is_no_failure(world: World) -> None:
    world.busy_until_s = world.up_s + 2 * QUIET_S
    with pytest.raises(upgrade.BusyError):
        upgraded(world, "well")
    assert at_rest(world) == OLD
    assert world.log == [f"start {OLD}"]
    assert outcome.read(Places(world.root).at(outcome.FILE)) is None
    upgrade.request(ground_of(world), world, NEW, at_once=True)
    assert upgrade.carry_out(ground_of(world), world).why == ""


def test_downgrading_is_the_same_with_its_way_back(world: World) -> None:
    assert upgraded(world, "well").why == ""
    ground = ground_of(world)
    upgrade.request(ground, world, OLD)
    assert upgrade.carry_out(ground, world).version == "1.0.0"
    assert at_rest(world) == OLD
    world.ways[NEW] = "crash"
    upgrade.request(ground, world, NEW)
    assert upgrade.carry_out(ground, world).why == Why.CRASH_LOOP
    assert at_rest(world) == OLD


def test_what_only_the_new_one_has_goes_with_it(world: World) -> None:
    world.lay(NEW, "crash")
    extra = Places(world.root).release(NEW) / "systemd/kiosk-extra.service"
    extra.write_text(f"# {NEW}\n[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    ground = ground_of(world)
    upgrade.request(ground, world, NEW)
    upgrade.carry_out(ground, world)
    assert at_rest(world) == OLD
    assert not (world.root / UNITS / "kiosk-extra.service").exists()


def test_one_upgrade_at_a_time_and_only_to_what_is_laid(world: World) -> None:
    ground = ground_of(world)
    with pytest.raises(ApplianceError, match="serves already"):
        upgrade.request(ground, world, OLD)
    with pytest.raises(ApplianceError, match="not laid"):
        upgrade.request(ground, world, NEW)
    world.lay(NEW)
    upgrade.request(ground, world, NEW)
    with pytest.raises(ApplianceError, match="under way"):
        upgrade.request(ground, world, NEW)


def test_a_doctor_that_finds_more_stops_nothing(world: World) -> None:
    world.lay(NEW, "doctor")
    with pytest.raises(ApplianceError, match="wires"):
        upgrade.ask_doctor(ground_of(world), world, NEW)
    assert at_rest(world) == OLD
    assert world.log == [f"start {OLD}"]
    assert (last(world).why, last(world).version) == (Why.DOCTOR, "2.0.0")


def cutter(phase: str, cut_at: set[tuple[str, str, int]]) -> Callable[[str], None]:
    """Cuts one run before a step at which none of its phase was cut yet."""
    count: dict[str, int] = {}

    def cut(step: str) -> None:
        count[step] = count.get(step, 0) + 1
        place = (phase, step, count[step])
        if place not in cut_at:
            cut_at.add(place)
            raise Cut

    return cut


@pytest.mark.parametrize(("way", "end"), CUTS)
def test_cut_off_before_any_step_it_settles(world: World, way: str, end: str) -> None:
    """Before each step in turn; and `settle`, which then comes, is cut off before each of its own."""
    cut_at: set[tuple[str, str, int]] = set()
    ends: set[str] = set()
    done = False
    while not done:
        if NEW not in Places(world.root).laid():
            shutil.rmtree(Places(world.root).release(NEW), ignore_errors=True)
            world.lay(NEW, way)
        try:
            upgrade.request(ground_of(world), world, NEW, at_once=True)
            upgrade.carry_out(ground_of(world, cutter("try", cut_at)), world)
            done = True
        except Cut:
            settle(world, cut_at, power=end == "power cut")
        ends.add(at_rest(world))
        if not done and at_rest(world) == NEW:
            world.stop()
            world.install(ground_of(world), OLD)
    assert len(cut_at) > 20
    assert ends == ({OLD, NEW} if way == "well" else {OLD})
    assert at_rest(world) == (NEW if way == "well" else OLD)


def settle(world: World, cut_at: set[tuple[str, str, int]], *, power: bool) -> None:
    """As systemd does it: at boot before anything serves, or when the judge has ended."""
    while True:
        if power:
            world.power_off()
        with suppress(Cut):
            upgrade.settle(ground_of(world, cutter("settle", cut_at)), lambda: world)
            break
    if power:
        world.boot()


@pytest.mark.parametrize("full", [f"/{UNITS}/kiosk.service", CURRENT, outcome.FILE])
def test_a_disk_that_is_full_on_the_way_back_leaves_somebody_serving(
    world: World, full: str
) -> None:
    """And the next start goes back for good."""
    world.lay(NEW, "crash")
    upgrade.request(ground_of(world), world, NEW)
    upgrade.switch(ground_of(world), world, NEW, (RUN, SYNC))

    def no_room(step: str) -> None:
        if step == full:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        upgrade.settle(ground_of(world, no_room), lambda: world)
    assert world.runs
    assert Places(world.root).at(TRIAL).exists()
    settle(world, {("settle", "", 0)}, power=True)
    assert at_rest(world) == OLD
    assert last(world).why == Why.INTERRUPTED


def test_settling_at_rest_does_nothing(world: World) -> None:
    ground = ground_of(world)
    ground.changed.clear()
    assert upgrade.settle(ground, lambda: world) is None
    assert ground.changed == []


def test_a_spoilt_note_of_a_trial_ends_on_the_good_one(world: World) -> None:
    world.lay(NEW)
    Places(world.root).at(TRIAL).write_text("{", encoding="utf-8")
    ground = ground_of(world)
    ground.link(CURRENT, f"releases/{NEW}")
    world.power_off()
    upgrade.settle(ground, lambda: world)
    world.boot()
    assert at_rest(world) == OLD


def test_tries_in_a_row_are_counted(world: World) -> None:
    ground = ground_of(world)
    world.lay(NEW)
    for n in (1, 2):
        made = upgrade.fail(ground, NEW, "2.0.0", Why.INTERRUPTED, "")
        assert made.tries == n
    assert upgrade.fail(ground, "3.0.0+2", "3.0.0", Why.DOCTOR, "").tries == 1


def test_units_that_ran_are_known_by_name(world: World) -> None:
    world.lay(NEW)
    assert upgrade.request(ground_of(world), world, NEW).units == (RUN, SYNC)
