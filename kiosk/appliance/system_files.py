"""What a release lays into /etc: services, users, devices, the log's bounds. And what systemd is told then.

Commands run each time, changed or not: a run that was cut off between a file and its command is mended by
the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.appliance.ground import Ground
from kiosk.appliance.places import COMMAND, CURRENT, Places

UNITS = "/etc/systemd/system"
SUFFIXES = frozenset({".service", ".target", ".timer", ".path", ".socket"})
# They judge a release and go back from it: laid when a release has proved itself, not before.
KEEPERS = frozenset(
    {"kiosk-trial.service", "kiosk-settle.service", "kiosk-update.service", "kiosk-update.timer"}
)
FOLDERS = (
    ("sysusers.d", "/etc/sysusers.d"),
    ("tmpfiles.d", "/etc/tmpfiles.d"),
    ("modules-load.d", "/etc/modules-load.d"),
    ("udev", "/etc/udev/rules.d"),
    ("journald.conf.d", "/etc/systemd/journald.conf.d"),
    ("system.conf.d", "/etc/systemd/system.conf.d"),
)
CENTRAL = "kiosk-central.service"
CENTRALS_FOLDERS = frozenset({"sysusers.d"})


def files(home: Path, roles: Sequence[str], *, keepers: bool) -> Iterator[tuple[Path, str]]:
    """(file of the release, its place) of everything that these roles need."""
    for path in sorted((home / "systemd").glob("*")):
        central = path.name == CENTRAL
        wanted = ("central" if central else "kiosk") in roles
        if path.suffix in SUFFIXES and wanted and (path.name in KEEPERS) is keepers:
            yield path, f"{UNITS}/{path.name}"
    if keepers:
        return
    for folder, target in FOLDERS:
        if "kiosk" in roles or folder in CENTRALS_FOLDERS:
            for path in sorted((home / "systemd" / folder).glob("*")):
                yield path, f"{target}/{path.name}"


def lay(ground: Ground, home: Path, roles: Sequence[str]) -> None:
    """The files of the release that is to serve, and of none before it.

    Raises:
        ApplianceError: users could not be made, or systemd does not read its units.
    """
    wanted = {target: source for source, target in files(home, roles, keepers=False)}
    for target, source in wanted.items():
        ground.write(target, source.read_bytes())
    for target in sorted(_laid_by_others(ground, roles) - wanted.keys()):
        ground.remove(target)
    ground.link(COMMAND, f"{CURRENT}/bin/kiosk")
    tell(ground)


def _laid_by_others(ground: Ground, roles: Sequence[str]) -> set[str]:
    """Places that some release of this machine lays a file to: what the one that serves has not, goes."""
    places = Places(ground.root)
    homes = [places.release(name) for name in places.laid()]
    return {target for home in homes for _, target in files(home, roles, keepers=False)}


def lay_keepers(ground: Ground, home: Path, roles: Sequence[str]) -> None:
    """The units that judge: those of a release that has proved itself."""
    for source, target in files(home, roles, keepers=True):
        ground.write(target, source.read_bytes())
    enable(ground, roles, home)


def tell(ground: Ground) -> None:
    """Users are made, folders are there, devices and units are read anew."""
    live = Places(ground.root).live
    root = [] if live else [f"--root={ground.root}"]
    ground.run("systemd-sysusers", *root)
    ground.run("systemd-tmpfiles", "--create", *root, "kiosk.conf")
    if live and booted(ground):
        ground.run("systemctl", "daemon-reload")
        if (ground.root / "run/udev/control").exists():
            ground.tried("udevadm", "control", "--reload")


def enable(ground: Ground, roles: Sequence[str], home: Path) -> None:
    """Everything that says where it belongs starts with the machine."""
    units = [
        path.name
        for keepers in (False, True)
        for path, target in files(home, roles, keepers=keepers)
        if target.startswith(UNITS) and "\n[Install]\n" in path.read_text(encoding="utf-8")
    ]
    live = Places(ground.root).live
    if live and booted(ground):
        ground.run("systemctl", "daemon-reload")
    root = [] if live else [f"--root={ground.root}"]
    ground.run("systemctl", *root, "--quiet", "enable", *units)


def booted(ground: Ground) -> bool:
    """Whether systemd runs this machine."""
    return Places(ground.root).live and Path("/run/systemd/system").is_dir()
