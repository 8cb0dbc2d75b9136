"""Makes docs/configuration.md from the configuration itself: `python -m docs.configuration`.

Every table of keys is what the program asked for while it read the examples; every example was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.config import load
from kiosk.config_cabinet import FAMILIES
from kiosk.config_table import KeyDoc
from kiosk.config_write import cabinet_toml
from kiosk.core.site import CompartmentPlan
from kiosk.hardware import Bus, Cabinet, Driver, Gpio, Panel, Printer, Reader, Wiring

PAGE = Path(__file__).with_name("configuration.md")
KIOSK = """\
kiosk = "bt01"
unit = "Phường Bình Tiên"
address = "123 Đường Số 45, phường Bình Tiên"

[central]
url = "https://central.example"
sync_user = "kiosk-sync"

[screen]
fullscreen = true
"""
HEAD = """\
# Configuration

Made by `python -m docs.configuration` from the program that reads it; do not edit.

Two files: `/etc/kiosk/kiosk.toml` says who and where the kiosk is; `cabinet.toml` beside it says how it is
wired, and is written by `kiosk commission`. The cabinet's tables may as well stand in `kiosk.toml`, but not
in both. Unknown keys are refused, and every error names file, key and what is allowed. Paths that do not
begin with `/` are beside the file.
"""
TITLES = {
    "xor-8a80": "Boards of the 8A/80 family (xor-8a80)",
    "waveshare-modbus": "Waveshare Modbus relays with inputs (waveshare-modbus)",
    "kerong-cu16": "KERONG CU16 (kerong-cu16)",
    "kerong-cu12": "KERONG CU12 (kerong-cu12)",
    "wkly": "Boards that speak WKLY (wkly)",
}
FIRST_BOARD = {"kerong-cu16": 0, "kerong-cu12": 0, "wkly": 0}
NO_PANEL = Panel(None, None, None, None, "closed", battery=False, thermometer="none")
PANEL = Panel(12, 13, 16, 26, "open", battery=True, thermometer="w1")


def of_family(family: str) -> Cabinet:
    """Two compartments on one board, a scanner, a number pad and a printer."""
    port = Path("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0")
    board = FIRST_BOARD.get(family, 1)
    return Cabinet(
        driver=Driver.BOARDS,
        socket=Path("cabinet.sock"),
        coils=1,
        screen_cell=(1, 2, 1),
        buses=(Bus("a", family, port, 0, status_first=False),),
        gpio=Gpio("", None, active_high=True),
        scanner=Reader("gm65", Path("/dev/serial/by-id/usb-GM65-if00")),
        keypad=Path("/dev/input/by-id/usb-Keypad-event-kbd"),
        panel=PANEL,
        printer=Printer(Path("/dev/usb/lp0"), 576),
        compartments=(
            CompartmentPlan(1, 1, 1, bank=f"a/{board}"),
            CompartmentPlan(2, 2, 1, size="A3", low=True, bank=f"a/{board}"),
        ),
        wiring=(Wiring(1, "a", board, 1), Wiring(2, "a", board, 2)),
    )


def of_gpio() -> Cabinet:
    """The small cabinet: relays on the Pi's own header."""
    return Cabinet(
        driver=Driver.GPIO,
        socket=Path("cabinet.sock"),
        coils=1,
        screen_cell=(0, 0, 0),
        buses=(),
        gpio=Gpio("rail_relay", 24, active_high=True),
        scanner=Reader("wedge", Path("/dev/input/by-id/usb-Scanner-event-kbd")),
        keypad=None,
        panel=NO_PANEL,
        printer=Printer(None, 576),
        compartments=(CompartmentPlan(1, 1, 1), CompartmentPlan(2, 2, 1, low=True)),
        wiring=(
            Wiring(1, lock_pin=17, contact_pin=22, pulse_ms=400, cool_down_ms=3_000),
            Wiring(2, lock_pin=27, contact_pin=23),
        ),
    )


def simulated() -> Cabinet:
    """What `kiosk demo` plays with."""
    return Cabinet(
        driver=Driver.SIMULATED,
        socket=Path("cabinet.sock"),
        coils=1,
        screen_cell=(0, 0, 0),
        buses=(),
        gpio=Gpio("", None, active_high=True),
        scanner=Reader("simulated", None),
        keypad=None,
        panel=NO_PANEL,
        printer=Printer(None, 576),
        compartments=(CompartmentPlan(1, 1, 1),),
        wiring=(Wiring(1),),
    )


def examples() -> dict[str, Cabinet]:
    """A whole cabinet per kind of lock, by the title of its section."""
    boards = {TITLES[family]: of_family(family) for family in FAMILIES}
    return boards | {"Relays on the Pi's header (gpio)": of_gpio(), "Simulated": simulated()}


def read_back(cabinet: Cabinet) -> tuple[Cabinet, list[KeyDoc]]:
    """Write a cabinet, read it as the program does: what it became, and every key that was asked for."""
    docs: list[KeyDoc] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.toml"
        path.write_text(KIOSK, encoding="utf-8")
        path.with_name("cabinet.toml").write_text(cabinet_toml(cabinet), encoding="utf-8")
        config = load(path, docs.append)
        beside = str(config.data / "keys")
    named = [
        KeyDoc(
            d.table,
            d.key,
            d.allowed,
            "keys below data" if d.default == beside else d.default,
            d.help,
        )
        for d in docs
    ]
    return config.cabinet, named


def page() -> str:
    """The whole page, as it has to lie in docs/configuration.md."""
    read = {title: read_back(cabinet) for title, cabinet in examples().items()}
    docs = [doc for _, told in read.values() for doc in told]
    parts = [HEAD, "## Keys\n"]
    for table in dict.fromkeys(doc.table for doc in docs):
        parts += [_title(table), _keys(doc for doc in docs if doc.table == table)]
    parts += [
        "## `kiosk.toml`, an example\n",
        f"```toml\n{KIOSK}```\n",
        "## `cabinet.toml`, one per kind\n",
    ]
    for title, cabinet in examples().items():
        parts += [f"### {title}\n", f"```toml\n{cabinet_toml(cabinet, read[title][1])}```\n"]
    return "\n".join(parts)


def _title(table: str) -> str:
    if not table:
        return "### At the top of `kiosk.toml`\n"
    many = table in ("bus", "compartment")
    return f"### `[[{table}]]`\n" if many else f"### `[{table}]`\n"


def _keys(docs: Iterable[KeyDoc]) -> str:
    rows: dict[str, str] = {}
    for doc in docs:
        usual = "required" if doc.default is None else f"`{_shown(doc.default)}`"
        rows.setdefault(doc.key, f"| `{doc.key}` | {doc.allowed} | {usual} | {doc.help} |")
    return "\n".join(
        ["| key | allowed | default | meaning |", "|---|---|---|---|", *rows.values(), ""]
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
