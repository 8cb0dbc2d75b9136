"""The real `kiosk run`, looked at from outside: idle CPU, memory, start, and touch to frame.

Central, sync and the simulated cabinet are the demo's; 120 results are registered. Screens are told by `run`
itself over the simulated cabinet's line, right after their flip.
"""

from __future__ import annotations

import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.measure import FULL, Numbers, Size, percentile, tell
from bench.probe import environment, probed
from kiosk.demo.cast import Dossier
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage, wait_for

RESULTS = 120
MANIFEST_S = 60.0
SCREEN_S = 20.0
SETTLE_S = 3.0
# What `kiosk run` imports until it is composed; how an interpreter ends is no part of importing.
IMPORTS = "import os, kiosk.cli, kiosk.compose; os._exit(0)"


class News:
    """When which screen stood."""

    def __init__(self, stage: Stage) -> None:
        self._heard: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        stage.cabinet.on_news(self._hear)

    def _hear(self, news: Mapping[str, object]) -> None:
        self._heard.put((str(news.get("screen")), perf_counter()))

    def forget(self) -> None:
        """What was told until now does not count."""
        while not self._heard.empty():
            self._heard.get()

    def next(self) -> tuple[str, float]:
        """The next screen and when it stood, in seconds of `perf_counter`."""
        return self._heard.get(timeout=SCREEN_S)

    def see(self, screen: str) -> float:
        """Wait for this screen; when it stood."""
        while True:
            name, at_s = self.next()
            if name == screen:
                return at_s


@contextmanager
def kept_byte_code() -> Iterator[None]:
    """Children find byte code, as where the kiosk is installed; it lies in a folder that goes away."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.update(environment())
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def process(size: Size) -> Numbers:
    """`idle_cpu_percent`, `rss_mb`, `cold_start_ratio`, `touch_to_frame_ms`."""
    with kept_byte_code(), Stage() as stage:
        _register(stage, RESULTS if size.results == FULL.results else size.results[0])
        news = News(stage)  # after the demo's hands, which listen to the same line
        numbers = _idle(stage, size.idle_s)
        tell("cold starts")
        numbers["collect.cold_start_ratio"] = _cold_start(stage, news, size.starts)
        tell("touches")
        stage.cut_power()
        where = str(stage.config.path)
        touches = probed("bench.probe_touch", where, str(size.touches))
        numbers["collect.touch_to_frame_ms"] = percentile(touches, 0.95)
    return numbers


def _register(stage: Stage, count: int) -> None:
    """So many results, and wait until the kiosk has them all."""
    for number in range(1, count + 1):
        code, phone = f"H29.915-261121-{number:04d}", f"053123{number:04d}"
        stage.office.register(Dossier(code, "Nguyễn Văn An", phone))
    hands = Hands(stage, None)

    def known() -> bool:
        rows = [row["floors"] for row in hands.statements() if row["kind"] == "manifest_accepted"]
        return sum(len(floors) for floors in rows if isinstance(floors, list)) >= count

    wait_for(known, f"a manifest with {count} results was accepted", MANIFEST_S)


def _idle(stage: Stage, seconds: float) -> Numbers:
    """CPU and memory of `run` while nobody stands there."""
    pid, never = stage._processes["run"].pid, threading.Event()
    never.wait(min(SETTLE_S, seconds))
    tell(f"looking at the idle screen for {seconds:g} s")
    begun, spent = perf_counter(), _cpu_s(pid)
    never.wait(seconds)
    share = (_cpu_s(pid) - spent) / (perf_counter() - begun)
    return {"collect.idle_cpu_percent": 100 * share, "collect.rss_mb": _resident_mb(pid)}


def _cpu_s(pid: int) -> float:
    """CPU time of a process so far: fields 14 and 15 of proc(5)'s stat, all threads, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    """Resident memory in millions of bytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kib) * 1024 / 1e6


def _cold_start(stage: Stage, news: News, times: int) -> float:
    """Process start → first screen, over process start → the same packages imported, ours included.

    So the figure is what `run` does besides importing: keys, journal, fold, manifest, codes, window,
    fonts, first picture. The median over turns; the first, which makes byte code, does not count.
    """
    ratios = []
    for _ in range(times + 1):
        floor = _imported()
        stage.cut_power()
        news.forget()
        begun = perf_counter()
        stage.start_run()
        ratios.append((news.next()[1] - begun) / floor)
        news.see("Idle")
    return statistics.median(ratios[1:])


def _imported() -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return perf_counter() - begun
