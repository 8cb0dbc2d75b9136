"""A real power cut without a virtual machine: ext4 on a loop device, copied while the workload stands still.

The copy is what the disk holds at that moment; the page cache is not in it. Needs root and loop mounts.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISK_BYTES = 48 * 1024 * 1024


class NotAllowedError(Exception):
    """This machine allows no loop mounts."""


def make(image: Path, size: int = DISK_BYTES) -> None:
    """An empty ext4 file system of `size` bytes in a file."""
    with image.open("wb") as file:
        file.truncate(size)
    _call("mkfs.ext4", "-q", "-F", str(image))


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    """The file system, mounted; NotAllowedError where that cannot be done."""
    at.mkdir(parents=True, exist_ok=True)
    _call("mount", "-o", "loop", str(image), str(at))
    try:
        yield at
    finally:
        _call("umount", str(at))


def cut(image: Path, copy: Path) -> Path:
    """What a power cut at this moment would leave on the disk."""
    _call("cp", "--sparse=always", str(image), str(copy))
    return copy


def _call(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or str(error).encode()
        raise NotAllowedError(f"{command[0]}: {said.decode(errors='replace').strip()}") from error
