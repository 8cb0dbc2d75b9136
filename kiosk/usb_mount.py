"""A stick mounted for a moment, by root, where nobody else sees it: read-only, or to write one file.

The law of this file: vfat and exfat, named outright, so that no other file system's code is ever asked;
nothing on a stick is run, opened as a device, or given rights. What was mounted is unmounted before anybody
is told that it is done, and only then is what was written on the stick.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from kiosk.stick import StickError

COMMON = "nosuid,nodev,noexec,nosymfollow,noatime"
KINDS: Mapping[str, str] = MappingProxyType({"vfat": ",umask=0077", "exfat": ",umask=0077"})
SECONDS = 45.0  # for one mount or unmount; a stick that takes longer hangs (the screen waits 60)


def partitions(dev: Path = Path("/dev")) -> tuple[Path, ...]:
    """Every partition on USB, and every whole stick without partitions, in a steady order."""
    links = sorted((dev / "disk" / "by-id").glob("usb-*"))
    parts = [link for link in links if "-part" in link.name]
    whole = [
        link for link in links if not any(p.name.startswith(f"{link.name}-part") for p in parts)
    ]
    return tuple(dict.fromkeys(link.resolve() for link in (*parts, *whole)))


def in_use(device: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether this machine lives on it: a Pi may start from USB."""
    sources = (line.split(" ", 1)[0] for line in mounts.read_text(encoding="utf-8").splitlines())
    held = device.resolve()
    return any(source.startswith("/dev/") and Path(source).resolve() == held for source in sources)


@contextmanager
def mounted(
    device: Path, at: Path, *, writable: bool = False, kinds: Mapping[str, str] = KINDS
) -> Iterator[Path]:
    """The stick's root folder until the end. `kinds`: file systems to try, and their own options.

    Raises:
        StickError: "unreadable": neither vfat nor exfat, damaged, or gone. "read_only": its switch is set.
            "failed": it could not be unmounted whole: what was written may not be there.
    """
    at.mkdir(mode=0o700, parents=True, exist_ok=True)
    way = "rw" if writable else "ro"
    told: list[str] = []
    for kind, own in kinds.items():
        told.append(_mount(device, at, kind, f"{way},{COMMON}{own}"))
        if not told[-1]:
            break
    if told[-1]:
        protected = writable and any("read-only" in one or "write-protected" in one for one in told)
        raise StickError("read_only" if protected else "unreadable")
    try:
        yield at
    finally:
        whole = _unmount(at)
    if not whole:  # not reached after a failure of the block: the first one is the one to tell
        raise StickError("failed")


def _mount(device: Path, at: Path, kind: str, options: str) -> str:
    """What stands against it; nothing: it is mounted."""
    command = ["mount", "--internal-only", "-t", kind, "-o", options, str(device), str(at)]
    return _run(command)


def _unmount(at: Path) -> bool:
    """Whole: everything written is on the stick. Else it is let go, so that the next one finds room."""
    if not _run(["umount", "--no-canonicalize", "--internal-only", str(at)]):
        return True
    _run(["umount", "--lazy", "--internal-only", str(at)])
    return False


def _run(command: list[str]) -> str:
    try:
        told = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (told.stderr.strip() or f"status {told.returncode}") if told.returncode else ""
