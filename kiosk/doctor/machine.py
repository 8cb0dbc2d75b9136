"""The machine under the doctor's hands. Everything outside the program is reached through it.

`root` stands for `/`, so that a test lays out a whole machine in one folder: what the configuration names
below /dev, and what the kernel and the firmware tell below /sys, /proc, /run and /boot, is looked for there.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers import pins
from drivers.readers import grabbed
from kiosk import clock

MOST_BYTES = 64 * 1024  # of one text that is looked at
COMMAND_S = 5.0

Command = Callable[[Sequence[str]], str | None]


def ask(command: Sequence[str]) -> str | None:
    """What a command prints; None: this machine has no such command, or it does not end."""
    path = shutil.which(command[0])
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *command[1:]], capture_output=True, text=True, timeout=COMMAND_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout


@dataclass(frozen=True, slots=True)
class Machine:
    """Files, clocks, commands, pins and keyboards of this machine, or of a test's."""

    root: Path = Path("/")
    up_ms: Callable[[], int] = clock.up_ms
    wall_ms: Callable[[], int] = clock.wall_ms
    command: Command = ask
    header: Callable[[], pins.Factory] = pins.header
    may: Callable[[Path, int], bool] = os.access  # as the user who asks
    grab: grabbed.Grab = grabbed.grab

    def at(self, path: Path | str) -> Path:
        """Where a path of the system lies; paths elsewhere (a test's own) stay as they are."""
        path = Path(path)
        parts = path.parts
        ours = len(parts) > 1 and parts[1] in ("dev", "sys", "proc", "run", "boot", "etc")
        return self.root.joinpath(*parts[1:]) if ours and path.is_absolute() else path

    def text(self, path: Path | str) -> str | None:
        """A small text of the system; None: not there, or not ours to read."""
        try:
            with self.at(path).open("rb") as file:
                return file.read(MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return None


def user() -> str:
    """Who asks."""
    return _name(lambda: pwd.getpwuid(os.geteuid()).pw_name, str(os.geteuid()))


def owner(path: Path) -> str:
    """Whose file it is."""
    uid = path.stat().st_uid
    return _name(lambda: pwd.getpwuid(uid).pw_name, str(uid))


def group(path: Path) -> str:
    """The group that a file or node belongs to."""
    gid = path.stat().st_gid
    return _name(lambda: grp.getgrgid(gid).gr_name, str(gid))


def _name(find: Callable[[], str], number: str) -> str:
    try:
        return find()
    except KeyError:  # no entry: a number is a name, too
        return number
