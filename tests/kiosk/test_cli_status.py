"""`kiosk status`: an answer within its deadline in every case, in plain words, and what to do."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kiosk import cli_status
from kiosk.cli import main
from kiosk.cli_status import ANSWER_S, STALE_S
from kiosk.core.devices import OURS
from kiosk.core.scenes import Outage
from kiosk.journal_values import Reason
from kiosk.line import MOST_PEERS
from kiosk.plain_words import FAULTS, JOURNAL, OUTAGES
from sync.framing import LineForbiddenError
from sync.line import Line
from tests.kiosk.counter import Counter
from tests.kiosk.station import config_file
from ui.texts.en_upkeep import EN_UPKEEP

Capture = pytest.CaptureFixture[str]
WELL: Mapping[str, object] = {
    "kiosk": "bt1",
    "version": "0.1.0",
    "clock": "synced",
    "serving": True,
    "outage": "",
    "journal": "",
    "manifest": 7,
    "manifest_age_s": 3600,
    "contact_age_s": 12,
    "compartments": {"free": 2},
    "unchecked": [],
    "blocked": [],
    "open": [3, 4],
    "faults": [],
}


class Home:
    """A kiosk.toml, and somebody who may answer where it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config_file(folder)

    def ask(self, *more: str) -> int:
        return main(["--config", str(self.folder / "kiosk.toml"), "status", *more])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def counter(home: Home) -> Iterator[Counter]:
    made = Counter(home.folder)
    yield made
    made.close()


def told(home: Home, capsys: Capture) -> dict[str, object]:
    """As a machine reads it."""
    home.ask("--json")
    read = json.loads(capsys.readouterr().out)
    assert isinstance(read, dict)
    return read


def publish(counter: Counter, **changed: object) -> None:
    counter.health = {**WELL, **changed}
    counter.desk.publish(counter.journal.head, (7, "hash"), counter.health, "alarm")


def test_a_kiosk_that_serves_says_so_first_and_then_its_figures(
    home: Home, counter: Counter, capsys: Capture
) -> None:
    publish(counter)
    assert home.ask() == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "The kiosk serves, and nothing needs a hand."
    figures = dict(line.split(maxsplit=1) for line in rest)
    assert figures["open"] == "3, 4"
    assert figures["compartments"] == "free 2"
    assert figures["faults"] == "none"
    assert figures["light"] == "fast: staff are wanted"
    assert (figures["manifest_age_s"], figures["contact_age_s"]) == ("3600 (60 minutes)", "12")
    read = told(home, capsys)
    assert (read["state"], read["troubles"], read["upgrade"]) == ("serves", [], None)
    assert WELL.items() <= read.items()


@pytest.mark.parametrize(
    ("changed", "words", "state"),
    [
        ({"faults": ["stuck:3"]}, "stuck 3: its door did not open", "serves"),
        ({"faults": ["of_tomorrow"]}, "of_tomorrow: a fault of this name", "serves"),
        ({"unchecked": [1, 2]}, "unchecked: compartment 1, 2", "serves"),
        ({"blocked": [2]}, "blocked: compartment 2", "serves"),
        ({"clock": "unknown"}, "the clock is not trusted", "serves"),
        ({"contact_age_s": None}, "no contact with central since it started", "serves"),
        ({"contact_age_s": 90_000}, "no contact with central for 25 hours", "serves"),
        ({"manifest_age_s": 200_000}, "the list of results is 2 days old", "serves"),
        ({"serving": False, "outage": "doors"}, "no door contact can be read", "out_of_service"),
        ({"serving": False, "outage": "starting"}, "it is starting", "starting"),
        ({"serving": False, "outage": "odd"}, "it says 'odd'", "out_of_service"),
        (
            {"serving": False, "outage": "journal", "journal": "full"},
            "the disk is full",
            "out_of_service",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    home: Home,
    counter: Counter,
    capsys: Capture,
    changed: dict[str, object],
    words: str,
    state: str,
) -> None:
    publish(counter, **changed)
    assert home.ask() == (0 if state == "serves" else 1)
    shown = capsys.readouterr().out
    assert words in shown
    assert "→ " in shown
    assert ("the papers are safe" in shown) is (state != "serves")
    assert told(home, capsys)["state"] == state


@pytest.mark.usefixtures("counter")
def test_a_kiosk_that_reads_a_long_journal_is_starting(home: Home, capsys: Capture) -> None:
    assert home.ask() == 1
    assert "it starts, and has read its journal for" in capsys.readouterr().out
    assert told(home, capsys)["state"] == "starting"


def test_a_loop_that_does_not_turn_is_not_believed(
    home: Home, counter: Counter, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(counter)
    monkeypatch.setattr(counter.desk, "_told_at", counter.desk._told_at - STALE_S - 1)
    assert home.ask() == 1
    assert "its loop has not turned for 6 seconds" in capsys.readouterr().out
    assert told(home, capsys)["state"] == "hangs"


def test_nobody_there_is_told_at_once(home: Home, capsys: Capture) -> None:
    assert home.ask() == 1
    shown = capsys.readouterr()
    assert "kiosk run is not running" in shown.out
    assert "the papers are safe" in shown.out
    assert shown.err.startswith("kiosk: kiosk run is not running")
    assert told(home, capsys)["state"] == "absent"


def test_a_socket_that_a_killed_kiosk_left_behind_is_nobody(home: Home, capsys: Capture) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(home.folder / "run.sock"))
    assert told(home, capsys)["state"] == "absent"


@pytest.fixture
def deaf(home: Home) -> Iterator[Line]:
    """A peer that lets people in and never answers, asked with little patience."""
    path = home.folder / "run.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        yield Line(path, 0.02)


def test_a_peer_that_never_answers_is_left_at_the_deadline(
    home: Home, deaf: Line, capsys: Capture
) -> None:
    assert cli_status.status(home.folder / "run.sock", as_json=False, asked=deaf) == 1
    assert "is there and gives no answer" in capsys.readouterr().out


def test_a_peer_that_lets_nobody_in_any_more_is_left_as_well(
    home: Home, deaf: Line, capsys: Capture
) -> None:
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(8)]
    for one in crowd:
        one.settimeout(0)
        one.connect_ex(str(home.folder / "run.sock"))
    assert cli_status.status(home.folder / "run.sock", as_json=True, asked=deaf) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "hangs"
    for one in crowd:
        one.close()


def test_the_deadline_is_for_the_whole_question_and_leaves_time_to_load(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the values that each step gets, on a clock that a slow peer moves on."""
    at = [0.0]
    given: list[float] = []

    def knocked(_line: Line, _sock: socket.socket) -> None:
        at[0] += 0.3

    def sent(_sock: object, _message: object, deadline_s: float) -> None:
        given.append(deadline_s)
        at[0] += 0.15

    def received(_sock: object, deadline_s: float) -> dict[str, object]:
        given.append(deadline_s)
        return {"status": dict(WELL)}

    monkeypatch.setattr("sync.line.time.monotonic", lambda: at[0])
    monkeypatch.setattr(Line, "_knock", knocked)
    monkeypatch.setattr("sync.line.send_message", sent)
    monkeypatch.setattr("sync.line.receive_message", received)
    assert cli_status.status(home.folder / "run.sock", as_json=True) == 0
    assert given == pytest.approx([ANSWER_S - 0.3, ANSWER_S - 0.45])
    assert ANSWER_S <= 0.5


def test_a_kiosk_that_lets_nobody_in_for_now_is_to_be_asked_again(
    home: Home, counter: Counter, capsys: Capture
) -> None:
    publish(counter)
    held = [counter.server._places.acquire(blocking=False) for _ in range(MOST_PEERS)]
    assert all(held)
    assert home.ask() == 1
    assert "too busy to answer" in capsys.readouterr().out


def test_whoever_may_not_ask_is_told_who_may(home: Home, capsys: Capture) -> None:
    class Shut(Line):
        def status(self) -> dict[str, object]:
            raise LineForbiddenError("kiosk run refused: this user may not ask that")

    shut = Shut(home.folder / "run.sock")
    assert cli_status.status(home.folder / "run.sock", as_json=False, asked=shut) == 1
    assert "sudo kiosk status" in capsys.readouterr().out


def test_something_else_at_the_socket_is_no_kiosk(home: Home, counter: Counter) -> None:
    counter.desk.status = list  # type: ignore[method-assign,assignment]
    assert home.ask() == 1


def test_the_last_upgrade_is_told(home: Home, counter: Counter, capsys: Capture) -> None:
    publish(counter)
    file = home.folder / "last.json"
    path = home.folder / "run.sock"
    for text, wanted in (('{"outcome": "went back"}', {"outcome": "went back"}), ("half", None)):
        file.write_text(text, encoding="utf-8")
        assert cli_status.status(path, as_json=True, upgrade=file) == 0
        assert json.loads(capsys.readouterr().out)["upgrade"] == wanted


def test_nothing_heavy_is_loaded_for_it() -> None:
    code = "import sys, kiosk.cli, kiosk.cli_status; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"sqlalchemy", "joserfc", "requests", "pygame", "cryptography", "gpiozero", "serial"}
    assert heavy & set(told.stdout.split()) == set()


def test_every_outage_fault_and_reason_has_its_sentence() -> None:
    shown = {k.removeprefix("fault.") for k in EN_UPKEEP if k.startswith("fault.")}
    stated = {fault for fault in OURS if fault.split("_")[0] in ("board", "port", "printer")}
    assert shown | {"journal", "tamper_lost"} <= set(FAULTS)
    assert {f for f in stated if f in shown} <= set(FAULTS)
    assert {str(outage) for outage in Outage} <= set(OUTAGES)
    assert {str(reason) for reason in Reason} == set(JOURNAL)
