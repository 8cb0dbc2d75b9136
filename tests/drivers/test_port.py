"""The serial port, on pseudo-terminals: bytes both ways, and every way of being gone."""

from __future__ import annotations

import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.locks.port import Port, PortGone

NET_S = 20.0  # a safety net, never a measure


class Adapter:
    """A serial adapter that can be pulled: the far end of a pseudo-terminal, and its path."""

    def __init__(self) -> None:
        self.far, near = os.openpty()
        tty.setraw(near)
        self.path = Path(os.ttyname(near))
        os.close(near)
        self._pulled = False

    def pull(self) -> None:
        if not self._pulled:
            self._pulled = True
            os.close(self.far)


@pytest.fixture
def adapter() -> Iterator[Adapter]:
    made = Adapter()
    yield made
    made.pull()


@pytest.fixture
def port(adapter: Adapter) -> Iterator[Port]:
    made = Port(adapter.path, 9_600)
    assert made.open()
    yield made
    made.close()


def test_bytes_go_both_ways(adapter: Adapter, port: Port) -> None:
    port.write(b"\x8a\x01\x00\xff\n\r\x11\x13")
    assert os.read(adapter.far, 64) == b"\x8a\x01\x00\xff\n\r\x11\x13"
    os.write(adapter.far, b"\x80\x00\x03\x1a\x7f")
    assert port.read(NET_S) == b"\x80\x00\x03\x1a\x7f"


def test_what_has_arrived_is_read_without_waiting_for_more(adapter: Adapter, port: Port) -> None:
    os.write(adapter.far, b"\x80")
    assert port.read(NET_S) == b"\x80"


def test_a_silent_line_gives_nothing(port: Port) -> None:
    assert port.read(0) == b""
    assert port.read(0.001) == b""


def test_what_arrived_before_opening_is_forgotten(adapter: Adapter, port: Port) -> None:
    os.write(adapter.far, b"old")
    assert port.open()
    assert port.read(0) == b""
    os.write(adapter.far, b"new")
    assert port.read(NET_S) == b"new"


def test_a_port_that_is_not_there_does_not_open(tmp_path: Path) -> None:
    port = Port(tmp_path / "usb-nothing", 9_600)
    assert not port.open()
    with pytest.raises(PortGone, match="not open"):
        port.write(b"\x8a")


def test_a_file_that_is_no_serial_line_does_not_open(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert not Port(plain, 9_600).open()
    assert not Port(Path("/dev/null"), 9_600).open()


def test_two_programs_cannot_hold_one_line(adapter: Adapter, port: Port) -> None:
    second = Port(adapter.path, 9_600)
    assert not second.open()
    port.close()
    assert second.open()
    second.close()


def test_a_port_that_vanishes_says_so_on_reading(adapter: Adapter, port: Port) -> None:
    adapter.pull()
    with pytest.raises(PortGone, match="broke"):
        port.read(NET_S)
    with pytest.raises(PortGone, match="not open"):
        port.read(NET_S)


def test_a_port_that_vanishes_says_so_on_writing(adapter: Adapter, port: Port) -> None:
    adapter.pull()
    with pytest.raises(PortGone, match="broke"):
        port.write(b"\x8a")


def test_a_line_that_takes_no_bytes_is_gone_and_blocks_nobody(port: Port) -> None:
    with pytest.raises(PortGone):
        port.write(bytes(1 << 20))


def test_closing_twice_or_after_the_line_went_is_safe(adapter: Adapter, port: Port) -> None:
    adapter.pull()
    port.close()
    port.close()


def test_an_adapter_that_comes_back_under_its_name_is_used_again(tmp_path: Path) -> None:
    name = tmp_path / "usb-FTDI_A1B2C3-if00-port0"
    first, second = Adapter(), Adapter()
    name.symlink_to(first.path)
    port = Port(name, 9_600)
    assert port.open()
    first.pull()
    name.unlink()
    with pytest.raises(PortGone):
        port.read(NET_S)
    assert not port.open()
    name.symlink_to(second.path)
    assert port.open()
    port.write(b"\x01")
    assert os.read(second.far, 8) == b"\x01"
    os.write(second.far, b"\x02")
    assert port.read(NET_S) == b"\x02"
    port.close()
    second.pull()
