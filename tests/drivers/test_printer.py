"""The receipt printer on a pseudo-terminal: what is printed, what is told, and what is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.devices import Device, DeviceState, Trouble
from drivers.locks.port import Port, PortGone
from drivers.panel.device_node import DeviceNode
from drivers.panel.printer import (
    BAUD,
    MOST_AGE_MS,
    MOST_WAITING,
    PrinterLine,
    ReceiptPrinter,
    line_to,
    trouble_of,
)
from drivers.panel.slip import PaperWidth, draw
from drivers.simulated.channel import monotonic_ms
from tests.drivers.fake_printer import NEAR_END, OFFLINE, ONLINE, OUT, PLENTY, FakePrinter, Printed
from tests.drivers.reader_rig import Cable, Told, lost, well

SLIP = ["Kết quả đã nhận", "Hồ sơ H29.915-261121-0042", "Ngăn 12 – lúc 21:04", "Xin cảm ơn Ông/Bà."]
OTHER = ["Kết quả khác", "Ngăn 3"]
EXPECTED = Printed.of(draw(SLIP, PaperWidth.MM_80))
WAYS = pytest.mark.parametrize(
    "way", [lambda path: Port(path, BAUD), DeviceNode], ids=["tty", "lp"]
)


class Rig:
    """A printer, its cable and its driver."""

    def __init__(self, folder: Path, way: Callable[[Path], PrinterLine] = DeviceNode) -> None:
        self.told = Told()
        self.ahead_ms = 0
        self.cable = Cable(folder)
        self.fake: FakePrinter | None = None
        self.driver = ReceiptPrinter(
            way(self.cable.path), PaperWidth.MM_80, self.told, self.up_ms, check_ms=5, answer_ms=1
        )

    def up_ms(self) -> int:
        return monotonic_ms() + self.ahead_ms

    def plug(self) -> FakePrinter:
        self.fake = FakePrinter(self.cable.plug())
        return self.fake

    def pull(self) -> None:
        if self.fake:
            self.fake.close()
        self.fake = None
        self.cable.pull()

    def close(self) -> None:
        self.driver.close()
        self.pull()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def state(trouble: Trouble) -> DeviceState:
    return DeviceState(Device.PRINTER, trouble)


@WAYS
def test_a_slip_comes_out_dot_for_dot(tmp_path: Path, way: Callable[[Path], PrinterLine]) -> None:
    rig = Rig(tmp_path, way)
    fake = rig.plug()
    rig.driver.start()
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED
    assert rig.told.nothing_more()
    rig.close()


def test_a_slip_that_is_taller_than_one_picture_comes_out_whole(rig: Rig) -> None:
    lines = [f"Dòng {n}" for n in range(40)]
    fake = rig.plug()
    rig.driver.start()
    assert rig.driver.print(lines)
    assert fake.slip() == Printed.of(draw(lines, PaperWidth.MM_80))


@WAYS
def test_a_printer_that_vanishes_is_lost_once_and_comes_back(
    tmp_path: Path, way: Callable[[Path], PrinterLine]
) -> None:
    rig = Rig(tmp_path, way)
    rig.plug()
    rig.driver.start()
    assert rig.driver.print(SLIP)
    assert rig.fake
    assert rig.fake.slip() == EXPECTED
    rig.pull()
    assert rig.told.next() == lost(Device.PRINTER)
    assert not rig.driver.print(OTHER)
    fake = rig.plug()
    assert rig.told.next() == well(Device.PRINTER)
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED
    rig.close()


def test_a_slip_that_found_no_printer_is_not_printed_for_somebody_else(rig: Rig) -> None:
    assert rig.driver.print(OTHER)
    assert rig.driver.print(OTHER)
    rig.ahead_ms = MOST_AGE_MS + 1
    fake = rig.plug()
    rig.driver.start()
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED


def test_paper_that_is_nearly_out_is_told_and_still_printed_on(rig: Rig) -> None:
    fake = rig.plug()
    fake.paper = NEAR_END
    rig.driver.start()
    assert rig.told.next() == state(Trouble.PAPER_LOW)
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED


def test_without_paper_nothing_is_sent_until_there_is_a_new_roll(rig: Rig) -> None:
    fake = rig.plug()
    fake.online, fake.paper = OFFLINE, OUT
    rig.driver.start()
    assert rig.told.next() == state(Trouble.PAPER_OUT)
    assert not rig.driver.print(OTHER)
    fake.online, fake.paper = ONLINE, PLENTY
    assert rig.told.next() == well(Device.PRINTER)
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED


def test_a_printer_that_is_plugged_but_silent_is_lost_and_not_full_of_paper(rig: Rig) -> None:
    fake = rig.plug()
    fake.online = None
    rig.driver.start()
    assert rig.told.next() == lost(Device.PRINTER)
    fake.online = ONLINE
    assert rig.told.next() == well(Device.PRINTER)


def test_a_printer_that_takes_no_data_is_lost_and_holds_up_nobody(rig: Rig) -> None:
    fake = rig.plug()
    fake.stalled = True
    rig.driver.start()
    assert rig.driver.print(SLIP)
    assert rig.told.next() == lost(Device.PRINTER)
    rig.pull()
    rig.plug()
    assert rig.told.next() == well(Device.PRINTER)


def test_what_a_printer_says_unasked_is_not_taken_for_its_paper(rig: Rig) -> None:
    fake = rig.plug()
    fake.say(b"\x72\x00\xff\x91")
    rig.driver.start()
    assert rig.driver.print(SLIP)
    assert fake.slip() == EXPECTED
    assert rig.told.nothing_more()


def test_more_slips_than_can_wait_are_refused_at_once(rig: Rig) -> None:
    assert [rig.driver.print(SLIP) for _ in range(MOST_WAITING + 1)] == [True] * 8 + [False]


def test_closing_twice_and_before_starting_is_harmless(rig: Rig) -> None:
    rig.driver.close()
    rig.driver.close()
    assert rig.told.nothing_more()


def test_a_node_that_reads_empty_for_ever_is_not_waited_for_longer_than_said() -> None:
    node = DeviceNode(Path("/dev/null"))
    assert node.open()
    assert node.read(0) == b""
    assert node.read(0.05) == b""
    node.close()


def test_a_node_that_is_not_open_is_gone(tmp_path: Path) -> None:
    node = DeviceNode(tmp_path / "lp0")
    assert not node.open()
    with pytest.raises(PortGone):
        node.write(b"x")
    with pytest.raises(PortGone):
        node.read(0)


@pytest.mark.parametrize(
    ("online", "paper", "trouble"),
    [
        (0x12, 0x12, Trouble.NONE),
        (0x12, 0x1E, Trouble.PAPER_LOW),
        (0x1A, 0x72, Trouble.PAPER_OUT),
        (0x1A, 0x7E, Trouble.PAPER_OUT),
        (0x12, 0x72, Trouble.PAPER_OUT),
        (0x1A, 0x12, Trouble.LOST),  # its cover is open, or it was switched off by its key
        (None, 0x12, Trouble.LOST),
        (0x12, None, Trouble.LOST),
    ],
)
def test_two_status_bytes_say_how_the_printer_is(
    online: int | None, paper: int | None, trouble: Trouble
) -> None:
    assert trouble_of(online, paper) is trouble


def test_the_path_says_what_kind_of_line_it_is() -> None:
    assert isinstance(line_to(Path("/dev/usb/lp0")), DeviceNode)
    assert isinstance(line_to(Path("/dev/serial/by-id/usb-Printer-if00")), Port)
