"""`kiosk bench-cabinet` as somebody at a terminal uses it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.bench.cabinet import BenchCabinet
from drivers.bench.families import FAMILIES
from drivers.simulated.cabinet import Cabinet
from kiosk import config_cabinet
from kiosk.cli import main
from kiosk.cli_bench import BUSES_MAX, Wanted, laid_out
from kiosk.cli_bench_typed import Typed
from kiosk.config import load
from tests.kiosk.station import CONFIG, config_file

NET_S = 20.0  # a safety net, never a measure


def _started(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kiosk", "bench-cabinet", "--folder", str(folder), *more]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with _started(tmp_path, "--family", "xor-8a80", "--boards", "2", "--channels", "3") as process:
        yield process
        process.kill()


def _until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith(wanted):
            return lines
    raise AssertionError(f"{wanted!r} never came: {lines}")


def _type(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def test_it_prints_a_configuration_that_fits_and_a_port_that_answers(
    bench: subprocess.Popen[str], tmp_path: Path
) -> None:
    lines = _until(bench, "ready")
    port = tmp_path / "ttyBus-a"
    assert lines[-2:] == [f"port {port}", "ready"]
    top = CONFIG.partition("[cabinet]")[0]
    cabinet = load(config_file(tmp_path, top + "\n".join(lines[:-2]))).cabinet
    assert [(bus.name, bus.family, bus.port) for bus in cabinet.buses] == [("a", "xor-8a80", port)]
    wires = [(wire.compartment, wire.board, wire.channel) for wire in cabinet.wiring]
    assert wires == [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 2, 2), (6, 2, 3)]
    with serial.Serial(str(port), 9_600, timeout=NET_S) as wire:
        wire.write(bytes.fromhex("8A 02 01 11 98"))
        assert wire.read(5).hex(" ").upper() == "8A 02 01 00 89"
    assert "door 4 is open" in _until(bench, "door 4 is open")


def test_typed_lines_are_the_hands(bench: subprocess.Popen[str], tmp_path: Path) -> None:
    _until(bench, "ready")
    _type(bench, "door 2 key")
    _until(bench, "door 2 is open")
    _type(bench, "door 2 push")
    _until(bench, "door 2 is closed")
    _type(bench, "door 9 push")
    _until(bench, "not understood: door 9 push")
    _type(bench, "fault silence 3 open")
    _type(bench, "unplug")
    _type(bench, "status")
    assert _until(bench, "bus a")[-1] == (
        "bus a (unplugged): 0 requests heard, last nothing; faults: silence 3"
    )
    assert not (tmp_path / "ttyBus-a").exists()
    _type(bench, "quit")
    assert bench.wait(NET_S) == 0


def test_it_runs_on_when_nothing_more_can_be_typed_and_ends_at_sigterm(
    bench: subprocess.Popen[str], tmp_path: Path
) -> None:
    _until(bench, "ready")
    assert bench.stdin is not None
    bench.stdin.close()
    _until(bench, "nothing more can be typed")
    assert (tmp_path / "ttyBus-a").exists()
    bench.send_signal(signal.SIGTERM)
    assert bench.wait(NET_S) == 0
    assert not (tmp_path / "ttyBus-a").is_symlink()


@pytest.mark.parametrize(
    "line",
    [
        *("door", "door 1", "door x pull", "door 1 says maybe", "door ² pull", "door 1 lift"),
        *("fault", "fault silence 0", "fault silence x", "fault silence 1 c", "fault silense"),
        *("kill", "kill 3", "kill b/1", "mode 1", "mode 1 9 1", "mode 1 1 4", "report 1 0"),
        *("unplug c", "bogus"),
    ],
)
def test_a_line_that_means_nothing_is_said_so_and_changes_nothing(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    buses = laid_out(Wanted("waveshare-modbus", boards=2, channels=3))
    bench = BenchCabinet(tmp_path, Cabinet(range(1, 7)), buses)
    bench.start()
    assert Typed(bench, buses).obey(line)
    bench.close()
    assert capsys.readouterr().out == f"not understood: {line} (help tells more)\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_asked_for(family: str) -> None:
    assert family in config_cabinet.FAMILIES
    (bus,) = laid_out(Wanted(family))
    (board,) = bus.boards
    assert list(board.doors) == list(board.doors.values())
    assert len(board.doors) == FAMILIES[family].channels


@pytest.mark.parametrize(
    "words",
    [
        ["--family", "kerong-cu12", "--channels", "13"],
        ["--family", "xor-8a80", "--boards", "0"],
        ["--family", "xor-8a80", "--boards", "33"],
        ["--family", "xor-8a80", "--buses", str(BUSES_MAX + 1)],
        ["--family", "xor-8a80", "--boards", "11", "--channels", "24"],
    ],
)
def test_a_cabinet_that_cannot_be_is_wrong_use(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench-cabinet", *words]) == 2
    assert capsys.readouterr().err.startswith("kiosk bench-cabinet: ")
