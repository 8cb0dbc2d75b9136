"""The cabinet's part of the configuration, read and checked.

`kiosk commission` writes this part into a file of its own, `cabinet.toml` beside `kiosk.toml`; by hand it
may as well stand in `kiosk.toml`, but never in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kiosk.config_table import ConfigError, Table
from kiosk.core.site import CompartmentPlan
from kiosk.hardware import COOL_DOWN_MS, Bus, Cabinet, Driver, Gpio, Panel, Printer, Reader, Wiring
from sync.messages import SIZES

FILE = "cabinet.toml"
TABLES = ("cabinet", "bus", "gpio", "scanner", "keypad", "panel", "printer", "compartment")
FAMILIES = ("xor-8a80", "waveshare-modbus", "kerong-cu16", "kerong-cu12", "wkly")
MOST_CELLS = range(1, 41)  # rows or columns of a wall
SHORTEST_PULSE_MS = 50
BAUDS = (9_600, 19_200, 38_400, 57_600, 115_200)


SCANNERS = ("none", "simulated", "line", "gm65", "honeywell", "newland", "wedge")


def read(top: Table) -> Cabinet:
    """The cabinet's tables. ConfigError: a key that is wrong, or wires that cannot be."""
    table = top.table("cabinet")
    driver = Driver(
        table.choice(
            "driver",
            tuple(Driver),
            "what drives the locks: boards on serial lines, relays on the header",
        )
    )
    buses = tuple(_bus(t) for t in top.tables("bus"))
    rows = [(_compartment(t, driver), _wiring(t, driver), t) for t in top.tables("compartment")]
    for *_, t in rows:
        t.done()
    row, column, height = table.numbers(
        "screen_cell",
        range(41),
        "row, column and height of the touchscreen on the wall, for drawings; zeros: not among them",
        default=[0, 0, 0],
    )
    cabinet = Cabinet(
        driver=driver,
        socket=top.path.parent
        / table.text("socket", "where the simulated cabinet is reached", default="cabinet.sock"),
        coils=table.number(
            "coils", range(1, 9), "how many coils the supply bears at once", default=1
        ),
        screen_cell=(row, column, height),
        buses=buses,
        gpio=_gpio(top.table("gpio"), driver),
        scanner=_scanner(top.table("scanner"), driver),
        keypad=_keypad(top.table("keypad")),
        panel=_panel(top.table("panel")),
        printer=_printer(top.table("printer")),
        compartments=tuple(
            replace(plan, proven=wiring.proven, changes=wiring.changes) for plan, wiring, _ in rows
        ),
        wiring=tuple(wiring for _, wiring, _ in rows),
    )
    table.done()
    _check(top.path, cabinet)
    return cabinet


def _bus(t: Table) -> Bus:
    bus = Bus(
        name=t.text("name", "a short name, as written on the cable: a"),
        family=t.choice("family", FAMILIES, "what boards hang on it; one family each"),
        port=t.path.parent / t.text("port", "the port by its id: /dev/serial/by-id/…"),
        baud=t.number(
            "baud", range(115_201), "bits per second; 0: as the family is delivered", default=0
        ),
        status_first=t.flag(
            "status_first",
            "xor-8a80 only: the first status byte is channels 1 to 8, not the last",
            default=False,
        ),
    )
    if bus.baud and bus.baud not in BAUDS:
        raise t.error("baud", "0, " + ", ".join(str(b) for b in BAUDS))
    t.done()
    return bus


def _gpio(t: Table, driver: Driver) -> Gpio:
    safeguard = t.choice(
        "safeguard",
        ("", "one_shot", "rail_relay"),
        "what in hardware ends a pulse when this program cannot; with gpio it has to be said",
        default="",
    )
    if driver is Driver.GPIO and not safeguard:
        raise t.error("safeguard", '"one_shot", "rail_relay"; without one no coil is driven')
    gpio = Gpio(
        safeguard=safeguard,
        rail_pin=t.pin("rail_pin", "GPIO line of the rail relay"),
        active_high=t.flag("active_high", "false: a low level switches a relay on", default=True),
    )
    if safeguard == "rail_relay" and gpio.rail_pin is None:
        raise t.error("rail_pin", "a whole number from 0 to 27")
    t.done()
    return gpio


def _scanner(t: Table, driver: Driver) -> Reader:
    simulated = "simulated" if driver is Driver.SIMULATED else "none"
    reader = Reader(
        kind=t.choice(
            "kind", SCANNERS, "which scanner; line: any that sends lines", default=simulated
        ),
        port=t.path_or_none("port", "its port by id; for a wedge its /dev/input/by-id/…"),
    )
    if reader.kind not in ("none", "simulated") and reader.port is None:
        raise t.error("port", "a text in quotes")
    t.done()
    return reader


def _keypad(t: Table) -> Path | None:
    device = t.path_or_none("device", "a tactile USB number pad: /dev/input/by-id/…-event-kbd")
    t.done()
    return device


def _panel(t: Table) -> Panel:
    panel = Panel(
        light_pin=t.pin("light_pin", "GPIO line of the status light"),
        buzzer_pin=t.pin("buzzer_pin", "GPIO line of the buzzer"),
        tamper_pin=t.pin("tamper_pin", "GPIO line of the tamper loop, closed when all is well"),
        mains_pin=t.pin("mains_pin", "GPIO line that tells of the mains"),
        mains_when=t.choice(
            "mains_when",
            ("closed", "open"),
            "that line while there is mains; closed: to ground",
            default="closed",
        ),
        battery=t.flag(
            "battery", "a battery that the kernel knows (/sys/class/power_supply)", default=False
        ),
        thermometer=t.choice(
            "thermometer",
            ("none", "w1", "board"),
            "w1: a DS18B20 in the cabinet; board: the Pi's own, which is warmer",
            default="none",
        ),
    )
    t.done()
    return panel


def _printer(t: Table) -> Printer:
    port = t.path_or_none("port", "an ESC/POS receipt printer: its serial port or /dev/usb/lp0")
    width = t.choice("paper", ("58", "80"), "width of the paper in millimetres", default="80")
    t.done()
    return Printer(port, 576 if width == "80" else 384)


def _compartment(t: Table, driver: Driver) -> CompartmentPlan:
    number = t.number("number", range(1, 256), _NUMBER)
    return CompartmentPlan(
        number=number,
        row=t.number("row", MOST_CELLS, "from the top, facing the cabinet"),
        column=t.number("column", MOST_CELLS, "from the left"),
        height=t.number("height", range(1, 11), "rows that it covers", default=1),
        size=t.choice("size", SIZES, "what fits, and everything smaller", default="A4"),
        low=t.flag("low", "within reach from a wheelchair", default=False),
        bank=t.text(
            "bank",
            "compartments that one wrong door takes out of service together; default: the board",
            default=_bank(t, driver),
        ),
    )


def _bank(t: Table, driver: Driver) -> str:
    if driver is not Driver.BOARDS:
        return "1"
    return f"{t.text('bus', _BUS)}/{t.number('board', range(256), _BOARD)}"


MOST_CHANGES = 1_000_000
_NUMBER, _BUS, _BOARD = "as painted on the door", "name of its [[bus]]", "address of its board"


def _wiring(t: Table, driver: Driver) -> Wiring:
    number = t.number("number", range(1, 256), _NUMBER)
    if driver is Driver.SIMULATED:
        return Wiring(number)
    boards = driver is Driver.BOARDS
    return Wiring(
        compartment=number,
        bus=t.text("bus", _BUS) if boards else "",
        board=t.number("board", range(256), _BOARD) if boards else 0,
        channel=t.number("channel", range(1, 129), "as printed on the board") if boards else 0,
        lock_pin=0 if boards else t.number("lock_pin", range(28), "GPIO line of its relay"),
        contact_pin=0 if boards else t.number("contact_pin", range(28), "GPIO line of its contact"),
        shut_when=t.choice(
            "shut_when", ("closed", "open"), "the contact while the door is shut", default="closed"
        ),
        pulse_ms=_pulse(t),
        cool_down_ms=t.number(
            "cool_down_ms", range(500, 60_001), "rest between two pulses", default=COOL_DOWN_MS
        ),
        proven=t.flag("proven", "its lock was seen to move its door", default=True),
        changes=t.number(
            "changes", range(MOST_CHANGES), "how often its board was changed", default=0
        ),
    )


def _pulse(t: Table) -> int:
    help_ = "how long its coil is on; 0: as the board times it by itself, on GPIO 500 ms"
    value = t.number("pulse_ms", range(3001), help_, default=0)
    if 0 < value < SHORTEST_PULSE_MS:
        raise t.error("pulse_ms", f"0, or a whole number from {SHORTEST_PULSE_MS} to 3000")
    return value


def _check(path: Path, cabinet: Cabinet) -> None:
    plans = cabinet.compartments
    if not plans:
        raise ConfigError(f"{path}: no [[compartment]]; a cabinet has at least one")
    _once(path, "compartment.number", (p.number for p in plans))
    cells = [(p.row + extra, p.column) for p in plans for extra in range(p.height)]
    if len(set(cells)) != len(cells):
        raise ConfigError(f"{path}: compartment: two of them lie on the same row and column")
    row, column, height = cabinet.screen_cell
    if not set(cells).isdisjoint((row + extra, column) for extra in range(height)):
        raise ConfigError(f"{path}: cabinet.screen_cell: a compartment lies there already")
    if cabinet.driver is Driver.BOARDS:
        _check_boards(path, cabinet)
    elif cabinet.driver is Driver.GPIO:
        rail = [] if cabinet.gpio.rail_pin is None else [cabinet.gpio.rail_pin]
        panel = cabinet.panel
        fitted = (panel.light_pin, panel.buzzer_pin, panel.tamper_pin, panel.mains_pin)
        pins = [pin for w in cabinet.wiring for pin in (w.lock_pin, w.contact_pin)]
        _once(path, "GPIO line", (*pins, *rail, *(pin for pin in fitted if pin is not None)))


def _check_boards(path: Path, cabinet: Cabinet) -> None:
    names = [bus.name for bus in cabinet.buses]
    _once(path, "bus.name", names)
    _once(path, "bus.port", (str(bus.port) for bus in cabinet.buses))
    for wire in cabinet.wiring:
        if wire.bus not in names:
            known = ", ".join(names) or "none"
            raise ConfigError(
                f"{path}: compartment {wire.compartment}: there is no [[bus]] {wire.bus!r}; "
                f"there are: {known}"
            )
    _once(
        path,
        "compartment.channel (bus/board/channel)",
        (f"{w.bus}/{w.board}/{w.channel}" for w in cabinet.wiring),
    )


def _once(path: Path, key: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ConfigError(f"{path}: {key}: {value} stands there twice")
        seen.add(value)
