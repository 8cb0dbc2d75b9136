"""A machine with the program on it: this checkout's installer, run in a container from a wheel folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from kiosk.appliance import bundle as bundles
from tests.booted import cache
from tests.booted.container import Container, Disk

BUNDLE, WHEELS = "/mnt/bundle", "/mnt/wheels"
INSTALL = (f"{BUNDLE}/systemd/install", "--offline", "--wheels", WHEELS)
# What tells one machine from another: the card of a ward is flashed before its first start.
OWN = ("etc/machine-id", "var/lib/systemd/credential.secret", "var/log/journal")


class Stick:
    """What a ward is given: a bundle of this checkout, and the wheels of one platform."""

    def __init__(self, folder: Path, platform: str, *, cold: bool = False) -> None:
        self._bundle = folder / "bundle"
        self._wheels = cache.wheels(platform, cold=cold)
        bundles.write(cache.REPO, self._bundle)

    def words(self) -> list[str]:
        """For nspawn: where it is plugged in, not to be written to."""
        return [f"--bind-ro={self._bundle}:{BUNDLE}", f"--bind-ro={self._wheels}:{WHEELS}"]


def layers(folder: Path, suite: str = "bookworm", *, cold: bool = False) -> Sequence[Path]:
    """Top layer first; `cold`: make what the cache lacks. MissingError: what it is made of is not here."""
    platform = f"{suite}-{cache.own()}"
    base = cache.base(suite, cache.own(), cold=cold)
    disk = Disk([base], folder / "installed")
    with Container(disk, boot=Stick(folder, platform, cold=cold).words()) as container:
        container.wait_booted()
        container.run(*INSTALL)
        container.power_off()
    return [image_of(disk), base]


def image_of(disk: Disk) -> Path:
    """Its upper layer as many machines may have it below theirs."""
    upper = disk.path("upper")
    for path in OWN:
        found = upper / path
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink(missing_ok=True)
    return upper
