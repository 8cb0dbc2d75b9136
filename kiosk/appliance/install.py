"""`systemd/install`: makes a kiosk of a Raspberry Pi, or a central of an office's server; may be run again.

Order: packages, the release in its own folder, files below /etc, boot files, services, doctor. Each step
changes only what is not yet so; cut off anywhere, run it again. Where another release serves already, what
remains is an upgrade, with its trial and its way back.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kiosk.appliance import (
    boot_edit,
    boot_files,
    data_partition,
    packages,
    release,
    services,
    system_files,
    uninstall,
)
from kiosk.appliance import bundle as bundles
from kiosk.appliance.boot_edit import ROTATIONS
from kiosk.appliance.bundle import Bundle
from kiosk.appliance.ground import ApplianceError, Ground, ask
from kiosk.appliance.places import CURRENT, GOOD, TRIAL, Places
from kiosk.doctor import pi_files

OK, FAILED = 0, 1
HERE = Path(__file__).resolve().parents[2]  # the bundle, release or checkout of this program
UPGRADE_S = 7_200.0  # with its wait for a quiet moment


def main(
    arguments: Sequence[str] | None = None, ground: Ground | None = None, here: Path = HERE
) -> int:
    """Carry out one command line; `here` is what gets installed."""
    options = _parser().parse_args(arguments)
    ground = ground or Ground(options.root.resolve(), options.dry_run)
    try:
        return _install(options, ground, here)
    except ApplianceError as error:
        sys.stderr.write(f"install: {error}\n")
        sys.stderr.write("Nothing is half done: mend that and run this again.\n")
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="systemd/install", description="Makes a kiosk of this machine. Run as root."
    )
    parser.add_argument("--central", action="store_true", help="a central, no kiosk")
    parser.add_argument("--both", action="store_true", help="kiosk and central, to try it out")
    parser.add_argument(
        "--wheels", type=Path, metavar="FOLDER", help="packages from here, not from the network"
    )
    parser.add_argument(
        "--offline", action="store_true", help="ask no network for Debian's packages"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change; change nothing"
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path("/"),
        metavar="FOLDER",
        help="an image's root, not this one",
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="a mounted partition that keeps what a read-only root forgets",
    )
    parser.add_argument(
        "--rotate", type=int, choices=ROTATIONS, help="turn the kernel's console (degrees)"
    )
    parser.add_argument("--connector", default="DSI-1", help="of the screen to turn (DSI-1)")
    cell = parser.add_mutually_exclusive_group()
    cell.add_argument(
        "--official-rtc-cell", action="store_true", default=None, help="charge the clock's cell"
    )
    cell.add_argument(
        "--no-rtc-cell", action="store_false", dest="official_rtc_cell", help="never charge it"
    )
    parser.add_argument("--uninstall", action="store_true", help="take it off; data and keys stay")
    parser.add_argument("--purge", action="store_true", help="with --uninstall: data and keys, too")
    parser.add_argument(
        "--no-start", action="store_true", help="lay and enable, but start nothing now"
    )
    return parser


def roles_of(options: argparse.Namespace, places: Places) -> tuple[str, ...]:
    """What this machine is to be; without a word, what it is already, and otherwise a kiosk."""
    if options.both:
        return ("central", "kiosk")
    if options.central:
        return ("central",)
    held = release.read_stamp(places, places.linked(GOOD)).get("roles")
    return tuple(map(str, held)) if isinstance(held, list) and held else ("kiosk",)


def _install(options: argparse.Namespace, ground: Ground, here: Path) -> int:
    places = Places(ground.root)
    roles = roles_of(options, places)
    if os.geteuid() != 0 and not options.dry_run:
        raise ApplianceError("run it as root: sudo systemd/install")
    if options.purge and not options.uninstall:
        raise ApplianceError("--purge goes with --uninstall; nothing was changed")
    if places.at(TRIAL).exists() and not options.dry_run:
        raise ApplianceError("an upgrade is under way: journalctl -fu kiosk-trial says how far")
    if options.uninstall:
        uninstall.take_off(ground, purge=options.purge)
        return OK
    release.check_room(places)
    with tempfile.TemporaryDirectory() as folder:
        bundle = _bundle(here, Path(folder))
        pi = pi_files.is_pi(_reader(ground))
        lacking = packages.missing(ground, roles, pi=pi)
        packages.install(ground, lacking, fetch=not options.offline and not options.wheels)
        name = release.lay(ground, bundle, roles, options.wheels)
    home = here if ground.dry else places.release(name)
    serving = places.linked(CURRENT)
    if serving not in ("", name) and "kiosk" in roles and system_files.booted(ground):
        _as_upgrade(ground, name)
    system_files.lay(ground, home, roles)
    ground.link(CURRENT, f"releases/{name}")
    ground.link(GOOD, f"releases/{name}")
    system_files.lay_keepers(ground, home, roles)
    if options.data:
        data_partition.lay(ground, options.data)
    anew = "kiosk" in roles and _boot(options, ground)
    if ground.dry:
        ground.say(f"{len(ground.changed)} changes; nothing was changed")
        return OK
    release.prune(ground, keep=2)
    _start(ground, roles, start=not options.no_start)
    _tell(ground, name, anew=anew)
    return _doctor(ground, roles)


def _bundle(here: Path, scratch: Path) -> Bundle:
    """What is to be installed: a bundle, a release, or a checkout that becomes a bundle."""
    if (here / bundles.SUMS).exists():
        return bundles.read(here)
    return bundles.write(here, scratch / "bundle")


def _reader(ground: Ground) -> pi_files.Text:
    def text(path: str) -> str | None:
        try:
            return ground.at(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    return text


def _boot(options: argparse.Namespace, ground: Ground) -> bool:
    cabinet = boot_files.cabinet_of(ground)
    charge: bool | None = options.official_rtc_cell
    want = boot_edit.wanted(cabinet, charge, options.rotate, options.connector)
    return boot_files.lay(ground, want)


def _as_upgrade(ground: Ground, name: str) -> None:
    """Another release serves here: the new one has to prove itself first, before its judge.

    Raises:
        ApplianceError: it did not; the old one serves.
    """
    if ground.dry:
        ground.changed.append(CURRENT)
        ground.say(f"upgrade to {name}, with a trial and a way back")
        return
    done = ask([f"{GOOD}/bin/kiosk", "upgrade", "--to", name], UPGRADE_S)
    ground.say(done.stdout.rstrip("\n"))
    if done.returncode:
        raise ApplianceError(done.stderr.strip())


def _start(ground: Ground, roles: Sequence[str], *, start: bool) -> None:
    """What does not run yet runs; a kiosk without its kiosk.toml waits for it."""
    if not start or not system_files.booted(ground):
        return
    if "kiosk" in roles:
        ground.run("systemctl", "--no-block", "start", services.TARGET)
    if "central" in roles:
        # A central goes to another release in one step: its database knows no way back.
        deed = "restart" if CURRENT in ground.changed else "start"
        ground.run("systemctl", "--no-block", deed, services.CENTRAL)


def _tell(ground: Ground, name: str, *, anew: bool) -> None:
    ground.say(f"{name} is installed" + ("" if ground.changed else "; nothing had to be changed"))
    of_the_start = ("/etc/systemd/system.conf.d/", "/etc/systemd/journald.conf.d/", "/etc/modules")
    if anew or any(path.startswith(of_the_start) for path in ground.changed):
        ground.say("start the machine anew: some of it counts only from then on (sudo reboot)")


def _doctor(ground: Ground, roles: Sequence[str]) -> int:
    """Asked as the user that `run` has. What it finds is told; it does not undo what was laid."""
    if "kiosk" not in roles or not Places(ground.root).live:
        return OK
    if not ground.at(boot_files.CONFIG).exists():
        ground.say(
            f"{boot_files.CONFIG} is not there yet: write it (docs/configuration.md), then "
            "kiosk enroll, kiosk commission, and this once more for the boot files"
        )
        return OK
    done = ask([*services.as_kiosk(ground), f"{CURRENT}/bin/kiosk", "doctor"], services.DOCTOR_S)
    ground.say(done.stdout.rstrip("\n") or done.stderr.rstrip("\n"))
    return OK


if __name__ == "__main__":
    sys.exit(main())
