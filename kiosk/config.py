"""`kiosk.toml`: read once, checked whole, unknown keys refused.

Every error names the file, the key and what is allowed there, because the reader is a technician at the
cabinet and not a programmer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import Source
from kiosk.core.site import CompartmentPlan
from sync.messages import SIZES
from ui.screens import ScreenSize

DEFAULT_PATH = Path("/etc/kiosk/kiosk.toml")
DRIVERS = ("simulated",)
LANGUAGES = ("vi", "en")
MOST_COMPARTMENTS = 255
MOST_CELLS = 40  # rows or columns of a wall
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as it stands in a QR: without a dot


class ConfigError(Exception):
    """The configuration cannot be used; nothing was started, no door moves."""


@dataclass(frozen=True, slots=True)
class Config:
    """All of `kiosk.toml`, checked."""

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
    driver: str
    driver_socket: Path
    scanner: bool
    clock: Source
    screen: ScreenSize
    fullscreen: bool
    screen_cell: tuple[int, int, int]
    compartments: tuple[CompartmentPlan, ...]


def load(path: Path) -> Config:
    """The configuration in `path`.

    Raises:
        ConfigError: missing, unreadable, or a key that is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; name one with --config") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return _config(path, _Table(path, "", raw))


def _config(path: Path, top: _Table) -> Config:
    central, cabinet = top.table("central"), top.table("cabinet")
    screen, clock = top.table("screen"), top.table("clock")
    data = path.parent / top.text("data", "/var/lib/kiosk")
    cell = cabinet.numbers("screen_cell", 3, (0, 0, 0))
    plans = tuple(_compartment(t) for t in top.tables("compartment"))
    _check_numbers(path, plans, cell)
    ca = central.text("ca", "")
    config = Config(
        path=path,
        kiosk=top.kiosk("kiosk"),
        unit=top.text("unit"),
        address=top.text("address"),
        hotline=top.text("hotline", "1022"),
        language=top.choice("language", LANGUAGES, "vi"),
        data=data,
        keys=path.parent / top.text("keys", str(data / "keys")),
        socket=path.parent / top.text("socket", "/run/kiosk/run.sock"),
        sync_user=central.text("sync_user", ""),
        central_url=central.text("url"),
        central_ca=path.parent / ca if ca else None,
        driver=cabinet.choice("driver", DRIVERS, None),
        driver_socket=path.parent / cabinet.text("socket", "cabinet.sock"),
        scanner=cabinet.flag("scanner", default=True),
        clock=Source(clock.choice("source", tuple(Source), "timesyncd")),
        screen=ScreenSize(
            screen.number("width", 320, 4096, 720),
            screen.number("height", 320, 4096, 1280),
            screen.number("px_per_m", 1000, 40_000, 8300) / 1000,
        ),
        fullscreen=screen.flag("fullscreen", default=False),
        screen_cell=(cell[0], cell[1], cell[2]),
        compartments=plans,
    )
    for table in (central, cabinet, screen, clock, top):
        table.done()
    return config


def _compartment(t: _Table) -> CompartmentPlan:
    plan = CompartmentPlan(
        number=t.number("number", 1, MOST_COMPARTMENTS),
        row=t.number("row", 1, MOST_CELLS),
        column=t.number("column", 1, MOST_CELLS),
        height=t.number("height", 1, 10, 1),
        size=t.choice("size", SIZES, "A4"),
        low=t.flag("low", default=False),
        bank=t.text("bank", "1"),
    )
    t.done()
    return plan


def _check_numbers(path: Path, plans: tuple[CompartmentPlan, ...], screen: tuple[int, ...]) -> None:
    if not plans:
        raise ConfigError(f"{path}: no [[compartment]]; a cabinet has at least one")
    numbers = [p.number for p in plans]
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        raise ConfigError(f"{path}: compartment.number: {twice[0]} stands there twice")
    cells = [(p.row + extra, p.column) for p in plans for extra in range(p.height)]
    if len(set(cells)) != len(cells):
        raise ConfigError(f"{path}: compartment: two of them lie on the same row and column")
    row, column, height = screen
    if not set(cells).isdisjoint((row + extra, column) for extra in range(height)):
        raise ConfigError(f"{path}: cabinet.screen_cell: a compartment lies there already")


class _Table:
    """One table of the file, read key by key; `done` refuses what nobody asked for."""

    def __init__(self, path: Path, name: str, raw: object) -> None:
        self._path, self._name = path, name
        if not isinstance(raw, dict):
            raise ConfigError(f"{path}: [{name}] is not a table")
        self._raw: Mapping[str, object] = raw
        self._asked: set[str] = set()

    def _fail(self, key: str, allowed: str) -> ConfigError:
        place = f"{self._name}.{key}" if self._name else key
        given = repr(self._raw[key])[:60] if key in self._raw else "missing"
        return ConfigError(f"{self._path}: {place}: {given}; allowed: {allowed}")

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._raw.get(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default != "" and not value.strip()):
            raise self._fail(key, "a text in quotes")
        return value

    def kiosk(self, key: str) -> str:
        value = self.text(key)
        if not _KIOSK.fullmatch(value):
            raise self._fail(key, "1 to 64 letters, digits, - and _")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or value not in allowed:
            raise self._fail(key, ", ".join(f'"{a}"' for a in allowed))
        return value

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self._fail(key, f"a whole number from {low} to {high}")
        return value

    def numbers(self, key: str, count: int, default: tuple[int, ...]) -> tuple[int, ...]:
        value = self._get(key, list(default))
        whole = isinstance(value, list) and all(
            type(v) is int and 0 <= v <= MOST_CELLS for v in value
        )
        if not isinstance(value, list) or not whole or len(value) != count:
            raise self._fail(key, f"{count} whole numbers in brackets: row, column, height")
        return tuple(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self._fail(key, "true, false")
        return value

    def table(self, key: str) -> _Table:
        return _Table(self._path, key, self._get(key, {}))

    def tables(self, key: str) -> list[_Table]:
        value = self._get(key, [])
        if not isinstance(value, list) or len(value) > MOST_COMPARTMENTS:
            raise self._fail(key, f"at most {MOST_COMPARTMENTS} tables [[{key}]]")
        return [_Table(self._path, f"{key} #{i}", v) for i, v in enumerate(value, 1)]

    def done(self) -> None:
        """Refuse keys that nobody asked for: a typing mistake must not go unnoticed."""
        unknown = sorted(set(self._raw) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise self._fail(unknown[0], f"this key is not known here; known: {known}")
