"""One release in its own folder below /opt/kiosk/releases: program and venv, and last of all its stamp.

The law of this file: a release without its stamp is made anew, one with its stamp is never changed. So
nothing that serves is touched while the next one is made.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.appliance import bundle as bundles
from kiosk.appliance.bundle import LOCKS, Bundle
from kiosk.appliance.ground import ApplianceError, Ground, ask, put
from kiosk.appliance.places import RELEASES, STAMP, Places

PIPS = "/usr/share/python-wheels"  # of Debian, with python3-venv
DEBIAN = "/usr/lib/python3/dist-packages"  # where python3-lgpio lies
ROOM_MB = 250  # a release with its venv takes 140, one with a central 190; and some to move
SMOKE_S = 120.0
# What the two services import before they say that they are ready.
IMPORTS = {
    "kiosk": "import kiosk.compose, sync.client, kiosk.doctor.checkup",
    "central": "import sync.central.app",
}


class BrokenError(ApplianceError):
    """The release is laid and does not start."""


def wrapper(home: str) -> bytes:
    """`bin/kiosk`: isolated, so that no folder or variable of the caller brings other code in."""
    return f'#!/bin/sh\nexec "{home}/venv/bin/python" -I -m kiosk "$@"\n'.encode()


def stamp_of(name: str, roles: Sequence[str], version: str) -> dict[str, object]:
    """What the stamp says of a whole release."""
    python = ".".join(
        platform.python_version_tuple()[:2]
    )  # a venv lives on through the third number
    return {"release": name, "version": version, "roles": sorted(roles), "python": python}


def is_whole(places: Places, name: str, roles: Sequence[str], version: str) -> bool:
    """Its stamp is there, and the Python that its venv was made from is the one of this machine."""
    return read_stamp(places, name) == stamp_of(name, roles, version)


def read_stamp(places: Places, name: str) -> dict[str, object]:
    """The stamp, {} where there is none."""
    try:
        raw = json.loads((places.release(name) / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}


def lay(ground: Ground, bundle: Bundle, roles: Sequence[str], wheels: Path | None) -> str:
    """The release's name. It is whole when this returns, and was tried: it starts and imports.

    Raises:
        ApplianceError: it could not be made, or does not start; what serves was not touched.
    """
    places = Places(ground.root)
    name = bundle.name(roles)
    if is_whole(places, name, roles, bundle.version):
        return name
    if ground.dry:
        ground.changed.append(f"{RELEASES}/{name}")
        ground.say(f"{RELEASES}/{name}: release {bundle.version} with its venv")
        return name
    home = places.release(name)
    drop(ground, name)
    _copy(ground, bundle, name)
    _venv(ground, bundle, home, roles, wheels)
    _join(home, name)
    smoke(home, bundle.version, roles)
    if places.live:  # an image is brought to its disk by whoever makes it
        os.sync()  # every byte of it is on the disk before the stamp says so
    stamp = json.dumps(stamp_of(name, roles, bundle.version), indent=1)
    ground.write(f"{RELEASES}/{name}/{STAMP}", stamp.encode() + b"\n")
    return name


def _copy(ground: Ground, bundle: Bundle, name: str) -> None:
    ground.say(f"laying {name}")
    for path in (*bundle.sums, bundles.SUMS):
        ground.before(path)
        content = (bundle.folder / path).read_bytes()
        place = ground.at(f"{RELEASES}/{name}") / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(bundles.mode_of(content))


def _venv(
    ground: Ground, bundle: Bundle, home: Path, roles: Sequence[str], wheels: Path | None
) -> None:
    """Packages by their sums alone: from a folder of wheels, or from where pip gets them."""
    wheels = wheels or bundle.wheels
    python = os.path.realpath(sys.executable)
    ground.run(python, "-I", "-m", "venv", "--without-pip", str(home / "venv"))
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    pip = [
        str(home / "venv/bin/python"),
        "-I",
        f"{_pip(home, wheels)}/pip",
        "install",
        "--no-input",
    ]
    quiet = ["--disable-pip-version-check", "--quiet", "--no-compile", "--no-cache-dir"]
    locks = [arg for role in roles for arg in ("-r", str(home / LOCKS[role]))]
    ground.say("packages " + (f"from {wheels}" if wheels else "from the network"))
    try:
        ground.run(*pip, *quiet, "--only-binary", ":all:", "--require-hashes", *source, *locks)
    except ApplianceError as error:
        raise ApplianceError(
            f"{error}\nThe packages could not be installed; what serves was not touched. Without a "
            "network: --wheels FOLDER, or a bundle made with --wheels. If pip speaks of hashes, a "
            "file is not the one that was pinned: do not use it."
        ) from error


def _pip(home: Path, wheels: Path | None) -> Path:
    """Pip as a wheel: from the bundle if it is the one that is pinned, from Debian, from Python itself."""
    import ensurepip  # noqa: PLC0415  # Debian's lacks the wheels, and may lack it whole

    pinned = (home / bundles.PIP_LOCK).read_text(encoding="utf-8")
    ours = [w for w in _pips(wheels) if hashlib.sha256(w.read_bytes()).hexdigest() in pinned]
    bundled = Path(ensurepip.__file__).parent / "_bundled"
    found = [*ours, *_pips(Path(PIPS)), *_pips(bundled)]
    if not found:
        raise ApplianceError(
            "pip is missing here: sudo apt install python3-venv, or take a bundle made with --wheels"
        )
    return found[0]


def _pips(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("pip-*.whl")) if folder else []


def _join(home: Path, name: str) -> None:
    """The program joins its venv: on the path, compiled (its services may not write), with a command."""
    for site in home.glob("venv/lib/python3*/site-packages"):
        (site / "kiosk-release.pth").write_text("../../../..\n", encoding="utf-8")
        for part in [*Path(DEBIAN).glob("lgpio.py"), *Path(DEBIAN).glob("_lgpio.*.so")]:
            # Debian's, built for its Python: pip has it for few (docs/appliance.md).
            (site / part.name).symlink_to(part)
    # Files for other Pythons lie in some packages: those cannot be compiled, and need not be.
    ask([str(home / "venv/bin/python"), "-I", "-m", "compileall", "-q", str(home)])
    (home / "bin").mkdir(exist_ok=True)
    put(home / "bin/kiosk", wrapper(f"{RELEASES}/{name}"), 0o755)


def smoke(home: Path, version: str, roles: Sequence[str]) -> None:
    """It starts, says its version, and imports what its services import.

    Raises:
        BrokenError: it does not.
    """
    python = [str(home / "venv/bin/python"), "-I"]
    asked = ask([*python, "-m", "kiosk", "--version"], SMOKE_S)
    if asked.stdout.strip() != f"kiosk {version}":
        raise BrokenError(f"release {version} does not start:\n{_end(asked.stderr)}")
    for role in roles:
        done = ask([*python, "-c", IMPORTS[role]], SMOKE_S)
        if done.returncode:
            raise BrokenError(f"release {version} does not start:\n{_end(done.stderr)}")


def _end(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-5:])


def prune(ground: Ground, keep: int) -> None:
    """Away with all but the `keep` newest releases and those in use, and with what has no stamp."""
    places = Places(ground.root)
    used = {places.linked("/opt/kiosk/current"), places.linked("/opt/kiosk/good")}
    whole = places.laid()
    spare = [name for name in reversed(whole) if name not in used]
    kept = used | set(spare[: max(0, keep - len(used - {""}))])
    folders = sorted(p.name for p in places.at(RELEASES).glob("*") if p.is_dir())
    for name in folders:
        if name not in kept:
            drop(ground, name)


def drop(ground: Ground, name: str) -> None:
    """Away with one release: its stamp first, so that half of it is never taken for whole."""
    disown(ground, name)
    ground.remove(f"{RELEASES}/{name}")


def disown(ground: Ground, name: str) -> None:
    """It counts as half made from now on."""
    ground.remove(f"{RELEASES}/{name}/{STAMP}")


def check_room(places: Places) -> None:
    """There is room for one more.

    Raises:
        ApplianceError: there is not.
    """
    folder = places.at(RELEASES)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < ROOM_MB:
        raise ApplianceError(f"{free} MiB are free for {RELEASES}, {ROOM_MB} are needed: make room")
