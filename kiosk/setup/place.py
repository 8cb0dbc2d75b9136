"""Where the guided start finds and leaves its files, and what stands there. Nothing here asks anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk import identity
from kiosk.commission.files import PROGRESS
from kiosk.config import DEFAULT_PATH, Config, ConfigError, load, load_without_cabinet
from kiosk.identity import IdentityError
from kiosk.setup.steps import Facts
from sync.keys import sync_folder, write_whole

UNFINISHED = "setup-unfinished"  # kiosk.service waits as long as it is there
REPORT = "handover.txt"
MODE = 0o644  # in a folder that systemd-tmpfiles has shut; no secret is in any of them
SEALED = (
    identity.STATEMENT,
    identity.MANIFEST,
    identity.TRANSPORT,
    identity.CENTRAL,
    identity.ENROLMENT,
)
SEAL, SYSTEMCTL = ("systemd-creds",), ("systemctl",)
COMMISSIONED = "commissioning-*.txt"


@dataclass(frozen=True, slots=True)
class Place:
    """This machine. Every path and command can be another one for a trial."""

    config: Path = DEFAULT_PATH
    credstore: Path = Path("/etc/credstore.encrypted")
    seal: Sequence[str] = SEAL  # (): this machine cannot seal
    systemctl: Sequence[str] = SYSTEMCTL  # (): no systemd runs it
    opened: Path = Path("/run/kiosk-setup")  # keys in memory while the start needs them
    mounts: Path = Path("/run/kiosk-setup")  # and where a stick is mounted
    dev: Path = Path("/dev")
    restart: Path = Path(
        "/run/reboot-required"
    )  # Debian's sign; gone once the machine was started anew
    extra: str = ""  # top lines for kiosk.toml, for a trial
    fullscreen: bool = True
    screen: tuple[int, int] | None = None  # pixels, for kiosk.toml; None: as usual

    @property
    def folder(self) -> Path:
        """Of kiosk.toml and everything beside it."""
        return self.config.parent

    @property
    def unfinished(self) -> Path:
        """There while a start is under way."""
        return self.folder / UNFINISHED

    @property
    def report(self) -> Path:
        """The report for the file."""
        return self.folder / REPORT

    def sealed(self, name: str) -> Path:
        """Where a key lies for its service."""
        return self.credstore / f"kiosk.{name}"


def begin(place: Place) -> None:
    """From now on this machine is the start's until it has ended. OSError: it cannot be kept."""
    place.folder.mkdir(parents=True, exist_ok=True)
    if not place.unfinished.exists():
        write_whole(place.unfinished, "kiosk setup", MODE)


def end(place: Place) -> None:
    """The machine is the services'."""
    place.unfinished.unlink(missing_ok=True)
    sync_folder(place.folder)


def configured(place: Place) -> Config | None:
    """kiosk.toml with or without a cabinet; None: there is none.

    Raises:
        ConfigError: it cannot be read: somebody has to mend it, it is not written over.
    """
    if not place.config.exists():
        return None
    return load_without_cabinet(place.config) or load(place.config)


def facts(place: Place, config: Config | None) -> Facts:
    """What stands on the disk now."""
    clear = config is not None and _enrolled(config.keys)
    sealed = all(place.sealed(name).exists() for name in SEALED)
    left = config is not None and any(
        (config.keys / name).exists() or gone(config.keys / name).exists() for name in SEALED
    )
    cut = config is not None and (config.keys / identity.ENROLLED).exists()
    return Facts(
        configured=config is not None,
        enrolled=clear or (sealed and not cut),
        sealed=not place.seal or (sealed and not left),
        commissioned=_commissioned(place),
        reported=place.report.exists(),
        unfinished=place.unfinished.exists(),
    )


def gone(path: Path) -> Path:
    """The name of a key that is being destroyed."""
    return path.with_name(f".{path.name}.gone")


def _enrolled(keys: Path) -> bool:
    try:
        identity.enrolment(keys)
        identity.run_keys(keys)
    except IdentityError:
        return False
    return True


def _commissioned(place: Place) -> bool:
    """The round leaves its report last but one, and then forgets its progress."""
    try:
        cabinet = load(place.config).cabinet
    except ConfigError:
        return False
    proven = all(wire.proven for wire in cabinet.wiring)
    ended = any(place.folder.glob(COMMISSIONED)) and not (place.folder / PROGRESS).exists()
    return proven and ended
