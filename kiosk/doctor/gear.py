"""Scanner, number pad, printer, power and climate. A reader is opened and let go, the printer is asked."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from drivers.devices import Device, Trouble
from drivers.locks.port import Port
from drivers.panel import sysfs
from drivers.panel.sysfs import Thermometer
from drivers.readers.grabbed import Keys
from drivers.readers.scanner import HABITS, ScannerKind
from kiosk.config import Config
from kiosk.core.devices import BATTERY_LOW, HOT
from kiosk.doctor import nodes
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine
from kiosk.doctor.serving import Serving
from kiosk.hardware import Cabinet

HELD = "another program holds it"
UNHELD = "sudo fuser -v {} names it; end it"
PRINTER = {
    Trouble.PAPER_OUT: ("has no paper", "put a roll in"),
    Trouble.PAPER_LOW: ("is near the end of its roll", "have a roll ready"),
    Trouble.LOST: ("does not answer, or is off line", "look at its power, its lid and its cable"),
}


def check(config: Config, machine: Machine, serving: Serving) -> Iterator[Finding]:
    """Everything that is fitted besides locks and doors."""
    cabinet = config.cabinet
    if serving.there:
        yield from _stated(cabinet, serving)
    else:
        yield from _scanner(cabinet, machine)
        if cabinet.keypad is not None:
            yield from _keys("number pad", cabinet.keypad, machine)
        if cabinet.printer.port is not None:
            yield from _printer(cabinet.printer.port, machine)
    yield from _power(cabinet, machine)
    if cabinet.panel.thermometer in tuple(Thermometer):
        yield _climate(machine, Thermometer(cabinet.panel.thermometer))


def _stated(cabinet: Cabinet, serving: Serving) -> Iterator[Finding]:
    """`run` holds them all; what it says of them."""
    broken = False
    for device in Device:
        if device in (Device.BOARD, Device.PORT):
            continue
        for trouble, name in serving.troubles(device):
            broken = True
            if device is Device.PRINTER:
                yield _unwell(Trouble(trouble))
                continue
            words = f"kiosk run says: {trouble.replace('_', ' ')}"
            todo = "look at its plug and its port; it comes back by itself"
            yield wrong(f"{device} {name}".rstrip(), words, todo)
    fitted = {
        "scanner": cabinet.scanner.kind not in ("none", "simulated"),
        "number pad": cabinet.keypad is not None,
        "printer": cabinet.printer.port is not None,
    }
    if serving.health and not broken and any(fitted.values()):
        there = ", ".join(name for name, is_there in fitted.items() if is_there)
        yield well("devices", f"{there}: nothing is wrong, says kiosk run")


def _scanner(cabinet: Cabinet, machine: Machine) -> Iterator[Finding]:
    kind, path = cabinet.scanner.kind, cabinet.scanner.port
    if kind == "none":
        yield well("scanner", "none is fitted: people type their code")
    elif path is None or kind == "simulated":
        return
    elif kind == "wedge":
        yield from _keys("scanner", path, machine)
    elif nodes.usable(machine, path, write=True):
        port = Port(machine.at(path), HABITS[ScannerKind(kind)].baud)
        opened = port.open()
        port.close()
        if opened:
            yield well("scanner", f"its port opens ({kind}); whether it reads, a code will show")
        else:
            yield wrong("scanner", f"{path} cannot be opened: {HELD}", UNHELD.format(path))


def _keys(name: str, path: Path, machine: Machine) -> Iterator[Finding]:
    if not nodes.usable(machine, path, write=False):
        return  # said by its node already
    keys = Keys(machine.at(path), machine.grab)
    opened = keys.open()
    keys.close()
    if opened:
        yield well(name, "is there and can be had alone")
    else:
        words = f"{path} cannot be had alone: {HELD}, or it is no keyboard"
        yield wrong(name, words, UNHELD.format(path))


def _printer(path: Path, machine: Machine) -> Iterator[Finding]:
    if not nodes.usable(machine, path, write=True):
        return
    # Late: it loads python-escpos, a quarter of a second that only a printer is worth.
    printer = import_module("drivers.panel.printer")
    trouble = printer.look(printer.line_to(machine.at(path)), machine.up_ms)
    if trouble is Trouble.NONE:
        yield well("printer", "is on line and has paper")
    else:
        yield _unwell(trouble)


def _unwell(trouble: Trouble) -> Finding:
    """Paper is the office's care; a printer that is silent is broken. Pickups wait for neither."""
    words, todo = PRINTER[trouble]
    how = wrong if trouble is Trouble.LOST else doubt
    return how("printer", f"{words}; people are served without a slip", todo)


def _power(cabinet: Cabinet, machine: Machine) -> Iterator[Finding]:
    if not cabinet.panel.battery:
        return
    percent = sysfs.battery_percent(machine.at("/sys"))
    if percent is None:
        yield wrong(
            "battery",
            "battery = true, but the kernel knows none below /sys/class/power_supply",
            "dtoverlay=i2c-sensor,max17040 in config.txt (drivers/panel/sysfs.py lists others)",
        )
    elif percent < BATTERY_LOW:
        words = f"{percent} %: without mains no lock would be moved"
        yield doubt("battery", words, "let it charge; an old one does not any more")
    else:
        yield well("battery", f"{percent} %")
    if sysfs.mains(machine.at("/sys")) is False:
        yield doubt("mains", "gone: the cabinet lives on its battery", "bring it back")


def _climate(machine: Machine, fitted: Thermometer) -> Finding:
    measured = sysfs.milli_celsius(machine.at("/sys"), fitted)
    where = "in the cabinet" if fitted is Thermometer.W1 else "the Pi's own"
    if measured is None:
        todo = 'dtoverlay=w1-gpio for a DS18B20 ("w1"); or thermometer = "none" in [panel]'
        return doubt("thermometer", "none answers", todo)
    words = f"{round(measured / 1_000)} °C, {where}"
    if measured > HOT * 1_000:
        return doubt("thermometer", words, "give the cabinet air and shade")
    return well("thermometer", words)
