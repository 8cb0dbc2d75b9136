"""`./dev bundle OUT`: what a ward gets on a stick, from a checkout: program, sums, and wheels if wanted.

Wheels are fetched by pip for machines other than this one, each by the sum that its lock names.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.appliance import bundle as bundles
from kiosk.appliance import signing
from kiosk.appliance.bundle import LOCKS, PIP_LOCK, WHEELS, Bundle
from kiosk.appliance.ground import ApplianceError, ask, put
from kiosk.appliance.signing import NOTE, SIGNATURE, Note

OK, FAILED = 0, 1
ARCHIVE = ".tar.gz"
# name → (processor, Python, glibc's minor version: every older wheel fits, too)
PLATFORMS: Mapping[str, tuple[str, str, int]] = {
    "bookworm-arm64": ("aarch64", "311", 36),
    "trixie-arm64": ("aarch64", "313", 41),
    "bookworm-amd64": ("x86_64", "311", 36),
    "trixie-amd64": ("x86_64", "313", 41),
}
OLDEST_GLIBC = 17


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.sign is not None and not options.out.name.endswith(ARCHIVE):
        parser.error(f"--sign is for an archive: OUT ends in {ARCHIVE}")
    checkout = Path(__file__).resolve().parents[2]
    try:
        with tempfile.TemporaryDirectory() as scratch:
            archive = options.out.name.endswith(ARCHIVE)
            folder = Path(scratch) / "bundle" if archive else options.out
            made = bundles.write(checkout, folder)
            if options.wheels is not None:
                roles = ("kiosk", "central") if options.central else ("kiosk",)
                fetch(made, options.wheels or list(PLATFORMS), roles)
            if archive:
                pack(made, options.out)
            if archive and options.sign is not None:
                sign(made, options.out, options.sign)
    except ApplianceError as error:
        sys.stderr.write(f"bundle: {error}\n")
        return FAILED
    sys.stdout.write(f"{options.out}: release {made.version}\n")
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev bundle", description="Packs the program for a ward."
    )
    parser.add_argument(
        "out", type=Path, help=f"a folder that is not there yet, or a name{ARCHIVE}"
    )
    parser.add_argument(
        "--wheels",
        nargs="*",
        choices=PLATFORMS,
        metavar="PLATFORM",
        help=f"with packages, for a ward without internet: {', '.join(PLATFORMS)} (default: all)",
    )
    parser.add_argument("--central", action="store_true", help="packages of the central, too")
    parser.add_argument(
        "--sign",
        type=Path,
        metavar="KEY",
        help=f"private release key (PEM, Ed25519): writes {NOTE} and {SIGNATURE} beside the archive",
    )
    return parser


def fetch(made: Bundle, platforms: Sequence[str], roles: Sequence[str]) -> None:
    """Wheels of these roles for these platforms into the bundle.

    Raises:
        ApplianceError: pip could not have one of them.
    """
    target = made.folder / WHEELS
    for platform in platforms:
        for role in roles:
            _download(made.folder / LOCKS[role], target, platform)
    _download(made.folder / PIP_LOCK, target, platforms[0])


def _download(lock: Path, target: Path, platform: str) -> None:
    processor, python, glibc = PLATFORMS[platform]
    tags = [f"manylinux_2_{minor}_{processor}" for minor in range(glibc, OLDEST_GLIBC - 1, -1)]
    tags += [f"manylinux2014_{processor}", f"linux_{processor}"]
    wanted = [arg for tag in tags for arg in ("--platform", tag)]
    abis = [arg for abi in (f"cp{python}", "abi3", "none") for arg in ("--abi", abi)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += [*wanted, "--python-version", python, "--implementation", "cp", *abis]
    done = ask([*command, "--dest", str(target), "-r", str(lock)])
    if done.returncode:
        raise ApplianceError(f"pip could not fetch packages for {platform}:\n{done.stderr[-2000:]}")


def pack(made: Bundle, out: Path) -> None:
    """The folder as one archive, `kiosk-VERSION/…` inside; it appears whole or not at all."""
    part = out.with_name(out.name + ".part")
    with tarfile.open(part, "w:gz") as archive:
        archive.add(made.folder, arcname=f"kiosk-{made.version}")
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(out)


def sign(made: Bundle, archive: Path, key: Path) -> None:
    """The note that kiosks look for, beside the archive: the signature first, the note last.

    Raises:
        ApplianceError: the key cannot be used; no note was written.
    """
    content = archive.read_bytes()
    sum_ = hashlib.sha256(content).hexdigest()
    note, signature = signing.sign(Note(made.version, archive.name, sum_, len(content)), key)
    put(archive.with_name(SIGNATURE), signature)
    put(archive.with_name(NOTE), note)


if __name__ == "__main__":
    sys.exit(main())
