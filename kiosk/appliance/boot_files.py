"""The boot partition of a Raspberry Pi: read, edited by `boot_edit`, and kept as it was beside it."""

from __future__ import annotations

from pathlib import Path

from kiosk.appliance import boot_edit
from kiosk.appliance.boot_edit import Wanted
from kiosk.appliance.ground import ApplianceError, Ground
from kiosk.config import ConfigError, load
from kiosk.doctor import pi_files
from kiosk.doctor.pi_files import CMDLINE
from kiosk.hardware import Cabinet

BEFORE = ".before-kiosk"  # the ending of a copy: the file as it was before the last change
CONFIG = "/etc/kiosk/kiosk.toml"


def cabinet_of(ground: Ground) -> Cabinet | None:
    """The cabinet as configured on this machine; None: not yet.

    Raises:
        ApplianceError: it is there and cannot be read.
    """
    path = ground.at(CONFIG)
    if not path.exists():
        return None
    try:
        return load(path).cabinet
    except ConfigError as error:
        if "cabinet" not in path.read_text(encoding="utf-8") and not _wired(path):
            return None  # kiosk.toml alone: nobody has commissioned this cabinet yet
        raise ApplianceError(f"{error}\nMend it, then run this again.") from error


def _wired(path: Path) -> bool:
    return path.with_name("cabinet.toml").exists()


def lay(ground: Ground, want: Wanted) -> bool:
    """Both files as wanted; True: something changed, and the Pi must start anew for it."""
    boot = pi_files.read(lambda path: _text(ground, path))
    if boot is None:
        ground.say("boot files: this is no Raspberry Pi, none are changed")
        return False
    if not boot.path:
        folders = " or ".join(pi_files.FOLDERS)
        ground.say(f"boot files: no config.txt in {folders}; is the boot partition mounted?")
        return False
    cmdline = boot.path.removesuffix(pi_files.CONFIG) + CMDLINE
    text, words = _text(ground, boot.path) or "", _text(ground, cmdline)
    changed = _change(ground, boot.path, text, boot_edit.config_txt(text, want))
    if words is None or not words.split():
        # A kernel without words finds no root: that file is not ours to make.
        ground.say(f"boot files: {cmdline} is missing or empty and is left alone")
        return changed
    return _change(ground, cmdline, words, boot_edit.cmdline_txt(words, want)) or changed


def restore(ground: Ground) -> bool:
    """config.txt without our block; what cmdline.txt says harms nobody and stays."""
    boot = pi_files.read(lambda path: _text(ground, path))
    if boot is None or not boot.path:
        return False
    text = _text(ground, boot.path) or ""
    return _change(ground, boot.path, text, boot_edit.without(text))


def _change(ground: Ground, path: str, old: str, new: str) -> bool:
    """Nothing where nothing differs, so that the copy stays the one from before."""
    if old == new:
        return False
    if not ground.dry:
        ground.write(path + BEFORE, _bytes(old), None)
    return ground.write(path, _bytes(new), None)


def _text(ground: Ground, path: str) -> str | None:
    """Byte for byte: whoever wrote the rest of the file may have used another encoding."""
    try:
        return ground.at(path).read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
