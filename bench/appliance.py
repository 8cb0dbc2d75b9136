"""The group `appliance`: from power-on to *ready to take a code*, under a real systemd.

Real: the installer's own release in a Debian container, its units, sealed keys, a journal, `kiosk run` and
`kiosk sync`, a manifest in force. Not real: the screen is SDL's memory, the boards are fakes on a pty, the
kernel has booted already, and the files lie in this machine's page cache.

`ready_s`: from the start of the container until the idle screen stands, which takes a code; the median. No
network.

`ready_ratio`: the same over the time until a bare Python service is there, in turn with it: the same
container, the same unit (user, sandbox, sealed keys), the same interpreter, which imports what `run`
imports, ours included as in `collect.cold_start_ratio`, and does nothing else. It runs alone: `kiosk
sync`, which starts beside `run`, starts beside ours only. What the ratio is over foreign packages alone is
told on the way.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from bench.measure import Measure, Metric, Numbers, Size, tell
from kiosk.demo.stage import START_S
from tests.booted import cache, installed
from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance

FAMILY = "xor-8a80"  # the commonest; boards that are asked more questions first take longer
PYTHON = "/opt/kiosk/current/venv/bin/python"
BARE = "/usr/local/lib/bare.py"
# What `run` imports until it serves a cabinet of boards.
OURS = "kiosk.cli, kiosk.compose, drivers.locks.bank, drivers.locks.families, drivers.locks.plan"
LIST = f"""
import os, sys
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
before = set(sys.modules)
import {OURS}
rooms = ("kiosk", "drivers", "sync", "ui")
found = [name for name in sys.modules if name not in before and name.split(".")[0] not in rooms]
print(" ".join(name for name in found if getattr(sys.modules[name], "__spec__", None) is not None))
"""
IMPORT_ALL = """
import importlib, os, socket, threading
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
for name in {names!r}.replace(",", " ").split():
    importlib.import_module(name)
there = socket.socket(socket.AF_UNIX)
there.connect("/mnt/cabinet.sock")
threading.Event().wait()
"""
# In place of the program; nobody watches it, and nothing is to be put off after it.
DROP_IN = f"[Service]\nType=exec\nWatchdogSec=0\nExecStart=\nExecStart={PYTHON} -I {BARE}\nExecStopPost=\n"
NOT_NOW = "[Unit]\nConditionPathExists=/nowhere\n"


def ready(size: Size) -> Numbers:
    """`ready_s` and `ready_ratio`; nothing, and why, where no container can be booted."""
    try:
        cache.check_machine()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            layers = installed.layers(Path(folder), cold=True)
            with Appliance(layers, family=FAMILY) as appliance:
                return _measured(appliance, size.starts)
    except cache.MissingError as error:
        tell(f"appliance: NOT MEASURED: {error}")
        return {}


def _measured(appliance: Appliance, times: int) -> Numbers:
    foreign = appliance.inside(PYTHON, "-I", "-c", LIST).strip()
    appliance.on.power_off()
    idle: list[float] = []
    bare: dict[str, list[float]] = {OURS: [], foreign: []}
    for _ in range(times + 1):  # the first of each, which finds nothing in memory, does not count
        idle.append(_idle(appliance))
        for names, took in bare.items():
            took.append(_bare(appliance, names))
    ours, strict = (
        statistics.median(a / b for a, b in zip(idle[1:], took[1:], strict=True))
        for took in bare.values()
    )
    tell(f"over a service that imports foreign packages alone: {strict:.2f}")
    return {
        "appliance.ready_s": statistics.median(idle[1:]),
        "appliance.ready_ratio": ours,
    }


def _idle(appliance: Appliance) -> float:
    appliance.hands.forget_screen()
    begun = perf_counter()
    appliance.power_on(connected=False)
    appliance.hands.see("Idle")
    took = perf_counter() - begun
    appliance.power_cut()
    return took


def _bare(appliance: Appliance, names: str) -> float:
    """Power-on until a service that imports these modules is there, in place of ours."""
    upper = appliance.disk.path("upper")
    units = upper / "etc/systemd/system"
    laid = {
        upper / BARE.lstrip("/"): IMPORT_ALL.format(names=names),
        units / f"{RUN}.d/bare.conf": DROP_IN,
        units / f"{SYNC}.d/bare.conf": NOT_NOW,
    }
    for path, text in laid.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    begun = perf_counter()
    appliance.power_on(connected=False)
    came = appliance.cabinet.wait_connected(START_S)
    took = perf_counter() - begun
    appliance.power_cut()
    for path in laid:
        path.unlink()
    if not came:
        raise cache.MissingError("the bare service did not come up")
    return took


METRICS: Mapping[str, Metric] = {
    "appliance.ready_s": Metric("s"),
    "appliance.ready_ratio": Metric("×", 1.5),
}

MEASURES: Mapping[str, Measure] = {"ready": ready}
