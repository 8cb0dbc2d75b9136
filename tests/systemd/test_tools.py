"""The units before systemd's own judges; skipped aloud where this machine has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.systemd.units import FOLDER, asked, copies, tool

# The guided start is root with network and devices, for an hour: docs/adr/0041-guided-start.md.
EXPOSURE = {
    "kiosk.service": 1.5,
    "kiosk-sync.service": 1.3,
    "kiosk-central.service": 1.3,
    "kiosk-usb@.service": 1.5,
    "kiosk-setup.service": 3.2,
}
NEWER = ("RestartSteps", "RestartMaxDelaySec")  # systemd 252 passes over them, as the units say


@pytest.mark.parametrize("unit", EXPOSURE)
def test_a_service_is_exposed_no_more_than_it_must_be(tmp_path: Path, unit: str) -> None:
    analyze = tool("systemd-analyze")
    copies(tmp_path)
    answer = asked(analyze, "security", "--offline=true", "--no-pager", str(tmp_path / unit))
    level = re.search(r"Overall exposure level for \S+: (\d+\.\d)", answer.stdout)
    assert level, answer.stdout + answer.stderr
    assert float(level[1]) <= EXPOSURE[unit]


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    units = [unit.replace("@", "@sda1") for unit in copies(tmp_path)]
    (tmp_path / "kiosk-usb@sda1.service").symlink_to(tmp_path / "kiosk-usb@.service")
    answer = asked(analyze, "verify", "--man=no", *units)
    # It ends with 0 on keys that it does not know: what it says is what counts. Of other units of
    # this machine it may say what it likes.
    ours = [line for line in answer.stderr.splitlines() if "kiosk" in line]
    assert [line for line in ours if not any(f"'{key}'" in line for key in NEWER)] == []
    assert answer.returncode == 0


def test_users_and_groups_can_be_made(tmp_path: Path) -> None:
    sysusers = tool("systemd-sysusers")
    (tmp_path / "etc").mkdir()
    file = FOLDER / "sysusers.d" / "kiosk.conf"
    answer = asked(sysusers, "--dry-run", f"--root={tmp_path}", str(file))
    assert answer.returncode == 0, answer.stderr
    assert "not a valid" not in answer.stderr
    for user in ("kiosk", "kiosk-sync", "kiosk-central"):
        assert f"user '{user}'" in answer.stderr + answer.stdout
