"""`kiosk upgrade` and `kiosk update`: another release, with a trial and a way back. As root."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.appliance.ground import ApplianceError, Ground

if TYPE_CHECKING:
    from kiosk.appliance.places import Places

OK, FAILED = 0, 1
LOCK = "/opt/kiosk/lock"
TRIAL_UNIT = "kiosk-trial.service"

Jobs = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def add(jobs: Jobs[argparse.ArgumentParser]) -> None:
    """Add these jobs to the others."""
    upgrade = jobs.add_parser("upgrade", help="go to another release, and back if it is no good")
    upgrade.add_argument("bundle", type=Path, nargs="?", help="a folder or .tar.gz of ./dev bundle")
    upgrade.add_argument("--wheels", type=Path, metavar="FOLDER", help="packages from here")
    upgrade.add_argument("--now", action="store_true", help="do not wait for a quiet moment")
    upgrade.add_argument("--back", action="store_true", help="to the release before this one")
    upgrade.add_argument(
        "--to", metavar="RELEASE", help="to one that is laid (ls /opt/kiosk/releases)"
    )
    inner = upgrade.add_mutually_exclusive_group()
    inner.add_argument("--try", action="store_true", dest="attempt", help=argparse.SUPPRESS)
    inner.add_argument("--settle", action="store_true", help=argparse.SUPPRESS)
    upgrade.set_defaults(job=_upgrade)
    update = jobs.add_parser(
        "update", help="look for a newer signed release (/etc/kiosk/update.toml)"
    )
    update.add_argument("--check", action="store_true", help="only say whether there is one")
    update.set_defaults(job=_update)


def _upgrade(options: argparse.Namespace) -> int:
    try:
        _check_root()
        if options.attempt:
            return _attempt()
        if options.settle:
            return _settle()
        with _alone():
            name = _prepared(options)
            return start_trial(name, at_once=options.now)
    except ApplianceError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return FAILED


def _check_root() -> None:
    if os.geteuid() != 0:
        raise ApplianceError("run it as root: sudo kiosk …")


def _prepared(options: argparse.Namespace) -> str:
    """The release that is to be tried: laid, and seen by its own doctor."""
    from kiosk.appliance import bundle, services, upgrade
    from kiosk.appliance.places import Places

    ground, places = Ground(), Places()
    border = services.of_this_machine(ground, upgrade.roles_of(places))
    if options.back or options.to:
        name = str(options.to or _one_before(places))
        upgrade.roles_of(places, name)
        upgrade.ask_doctor(ground, border, name)
        return name
    if options.bundle is None:
        raise ApplianceError("which bundle? A folder or .tar.gz made by ./dev bundle, or --back")
    with unpacked(options.bundle) as folder:
        return upgrade.prepare(ground, border, bundle.read(folder), options.wheels)


def _one_before(places: Places) -> str:
    """The newest release that is laid here besides the one that serves."""
    from kiosk.appliance.places import CURRENT

    others = [name for name in places.laid() if name != places.linked(CURRENT)]
    if not others:
        raise ApplianceError("there is no other release here; upgrade to a bundle of the older one")
    return others[-1]


def start_trial(name: str, *, at_once: bool) -> int:
    """Systemd carries it out: it goes on when this terminal is closed. Told how it ended."""
    from kiosk.appliance import outcome, services, upgrade
    from kiosk.appliance.places import CURRENT, Places

    ground, places = Ground(), Places()
    border = services.of_this_machine(ground, upgrade.roles_of(places))
    wanted = upgrade.request(ground, border, name, at_once=at_once)
    print(f"{wanted.old} → {name}: waits for a quiet moment, then tries it for some minutes.")
    print("It goes on by itself: journalctl -fu kiosk-trial", flush=True)
    with suppress(ApplianceError):  # what became of it is written down
        ground.run("systemctl", "start", TRIAL_UNIT)
    if places.linked(CURRENT) == name:
        print(f"{name} serves")
        return OK
    last = outcome.read(places.at(outcome.FILE))
    why = "there was no quiet moment; nothing was stopped"
    if last is not None and last.release == name and last.why:
        why = f"{last.why} ({last.words})"
    print(f"kiosk: {name} does not serve: {why}", file=sys.stderr)
    return FAILED


def _attempt() -> int:
    from kiosk.appliance import services, upgrade
    from kiosk.appliance.places import Places

    ground = Ground()
    border = services.of_this_machine(ground, upgrade.roles_of(Places()))
    made = upgrade.carry_out(ground, border)
    print(f"{made.release}: {made.why or 'serves'}")
    return FAILED if made.why else OK


def _settle() -> int:
    from kiosk.appliance import services, upgrade
    from kiosk.appliance.places import Places

    ground = Ground()
    made = upgrade.settle(
        ground, lambda: services.of_this_machine(ground, upgrade.roles_of(Places()))
    )
    if made is not None:
        print(f"an upgrade was cut off; {made.release}: {made.why or 'serves'}")
    return OK


@contextmanager
def _alone() -> Iterator[None]:
    """One upgrade at a time: a second one would lay the same folder."""
    with Path(LOCK).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ApplianceError("another upgrade is being prepared here") from error
        yield


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder of a bundle, which may be an archive.

    Raises:
        ApplianceError: it is neither.
    """
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="kiosk-bundle-") as scratch:
        try:
            with tarfile.open(path) as archive:
                _unpack(archive, Path(scratch))
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise ApplianceError(f"{path} is no bundle: {error}") from error
        folders = [one for one in Path(scratch).iterdir() if one.is_dir()]
        if len(folders) != 1:
            raise ApplianceError(f"{path} is no bundle: one folder was expected in it")
        yield folders[0]


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Files and folders, nothing else, nothing outside; by hand: bookworm's Python has no filters."""
    for member in archive:
        place = folder / member.name
        if Path(member.name).is_absolute() or ".." in place.parts:
            raise tarfile.TarError(f"{member.name} leads outside")
        if member.isdir():
            place.mkdir(parents=True, exist_ok=True)
        elif member.isfile():
            place.parent.mkdir(parents=True, exist_ok=True)
            source = archive.extractfile(member)
            assert source is not None
            with source, place.open("wb") as out:
                shutil.copyfileobj(source, out)
        else:
            raise tarfile.TarError(f"{member.name} is neither a file nor a folder")


def _update(options: argparse.Namespace) -> int:
    from kiosk.appliance import update

    try:
        _check_root()
        with _alone():
            found = update.newer(Ground())
            if found is None or options.check:
                print("nothing newer" if found is None else f"{found.version} is there")
                return OK
            with update.fetched(found) as archive, unpacked(archive) as folder:
                name = update.prepared(Ground(), folder)
            return start_trial(name, at_once=False)
    except ApplianceError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return FAILED
