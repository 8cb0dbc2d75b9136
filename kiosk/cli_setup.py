"""`kiosk setup`: the guided start, at the touchscreen or in a terminal. Status 0: the kiosk may serve."""

from __future__ import annotations

import argparse
import os
import platform
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import clock
from kiosk.config import LANGUAGES, ConfigError
from kiosk.times import local

if TYPE_CHECKING:
    from kiosk.commission.session import Console
    from kiosk.hardware import Cabinet
    from kiosk.setup.place import Place

FAILED = 1
OS_RELEASE, MODEL = Path("/etc/os-release"), Path("/proc/device-tree/model")
ALONE = "\0kiosk-setup"
HOTLINE = "1022"  # until kiosk.toml says another


def add_to(parser: argparse.ArgumentParser) -> None:
    """What can be said to it."""
    parser.add_argument("--touch", action="store_true", help="at the touchscreen instead of here")
    parser.add_argument("--lang", choices=LANGUAGES, default="vi", help="what it speaks first")
    parser.add_argument(
        "--trial", action="store_true", help="no sealing, no services: files beside --config only"
    )
    parser.add_argument("--port", type=Path, action="append", default=[], help="as for commission")
    parser.add_argument("--family", help="as for commission")
    parser.set_defaults(job=_run)


def _run(options: argparse.Namespace) -> int:
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    if os.geteuid() and not options.trial:
        raise ConfigError("kiosk setup makes keys and starts services: as root (or --trial)")
    with socket.socket(socket.AF_UNIX) as alone:
        if not options.trial:
            _be_alone(alone)
        return _guided(options)


def _guided(options: argparse.Namespace) -> int:
    from kiosk.cli_commission import terminated
    from kiosk.commission.prepare import Wanted
    from kiosk.doctor.checkup import examine
    from kiosk.doctor.machine import Machine
    from kiosk.setup import stick
    from kiosk.setup.guide import Around, Guide, clock_now

    place = _place(options)
    if options.touch and place.fullscreen:
        place = replace(place, screen=_panel())
    with opened(place, options.lang, touch=options.touch) as (console, lang), terminated():
        around = Around(
            examine=lambda path: examine(path, Machine()),
            clock=clock_now,
            now=lambda: local(clock.wall_ms()),
            system=_system(),
            sticks=lambda: stick.letters(place),
            touch=options.touch,
            boot_files=_no_boot_files if options.trial else _boot_files,
            wanted=Wanted(ports=tuple(options.port), family=options.family),
        )
        try:
            return Guide(place, console, around, lang).run()
        except KeyboardInterrupt:
            print("stopped; what is done stays done, start again to go on", file=sys.stderr)
            return FAILED


def _be_alone(alone: socket.socket) -> None:
    """A name that one process at a time can have, and that dies with it."""
    try:
        alone.bind(ALONE)
    except OSError as error:
        raise ConfigError(
            "a guided start is under way at the touchscreen: systemctl stop kiosk-setup first"
        ) from error


def _place(options: argparse.Namespace) -> Place:
    from kiosk.doctor.services import BOOTED
    from kiosk.setup import vault
    from kiosk.setup.place import SEAL, SYSTEMCTL, Place

    if options.trial:
        extra = 'data = "data"\nsocket = "run.sock"'
        here = options.config.parent.resolve()
        own = {"opened": here / ".keys", "mounts": here / ".mounts", "fullscreen": False}
        return Place(options.config, seal=(), systemctl=(), extra=extra, **own)
    seal = SEAL if vault.can_seal(SEAL) else ()
    systemctl = SYSTEMCTL if Path(BOOTED).is_dir() else ()
    return Place(options.config, seal=seal, systemctl=systemctl)


@contextmanager
def opened(place: Place, lang: str, *, touch: bool) -> Iterator[tuple[Console, Callable[[], str]]]:
    """Terminal or touchscreen, and what the person reads now."""
    from kiosk.commission.terminal import Terminal

    if not touch:
        yield Terminal(lang, sys.stdin.fileno(), sys.stdout), lambda: lang
        return
    from kiosk.commission.touch import TouchConsole
    from ui.face import Face
    from ui.screens import Frame
    from ui.sizes import ScreenSize

    size = ScreenSize() if place.screen is None else ScreenSize(*place.screen)
    face = Face(size, fullscreen=place.fullscreen)
    frame = Frame("ATM hồ sơ 24/7", "", HOTLINE, None, lang)
    console = TouchConsole(face, frame, clock.up_ms, lambda: local(clock.wall_ms()))
    try:
        yield console, lambda: console.lang
    finally:
        face.close()


def _boot_files(cabinet: Cabinet) -> bool:
    """config.txt and cmdline.txt of a Pi, by this cabinet's pins and ports; True: something changed."""
    from kiosk.appliance import boot_edit, boot_files
    from kiosk.appliance.ground import ApplianceError, Ground

    ground = Ground(say=lambda line: print(line, file=sys.stderr))
    try:
        return boot_files.lay(ground, boot_edit.wanted(cabinet))
    except ApplianceError as error:
        raise ConfigError(str(error)) from error


def _no_boot_files(_cabinet: Cabinet) -> bool:
    return False


def _panel() -> tuple[int, int] | None:
    """The size of the screen that hangs on this machine; None: it does not say, the usual one is taken."""
    from ui.probe import display

    return next(iter(display().sizes), None)


def _system() -> str:
    """Raspberry Pi 5 Model B Rev 1.0, Debian GNU/Linux 12 (bookworm)."""
    told = [platform.machine()]
    if MODEL.exists():
        told = [MODEL.read_text(encoding="utf-8", errors="replace").strip("\0\n ")]
    if OS_RELEASE.exists():
        pairs = (line.partition("=") for line in OS_RELEASE.read_text("utf-8").splitlines())
        named = {key: value.strip('"') for key, _, value in pairs}
        told.append(named.get("PRETTY_NAME", "Linux"))
    return ", ".join(told)
