"""What must outlive a root that is read-only, or forgets its changes: bound over its place from a partition.

`systemd/install --data FOLDER`, where FOLDER is a partition that is mounted at every start and keeps what
is written to it (docs/appliance.md). Each place gets a folder there and a mount unit here; what lies in
the place already goes along. The secret that seals the keys is among them, in `/var/lib/systemd`: without
it every key is lost at the next start. `/opt/kiosk` is not: a release belongs to the root, with the units
that start it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from kiosk.appliance.ground import PART, ApplianceError, Ground, sync_folder
from kiosk.appliance.places import Places
from kiosk.appliance.system_files import UNITS, booted

# Folder of the partition → its place, and the mode of both.
KEPT: Mapping[str, tuple[str, int]] = {
    "kiosk": ("/var/lib/kiosk", 0o700),  # the journal
    "systemd": ("/var/lib/systemd", 0o755),  # credential.secret
    "credstore": ("/etc/credstore.encrypted", 0o700),  # the sealed keys
    "configuration": ("/etc/kiosk", 0o750),
    "upgrade": ("/var/lib/kiosk-upgrade", 0o755),  # what became of the last one
    "log": ("/var/log/journal", 0o755),
}
JOURNAL = "journal.db"
MACHINE_ID = "/etc/machine-id"
_WHOLE_ID = re.compile(r"[0-9a-f]{32}\n?")


def lay(ground: Ground, partition: str) -> None:
    """Folders, what lies in their places now, and the mount units. May be run again.

    Raises:
        ApplianceError: `partition` keeps nothing, or this machine has no id of its own yet.
    """
    _check(ground, partition)
    live = Places(ground.root).live and booted(ground)
    if live and any(not ground.at(f"{partition}/{folder}").is_dir() for folder in KEPT):
        ground.run("systemctl", "stop", "kiosk.target", "kiosk.service", "kiosk-sync.service")
    for folder, (place, mode) in KEPT.items():
        _take_along(ground, place, f"{partition}/{folder}", mode)
        ground.folder(place, mode)
        ground.write(f"{UNITS}/{unit_of(place)}", _unit(partition, folder, place).encode())
    units = [unit_of(place) for place, _ in KEPT.values()]
    if live:
        ground.run("systemctl", "daemon-reload")
    root = [] if Places(ground.root).live else [f"--root={ground.root}"]
    ground.run("systemctl", *root, "--quiet", "enable", *units)
    if live:
        ground.run("systemctl", "start", *units)


def unit_of(place: str) -> str:
    """The mount unit of a place, as `systemd-escape --path` would call it."""
    parts = place.strip("/").replace("-", r"\x2d").split("/")
    return "-".join(parts) + ".mount"


def units_laid(ground: Ground) -> bool:
    """Whether some place is bound from a partition."""
    return any(ground.at(f"{UNITS}/{unit_of(place)}").exists() for place, _ in KEPT.values())


def _check(ground: Ground, partition: str) -> None:
    at = ground.at(partition)
    if not at.is_dir() or (Places(ground.root).live and not os.path.ismount(at)):
        raise ApplianceError(
            f"{partition} is no mounted partition: what lies there would be forgotten with the root. "
            "Enter it in /etc/fstab and mount it first"
        )
    known = ground.at(MACHINE_ID)
    text = known.read_text(encoding="ascii", errors="replace") if known.is_file() else ""
    # The secret is bound to it: another id at the next start, and no key opens any more.
    if not _WHOLE_ID.fullmatch(text) or os.path.ismount(known):
        raise ApplianceError(
            f"{MACHINE_ID} is not on the disk yet: start once with a root that can be written"
        )


def _take_along(ground: Ground, place: str, kept: str, mode: int) -> None:
    """The folder on the partition, with what lies in the place; whole, or not there at all."""
    if ground.at(kept).is_dir():
        _check_one_journal(ground, place, kept)
        return
    if not ground.at(place).is_dir():
        ground.folder(kept, mode)
        return
    part = kept + PART
    ground.remove(part)
    ground.say(f"{place} goes to {kept}")
    ground.run("cp", "--archive", str(ground.at(place)), str(ground.at(part)))
    if ground.dry:
        ground.changed.append(kept)
        return
    ground.before(kept)
    os.sync()
    ground.at(part).rename(ground.at(kept))
    sync_folder(ground.at(kept).parent)
    ground.changed.append(kept)


def _check_one_journal(ground: Ground, place: str, kept: str) -> None:
    """Two journals of one kiosk are a fork: nobody chooses between them by chance."""
    hidden, there = ground.at(f"{place}/{JOURNAL}"), ground.at(f"{kept}/{JOURNAL}")
    if Places(ground.root).live and hidden.exists() and there.exists():
        if os.path.ismount(ground.at(place)):
            return  # one and the same
        raise ApplianceError(
            f"there is a journal in {place} and another in {kept}: nothing was changed. "
            "Move the older one aside, then run this again"
        )


def _unit(partition: str, folder: str, place: str) -> str:
    return f"""\
# Laid by systemd/install --data {partition}: {place} outlives a root that forgets.

[Unit]
Description=ATM hồ sơ 24/7: {place} on the data partition
Documentation=file:/opt/kiosk/current/docs/appliance.md
RequiresMountsFor={partition}

[Mount]
What={partition}/{folder}
Where={place}
Type=none
Options=bind

[Install]
WantedBy=local-fs.target
"""
