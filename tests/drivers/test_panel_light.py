"""The status light: what it shows, and that it shows trouble when whoever speaks to it falls silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.panel.panel import SILENT_MS, STEP_MS
from drivers.panel.patterns import Light
from tests.drivers.panel_rig import LIGHT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "changes"), [(Light.OFF, 0), (Light.READY, 1), (Light.BUSY, 6), (Light.ALARM, 40)]
)
def test_the_light_shows_its_pattern(bench: Bench, pattern: Light, changes: int) -> None:
    said(bench, pattern, 6_000)
    assert turns(bench) == changes


def said(bench: Bench, pattern: Light, ms: int) -> None:
    """As a loop that turns says it: at every turn."""
    end = bench.ms + ms
    while bench.ms < end:
        bench.panel.light(pattern)
        bench.go(STEP_MS)


def turns(bench: Bench) -> int:
    """How often the light went on or off."""
    return len([row for row in bench.header.log if row[1] == LIGHT])


def test_a_loop_that_falls_silent_lights_the_alarm_until_it_speaks_again(bench: Bench) -> None:
    said(bench, Light.READY, 500)
    bench.go(SILENT_MS - STEP_MS)
    assert (turns(bench), bench.is_on(LIGHT)) == (1, True)
    bench.go(2_000)
    alarmed = turns(bench)
    assert alarmed > 5
    said(bench, Light.READY, 1_000)
    assert (turns(bench) - alarmed <= 1, bench.is_on(LIGHT)) == (True, True)


def test_a_program_that_has_not_spoken_yet_leaves_it_dark(bench: Bench) -> None:
    bench.go(2 * SILENT_MS)
    assert turns(bench) == 0
