"""docs/safety.md names the tests that hold its bounds: they must be there."""

from __future__ import annotations

import re
from pathlib import Path

from drivers.locks import duty, gpio_wiring
from drivers.locks.families import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    files = [*(ROOT / "tests").rglob("*.py")]
    written = {
        name
        for file in files
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 10
    assert named - written == set()


def test_the_page_gives_every_family_its_pulse() -> None:
    for family, codec in FAMILIES.items():
        (row,) = [
            line
            for line in PAGE.splitlines()
            if line.startswith("|") and f"`{family}`" in line.split("|")[1]
        ]
        for ms in codec.capabilities.pulse_ms:
            assert f"{ms:,}" in row, family
    assert f"{duty.HARD_CAP_MS:,} ms" in PAGE
    assert f"{gpio_wiring.SHORTEST_PULSE_MS} to {gpio_wiring.LONGEST_PULSE_MS:,}" in PAGE
