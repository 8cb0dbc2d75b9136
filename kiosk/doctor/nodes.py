"""Devices as files: are they there, are they named so that they stay themselves, may this user use them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from kiosk.config import Config
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine, group, user
from kiosk.hardware import Driver

# Counted as they are found: after the next start another adapter may bear the name.
_COUNTED = re.compile(r"/dev/(ttyUSB|ttyACM|input/event|hidraw)\d+$")
_ALIASES = ("/dev/serial/by-id", "/dev/serial/by-path", "/dev/input/by-id", "/dev/input/by-path")
MOST_SHOWN = 4  # devices that are there in place of a missing one


def check(config: Config, machine: Machine) -> Iterator[Finding]:
    """Every node that the configuration names, then those that screen and GPIO need."""
    for name, path, write in wanted(config):
        yield from _node(machine, name, path, write=write)
    panel = config.cabinet.panel
    pins = (panel.light_pin, panel.buzzer_pin, panel.tamper_pin, panel.mains_pin)
    if config.cabinet.driver is Driver.GPIO or any(pin is not None for pin in pins):
        yield _any(machine, "GPIO chip", "/dev", "gpiochip*", "gpio")
    if config.fullscreen:
        yield _any(machine, "screen device", "/dev/dri", "card*", "video")
        yield _any(machine, "touch device", "/dev/input", "event*", "input")


def wanted(config: Config) -> Iterator[tuple[str, Path, bool]]:
    """(what it is, its path, whether it is written to) of everything with a port of its own."""
    cabinet = config.cabinet
    for bus in cabinet.buses:
        yield f"port {bus.name}", bus.port, True
    scanner = cabinet.scanner
    if scanner.port is not None and scanner.kind not in ("none", "simulated"):
        yield "scanner port", scanner.port, scanner.kind != "wedge"
    if cabinet.keypad is not None:
        yield "number pad", cabinet.keypad, False
    if cabinet.printer.port is not None:
        yield "printer port", cabinet.printer.port, True


def usable(machine: Machine, path: Path, *, write: bool) -> bool:
    """Whether the node is there and this user may open it."""
    return machine.may(machine.at(path), os.R_OK | (os.W_OK if write else 0))


def _node(machine: Machine, name: str, path: Path, *, write: bool) -> Iterator[Finding]:
    node = machine.at(path)
    if not node.exists():
        yield wrong(name, f"{path} is not there{_others(node)}", "plug it in, or mend its name")
        return
    if not usable(machine, path, write=write):
        yield _denied(name, path, node)
        return
    if _COUNTED.search(str(path)):
        alias = _alias(machine, node)
        yield doubt(
            name,
            f"{path} may be another device after the next start",
            f"name it {alias}" if alias else "name it by its id: ls /dev/serial/by-id",
        )
        return
    yield well(name, f"{path} is there and may be used")


def _denied(name: str, path: Path, node: Path) -> Finding:
    whose = group(node)
    todo = f"sudo usermod -aG {whose} {user()}, then start anew"
    if whose in ("root", "0"):
        todo = "its group is root: give it one with a udev rule (GROUP=, MODE=0660)"
    return wrong(name, f"{user()} may not use {path}, group {whose} may", todo)


def _others(node: Path) -> str:
    if not node.parent.is_dir() or node.parent.name == "dev":
        return ""
    there = sorted(other.name for other in node.parent.iterdir())[:MOST_SHOWN]
    return f"; beside it: {', '.join(there)}" if there else ""


def _alias(machine: Machine, node: Path) -> str:
    for folder in _ALIASES:
        place = machine.at(folder)
        for link in sorted(place.iterdir()) if place.is_dir() else ():
            if link.resolve() == node.resolve():
                return f"{folder}/{link.name}"
    return ""


def _any(machine: Machine, name: str, folder: str, pattern: str, usual: str) -> Finding:
    """At least one of its kind; which one is the library's choice."""
    place = machine.at(folder)
    found = sorted(place.glob(pattern)) if place.is_dir() else []
    if not found:
        return wrong(name, f"there is no {folder}/{pattern}", "is it connected and switched on?")
    if any(machine.may(node, os.R_OK | os.W_OK) for node in found):
        return well(name, f"{folder}/{found[0].name} may be used")
    words = f"{user()} may not use {folder}/{found[0].name}"
    return wrong(name, words, f"sudo usermod -aG {usual} {user()}, then start anew")
