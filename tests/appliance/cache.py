"""What these tests need of a machine, and what is made once and kept: root file systems, wheels.

The law of this file: whatever lies in the cache is whole and named by what it was made from; it is made beside
its name and moved there under a lock, so that a killed run or two workers at once leave nothing half made.
Nothing here is written to once it has its name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

REPO = Path(__file__).resolve().parents[2]
SWITCH = "KIOSK_APPLIANCE"  # unset: what is in the cache; "short": fill it; "all": nightly; "arm64": that too
WISH = os.environ.get(SWITCH, "")
NIGHTLY = WISH in ("all", "arm64")
WARM = "warm it with: .venv/bin/python -m tests.appliance.warm"
TOOLS = ("systemd-nspawn", "mmdebstrap", "nsenter", "unshare", "setpriv", "mkfs.ext4")
DEBIAN = "apt install systemd-container mmdebstrap"
MAKE_S = 1_800.0  # an emulated root takes minutes
PACKAGES = "systemd,systemd-sysv,udev,dbus,python3-venv,python3"
ROOT_FORM = "1"  # raise it when a root is made otherwise than before
MANYLINUX = ("_2_34", "_2_28", "_2_17", "2014")

Made = TypeVar("Made")


class MissingError(Exception):
    """This machine lacks something; the text says what, and what to do."""


def folder() -> Path:
    """The user's cache; XDG_CACHE_HOME moves it."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(home) / "kiosk-appliance"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def check_machine() -> None:
    """MissingError: containers cannot be booted here."""
    if os.geteuid() != 0:
        raise MissingError("root is needed to boot a container")
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        raise MissingError(f"{', '.join(absent)} not installed (Debian: {DEBIAN})")
    namespaces = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "true"], capture_output=True, check=False
    )
    if namespaces.returncode:
        raise MissingError(f"no mount namespace: {namespaces.stderr.decode().strip()}")


def or_skip(make: Callable[[], Made]) -> Made:
    """What `make` gives; without it the test is skipped, aloud."""
    try:
        check_machine()
        return make()
    except MissingError as error:
        pytest.skip(f"NO APPLIANCE WAS BOOTED: {error}")


def base(suite: str = "bookworm", arch: str = "", *, cold: bool = False) -> Path:
    """A minimal Debian with systemd and Python. `arch` "": this machine's; `cold`: make what is missing.

    MissingError: it is not there, or cannot be made.
    """
    name = f"root-{suite}-{arch or 'own'}-{_hash(PACKAGES, ROOT_FORM)}"
    return _made(name, lambda to: _mmdebstrap(suite, arch, to), cold=cold)


def wheels(python: str = "", arch: str = "", *, cold: bool = False) -> Path:
    """Wheels of all that the program needs, as pinned, for Python "3.13" on `arch`; not the program's own.

    MissingError: they are not there, or cannot be had.
    """
    pins, needs = _pins(), _needs()
    name = f"wheels-{python or 'own'}-{arch or 'own'}-{_hash(*pins, *needs)}"
    return _made(name, lambda to: _download(pins, needs, python, arch, to), cold=cold)


def program(to: Path) -> None:
    """The wheel of this checkout, built apart: two workers at once share no folder."""
    with tempfile.TemporaryDirectory() as apart:
        for room in ("kiosk", "drivers", "sync", "ui"):
            shutil.copytree(
                REPO / room, Path(apart, room), ignore=shutil.ignore_patterns("__pycache__")
            )
        for file in ("pyproject.toml", "LICENSE"):
            shutil.copy(REPO / file, apart)
        _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(to), apart)


def _pins() -> list[str]:
    lines = (REPO / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))]


def _needs() -> list[str]:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [str(need) for need in project["dependencies"]]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _made(name: str, make: Callable[[Path], None], *, cold: bool) -> Path:
    path = folder() / name
    if path.exists():
        return path
    if not (cold or WISH):
        raise MissingError(f"{path.name} is not in the cache yet; {WARM}")
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            half = folder() / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)  # of a killed run: nobody else holds the lock
            half.mkdir()
            make(half)
            half.rename(path)
    return path


def _mmdebstrap(suite: str, arch: str, to: Path) -> None:
    which = [f"--arch={arch}"] if arch else []
    said = _call(
        *("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", *which, suite, str(to))
    )
    if said:
        raise MissingError(f"no {suite} could be made: {said}")


def _download(pins: list[str], needs: list[str], python: str, arch: str, to: Path) -> None:
    platforms = [f"--platform=manylinux{tag}_{arch}" for tag in MANYLINUX] if arch else []
    other = [f"--python-version={python}", *platforms] if python else []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        _pip(
            "download", "--only-binary", ":all:", "--dest", str(to), "-c", file.name, *other, *needs
        )


def _pip(*arguments: str) -> None:
    said = _call(sys.executable, "-m", "pip", "--quiet", "--no-input", *arguments)
    if said:
        raise MissingError(f"pip {arguments[0]}: {said}")


def _call(*command: str) -> str:
    """ "" when it went well; else the end of what it said."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MAKE_S)
    return "" if ran.returncode == 0 else (ran.stderr or ran.stdout or "it failed")[-600:].strip()
