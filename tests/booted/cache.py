"""What these tests need of a machine, and what is made once and kept: root file systems, wheels.

The law of this file: whatever lies in the cache is whole and named by what it was made from; it is made
beside its name and moved there under a lock, so that a killed run or two workers at once leave nothing
half made. Nothing here is written to once it has its name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform as machine
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.appliance import bundle as bundles
from kiosk.appliance import bundle_make
from kiosk.appliance.bundle import LOCKS, PIP_LOCK, WHEELS
from kiosk.appliance.ground import ApplianceError

REPO = Path(__file__).resolve().parents[2]
SWITCH = "KIOSK_APPLIANCE"  # unset: what is in the cache; "short": fill it; "all": nightly; "arm64": that too
WISH = os.environ.get(SWITCH, "")
NIGHTLY = WISH in ("all", "arm64")
WARM = "warm it with: .venv/bin/python -m tests.booted.warm"
TOOLS = ("systemd-nspawn", "mmdebstrap", "nsenter", "unshare", "setpriv", "mkfs.ext4", "ip")
DEBIAN = "apt install systemd-container mmdebstrap iproute2"
MAKE_S = 1_800.0  # an emulated root takes minutes
PACKAGES = "systemd,systemd-sysv,udev,dbus,python3-venv,python3"
ROOT_FORM = "1"  # raise it when a root is made otherwise than before
OWN = {"x86_64": "amd64", "aarch64": "arm64"}

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


def own() -> str:
    """This machine's processor, as Debian calls it. MissingError: the program has no wheels for it."""
    name = machine.machine()
    if name not in OWN:
        raise MissingError(f"there are no wheels for {name}")
    return OWN[name]


def base(suite: str, arch: str, *, cold: bool = False) -> Path:
    """A minimal Debian with systemd and Python. `cold`: make it if it is missing.

    MissingError: it is not there, or cannot be made.
    """
    name = f"root-{suite}-{arch}-{_hash(PACKAGES, ROOT_FORM)}"
    return _made(name, lambda to: _mmdebstrap(suite, arch, to), cold=cold)


def wheels(platform: str, *, cold: bool = False) -> Path:
    """A ward's folder of wheels, as `./dev bundle` fetches it. `platform`: a name of `PLATFORMS`.

    MissingError: it is not there, or cannot be had.
    """
    locks = [(REPO / name).read_text(encoding="utf-8") for name in (LOCKS["kiosk"], PIP_LOCK)]
    return _made(f"wheels-{platform}-{_hash(*locks)}", lambda to: _fetch(platform, to), cold=cold)


def _fetch(platform: str, to: Path) -> None:
    with tempfile.TemporaryDirectory() as apart:
        try:
            bundle = bundles.write(REPO, Path(apart, "bundle"))
            bundle_make.fetch(bundle, [platform], ["kiosk"])
        except ApplianceError as error:
            raise MissingError(str(error)) from error
        shutil.copytree(bundle.folder / WHEELS, to, dirs_exist_ok=True)


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
    what = ("--variant=minbase", f"--include={PACKAGES}", f"--arch={arch}")
    said = _call("mmdebstrap", *what, suite, str(to))
    if said:
        raise MissingError(f"no {suite} could be made: {said}")


def _call(*command: str) -> str:
    """ "" when it went well; else the end of what it said."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MAKE_S)
    return "" if ran.returncode == 0 else (ran.stderr or ran.stdout or "it failed")[-600:].strip()
