"""The program leaves the machine. Journal, configuration and keys stay, unless they are to go as well.

Losing the journal is losing papers: whoever purges says so in a word of its own, and no upgrade ever does.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.appliance import boot_files, data_partition, system_files
from kiosk.appliance.ground import ApplianceError, Ground
from kiosk.appliance.places import COMMAND, OPT, Places
from kiosk.appliance.system_files import UNITS

BOTH = ("central", "kiosk")
DATA = (
    "/var/lib/kiosk",
    "/var/lib/kiosk-central",
    "/var/lib/kiosk-upgrade",
    "/etc/kiosk",
)
SEALED = "/etc/credstore.encrypted"


def take_off(ground: Ground, *, purge: bool) -> None:
    """Services first, the program last: cut off anywhere, it is run again (from a bundle).

    Raises:
        ApplianceError: a service would not stop.
    """
    places = Places(ground.root)
    here = Path(__file__).resolve().parents[2]
    homes = [here, *(places.release(name) for name in places.laid())]
    laid = {
        target
        for home in homes
        for keepers in (False, True)
        for _, target in system_files.files(home, BOTH, keepers=keepers)
    }
    _stop(ground, sorted(laid))
    for target in sorted(laid):
        ground.remove(target)
    if system_files.booted(ground):
        ground.run("systemctl", "daemon-reload")
    if data_partition.units_laid(ground):
        ground.say("the mount units of the data partition stay: the data are on it")
    if boot_files.restore(ground):
        ground.say("config.txt is without our lines again; cmdline.txt keeps its words")
    ground.remove(COMMAND)
    for path in _data(ground) if purge else ():
        ground.remove(path)
    ground.remove(OPT)
    kept = [path for path in _data(ground) if ground.at(path).exists()]
    if kept and not ground.dry:
        ground.say(f"left where they are: {', '.join(kept)}")


def _stop(ground: Ground, laid: list[str]) -> None:
    units = [Path(target).name for target in laid if target.startswith(UNITS)]
    there = [unit for unit in units if ground.at(f"{UNITS}/{unit}").exists()]
    if not there:
        return
    root = [] if Places(ground.root).live else [f"--root={ground.root}"]
    if system_files.booted(ground):
        ground.run("systemctl", "stop", *there)
    try:
        ground.run("systemctl", *root, "--quiet", "disable", *there)
    except ApplianceError as error:
        # Some say where they belong and some do not; whatever is left dangles and does nothing.
        ground.say(f"note: {error}")


def _data(ground: Ground) -> list[str]:
    sealed = sorted(ground.at(SEALED).glob("kiosk.*"))
    return [*DATA, *(f"{SEALED}/{path.name}" for path in sealed)]
