"""The files of `systemd/` as values, and systemd's own tools where this machine has them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "systemd"
PROGRAM = "/opt/kiosk/current/bin/kiosk"
PROGRAMS = re.compile(r"/opt/kiosk/(current|good)/bin/kiosk")
SERVICES = ("kiosk.service", "kiosk-sync.service", "kiosk-central.service")
HELPERS = ("kiosk-setup.service", "kiosk-usb@.service")  # of root's, for an hour or for a stick
SECONDS = 60.0  # for one of systemd's tools

Unit = dict[str, list[str]]


def read(name: str) -> Unit:
    """Every key of a unit with its values, in order; sections do not matter, no key is in two."""
    unit: Unit = defaultdict(list)
    for line in lines(name):
        if not line.startswith("["):
            key, _, value = line.partition("=")
            unit[key].append(value)
    return unit


def lines(name: str) -> list[str]:
    """What counts in a file: neither comments nor blanks."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def words(unit: Unit, key: str) -> set[str]:
    """All words of a key that may stand several times."""
    return {word for value in unit[key] for word in value.split()}


def tool(name: str) -> str:
    """Its path; skips the test, and says so, where it is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"NOT CHECKED: {name} is not installed here (Debian: apt install systemd)")
    return path


def asked(*command: str) -> subprocess.CompletedProcess[str]:
    """One of systemd's tools, its answer in English."""
    environ = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS, env=environ
    )


def copies(folder: Path) -> list[str]:
    """The units in `folder` with a program that is there: the tools look for it."""
    made: list[str] = []
    for unit in sorted(
        p for p in FOLDER.iterdir() if p.suffix in (".service", ".target", ".timer")
    ):
        text = PROGRAMS.sub("/bin/true", unit.read_text(encoding="utf-8"))
        (folder / unit.name).write_text(text, encoding="utf-8")
        made.append(str(folder / unit.name))
    return made
