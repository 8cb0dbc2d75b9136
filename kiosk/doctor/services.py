"""The systemd services, where this machine has them."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine

UNITS = ("kiosk.service", "kiosk-sync.service")
BOOTED = "/run/systemd/system"  # there when systemd runs this machine


def check(machine: Machine) -> Iterator[Finding]:
    """One line per unit that is installed."""
    if not machine.at(BOOTED).is_dir():
        return
    for unit in UNITS:
        asked = ["systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", unit]
        said = machine.command(asked)
        if said is None:
            return
        state = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        yield _unit(unit, state)


def _unit(unit: str, state: dict[str, str]) -> Finding:
    if state.get("LoadState") != "loaded":
        return doubt(unit, "is not installed", "right by hand and for a demonstration")
    active = state.get("ActiveState", "unknown")
    if active == "failed":
        return wrong(unit, "has failed", f"journalctl -u {unit} -n 50 says why")
    if active not in ("active", "activating", "reloading"):
        return doubt(unit, f"is {active}", f"sudo systemctl start {unit}")
    if state.get("UnitFileState") not in ("enabled", "static", "enabled-runtime"):
        todo = f"sudo systemctl enable {unit}"
        return doubt(unit, f"is {active}, but does not start with the machine", todo)
    return well(unit, f"is {active}")
