"""`kiosk doctor` from the command line: every line, its colours, its JSON, its exit status."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import cli_doctor
from kiosk.cli import main
from kiosk.core.scenes import Outage
from kiosk.doctor import serving
from kiosk.doctor.checkup import examine
from kiosk.doctor.findings import Finding, Level, doubt, well, wrong
from tests.kiosk.counter import Counter
from tests.kiosk.doctor.test_records import Enrolled
from tests.kiosk.doctor.ward import FAILED, OK, WARNING, Ward, levels, one

Capture = pytest.CaptureFixture[str]
HEALTH: dict[str, object] = {
    "serving": True,
    "outage": "",
    "clock": "synced",
    "contact_age_s": 12,
    "faults": [],
    "unchecked": [],
    "blocked": [],
    "open": [],
}


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enrolled:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    made = Enrolled(tmp_path)
    made.accept()
    return made


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.close()


def said_by_run(counter: Counter, **health: object) -> list[Finding]:
    counter.health = {**HEALTH, **health}
    counter.publish()
    return list(serving.check(serving.look(counter.path)))


# The whole


def test_a_kiosk_that_does_not_run_is_looked_at_from_here(kiosk: Enrolled, tmp_path: Path) -> None:
    found = list(examine(kiosk.config.path, Ward(tmp_path / "root").machine))
    assert one(found, "kiosk run").level is WARNING
    assert [f.words for f in found if f.level is FAILED] == []
    assert {"configuration", "wires", "keys", "journal", "manifest", "disk", "clock"} < set(
        levels(found)
    )
    assert {"screen", "sound", "fonts", "voice", "boot settings"} < set(levels(found))


def test_beside_a_kiosk_that_runs_screen_and_ports_are_left_alone(
    kiosk: Enrolled, counter: Counter, tmp_path: Path
) -> None:
    counter.health = HEALTH
    counter.publish()
    found = list(examine(kiosk.config.path, Ward(tmp_path / "root").machine))
    assert one(found, "kiosk run").level is OK
    assert one(found, "screen").words == "in the hands of kiosk run"
    assert "sound" not in levels(found)


def test_a_configuration_that_is_wrong_is_all_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text("kiosk = 1\n", encoding="utf-8")
    found = list(examine(tmp_path / "kiosk.toml", Ward(tmp_path).machine))
    assert [(f.name, f.level) for f in found] == [("configuration", FAILED)]
    assert "kiosk.toml: kiosk: 1" in found[0].words


def test_every_warning_and_failure_says_what_to_do(kiosk: Enrolled, tmp_path: Path) -> None:
    found = list(examine(kiosk.config.path, Ward(tmp_path / "root").machine))
    assert [f.name for f in found if bool(f.what_to_do) is (f.level is OK)] == []


# The command


def test_the_command_answers_in_json(kiosk: Enrolled, capsys: Capture) -> None:
    status = main(["--config", str(kiosk.config.path), "doctor", "--json"])
    answer = json.loads(capsys.readouterr().out)
    failed = [f for f in answer["findings"] if f["level"] == "failed"]
    assert answer["ok"] is not bool(failed)
    assert status == (1 if failed else 0)
    assert {frozenset(f) for f in answer["findings"]} == {
        frozenset({"name", "level", "words", "todo"})
    }


def test_a_failure_is_exit_status_1(tmp_path: Path, capsys: Capture) -> None:
    assert main(["--config", str(tmp_path / "none.toml"), "doctor"]) == 1
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith("FAILED   configuration")
    assert shown.out.endswith("0 ok, 0 warnings, 1 failed. No door was opened.\n")


def test_warnings_alone_are_exit_status_0(capsys: Capture) -> None:
    findings = [well("disk", "room"), doubt("clock", "late", "wait")]
    assert cli_doctor.tell(findings, as_json=False) == 0
    assert capsys.readouterr().out.endswith("1 ok, 1 warnings, 0 failed. No door was opened.\n")
    assert cli_doctor.tell(findings[:1], as_json=False) == 0
    assert capsys.readouterr().out.endswith("All 1 checks are ok. No door was opened.\n")
    assert cli_doctor.tell([wrong("disk", "full", "clean")], as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_lines_stand_in_columns_with_what_to_do_below() -> None:
    finding = doubt("battery clock", "none: " + "long words " * 9, "fit one")
    shown = cli_doctor.lines(finding, 80, coloured=False)
    assert shown[0].startswith("warning  battery clock     none: ")
    assert [line[:27].strip() for line in shown[1:]] == [""] * (len(shown) - 1)
    assert shown[-1].strip() == "→ fit one"
    assert max(map(len, shown)) <= 80


@pytest.mark.parametrize(("level", "colour"), [(OK, "32"), (WARNING, "33"), (FAILED, "1;31")])
def test_a_terminal_gets_colours(level: Level, colour: str) -> None:
    shown = cli_doctor.lines(Finding("disk", level, "words"), 80, coloured=True)
    assert shown[0].startswith(f"\x1b[{colour}m")
    assert "\x1b[0m  disk  " in shown[0]


# Whether it runs, and what it says


def test_a_socket_that_a_killed_run_left_behind_is_no_run(tmp_path: Path) -> None:
    path = tmp_path / "run.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    assert path.exists()
    assert not serving.look(path).there


def test_a_run_that_gives_no_answer_fails(tmp_path: Path) -> None:
    path = tmp_path / "run.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as mute:
        mute.bind(str(path))
        mute.listen(2)
        found = serving.look(path, answer_s=0.1)
    assert (found.there, bool(found.why_not)) == (True, True)
    assert [f.level for f in serving.check(found)] == [FAILED]


def test_a_run_that_serves_is_fine(counter: Counter) -> None:
    assert levels(said_by_run(counter)) == {"kiosk run": OK, "central": OK}


@pytest.mark.parametrize("outage", [*Outage, "something new"])
def test_a_run_that_serves_nobody_says_why(counter: Counter, outage: str) -> None:
    found = one(said_by_run(counter, serving=False, outage=str(outage)), "kiosk run")
    assert (found.level, bool(found.what_to_do)) == (FAILED, True)
    assert "serves nobody: " in found.words


def test_doors_that_wait_for_staff_are_named(counter: Counter) -> None:
    found = said_by_run(counter, unchecked=[3, 4], blocked=[4], open=[7], audit="restored")
    assert one(found, "audit").what_to_do == "a supervisor does an audit round at the screen"
    assert one(found, "unchecked doors").words == "compartment 3, 4"
    assert one(found, "blocked doors").level is WARNING
    assert one(found, "open doors").what_to_do == "close them"


def test_faults_that_no_device_explains_are_told_by_name(counter: Counter) -> None:
    found = said_by_run(counter, faults=["journal", "missing:4", "scanner_lost", "board_lost:a/1"])
    assert one(found, "faults").words == "kiosk run states: journal, missing:4"


@pytest.mark.parametrize(
    ("age_s", "level", "words"),
    [
        (None, WARNING, "no contact since"),
        (12, OK, "12 seconds ago"),
        (300, OK, "5 minutes ago"),
        (301, WARNING, "5 minutes ago"),
        (3 * 86_400, WARNING, "3 days ago"),
    ],
)
def test_the_age_of_the_last_contact_is_told(
    counter: Counter, age_s: int | None, level: Level, words: str
) -> None:
    found = one(said_by_run(counter, contact_age_s=age_s), "central")
    assert (found.level, words in found.words) == (level, True)
