"""`kiosk.toml`: read once, checked whole, unknown keys refused.

Every error names the file, the key and what is allowed there, because the reader is a technician at the
cabinet and not a programmer.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import config_cabinet
from kiosk.clock import Source
from kiosk.config_table import ConfigError, Table, Told, unheard
from kiosk.hardware import Cabinet
from ui.sizes import ScreenSize

DEFAULT_PATH = Path("/etc/kiosk/kiosk.toml")
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # of systemd: the keys of this service alone, unsealed
LANGUAGES = ("vi", "en")

__all__ = ["DEFAULT_PATH", "Config", "ConfigError", "load"]


@dataclass(frozen=True, slots=True)
class Config:
    """All of `kiosk.toml` and `cabinet.toml`, checked."""

    path: Path
    kiosk: str
    unit: str
    address: str
    hotline: str
    language: str
    data: Path
    keys: Path
    socket: Path
    sync_user: str  # who may use all of the socket besides this process's own user; "" for nobody
    central_url: str
    central_ca: Path | None
    central_proxy: str = field(repr=False)  # "" for none; may hold a password
    usb: Path
    clock: Source
    screen: ScreenSize
    fullscreen: bool
    cabinet: Cabinet


def load(path: Path, told: Told = unheard) -> Config:
    """The configuration in `path`, and in the `cabinet.toml` that may lie beside it.

    Raises:
        ConfigError: missing, unreadable, or a key that is wrong.
    """
    raw = _parsed(path)
    beside = path.with_name(config_cabinet.FILE)
    apart = _parsed(beside) if beside.exists() else {}
    strangers = sorted(set(apart) - set(config_cabinet.TABLES))
    if strangers:
        raise ConfigError(f"{beside}: {strangers[0]}: belongs into {path.name}, not here")
    twice = sorted(set(apart) & set(raw))
    if twice:
        raise ConfigError(
            f"{beside}: [{twice[0]}] stands in {path.name} too; keep it in one of them"
        )
    return _config(path, Table(path, "", {**raw, **apart}, told))


def load_without_cabinet(path: Path) -> Config | None:
    """`kiosk.toml` of a kiosk whose cabinet nobody has described yet; None: somebody has.

    One simulated door stands for the cabinet. Raises ConfigError as `load`.
    """
    raw = _parsed(path)
    if "cabinet" in raw or path.with_name(config_cabinet.FILE).exists():
        return None
    stand_in = {
        "cabinet": {"driver": "simulated"},
        "compartment": [{"number": 1, "row": 1, "column": 1}],
    }
    return _config(path, Table(path, "", {**raw, **stand_in}))


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; name one with --config") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _config(path: Path, top: Table) -> Config:
    central, screen, clock, usb = (top.table(t) for t in ("central", "screen", "clock", "usb"))
    data = path.parent / top.text("data", "where the journal lies", default="/var/lib/kiosk")
    keys = top.text(
        "keys", "where the keys lie; default: keys below data", default=str(data / "keys")
    )
    ca = "the only authority to trust for central (PEM file); a kiosk that lost the time needs one"
    proxy = "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT; the environment's is not used"
    config = Config(
        path=path,
        kiosk=top.kiosk("kiosk", "id of this kiosk, as central knows it"),
        unit=top.text("unit", "the ward, as in the head of the screen: Phường Bình Tiên"),
        address=top.text("address", "where the cabinet stands"),
        hotline=top.text("hotline", "whom people call", default="1022"),
        language=top.choice("language", LANGUAGES, "what the screen speaks first", default="vi"),
        data=data,
        keys=Path(os.environ.get(CREDENTIALS) or path.parent / keys),
        socket=path.parent
        / top.text("socket", "where sync and status reach run", default="/run/kiosk/run.sock"),
        sync_user=central.text("sync_user", "the user that runs kiosk sync", default=""),
        central_url=central.text("url", "https address of central"),
        central_ca=central.path_or_none("ca", ca),
        central_proxy=central.text("proxy", proxy, default=""),
        usb=path.parent
        / usb.text("folder", "where a USB stick is mounted", default="/run/kiosk/usb"),
        clock=Source(
            clock.choice("source", tuple(Source), "who sets the clock", default="timesyncd")
        ),
        screen=_screen_size(screen),
        fullscreen=screen.flag("fullscreen", "no window, the whole screen", default=False),
        cabinet=config_cabinet.read(top),
    )
    for table in (central, screen, clock, usb, top):
        table.done()
    return config


def _screen_size(screen: Table) -> ScreenSize:
    side = range(320, 4097)
    return ScreenSize(
        screen.number("width", side, "pixels", default=720),
        screen.number("height", side, "pixels", default=1280),
        screen.number(
            "px_per_m", range(1_000, 40_001), "pixels per metre, for sizes in mm", default=8_300
        )
        / 1000,
    )
