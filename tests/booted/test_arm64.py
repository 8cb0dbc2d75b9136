"""As on a Pi, screens and pins aside: installer and doctor in an arm64 root, emulated. Only when asked for.

`KIOSK_APPLIANCE=arm64 ./dev test tests/booted/test_arm64.py`, with qemu-user-static and binfmt-support;
the first time makes the roots, some minutes each. systemd does not run in there: nothing is booted.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.booted import cache
from tests.booted.container import Disk, once
from tests.booted.installed import INSTALL, Stick

pytestmark = [
    pytest.mark.skipif(cache.WISH != "arm64", reason=f"an hour's luxury: {cache.SWITCH}=arm64"),
    pytest.mark.slow,
]

LONGEST_S = 1_500.0
KIOSK = ("runuser", "-u", "kiosk", "--", "kiosk")
TOML = """
kiosk = "bt01"
unit = "Phường Bình Tiên"
address = "123 Đường Số 45"
[central]
url = "https://central.example"
[cabinet]
driver = "boards"
[[bus]]
name = "a"
family = "xor-8a80"
port = "/dev/serial/by-id/none"
[[compartment]]
number = 1
row = 1
column = 1
bus = "a"
board = 1
channel = 1
"""
# What no emulation has, whoever installs a Pi has still to do, or systemd makes when the service starts.
STILL_TO_DO = {"enrolment", "keys", "transport key"}
LACKING = {*STILL_TO_DO, "port a", "bus a", "data folder", "socket"}


@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_installer_and_doctor_run_as_on_a_pi(tmp_path: Path, suite: str) -> None:
    platform = f"{suite}-arm64"
    base = cache.or_skip(lambda: cache.base(suite, "arm64"))
    stick = cache.or_skip(lambda: Stick(tmp_path, platform).words())
    disk = Disk([base], tmp_path / "pi")

    def run(*command: str) -> str:
        done = once(disk, stick, *command, seconds=LONGEST_S)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    assert run("uname", "-m").strip() == "aarch64"
    assert "is installed" in run(*INSTALL)
    again = run(*INSTALL)
    assert "nothing had to be changed" in again

    (disk.path("upper") / "etc/kiosk/kiosk.toml").write_text(TOML, encoding="utf-8")
    run("systemd-tmpfiles", "--create", "kiosk.conf")
    told = json.loads(run(*KIOSK, "doctor", "--json"))
    failed = {one["name"]: one["words"] for one in told["findings"] if one["level"] == "failed"}
    well = {one["name"] for one in told["findings"] if one["level"] == "ok"}
    assert {"configuration", "wires", "fonts"} <= well
    assert set(failed) <= LACKING, failed
