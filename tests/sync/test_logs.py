"""What every process logs: one line an event, for machines, bounded, without the words of exceptions."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import logs
from sync.client import Activity, SyncConfig
from sync.framing import LineError
from sync.keys import new_signing_key
from sync.logs import MOST_LINES, MOST_MESSAGES, WINDOW_S, JsonLines, Paced, under_systemd

LOG = logging.getLogger("kiosk.sync")
ROOT = Path(__file__).resolve().parents[2]


class Desk:
    """A handler on a stream of ours, by a clock of ours."""

    def __init__(self, every: tuple[str, ...] = ()) -> None:
        self.now = 1_000.0
        self.stream = io.StringIO()
        self.handler = Paced(self.stream, every, lambda: self.now)
        self.handler.setFormatter(JsonLines())

    @property
    def told(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def texts(self) -> list[object]:
        return [one["text"] for one in self.told]


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    LOG.addHandler(made.handler)
    LOG.setLevel(logging.INFO)
    yield made
    LOG.removeHandler(made.handler)
    LOG.setLevel(logging.NOTSET)


def test_a_line_is_one_object_whatever_the_text_holds(desk: Desk) -> None:
    LOG.warning("two\nlines of %s", "Phường", extra={"fields": {"bus": "a"}})
    assert len(desk.stream.getvalue().splitlines()) == 1
    (told,) = desk.told
    assert (told["level"], told["logger"]) == ("WARNING", "kiosk.sync")
    assert (told["text"], told["bus"]) == ("two\nlines of Phường", "a")


def test_what_repeats_is_counted_and_told_when_its_window_is_over(desk: Desk) -> None:
    for number in range(5_000):
        LOG.info("board %d is back", number)
    assert len(desk.told) == MOST_LINES
    LOG.info("something else")  # is heard all the same
    assert desk.texts()[-1] == "something else"
    desk.now += WINDOW_S
    LOG.info("board %d is back", 1)
    told, again = desk.told[-2:]
    assert (told["left_out"], told["of"]) == (5_000 - MOST_LINES, "board %d is back")
    assert again["text"] == "board 1 is back"


def test_at_the_end_what_was_left_out_is_told(desk: Desk) -> None:
    for _ in range(MOST_LINES + 3):
        LOG.error("again")
    desk.handler.close()
    assert (desk.told[-1]["left_out"], desk.told[-1]["level"]) == (3, "ERROR")
    desk.handler.close()
    assert len(desk.told) == MOST_LINES + 1


def test_sentences_made_up_on_the_way_do_not_get_past_the_limit(desk: Desk) -> None:
    for number in range(10 * MOST_MESSAGES):
        LOG.info(f"peer {number}")  # noqa: G004 - what a library may do
    assert len(desk.told) == MOST_MESSAGES + MOST_LINES


def test_whoever_counts_for_himself_is_not_counted() -> None:
    desk = Desk(every=("kiosk.sync",))
    for _ in range(100):
        desk.handler.handle(logging.makeLogRecord({"name": "kiosk.sync", "msg": "a request"}))
    assert len(desk.told) == 100


def test_an_exception_is_told_by_kind_and_place_and_not_in_its_words(desk: Desk) -> None:
    try:
        try:
            int("0530004821 ?")
        except ValueError as error:
            raise KeyError("4821") from error
    except KeyError:
        LOG.exception("a job failed")
    (told,) = desk.told
    trace = told["trace"]
    assert isinstance(trace, list)
    assert (trace[0], trace[2]) == ("KeyError", "ValueError")
    assert str(trace[1]).startswith("test_logs.py:")
    assert "4821" not in desk.stream.getvalue()


def test_a_central_that_comes_and_goes_does_not_fill_the_log(desk: Desk, tmp_path: Path) -> None:
    steps = iter(range(10_000))

    def step() -> None:
        if next(steps) % 2:
            raise LineError("kiosk run does not answer")

    config = SyncConfig("http://127.0.0.1:1", "bt1", tmp_path / "run.sock", new_signing_key())
    activity = Activity("report", step, config)
    for _ in range(2_000):
        activity.once()
    assert len(desk.told) == MOST_LINES
    assert [one["state"] for one in desk.told[:2]] == ["ok", "kiosk run"]
    assert [one["level"] for one in desk.told[:2]] == ["INFO", "WARNING"]


SAYS = """
import logging, sys
from sync import logs
logs.begin(service={service})
log = logging.getLogger("kiosk.x")
for _ in range({times}):
    log.warning("trouble")
if {breaks}:
    raise ValueError("0530004821")
"""


def process(*, service: bool, journal: bool, times: int = 1, breaks: bool = False) -> list[str]:
    """What a process of its own writes to stderr; `journal`: as systemd starts it."""
    read, write = os.pipe()
    stream = os.fstat(write)
    named = {"JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"} if journal else {}
    code = SAYS.format(service=service, times=times, breaks=breaks)
    ended = subprocess.run(
        [sys.executable, "-c", code],
        stderr=write,
        env=os.environ | named,
        cwd=ROOT,
        check=False,
    )
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        assert ended.returncode == (1 if breaks else 0)
        return told.read().splitlines()


def test_under_systemd_each_line_says_how_grave_it_is() -> None:
    for service in (True, False):
        (line,) = process(service=service, journal=True)
        assert line.startswith('<4>{"at": ')
        assert json.loads(line[3:])["text"] == "trouble"


def test_elsewhere_a_service_writes_json_and_a_job_by_hand_writes_words() -> None:
    (line,) = process(service=True, journal=False)
    assert json.loads(line)["level"] == "WARNING"
    assert process(service=False, journal=False) == ["WARNING kiosk.x: trouble"]


def test_a_process_tells_at_its_end_what_it_left_out_and_how_it_broke() -> None:
    *_, broke, left_out = process(service=True, journal=True, times=5_000, breaks=True)
    assert broke.startswith("<2>")
    assert json.loads(broke[3:])["trace"][0] == "ValueError"
    assert json.loads(left_out[3:])["left_out"] == 5_000 - MOST_LINES
    assert "4821" not in broke


def test_another_stream_than_the_journals_gets_no_priorities() -> None:
    assert not under_systemd({})
    assert not under_systemd({"JOURNAL_STREAM": "1:1"})
    assert not under_systemd({"JOURNAL_STREAM": "nonsense"})


def test_whoever_set_logging_up_already_is_left_alone() -> None:
    before = list(logging.getLogger().handlers)
    assert before, "pytest has its own"
    logs.begin(service=True)
    assert logging.getLogger().handlers == before
