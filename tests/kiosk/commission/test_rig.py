"""Channels that the configuration names already: GPIO, the simulated cabinet; buses that keep their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import serial

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import monotonic_ms
from drivers.simulated.line import SimulatedLine
from kiosk.commission import session
from kiosk.commission.find import Answering, Search, look
from kiosk.commission.findings import judge
from kiosk.commission.plan import Candidate, Plan
from kiosk.commission.rig import Rig, buses_of, channels_as_wired, channels_of
from kiosk.commission.state import Step
from kiosk.config_table import ConfigError
from kiosk.hardware import Bus, Driver, Wiring
from tests.kiosk.commission.technician import FAST, Technician, a_cabinet


class _Hands:
    """The simulated line, as a technician needs it."""

    def __init__(self, line: SimulatedLine) -> None:
        self.hands = line.hands


@pytest.fixture
def line(tmp_path: Path) -> Iterator[SimulatedLine]:
    made = SimulatedLine(tmp_path / "cabinet.sock", Cabinet([3, 4]))
    made.start()
    yield made
    made.close()


def test_the_same_round_runs_over_the_simulated_cabinet(
    line: SimulatedLine, tmp_path: Path
) -> None:
    base = replace(
        a_cabinet(),
        driver=Driver.SIMULATED,
        socket=tmp_path / "cabinet.sock",
        wiring=(Wiring(3), Wiring(4)),
    )
    numbers = frozenset({3, 4})
    plan = Plan(channels_as_wired(base), numbers, numbers, pace=FAST)
    rig = Rig(base, (), plan, monotonic_ms)
    rig.start()
    person = Technician(_Hands(line), [3, 4])
    try:
        state = session.conduct(plan, (), rig, person, monotonic_ms, lambda _: None)
    finally:
        rig.close()
    assert state.step is Step.DONE
    assert judge(plan, state.found, ()).may_go_live


def test_relays_on_the_header_are_tried_as_the_configuration_names_them() -> None:
    wires = (Wiring(7, lock_pin=17, contact_pin=5), Wiring(3, lock_pin=27, contact_pin=6))
    candidates = channels_as_wired(replace(a_cabinet(), driver=Driver.GPIO, wiring=wires))
    assert candidates == (
        Candidate(1, lock_pin=27, contact_pin=6),
        Candidate(2, lock_pin=17, contact_pin=5),
    )
    assert [one.name for one in candidates] == ["GPIO27", "GPIO17"]


def test_a_bus_that_the_configuration_knows_keeps_its_name() -> None:
    known = Bus("a", "wkly", Path("/dev/one"), 19_200, status_first=True)
    answering = (
        Answering(Path("/dev/two"), "kerong-cu12", {4: 12, 3: 12}),
        Answering(Path("/dev/one"), "wkly", {0: 8}),
    )
    buses = buses_of(answering, (known,))
    assert [(bus.name, str(bus.port), bus.baud) for bus in buses] == [
        ("b", "/dev/two", 0),
        ("a", "/dev/one", 19_200),
    ]
    names = [one.name for one in channels_of(answering, buses)]
    assert (names[0], names[12], names[-1], len(names)) == ("b/3/1", "b/4/1", "a/0/8", 32)


def test_a_port_that_something_else_holds_is_passed_over_when_another_answers(
    tmp_path: Path,
) -> None:
    boards = [BenchBoard(1, {1: 1}, 12)]
    buses = [BenchBus("a", "kerong-cu12", boards), BenchBus("b", "kerong-cu12", [])]
    bench = BenchCabinet(tmp_path, Cabinet([1]), buses)
    bench.start()
    held, port = bench.port("b"), bench.port("a")
    search = Search(["kerong-cu12"], range(1, 2), lambda _: True, monotonic_ms)
    try:
        with serial.Serial(str(held), exclusive=True):
            assert look([held, port], search, passing_over=True) == (
                Answering(port, "kerong-cu12", {1: 12}),
            )
            with pytest.raises(ConfigError, match="systemctl stop kiosk"):
                look([held, port], search)
            with pytest.raises(ConfigError, match="systemctl stop kiosk"):
                look([held], search, passing_over=True)
        assert look([port], replace(search, told=lambda _: False)) is None
    finally:
        bench.close()
