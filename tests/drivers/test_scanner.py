"""Scanners on a pseudo-terminal: read, unplugged, plugged in again elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.devices import Device
from drivers.doors import Scanned
from drivers.readers.framing import GM65_ACK, Ending
from drivers.readers.scanner import HABITS, ScannerKind, SerialScanner
from tests.drivers.reader_rig import SOON_MS, Cable, Told, lost, ticking, well

Made = Callable[..., tuple[SerialScanner, Told]]


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    made = Cable(tmp_path)
    yield made
    made.pull()


@pytest.fixture
def scanner(cable: Cable) -> Iterator[Made]:
    """Started without its device, so that "well" says when it is open."""
    made: list[SerialScanner] = []

    def make(kind: ScannerKind, ending: Ending = Ending.LINE) -> tuple[SerialScanner, Told]:
        told = Told()
        clock = ticking(200 if ending is Ending.GAP else 1)
        one = SerialScanner(
            cable.path, kind, told, told, clock, ending=ending, name="front", reopen_ms=SOON_MS
        )
        made.append(one)
        one.start()
        assert told.next() == lost(Device.SCANNER, "front")
        return one, told

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("kind", ScannerKind)
def test_each_kind_is_told_to_read_and_what_it_reads_is_told(
    cable: Cable, scanner: Made, kind: ScannerKind
) -> None:
    _, told = scanner(kind)
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    start = HABITS[kind].start
    assert not start or os.read(far, 64) == start
    ack = GM65_ACK if kind is ScannerKind.GM65 else b""
    os.write(far, ack + b"HS1.Q6-01.AAAAAAAAAAAAAAAAAAAAAA\r\n")
    assert told.next() == Scanned("HS1.Q6-01.AAAAAAAAAAAAAAAAAAAAAA")


def test_the_commands_are_those_of_the_makers_and_save_nothing() -> None:
    assert HABITS[ScannerKind.GM65].start == b"\x7e\x00\x08\x01\x00\x02\x01\xab\xcd"
    assert HABITS[ScannerKind.HONEYWELL].start == b"\x16T\r"
    assert HABITS[ScannerKind.NEWLAND].start == HABITS[ScannerKind.LINE].start == b""


def test_a_scanner_that_vanishes_is_lost_once_and_comes_back_on_another_line(
    cable: Cable, scanner: Made
) -> None:
    _, told = scanner(ScannerKind.GM65)
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    os.write(far, b"first\rhalf a co")
    assert told.next() == Scanned("first")
    cable.pull()
    assert told.next() == lost(Device.SCANNER, "front")
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    assert os.read(far, 64) == HABITS[ScannerKind.GM65].start
    os.write(far, b"second\r")
    assert told.next() == Scanned("second")


def test_a_code_that_is_held_before_the_scanner_is_told_once(cable: Cable, scanner: Made) -> None:
    _, told = scanner(ScannerKind.LINE)
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    os.write(far, b"same\r" * 5 + b"other\r")
    assert [told.next(), told.next()] == [Scanned("same"), Scanned("other")]


def test_what_cannot_be_a_code_is_counted(cable: Cable, scanner: Made) -> None:
    one, told = scanner(ScannerKind.LINE)
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    os.write(far, b"x" * 600 + b"\rgood\r")
    assert told.next() == Scanned("good")
    assert one.dropped == 1


def test_a_scanner_without_a_suffix_is_read_by_its_silence(cable: Cable, scanner: Made) -> None:
    _, told = scanner(ScannerKind.LINE, Ending.GAP)
    far = cable.plug()
    assert told.next() == well(Device.SCANNER, "front")
    os.write(far, b"HS1.Q6")
    assert told.next() == Scanned("HS1.Q6")


def test_closing_twice_and_before_starting_is_harmless(cable: Cable) -> None:
    told = Told()
    one = SerialScanner(cable.path, ScannerKind.LINE, told, told, ticking(1))
    one.close()
    one.close()
    assert told.nothing_more()
