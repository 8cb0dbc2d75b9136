"""`kiosk commission` as a technician uses it: in a terminal, at the touchscreen, after a board change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet
from kiosk import identity
from kiosk.cli import main
from kiosk.commission.papers import Papers, papers
from kiosk.config import load
from sync.keys import save_key
from sync.messages import Kind
from tests.kiosk.commission.typist import open_doors, seated, shut
from tests.kiosk.station import CONFIG, Station, config_file, said
from ui import face
from ui.hands import Action
from ui.screens import Screen
from ui.service_screens import Wizard

CHANNELS = 12
BARE = CONFIG.partition("[cabinet]")[0] + "[screen]\nwidth = 720\nheight = 1280\n"
WALL = "".join(f"[[compartment]]\nnumber = {n}\nrow = {n}\ncolumn = 1\n" for n in (1, 2))
WIRED = """
[cabinet]
driver = "boards"
[[bus]]
name = "k"
family = "kerong-cu12"
port = "ttyBus-k"
""" + "".join(
    f'[[compartment]]\nnumber = {n}\nrow = {n}\ncolumn = 1\nbus = "k"\nboard = 1\nchannel = {n}\n'
    for n in (1, 2)
)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BenchCabinet]:
    """Board 1: door 2 on channel 1, door 1 on channel 2; contacts open while shut."""
    board = BenchBoard(1, {1: 2, 2: 1}, CHANNELS, closed_when_shut=False)
    made = BenchCabinet(tmp_path, Cabinet([1, 2]), [BenchBus("k", "kerong-cu12", [board])])
    made.start()
    yield made
    made.close()


def test_a_first_commissioning_in_a_terminal_writes_a_configuration_that_loads(
    bench: BenchCabinet, tmp_path: Path
) -> None:
    config = config_file(tmp_path, BARE)
    typist = seated(bench, tmp_path)
    typist.answers = ["1", "x", "2"]  # columns, a slip, rows; the rest is Enter
    assert typist.work() == 0
    cabinet = load(config).cabinet
    assert {(w.compartment, w.channel, w.shut_when) for w in cabinet.wiring} == {
        (1, 2, "open"),
        (2, 1, "open"),
    }
    assert [(bus.name, bus.family, bus.port) for bus in cabinet.buses] == [
        ("a", "kerong-cu12", bench.port("k"))
    ]
    (report,) = tmp_path.glob("commissioning-*.txt")
    assert "Verdict: MAY go live" in report.read_text(encoding="utf-8")
    assert "Verdict: MAY go live" in typist.said
    assert not (tmp_path / "commissioning.json").exists()
    assert bench.dangers() == ()


def test_the_end_of_input_stops_the_round_and_keeps_what_was_found(
    bench: BenchCabinet, tmp_path: Path
) -> None:
    config_file(tmp_path, BARE)
    wall = tmp_path / "wall.toml"
    wall.write_text(WALL, encoding="utf-8")
    typist = seated(bench, tmp_path, "--wall", str(wall))
    assert typist.process.stdin is not None
    typist.process.stdin.close()
    assert typist.work() == 1
    assert "Stopped." in typist.said


def test_a_port_that_another_program_holds_is_told_of(
    bench: BenchCabinet, tmp_path: Path, capsys: Capture
) -> None:
    config = config_file(tmp_path, BARE)
    (tmp_path / "wall.toml").write_text(WALL, encoding="utf-8")
    arguments = ["--config", str(config), "commission", "--wall", str(tmp_path / "wall.toml")]
    with serial.Serial(str(bench.port("k")), exclusive=True):
        assert main([*arguments, "--port", str(bench.port("k"))]) == 1
    assert "systemctl stop kiosk" in capsys.readouterr().err
    assert main([*arguments, "--port", str(tmp_path / "gone")]) == 1
    assert "no such port" in capsys.readouterr().err
    assert bench.heard("k") == ()


def test_a_cabinet_that_stands_in_kiosk_toml_is_not_written_beside(
    tmp_path: Path, capsys: Capture
) -> None:
    config = config_file(tmp_path)
    assert main(["--config", str(config), "commission"]) == 1
    assert "move cabinet, compartment into cabinet.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--board", "2"], ["--board", "a/x"], ["--addresses", "1-"], ["--family", "lego"]]
)
def test_wrong_use_is_2(wrong: list[str], tmp_path: Path) -> None:
    try:
        status: Any = main(["--config", str(config_file(tmp_path)), "commission", *wrong])
    except SystemExit as ended:
        status = ended.code
    assert status == (1 if wrong[-1] == "1-" else 2)


@pytest.fixture
def with_papers(tmp_path: Path) -> Station:
    """An enrolled kiosk; papers lie in compartment 1, compartment 2 is free."""
    config_file(tmp_path, BARE)
    (tmp_path / "cabinet.toml").write_text(WIRED, encoding="utf-8")
    made = Station(tmp_path / "data")
    keys = made.folder / "keys"
    made.folder.mkdir()
    identity.make(keys)
    save_key(keys / identity.STATEMENT, made.keys.statement)
    identity.keep_enrolment(keys, made.enrolment)
    journal = made.journal()
    journal.append(said(1, Kind.STARTED, compartments=[1, 2], version="test"))
    journal.append(said(2, Kind.STAFF_AUTHORISED, compartment=1, staff="7", reason="load"))
    journal.append(said(3, Kind.LOADED, cid="r1", compartment=1, staff="7"))
    journal.close()
    return made


@pytest.mark.usefixtures("with_papers")
def test_the_journal_says_where_papers_lie(tmp_path: Path) -> None:
    found = papers(load(tmp_path / "kiosk.toml"))
    assert found == Papers(frozenset({1}), frozenset({1}))


@pytest.mark.usefixtures("with_papers")
def test_with_papers_inside_the_whole_cabinet_is_not_tried(
    bench: BenchCabinet, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["--config", str(tmp_path / "kiosk.toml"), "commission"]) == 1
    assert "papers lie in compartment 1" in capsys.readouterr().err
    assert bench.heard("k") == ()


def _changed(folder: Path, *, closed_when_shut: bool) -> BenchCabinet:
    board = BenchBoard(1, {1: 1, 2: 2}, CHANNELS, closed_when_shut=closed_when_shut)
    bench = BenchCabinet(folder, Cabinet([1, 2]), [BenchBus("k", "kerong-cu12", [board])])
    bench.start()
    return bench


@pytest.mark.usefixtures("with_papers")
def test_after_a_board_change_only_free_doors_are_tried_and_the_others_are_unproven(
    tmp_path: Path,
) -> None:
    bench = _changed(tmp_path, closed_when_shut=False)
    try:
        assert seated(bench, tmp_path, "--board", "k/1").work() == 0
        with bench.hands() as cabinet:
            assert [run.compartment for run in cabinet.coil_runs()] == [2]
    finally:
        bench.close()
    wires = load(tmp_path / "kiosk.toml").cabinet.wiring
    assert [(w.compartment, w.channel, w.shut_when, w.proven, w.changes) for w in wires] == [
        (1, 1, "closed", False, 1),
        (2, 2, "open", True, 1),
    ]


@pytest.mark.usefixtures("with_papers")
def test_a_refused_round_about_a_changed_board_leaves_nothing_proven_on_it(tmp_path: Path) -> None:
    bench = _changed(tmp_path, closed_when_shut=True)
    with bench.hands() as cabinet:
        cabinet.jam(2)
    try:
        assert seated(bench, tmp_path, "--board", "k/1").work() == 1
    finally:
        bench.close()
    wires = load(tmp_path / "kiosk.toml").cabinet.wiring
    assert [(w.channel, w.proven, w.changes) for w in wires] == [(1, False, 1), (2, False, 1)]


class Fingers(face.Face):
    """A real window; a scripted finger answers what is shown."""

    bench: BenchCabinet

    def show(self, screen: Screen) -> None:
        super().show(screen)
        body = screen.body
        assert isinstance(body, Wizard)
        if body == getattr(self, "before", None):
            return
        self.before = body
        for action, value in self._wanted(body):
            assert self.tap(action, value), (action, value, body)

    def _wanted(self, body: Wizard) -> list[tuple[Action, str]]:
        opened = open_doors(self.bench)
        if body.title.key == "wizard.shut":
            shut(self.bench)
            return []
        if body.title.key == "wizard.ask" and body.entered is None:
            return [(Action.CHOOSE, "empty")]
        if body.title.key == "wizard.ask" and not opened:
            return [(Action.CHOOSE, "other")]
        if body.entered is not None:
            if body.entered:
                return [(Action.CONFIRM, "")]
            number = {"wizard.columns": 1, "wizard.rows": 3}.get(body.title.key)
            return [(Action.DIGIT, str(number or opened[0]))]
        passing = body.choices in (("stop",), ())
        return [] if passing else [(Action.CHOOSE, body.choices[0])]


def test_fingers_do_the_same_and_with_a_gap_the_configuration_stays_as_it_was(
    bench: BenchCabinet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_file(tmp_path, BARE)
    Fingers.bench = bench
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(face, "Face", Fingers)
    arguments = ["--config", str(config), "commission", "--touch", "--family", "kerong-cu12"]
    port = ["--port", str(bench.port("k")), "--addresses", "1"]
    assert main([*arguments, *port]) == 1
    assert not (tmp_path / "cabinet.toml").exists()
    (report,) = tmp_path.glob("commissioning-*.txt")
    assert "Cửa 3: không khóa nào mở được." in report.read_text(encoding="utf-8")
    draft = tmp_path / "cabinet.draft.toml"
    draft.rename(tmp_path / "cabinet.toml")
    assert {w.compartment for w in load(config).cabinet.wiring} == {1, 2}
