"""`kiosk sync` against a real central over real HTTP: what it carries, what it logs, how it ends."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sync.calls import CallError
from sync.client import Activity, SyncConfig, heed_calls, run
from sync.framing import LineError
from sync.keys import save_key
from sync.line import Line
from sync.pace import Backoff, Pause
from tests.sync.world import (
    KIOSK,
    FakeRun,
    World,
    fetcher_of,
    now,
    received,
    reporter_of,
    serving,
)


def test_statements_reach_central_in_order_and_whole(world: World, kiosk: FakeRun) -> None:
    for _ in range(450):
        kiosk.journal.state("refused", via="code", typed_for=[])
    with serving(world.store) as url:
        reporter = reporter_of(world, kiosk, url)
        for _ in range(3):
            reporter.step()
    assert received(world) == kiosk.journal.rows
    assert len(kiosk.contacts) == 5  # the health and the head are answers of central too


def test_a_batch_is_bounded_in_bytes_but_holds_at_least_one_row(
    world: World, kiosk: FakeRun
) -> None:
    for _ in range(3):
        kiosk.journal.state("fault", what="x" * 150_000)
    sizes = []
    with serving(world.store) as url:
        reporter = reporter_of(world, kiosk, url)
        for _ in range(3):
            reporter.step()
            sizes.append(len(received(world)))
    assert sizes == [1, 2, 3]


def test_a_manifest_is_fetched_offered_and_then_not_fetched_again(
    world: World, kiosk: FakeRun
) -> None:
    cid = world.register()
    with serving(world.store) as url:
        fetcher = fetcher_of(world, kiosk, url)
        for _ in range(2):
            fetcher.step(now())
    assert kiosk.manifest is not None
    assert [result.cid for result in kiosk.manifest.results] == [cid]
    assert (kiosk.offers, len(kiosk.contacts)) == (1, 2)


def test_a_refused_manifest_is_not_offered_at_every_poll(world: World, kiosk: FakeRun) -> None:
    kiosk.journal.epoch = 2
    with serving(world.store) as url:
        fetcher = fetcher_of(world, kiosk, url)
        with pytest.raises(CallError, match="epoch"):
            fetcher.step(now())
        for _ in range(5):
            fetcher.step(now())
    assert kiosk.offers == 1


def test_a_damaged_row_is_forwarded_as_such_and_those_behind_it_follow(
    world: World, kiosk: FakeRun
) -> None:
    for _ in range(3):
        kiosk.journal.state("started")
    kiosk.damaged.add(2)
    with serving(world.store) as url:
        reporter_of(world, kiosk, url).step()
    assert received(world) == [kiosk.journal.rows[0], "", kiosk.journal.rows[2]]


def test_backing_off_is_bounded_jittered_and_forgotten_after_a_success() -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return high

    pace = Backoff(uniform, 60.0)
    waits = [pace.failed() for _ in range(12)]
    pace.worked()
    assert waits[:8] == [0.5, 1, 2, 4, 8, 16, 32, 60]
    assert set(waits[8:]) == {60}
    assert pace.failed() == 0.5
    assert {low for low, _ in asked} == {0.2}


def _config(world: World, kiosk: FakeRun, url: str) -> SyncConfig:
    return SyncConfig(
        url, KIOSK, kiosk.path, world.keys.transport, poll_s=0.05, longest_backoff_s=0.2
    )


def test_the_log_tells_changes_of_state_once_and_no_secrets(
    world: World, kiosk: FakeRun, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kiosk.sync")
    outcomes: list[Exception | None] = [
        None,
        CallError("down", "no answer"),
        CallError("down", "no answer"),
        LineError("gone"),
        None,
        None,
    ]

    def step() -> None:
        if error := outcomes.pop(0):
            raise error

    config = _config(world, kiosk, "http://127.0.0.1:1")
    activity = Activity("report", step, config)
    waits = [activity.once() for _ in range(6)]
    assert [record.message for record in caplog.records] == [
        "report: in contact with central",
        "report: no answer",
        "report: gone",
        "report: in contact with central",
    ]
    assert [wait > 0 for wait in waits] == [False, True, True, True, False, False]
    assert "key" not in repr(config)


def test_both_activities_run_until_they_are_stopped(world: World, kiosk: FakeRun) -> None:
    cid = world.register()
    kiosk.state("started")
    stop = threading.Event()
    ended: list[int] = []
    with serving(world.store) as url:
        config = _config(world, kiosk, url)
        whole = threading.Thread(target=lambda: ended.append(run(config, stop)))
        whole.start()
        line = Line(kiosk.path)
        assert line.wait(1, 10.0).seq == 2  # the manifest was accepted and stated
        while len(received(world)) < 2:
            assert not stop.wait(0.01)
        stop.set()
        whole.join()
    assert ended == [0]
    assert kiosk.manifest is not None
    assert kiosk.manifest.results[0].cid == cid


def test_a_call_from_the_screen_reaches_central_though_there_is_nothing_to_send(
    world: World, kiosk: FakeRun
) -> None:
    with serving(world.store) as url:
        reporter = reporter_of(world, kiosk, url)
        kiosk.call()
        reporter.step()  # health and head; then it would wait 50 s, but was called meanwhile
        before = len(kiosk.contacts)
        kiosk.state("started")
        reporter.step()
        assert len(kiosk.contacts) > before + 1  # health went out again, and the statement


def test_a_call_ends_a_pause_after_failures(kiosk: FakeRun) -> None:
    stop = threading.Event()
    pause = Pause(stop)
    hear = threading.Thread(target=heed_calls, args=(Line(kiosk.path), [pause], stop))
    hear.start()
    waiting = threading.Thread(target=pause.wait, args=(60.0,))
    waiting.start()
    kiosk.call()
    waiting.join(10.0)
    assert not waiting.is_alive()
    stop.set()
    kiosk.call()
    hear.join(10.0)
    assert not hear.is_alive()


def test_a_pause_ends_when_it_is_time_to_end() -> None:
    stop = threading.Event()
    pause = Pause(stop)
    assert pause.wait(0.0) is False
    pause.ring()
    assert pause.wait(60.0) is False
    stop.set()
    assert pause.wait(60.0) is True


SCRIPT = """
import logging, sys
from pathlib import Path
from sync.client import SyncConfig, run
from sync.keys import load_key
logging.basicConfig(level=logging.INFO)
config = SyncConfig(sys.argv[1], "bt1", Path(sys.argv[2]), load_key(Path(sys.argv[3])))
sys.exit(run(config))
"""


def test_sigterm_ends_it_in_the_middle_of_a_poll(
    world: World, kiosk: FakeRun, tmp_path: Path
) -> None:
    save_key(tmp_path / "transport.jwk", world.keys.transport)
    with serving(world.store) as url:
        arguments = [url, str(kiosk.path), str(tmp_path / "transport.jwk")]
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert process.stderr is not None
        while "in contact" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        process.stderr.close()
        assert process.wait(10) == 0
