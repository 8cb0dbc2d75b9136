"""Files on a USB stick: the newest sealed manifest in, signed statements out, whole or not at all.

The law of this file: a stick is foreign ground. What it holds is read up to a cap and trusted by
nobody before the ladder; links are not followed; what is written appears under its name only when
all of it is on the stick.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from kiosk.core.upkeep_scenes import StickAct, StickDone
from sync.messages import MAX_MANIFEST_BYTES, Refusal

FOLDER = Path("/run/kiosk/usb")  # where the system mounts a stick
MOST_ENTRIES = 2_000  # of a folder; nobody looks further
JOSE = "manifest.jose"
SUFFIX = ".manifest"
_WHY = {
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}


class StickError(Exception):
    """Why nothing was read or written, as a word that the screen has a sentence for."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def present(folder: Path) -> bool:
    """Whether a file lies in the folder: a stick is mounted there."""
    try:
        return any(entry.is_file(follow_symlinks=False) for entry in _entries(folder))
    except OSError:
        return False


def newest_manifest(folder: Path) -> str:
    """The sealed text of the newest `*.manifest` or `manifest.jose`.

    Raises:
        StickError: "nothing" there, "too_large", or "unreadable".
    """
    try:
        found = [
            (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name)
            for entry in _entries(folder)
            if _named(entry.name) and entry.is_file(follow_symlinks=False)
        ]
        if not found:
            raise StickError("nothing")
        raw = _read(folder / max(found)[1])
    except OSError as error:
        raise StickError("unreadable") from error
    if len(raw) > MAX_MANIFEST_BYTES:
        raise StickError("too_large")
    return raw.strip().decode("ascii", "replace")


def _named(name: str) -> bool:
    return not name.startswith(".") and (name == JOSE or name.endswith(SUFFIX))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(islice(entries, MOST_ENTRIES))


def _read(path: Path) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise StickError("unreadable")
        return stream.read(MAX_MANIFEST_BYTES + 1)


def row_line(text: str | None, seq: int) -> str:
    """One journal row as it stands in an export: its signed text, or its place if it is damaged."""
    return json.dumps({"seq": seq, "damaged": True} if text is None else text) + "\n"


def write_statements(folder: Path, name: str, lines: Iterable[str]) -> int:
    """All lines into one new file, on the stick before it has its name; how many.

    Raises:
        StickError: "read_only", "full", or "failed".
    """
    fresh = folder / f".{name}.new"
    written = 0
    try:
        fresh.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(fresh, flags, 0o644), "w", encoding="utf-8") as stream:
            for line in lines:
                stream.write(line)
                written += 1
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(folder / name)
        _settle(folder)
    except OSError as error:
        _forget(fresh)
        raise StickError(_WHY.get(error.errno or 0, "failed")) from error
    return written


def _settle(folder: Path) -> None:
    """The name, too, is on the stick."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(place)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems of sticks know no such thing
            raise
    finally:
        os.close(place)


def _forget(fresh: Path) -> None:
    try:
        fresh.unlink(missing_ok=True)
    except OSError:
        return  # the stick is gone, or may not be written: it holds nothing that anybody reads


def imported(ver: int, refusal: Refusal | None) -> StickDone:
    """What the ladder says of a manifest from a stick."""
    if refusal is None:
        return StickDone(StickAct.IMPORT, "accepted", ver)
    return StickDone(StickAct.IMPORT, str(refusal), ver)
