"""The cabinet's part of the configuration as TOML: written by `kiosk commission`, shown in the docs.

What is written is what `kiosk/config_cabinet.py` reads; the tests hold the two against each other. A JSON
text, number, flag or list is also a TOML one, so nothing is quoted by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from kiosk.config_table import KeyDoc
from kiosk.hardware import COOL_DOWN_MS, Cabinet, Driver, Wiring


def cabinet_toml(cabinet: Cabinet, docs: Iterable[KeyDoc] = ()) -> str:
    """The tables of the cabinet; keys that `docs` explain bear their explanation, once each."""
    helps = {(doc.table, doc.key): doc.help for doc in docs}
    lines: list[str] = []
    for name, row in _tables(cabinet):
        lines += ["", f"[{name}]"]
        for key, value in row.items():
            told = helps.pop((name.strip("[]"), key), "")
            text = f"{key} = {json.dumps(value, ensure_ascii=False)}"
            lines.append(f"{text:<34} # {told}" if told else text)
    return "\n".join(lines[1:]) + "\n"


def _tables(cabinet: Cabinet) -> list[tuple[str, Mapping[str, object]]]:
    tables: list[tuple[str, Mapping[str, object]]] = [
        (
            "cabinet",
            {
                "driver": cabinet.driver,
                "coils": cabinet.coils,
                "screen_cell": list(cabinet.screen_cell),
            },
        )
    ]
    for bus in cabinet.buses:
        row: dict[str, object] = {"name": bus.name, "family": bus.family, "port": str(bus.port)}
        extra = {"baud": bus.baud, "status_first": bus.status_first}
        tables.append(("[bus]", row | {k: v for k, v in extra.items() if v}))
    if cabinet.driver is Driver.GPIO:
        gpio = cabinet.gpio
        rail = {} if gpio.rail_pin is None else {"rail_pin": gpio.rail_pin}
        tables.append(
            ("gpio", {"safeguard": gpio.safeguard, **rail, "active_high": gpio.active_high})
        )
    tables += [(name, row) for name, row in _devices(cabinet) if row]
    for plan, wire in zip(cabinet.compartments, cabinet.wiring, strict=True):
        place: dict[str, object] = {"number": plan.number, "row": plan.row, "column": plan.column}
        if plan.height > 1:
            place["height"] = plan.height
        if plan.size != "A4":
            place["size"] = plan.size
        if plan.low:
            place["low"] = True
        if plan.bank != _usual_bank(cabinet.driver, wire):
            place["bank"] = plan.bank
        tables.append(("[compartment]", place | _wire(cabinet.driver, wire)))
    return tables


def _usual_bank(driver: Driver, wire: Wiring) -> str:
    return f"{wire.bus}/{wire.board}" if driver is Driver.BOARDS else "1"


def _wire(driver: Driver, wire: Wiring) -> dict[str, object]:
    if driver is Driver.SIMULATED:
        return {}
    if driver is Driver.BOARDS:
        row: dict[str, object] = {"bus": wire.bus, "board": wire.board, "channel": wire.channel}
    else:
        row = {"lock_pin": wire.lock_pin, "contact_pin": wire.contact_pin}
    row["shut_when"] = wire.shut_when
    if wire.pulse_ms:
        row["pulse_ms"] = wire.pulse_ms
    if wire.cool_down_ms != COOL_DOWN_MS:
        row["cool_down_ms"] = wire.cool_down_ms
    if wire.changes:
        row["changes"] = wire.changes
    return row if wire.proven else row | {"proven": False}


def _devices(cabinet: Cabinet) -> list[tuple[str, Mapping[str, object]]]:
    panel, scanner, printer = cabinet.panel, cabinet.scanner, cabinet.printer
    usual = "simulated" if cabinet.driver is Driver.SIMULATED else "none"
    fitted = {
        "light_pin": panel.light_pin,
        "buzzer_pin": panel.buzzer_pin,
        "tamper_pin": panel.tamper_pin,
        "mains_pin": panel.mains_pin,
        "mains_when": None if panel.mains_when == "closed" else panel.mains_when,
        "battery": panel.battery or None,
        "thermometer": None if panel.thermometer == "none" else panel.thermometer,
    }
    paper = {576: "80", 384: "58"}[printer.width_px]
    return [
        (
            "scanner",
            {"kind": scanner.kind, **_path("port", scanner.port)} if scanner.kind != usual else {},
        ),
        ("keypad", _path("device", cabinet.keypad)),
        ("panel", {key: value for key, value in fitted.items() if value is not None}),
        ("printer", {**_path("port", printer.port), "paper": paper} if printer.port else {}),
    ]


def _path(key: str, path: Path | None) -> dict[str, object]:
    return {} if path is None else {key: str(path)}
