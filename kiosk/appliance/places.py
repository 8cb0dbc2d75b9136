"""Where things lie on the machine of a cabinet, below a root that a test or an image has elsewhere.

    /opt/kiosk/releases/ID   one release: program, venv, and `installed`, its stamp, written last
    /opt/kiosk/current       the release that serves
    /opt/kiosk/good          the newest that has proved itself; its program judges every other one
    /opt/kiosk/trial.json    an upgrade is under way
    /var/lib/kiosk-upgrade   what became of the last one

Standard library only, like all of this package but `signing`: it runs before anything is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OPT = "/opt/kiosk"
RELEASES = f"{OPT}/releases"
CURRENT = f"{OPT}/current"
GOOD = f"{OPT}/good"
TRIAL = f"{OPT}/trial.json"
COMMAND = "/usr/local/bin/kiosk"
STAMP = "installed"


@dataclass(frozen=True, slots=True)
class Places:
    """`root` stands for `/`."""

    root: Path = Path("/")

    @property
    def live(self) -> bool:
        """This very machine, not a folder that becomes one."""
        return self.root == Path("/")

    def at(self, path: str) -> Path:
        """Where a path of the system lies."""
        return self.root / path.lstrip("/")

    def release(self, name: str) -> Path:
        """The folder of a release."""
        return self.at(RELEASES) / name

    def linked(self, link: str) -> str:
        """The release that `current` or `good` names; "" for none."""
        path = self.at(link)
        return path.readlink().name if path.is_symlink() else ""

    def laid(self) -> list[str]:
        """Every release whose stamp is there, oldest stamp first."""
        stamps = [path for path in self.at(RELEASES).glob(f"*/{STAMP}") if path.is_file()]
        return [path.parent.name for path in sorted(stamps, key=lambda p: p.stat().st_mtime_ns)]
