"""The bench on real ptys, opened as a driver opens a port; time is real and nothing sleeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.bench.boards import Asked, BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.bench.faults import Fault
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.line import SimulatedLine

NET_S = 10.0  # a safety net, never a measure
SILENCE_S = 0.1  # nothing comes: as long as a driver would wait for a query

BUSES = (
    BenchBus("a", "xor-8a80", (BenchBoard(1, {1: 3, 2: 4}), BenchBoard(2, {1: 7}))),
    BenchBus("b", "kerong-cu12", (BenchBoard(0, {1: 8, 12: 9}),)),
)
OPEN_3, OPENED_3 = "8A 01 01 11 9B", "8A 01 01 00 8A"
QUERY_7, SHUT_7 = "80 02 01 33 B0", "80 02 01 11 92"
QUERY_B, SHUT_B = "02 00 00 80 00 00 03 85", "02 00 00 80 10 02 03 A0 01 08"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BenchCabinet]:
    made = BenchCabinet(tmp_path, Cabinet([3, 4, 7, 8, 9]), BUSES)
    made.start()
    yield made
    made.close()


def _opened(bench: BenchCabinet, bus: str = "a") -> serial.Serial:
    return serial.Serial(str(bench.port(bus)), 9_600, timeout=NET_S, exclusive=True)


def _ask(port: serial.Serial, request: str, length: int) -> str:
    port.write(bytes.fromhex(request))
    return port.read(length).hex(" ").upper()


def test_a_client_opens_the_port_by_name_and_opens_a_door(bench: BenchCabinet) -> None:
    with _opened(bench) as port:
        assert _ask(port, OPEN_3, 5) == OPENED_3
    with bench.hands() as cabinet:
        assert cabinet.is_open(3)
        assert [(run.compartment, run.off_ms - run.on_ms) for run in cabinet.coil_runs()] == [
            (3, 300)
        ]
        assert cabinet.coils_on() == frozenset()
    assert bench.heard("a") == (bytes.fromhex(OPEN_3),)
    assert bench.dangers() == ()


def test_boards_share_a_bus_and_buses_share_a_cabinet(bench: BenchCabinet) -> None:
    with _opened(bench) as a, _opened(bench, "b") as b:
        assert _ask(a, QUERY_7, 5) == SHUT_7
        assert _ask(b, QUERY_B, 10) == SHUT_B
        bench.kill("a", 2)
        a.timeout = SILENCE_S
        assert _ask(a, QUERY_7, 5) == ""
        a.timeout = NET_S
        bench.revive("a", 2)
        assert _ask(a, QUERY_7, 5) == SHUT_7


def test_a_scripted_fault_strikes_the_pulse_and_not_the_poll(bench: BenchCabinet) -> None:
    bench.fault("a", Fault.FOREIGN, only=Asked.OPEN)
    with _opened(bench) as port:
        assert _ask(port, QUERY_7, 5) == SHUT_7
        assert _ask(port, OPEN_3, 5) == "8A 02 01 00 89"
    bench.fault("a", Fault.ECHO, times=None)
    assert bench.planned("a") == ("echo on",)
    bench.clear()
    assert bench.planned("a") == ()


def test_an_echoing_adapter_answers_before_the_board(bench: BenchCabinet) -> None:
    bench.fault("a", Fault.ECHO, times=None)
    with _opened(bench) as port:
        assert _ask(port, QUERY_7, 10) == f"{QUERY_7} {SHUT_7}"


def test_a_port_that_vanishes_hangs_up_and_comes_back_under_its_name(bench: BenchCabinet) -> None:
    with _opened(bench) as port:
        assert _ask(port, QUERY_7, 5) == SHUT_7
        bench.unplug("a")
        assert not bench.port("a").exists()
        with pytest.raises(serial.SerialException):
            port.read(1)
    with pytest.raises(serial.SerialException):
        _opened(bench)
    with _opened(bench, "b") as port:
        assert _ask(port, QUERY_B, 10) == SHUT_B
    bench.plug("a")
    with _opened(bench) as port:
        assert _ask(port, QUERY_7, 5) == SHUT_7


def test_a_port_may_be_missing_at_the_start(tmp_path: Path) -> None:
    bench = BenchCabinet(tmp_path, Cabinet([3, 4, 7, 8, 9]), BUSES)
    bench.start(unplugged=["a"])
    assert not bench.port("a").exists()
    assert bench.port("b").exists()
    bench.close()
    bench.close()
    assert list(tmp_path.iterdir()) == []


def test_a_pulse_runs_its_time_out_when_the_port_vanishes_and_close_cuts_it(
    bench: BenchCabinet,
) -> None:
    with _opened(bench) as port:
        assert _ask(port, QUERY_7, 5) == SHUT_7
        port.write(bytes.fromhex("8A 01 01 11 09 92"))  # nine seconds
        assert _ask(port, QUERY_7, 5) == SHUT_7, "the other board is not busy"
        bench.unplug("a")
        with bench.hands() as cabinet:
            assert cabinet.coils_on() == {3}
    bench.close()
    with bench.hands() as cabinet:
        assert cabinet.coils_on() == frozenset()


def test_a_wkly_board_reports_a_hand_at_the_door_unasked(tmp_path: Path) -> None:
    bus = BenchBus("w", "wkly", (BenchBoard(0, {2: 5}),))
    bench = BenchCabinet(tmp_path, Cabinet([5]), [bus])
    bench.start()
    with _opened(bench, "w") as port:
        with bench.hands() as cabinet:
            cabinet.open_by_key(5)
        assert port.read(10).hex(" ").upper() == "57 4B 4C 59 0A 00 85 02 00 84"
        bench.report("w", 0, 2)
        assert port.read(10).hex(" ").upper() == "57 4B 4C 59 0A 00 85 02 00 84"
    bench.close()


def test_the_bench_shares_the_cabinet_with_a_simulated_line(tmp_path: Path) -> None:
    cabinet = Cabinet([3, 4, 7, 8, 9])
    line = SimulatedLine(tmp_path / "cabinet.sock", cabinet)
    line.start()
    bench = BenchCabinet(tmp_path, cabinet, BUSES, hands=line.hands)
    bench.start()
    with _opened(bench) as port:
        assert _ask(port, OPEN_3, 5) == OPENED_3
        with line.hands() as held:
            assert held.is_open(3)
            assert held.push(3)
        assert _ask(port, "80 01 02 33 B0", 5) == "80 01 02 11 92"
    bench.close()
    line.close()
