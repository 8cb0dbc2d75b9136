"""Every change that the installer makes, one at a time: whole or not at all, and none that is not needed.

The law of this file: a file is written beside its place, brought to the disk, and moved there; what is as
it should be is not touched, so that a second run changes nothing, and one that was cut off is run again.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PART = ".kiosk-part"  # the ending of a file that is not yet in its place
COMMAND_S = 1_800.0  # a slow card and a slow line: packages may take that long
FIRST_LINES, LAST_LINES = 5, 10  # of a command that failed: what it was about, and how it ended


class ApplianceError(Exception):
    """It cannot go on: what happened, what is safe, what to do."""


def quiet(_what: str) -> None:
    """Nobody watches, or listens."""


@dataclass(slots=True)
class Ground:
    """The disk and the commands of one machine. `dry`: say what would change, change nothing.

    `before` is told of every change before it is made; a test stops the run there.
    """

    root: Path = Path("/")
    dry: bool = False
    say: Callable[[str], None] = print
    before: Callable[[str], None] = quiet
    changed: list[str] = field(default_factory=list)

    def at(self, path: str) -> Path:
        """Where a path of the system lies."""
        return self.root / path.lstrip("/")

    def write(self, path: str, content: bytes, mode: int | None = 0o644) -> bool:
        """A file with that content and mode (None: FAT has none); False: it was so already."""
        place = self.at(path)
        there = _content(place)
        if there == content and mode in (None, place.stat().st_mode & 0o7777):
            return False
        if self._changes(path, _diff(path, there, content)):
            place.parent.mkdir(parents=True, exist_ok=True)
            put(place, content, mode)
        return True

    def link(self, path: str, target: str) -> bool:
        """A symbolic link, exchanged in one step; False: it was so already."""
        place = self.at(path)
        if place.is_symlink() and str(place.readlink()) == target:
            return False
        if self._changes(path, f"{path} -> {target}\n"):
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(place.name + PART)
            part.unlink(missing_ok=True)
            part.symlink_to(target)
            part.replace(place)
            sync_folder(place.parent)
        return True

    def remove(self, path: str) -> bool:
        """A file, a link or a whole folder; False: there is none."""
        place = self.at(path)
        if not place.is_symlink() and not place.exists():
            return False
        if self._changes(path, f"{path}: removed\n"):
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
            sync_folder(place.parent)
        return True

    def folder(self, path: str, mode: int = 0o755) -> bool:
        """A folder that is there."""
        place = self.at(path)
        if place.is_dir():
            return False
        if self._changes(path, f"{path}/\n"):
            place.mkdir(mode=mode, parents=True)
            sync_folder(place.parent)
        return True

    def run(self, *command: str) -> None:
        """A command that must go well.

        Raises:
            ApplianceError: it did not; the text says how.
        """
        if self.dry:
            return
        self.before(" ".join(command))
        done = ask(command)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            if len(said) > FIRST_LINES + LAST_LINES:
                said[FIRST_LINES:-LAST_LINES] = ["…"]
            raise ApplianceError(f"{' '.join(command[:3])}… failed:\n" + "\n".join(said))

    def tried(self, *command: str) -> bool:
        """A command that may fail; says so and goes on."""
        try:
            self.run(*command)
        except ApplianceError as error:
            self.say(f"note: {error}")
            return False
        return True

    def _changes(self, path: str, shown: str) -> bool:
        """Note a change, and say whether it is to be made."""
        if self.dry:
            self.changed.append(path)
            self.say(shown.rstrip("\n"))
            return False
        self.before(path)
        self.changed.append(path)
        return True


def ask(command: Sequence[str], seconds: float = COMMAND_S) -> subprocess.CompletedProcess[str]:
    """A command and what it says, in English. Status 127: this machine has no such command."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": "cat"}
    try:
        return subprocess.run(
            list(command),
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            env=environ,
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        return subprocess.CompletedProcess(list(command), 127, "", f"{command[0]}: {error}")
    except subprocess.TimeoutExpired:
        said = f"{command[0]} did not end within {seconds:.0f} s"
        return subprocess.CompletedProcess(list(command), 124, "", said)


def put(place: Path, content: bytes, mode: int | None = 0o644) -> None:
    """The file is on the disk with that content, or is what it was."""
    part = place.with_name(place.name + PART)
    with part.open("wb") as stream:
        stream.write(content)
        if mode is not None:
            os.fchmod(stream.fileno(), mode)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(place)
    sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _diff(path: str, old: bytes | None, new: bytes) -> str:
    def lines(content: bytes | None) -> list[str]:
        text = (content or b"").decode("utf-8", "replace")
        return [line.rstrip("\r") for line in text.split("\n")]

    before = "/dev/null" if old is None else path
    return "\n".join(difflib.unified_diff(lines(old), lines(new), before, path, lineterm="", n=1))
