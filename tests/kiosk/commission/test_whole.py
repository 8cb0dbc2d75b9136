"""The whole round over real drivers and fake boards on a pty, a technician before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.bench.boards import BenchBoard
from drivers.bench.families import FAMILIES as FAKES
from drivers.doors import Reading
from drivers.locks.families import FAMILIES
from kiosk.commission.findings import Finding, Judged, Kind, judge
from kiosk.commission.session import Answer
from kiosk.commission.state import State, Step
from tests.kiosk.commission.technician import Bench, Doors
from ui.service_screens import Wizard

ADDRESS = 1
LEAST_CHANNELS = {"xor-8a80": 8, "waveshare-modbus": 8, "kerong-cu16": 16, "kerong-cu12": 12}

Build = Callable[..., Bench]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    made: list[Bench] = []

    def one(
        family: str, doors: Doors, *, closed_when_shut: bool = True, status_first: bool = False
    ) -> Bench:
        board = BenchBoard(
            ADDRESS,
            doors,
            LEAST_CHANNELS.get(family, 8),
            closed_when_shut=closed_when_shut,
            status_first=status_first,
        )
        made.append(Bench(tmp_path, family, board))
        return made[-1]

    yield one
    for bench in made:
        bench.close()


def _judged(bench: Bench, state: State) -> Judged:
    assert state.step is Step.DONE
    return judge(state.plan, state.found, bench.buses)


def _round(bench: Bench, most: int) -> Judged:
    return _judged(bench, bench.conduct(bench.plan(most=most)))


def _wires(judged: Judged) -> dict[int, tuple[int, str]]:
    return {door.number: (door.candidate.channel, door.shut_when) for door in judged.doors}


def test_the_fakes_and_the_drivers_know_the_same_families() -> None:
    assert set(FAKES) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_crossed_wires_are_learnt_whatever_the_family(family: str, build: Build) -> None:
    bench = build(family, {1: 4, 2: 3})
    judged = _round(bench, 2)
    assert judged.findings == ()
    assert judged.may_go_live
    assert _wires(judged) == {3: (2, "closed"), 4: (1, "closed")}
    assert bench.bench.dangers() == ()
    with bench.bench.hands() as cabinet:
        assert [run.compartment for run in cabinet.coil_runs()] == [4, 3]


def test_a_contact_that_is_open_while_the_door_is_shut_is_learnt(build: Build) -> None:
    judged = _round(build("kerong-cu12", {1: 1, 2: 2}, closed_when_shut=False), 2)
    assert judged.may_go_live
    assert _wires(judged) == {1: (1, "open"), 2: (2, "open")}
    assert all(door.open_ms > 0 for door in judged.doors)


def test_a_board_with_its_status_bytes_the_other_way_round_is_noticed(build: Build) -> None:
    bench = build("xor-8a80", {1: 1, 2: 2}, status_first=True)
    judged = _round(bench, 2)
    assert judged.may_go_live
    assert judged.flipped == {"a"}
    assert _wires(judged) == {1: (1, "closed"), 2: (2, "closed")}


def test_a_dead_lock_leaves_a_gap(build: Build) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2})
    with bench.bench.hands() as cabinet:
        cabinet.jam(2)
    judged = _round(bench, 2)
    assert Finding(Kind.GAP, 2) in judged.findings
    assert not judged.may_go_live


def test_a_stuck_sensor_is_a_finding_and_its_door_is_shut_on_the_technicians_word(
    build: Build,
) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2})
    with bench.bench.hands() as cabinet:
        cabinet.stick_sensor(1, Reading.CLOSED)
    judged = _round(bench, 2)
    assert judged.findings == (Finding(Kind.SENSOR, 1, "a/1/1"),)


def test_swapped_sensor_wires_are_a_finding(build: Build) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2})
    with bench.bench.hands() as cabinet:
        cabinet.board.cross(1, 2)
        cabinet.board.cross(2, 1)
    judged = _round(bench, 2)
    assert set(judged.findings) == {
        Finding(Kind.SWAPPED, 2, "a/1/1", "a/1/2"),
        Finding(Kind.SWAPPED, 1, "a/1/2", "a/1/1"),
    }


def test_channels_without_a_lock_are_passed_over(build: Build) -> None:
    bench = build("kerong-cu12", {2: 1})

    def instead(page: Wizard) -> Answer | None:
        done = page.title.key == "wizard.ask" and page.done == 2
        return "empty" if done else None

    bench.person.instead = instead
    judged = _round(bench, 12)
    assert judged.may_go_live
    assert _wires(judged) == {1: (2, "closed")}
    with bench.bench.hands() as cabinet:
        assert len(cabinet.coil_runs()) == 1
    pulses = [one for one in bench.bench.heard("a") if one[3] == 0x81]
    assert len(pulses) == 3


def test_a_duplicate_answer_is_asked_again_and_believed_when_insisted(build: Build) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2})
    bench.person.instead = lambda page: 1 if page.entered is not None and page.done else None
    judged = _round(bench, 2)
    assert "wizard.duplicate" in [page.heed.key for page in bench.person.pages if page.heed]
    assert Finding(Kind.DOUBLE, 1, "a/1/1", "a/1/2") in judged.findings
    assert Finding(Kind.GAP, 2) in judged.findings


def test_after_a_power_cut_the_round_goes_on_at_the_same_channel(build: Build) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2, 3: 3})
    plan = bench.plan(most=3)
    bench.person.instead = lambda page: (
        "stop" if page.done == 1 and page.entered is not None else None
    )
    assert bench.conduct(plan).step is Step.STOPPED
    kept = bench.kept[-1]
    assert [one.number for one in kept] == [1]
    with bench.bench.hands() as cabinet:
        cabinet.push(2)
    bench.person.instead = lambda _: None
    judged = _judged(bench, bench.conduct(plan, kept))
    assert judged.may_go_live
    with bench.bench.hands() as cabinet:
        assert [run.compartment for run in cabinet.coil_runs()] == [1, 2, 2, 3]


def test_a_board_that_falls_silent_is_told_of(build: Build) -> None:
    bench = build("kerong-cu12", {1: 1, 2: 2})
    plan = bench.plan(most=2)

    def instead(page: Wizard) -> Answer | None:
        if page.entered is not None and page.done == 0:
            with bench.bench.hands() as cabinet:
                cabinet.push(1)
            bench.bench.kill("a", ADDRESS)
            return 1
        if page.heed is not None and page.heed.key == "wizard.lost":
            return "stop"
        if page.entered is not None:
            return "again"  # the pulse may have left just before the silence was noticed
        return "shut" if page.title.key == "wizard.shut" else None

    bench.person.instead = instead
    assert bench.conduct(plan).step is Step.STOPPED
    assert "wizard.lost" in [page.heed.key for page in bench.person.pages if page.heed]
