"""Real power cuts over a running story: nothing acknowledged is lost, the promises hold after the restart.

Three cuts in the normal run; `KIOSK_POWER_CUTS=200 ./dev test tests/powercut` for the campaign.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from drivers.simulated.cabinet import Cabinet
from kiosk.core.effects import Pulse
from kiosk.core.memory import Phase
from tests.powercut import disk
from tests.powercut.life import NUMBERS, Life, make_keys
from tests.powercut.promises import finish, promises_hold

CUTS = int(os.environ.get("KIOSK_POWER_CUTS", "3"))
MOST_ROWS = 120  # a cut comes at a random row up to here


def test_nothing_acknowledged_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    try:
        disk.make(tmp_path / "probe.img")
        with disk.mounted(tmp_path / "probe.img", tmp_path / "probe"):
            pass
    except disk.NotAllowedError as error:
        pytest.skip(f"NO REAL POWER CUT WAS MADE: {error}")
    make_keys(tmp_path)
    for seed in range(CUTS):
        _one_cut(tmp_path, seed)


def _one_cut(folder: Path, seed: int) -> None:
    image, copy = folder / "disk.img", folder / "copy.img"
    disk.make(image)
    with disk.mounted(image, folder / "mnt") as data:
        acknowledged = _live_and_cut(folder, data, image, copy, seed)
    with disk.mounted(copy, folder / "after") as data:
        _check(folder, data, acknowledged, seed)


def _live_and_cut(folder: Path, data: Path, image: Path, copy: Path, seed: int) -> dict[int, str]:
    """Run the life; at a random row, stop it dead and copy what the disk holds."""
    random = Random(seed)
    command = [sys.executable, "-m", "tests.powercut.life", str(folder), str(data), str(seed)]
    with (folder / "life.log").open("wb") as log:
        life = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    watchdog = threading.Timer(60, life.kill)  # a safety net, never a measure
    watchdog.start()
    acknowledged: dict[int, str] = {}
    try:
        assert life.stdout is not None
        for _ in range(random.randrange(5, MOST_ROWS)):
            line = life.stdout.readline().decode()
            assert line, (folder / "life.log").read_text()
            seq, name = line.split()
            acknowledged[int(seq)] = name
        life.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, life.pid, os.WSTOPPED)
        disk.cut(image, copy)
    finally:
        watchdog.cancel()
        life.kill()
        life.wait()
        if life.stdout is not None:
            life.stdout.close()
    return acknowledged


def _check(folder: Path, data: Path, acknowledged: dict[int, str], seed: int) -> None:
    life = Life(folder, data, Cabinet(NUMBERS, seed=seed), up_ms=30_000)
    try:
        for seq, name in acknowledged.items():
            assert life.journal.hash_at(seq) == name, f"row {seq} was acknowledged and is gone"
        assert list(life.journal.verify()) == []
        assert not any(isinstance(e, Pulse) for e in life.start_effects), "start-up pulsed a lock"
        promises_hold(life)
        _the_citizens_can_finish(life)
    finally:
        life.journal.close()


def _the_citizens_can_finish(life: Life) -> None:
    """Whatever was loaded or accepted when the power failed can be collected now, doors being shut."""
    phases = {Phase.LOADED, Phase.ACCEPTED}
    due = {c: n for (c, n), p in life.state.memory.parts.items() if p in phases}
    _remember_codes(life, due)
    for cid, number in due.items():  # the papers are where they were, in a cabinet of this process
        life.cabinet.open_by_key(number)
        life.cabinet.put(number, cid)
        life.cabinet.push(number)
    for cid in due:
        finish(life, cid)


def _remember_codes(life: Life, due: dict[str, int]) -> None:
    """The phone's message survives the cut: the office in this process learns the codes of before."""
    assert life.state.manifest is not None or not due
    results = life.state.manifest.results if life.state.manifest else ()
    for result in results:
        if result.cid in due:
            held = life.station.office.register(result.cid).holders["h1"]
            known = result.holders[0]
            held.secret, held.counter = known.otp.secret, known.otp.counter
            held.phone = "053000" + known.known_digits
