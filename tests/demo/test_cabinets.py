"""The demo's whole story over a real serial line to each family's fake boards.

One family in the normal run; `KIOSK_CABINETS=all ./dev test tests/demo/test_cabinets.py` for every one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.bench.families import FAMILIES
from kiosk.demo.wiring import CABINETS, SIMULATED

ROOT = Path(__file__).resolve().parents[2]
USUAL = ("xor-8a80",)
PLAYED = tuple(FAMILIES) if os.environ.get("KIOSK_CABINETS") == "all" else USUAL
LONGEST_S = 180.0
STEPS = 20
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def test_the_demo_knows_every_family() -> None:
    assert set(CABINETS) == {SIMULATED, *FAMILIES}


@pytest.mark.slow
@pytest.mark.parametrize("family", PLAYED)
def test_the_story_comes_true_over_a_serial_line(family: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kiosk", "demo", "--once", "--cabinet", family]
    plain = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    played = subprocess.run(
        [*command, "--out", str(tmp_path)],
        cwd=ROOT,
        env=plain,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    told = json.loads((tmp_path / "story.json").read_text(encoding="utf-8"))
    assert [step["ok"] for step in told["steps"]] == [True] * STEPS
