"""Which serial ports there are, by names that stay. Opens none of them.

The law of this file: a port is named by its id where it has one, because `ttyUSB0` is another adapter
after the next boot.
"""

from __future__ import annotations

from pathlib import Path

from serial.tools import list_ports

BY_ID = Path("/dev/serial/by-id")


def found(by_id: Path = BY_ID) -> tuple[Path, ...]:
    """Every serial port of this machine, in a steady order; () when there is none."""
    names = {link.resolve(): link for link in sorted(by_id.iterdir())} if by_id.is_dir() else {}
    devices = sorted(Path(port.device) for port in list_ports.comports())
    return tuple(names.get(device.resolve(), device) for device in devices)
