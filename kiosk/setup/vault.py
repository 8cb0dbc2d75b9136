"""The kiosk's keys, sealed to this machine by systemd-creds, and opened again while the start needs them.

The law of this file: every key is sealed, on the disk and read back, before the first one in the clear is
destroyed; so a power cut leaves each key in one of the two places, or in both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kiosk.config import CREDENTIALS
from kiosk.identity import IdentityError
from kiosk.setup.place import SEALED, Place, gone
from sync.keys import PRIVATE_MODE, sync_folder

SECONDS = 60.0  # for one of systemd's commands; a TPM takes a few
FOLDER_MODE = 0o700


def can_seal(command: Sequence[str] = ("systemd-creds",)) -> bool:
    """Whether this machine has what it takes: systemd 250 or newer, as root."""
    return os.geteuid() == 0 and bool(command) and shutil.which(command[0]) is not None


def seal(place: Place, keys: Path) -> None:
    """Seal what lies in `keys` and destroy it there.

    Raises:
        IdentityError: the keys lie in the clear as before, or sealed and in the clear.
    """
    try:
        place.credstore.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        left = [name for name in SEALED if (keys / name).exists()]
        if len(left) == len(SEALED):  # fewer: all were sealed, and destroying was interrupted
            for name in SEALED:
                _seal(place, keys, name)
            sync_folder(place.credstore)
        for name in left:  # renamed first: half a key must never be taken for one
            (keys / name).replace(gone(keys / name))
        sync_folder(keys)
        for name in SEALED:
            _destroy(gone(keys / name))
        sync_folder(keys)
    except OSError as error:
        raise IdentityError(f"{error.filename}: {error.strerror}; start anew") from error


def renew(place: Place, keys: Path) -> bool:
    """New keys take the place of those that were sealed here, which the services would go on with.

    False: none were sealed here; the new ones stay as they lie.

    Raises:
        IdentityError: as `seal`; enrolling again with the same code tries again.
    """
    if not any(place.sealed(name).exists() for name in SEALED):
        return False
    seal(place, keys)
    return True


def _seal(place: Place, keys: Path, name: str) -> None:
    fresh = place.sealed(name).with_suffix(".part")
    fresh.unlink(missing_ok=True)
    _run(place, "encrypt", f"--name={name}", str(keys / name), str(fresh))
    back = _run(place, "decrypt", f"--name={name}", str(fresh), "-")
    if back != (keys / name).read_bytes():
        raise IdentityError(
            f"{name}: sealed to this machine it does not open; nothing was destroyed"
        )
    fresh.chmod(PRIVATE_MODE)
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
    fresh.replace(place.sealed(name))


def _destroy(path: Path) -> None:
    """Written over once. A card that spreads its writes may keep the old bytes: docs/appliance.md."""
    if not path.exists():
        return
    with path.open("r+b") as stream:
        stream.write(bytes(path.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())
    path.unlink()


@contextmanager
def opened(place: Place, keys: Path) -> Iterator[Path]:
    """Where the keys can be read: as they lie, or sealed ones opened in memory until the end.

    Raises:
        IdentityError: a sealed key cannot be opened on this machine.
    """
    if any((keys / name).exists() for name in SEALED) or not place.seal:
        yield keys
        return
    shutil.rmtree(place.opened, ignore_errors=True)
    before = os.environ.get(CREDENTIALS)
    try:
        place.opened.mkdir(mode=FOLDER_MODE, parents=True)
        for name in SEALED:
            clear = _run(place, "decrypt", f"--name={name}", str(place.sealed(name)), "-")
            with os.fdopen(_private(place.opened / name), "wb") as stream:
                stream.write(clear)
        os.environ[CREDENTIALS] = str(place.opened)
        yield place.opened
    except OSError as error:
        raise IdentityError(f"{error.filename}: {error.strerror}") from error
    finally:
        os.environ.pop(CREDENTIALS, None)
        if before is not None:
            os.environ[CREDENTIALS] = before
        shutil.rmtree(place.opened, ignore_errors=True)


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)


def _run(place: Place, *arguments: str) -> bytes:
    """What it writes. What it reads and writes may be a key, so only its own words are told."""
    try:
        told = subprocess.run(
            [*place.seal, *arguments], capture_output=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise IdentityError(f"{place.seal[0]} did not do its work: {error}") from error
    if told.returncode:
        why = told.stderr.decode("utf-8", "replace").strip()[-200:]
        raise IdentityError(f"{' '.join(place.seal)} {arguments[0]}: {why}")
    return told.stdout
