"""Which serial ports there are, by names that stay."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from serial.tools import list_ports

from drivers.locks import ports


def test_a_port_is_named_by_its_id_where_it_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = [tmp_path / name for name in ("ttyUSB1", "ttyUSB0", "ttyAMA0")]
    for device in devices:
        device.touch()
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (by_id / "usb-FTDI-if00").symlink_to(tmp_path / "ttyUSB0")
    listed = [SimpleNamespace(device=str(device)) for device in devices]
    monkeypatch.setattr(list_ports, "comports", lambda: listed)
    assert ports.found(by_id) == (
        tmp_path / "ttyAMA0",
        by_id / "usb-FTDI-if00",
        tmp_path / "ttyUSB1",
    )
    assert ports.found(tmp_path / "none") == tuple(sorted(devices))
