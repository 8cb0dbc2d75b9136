"""What an idle line says and does not say again, and that nothing of it rests on a disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.calls import CallError
from sync.fetch import NAME_AGAIN
from sync.keys import save_key
from sync.line import Line
from sync.report import HEAD_S, HEALTH_S, Reporter
from tests.sync.test_client import SCRIPT
from tests.sync.wire import Relay, listening
from tests.sync.world import KIOSK, FakeRun, World, calls, fetcher_of, now, received, serving


class Overheard(Relay):
    """Notes the first line and the headers of what passes."""

    def __init__(self, central: str) -> None:
        super().__init__(central)
        self.asked: list[str] = []

    def _forward(self, request: bytes) -> bytes:
        self.asked.append(request.partition(b"\r\n\r\n")[0].decode())
        return super()._forward(request)

    def lines(self) -> list[str]:
        """First lines since the last look, without what is asked again for its stamp."""
        lines, self.asked = [head.split("\r\n")[0] for head in self.asked], []
        return [line for line, before in zip(lines, ["", *lines], strict=False) if line != before]


def heads(overheard: Overheard) -> list[bool]:
    """Of each poll, whether it named the journal's head."""
    named = ["head=" in head.split("\r\n")[0] for head in overheard.asked]
    overheard.asked = []
    return named


def test_a_poll_names_the_head_when_it_changed_and_now_and_then(
    world: World, kiosk: FakeRun
) -> None:
    with serving(world.store) as url, listening(overheard := Overheard(url)) as between:
        fetcher = fetcher_of(world, kiosk, between)
        fetcher.step(now())  # brings the first manifest, and is stated
        fetcher.step(now())
        heads(overheard)
        for _ in range(NAME_AGAIN):
            fetcher.step(now())
        assert heads(overheard) == [*[False] * (NAME_AGAIN - 1), True]
        kiosk.state("started")
        fetcher.step(now())
        fetcher.step(now())
        assert heads(overheard) == [True, False]


def test_a_head_that_central_did_not_answer_to_is_named_again(world: World, kiosk: FakeRun) -> None:
    with serving(world.store) as url, listening(overheard := Overheard(url)) as between:
        fetcher = fetcher_of(world, kiosk, between)
        for _ in range(2):
            fetcher.step(now())
        kiosk.state("started")
        heads(overheard)
        overheard.mode = "lost request"
        with pytest.raises(CallError):
            fetcher.step(now())
        fetcher.step(now())
        assert heads(overheard) == [True]


class Still(Line):
    """Nobody waits at it."""

    def listen(self, after: int, timeout_s: float, calls: int) -> tuple[object, int]:  # type: ignore[override]  # the head is not looked at
        del after, timeout_s
        return None, calls


def test_health_goes_out_now_and_then_and_central_is_asked_how_far_it_is_more_seldom(
    world: World, kiosk: FakeRun
) -> None:
    times = (0.0, HEALTH_S - 1, HEALTH_S, HEAD_S)
    clock = iter((0.0, *times))  # once when it is made, once at each step
    with serving(world.store) as url, listening(overheard := Overheard(url)) as between:
        caller = calls(between, world.keys.transport)
        reporter = Reporter(KIOSK, Still(kiosk.path), caller, lambda: next(clock))
        told = []
        for _ in times:
            reporter.step()
            told.append([line.split(" ")[1].rpartition("/")[2] for line in overheard.lines()])
    assert told == [["health", "head"], [], ["health"], ["health", "head"]]


def test_headers_that_http_implies_are_not_sent(world: World, kiosk: FakeRun) -> None:
    with serving(world.store) as url, listening(overheard := Overheard(url)) as between:
        fetcher_of(world, kiosk, between).step(now())
    names = {line.partition(":")[0] for line in overheard.asked[-1].split("\r\n")[1:]}
    assert names == {"Host", "Accept-Encoding", "Accept", "Hoso-Request"}


def test_on_a_full_disk_everything_is_carried_all_the_same(
    world: World, kiosk: FakeRun, tmp_path: Path
) -> None:
    cid = world.register()
    kiosk.journal.state("started")
    save_key(tmp_path / "transport.jwk", world.keys.transport)
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    with serving(world.store) as url:
        process = subprocess.Popen(
            [sys.executable, "-c", full + SCRIPT, url, str(kiosk.path), tmp_path / "transport.jwk"],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        try:
            assert Line(kiosk.path, 20.0).wait(1, 20.0).seq == 2  # a manifest came
            while len(received(world)) < 2:
                assert process.poll() is None
        finally:
            process.terminate()
            assert process.wait(10) == 0
    assert kiosk.manifest is not None
    assert [result.cid for result in kiosk.manifest.results] == [cid]
