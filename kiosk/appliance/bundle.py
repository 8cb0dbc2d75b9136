"""A bundle: the program as one folder, with a list of sums that names it, and wheels if it has them.

`./dev bundle OUT` makes one from a checkout. A release is known by its version and the first digits of the
sum over its list: two that differ in anything but their wheels have different names. Wheels are judged by
the sums in the lock files.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.appliance.ground import ApplianceError

SUMS = "SHA256SUMS"
WHEELS = "wheels"
VERSION_FILE = "kiosk/version.py"
# What a machine in service does without.
LEFT_OUT = ("tests/", "bench/", ".ci/", "docs/img/", ".gitignore", "requirements.lock", "dev")
LOCKS: Mapping[str, str] = {
    "kiosk": "requirements-kiosk.lock",
    "central": "requirements-central.lock",
}
PIP_LOCK = "requirements-pip.lock"  # the pip that installs the others, where a machine has none
SHORT = 8  # hexadecimal digits of a release's name
_VERSION = re.compile(r'^VERSION = "(\d+\.\d+\.\d+(?:[a-z0-9.]+)?)"$', re.MULTILINE)
_ROW = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder whose program files are as its list says."""

    folder: Path
    version: str
    sums: Mapping[str, str]  # path within the folder → SHA-256, hexadecimal

    def name(self, roles: Sequence[str]) -> str:
        """Of the release that it becomes on a machine with these roles."""
        listed = "".join(f"{self.sums[path]}  {path}\n" for path in sorted(self.sums))
        told = hashlib.sha256(f"{','.join(sorted(roles))}\n{listed}".encode())
        return f"{self.version}+{told.hexdigest()[:SHORT]}"

    @property
    def wheels(self) -> Path | None:
        """Its own wheels, where it has them."""
        folder = self.folder / WHEELS
        return folder if folder.is_dir() else None


def read(folder: Path) -> Bundle:
    """The bundle in a folder, every file held against its list.

    Raises:
        ApplianceError: it is none, or a file is missing or differs. Nothing was changed.
    """
    try:
        rows = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ApplianceError(
            f"{folder} is no bundle: {SUMS} cannot be read ({error}); make one with ./dev bundle"
        ) from error
    found = [_ROW.fullmatch(row) for row in rows]
    listed = {row[2]: row[1] for row in found if row is not None}
    if None in found or not listed:
        raise ApplianceError(f"{folder / SUMS} is not a list of sums; copy the bundle anew")
    for path, sum_ in listed.items():
        if not _inside(path):
            raise ApplianceError(f"{folder / SUMS} names {path}, outside the bundle; do not use it")
        if _sum(folder / path) != sum_:
            raise ApplianceError(f"{folder / path} is missing or damaged; copy the bundle anew")
    return Bundle(folder, _version(folder), listed)


def of_checkout(checkout: Path) -> dict[str, Path]:
    """Every file of the program in a checkout, as git knows them, by its path in the bundle.

    Raises:
        ApplianceError: this is no checkout.
    """
    listing = ["git", "-C", str(checkout), "ls-files", "-z", "--cached", "--others"]
    try:
        answer = subprocess.run(
            [*listing, "--exclude-standard"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ApplianceError(f"{checkout} is neither a bundle nor a checkout with git") from error
    names = sorted(name for name in answer.stdout.split("\0") if name)
    kept = [name for name in names if not name.startswith(LEFT_OUT)]
    return {name: checkout / name for name in kept if (checkout / name).is_file()}


def write(checkout: Path, out: Path) -> Bundle:
    """The program of a checkout as a bundle in a folder that is empty or not there; without wheels.

    Raises:
        ApplianceError: there is something in `out` already; nothing was written.
    """
    if out.exists() and any(out.iterdir()):
        raise ApplianceError(f"{out} is not empty: name a folder that is not there yet")
    rows: list[str] = []
    for name, source in of_checkout(checkout).items():
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        place.write_bytes(content)
        place.chmod(mode_of(content))
        rows.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    (out / SUMS).write_text("".join(rows), encoding="utf-8")
    return read(out)


def mode_of(content: bytes) -> int:
    """Scripts can be run. A stick with FAT does not know which these are."""
    return 0o755 if content.startswith(b"#!") else 0o644


def _inside(path: str) -> bool:
    parts = path.split("/")
    return not path.startswith("/") and ".." not in parts and "" not in parts


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _version(folder: Path) -> str:
    found = _VERSION.search((folder / VERSION_FILE).read_text(encoding="utf-8"))
    if found is None:
        raise ApplianceError(f"{folder / VERSION_FILE} names no version: this is no release")
    return found[1]
