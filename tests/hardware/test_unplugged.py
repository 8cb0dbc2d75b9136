"""Devices of a running kiosk are unplugged: what they serve is degraded, shown, stated; the rest goes on.

Real processes, real serial lines on ptys; nothing here restarts anything: all of it heals by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drivers.bench.wire import Pty
from kiosk.demo import cast
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage, wait_for
from kiosk.demo.story import CENTRAL_S, Story
from kiosk.demo.wiring import Setup
from tests.drivers.fake_printer import FakePrinter

SCANNER, PRINTER = "ttyScanner", "ttyPrinter"
DEVICES = f'[scanner]\nkind = "line"\nport = "{SCANNER}"\n[printer]\nport = "{PRINTER}"'
NOTICED_S = 30.0  # a printer that nobody prints on is asked every 10 s
NEAR, FAR = cast.DOSSIERS[0], cast.DOSSIERS[4]  # A4: one of the first doors; A3: one of the last


class Kiosk:
    """A running kiosk, and what a clerk and citizens do there."""

    def __init__(self, stage: Stage, hands: Hands) -> None:
        self.stage, self.hands = stage, hands
        self.story = Story(stage, hands)
        self._places: dict[cast.Dossier, int] = {}

    def load(self, *dossiers: cast.Dossier) -> list[int]:
        """The clerk loads these; the compartments."""
        story = self.story
        story.registered()
        story.manifest_accepted()
        story.staff_in()
        for dossier in dossiers:
            story.turn_to(dossier)
            story.loaded()
            self._places[dossier] = story.told.compartment
        story.staff_out()
        return [self._places[dossier] for dossier in dossiers]

    def type_in(self, dossier: cast.Dossier) -> None:
        """Its holder types the known digits and the code of the message."""
        self.story.turn_to(dossier)
        self.story.told.compartment = self._places[dossier]
        wait_for(lambda: self._sent(dossier.phone), "a message is sent", CENTRAL_S)
        self.story.message_spooled()
        self.story.type_in()

    def _sent(self, phone: str) -> bool:
        return any(message["to"] == phone for message in self.hands.messages())

    def collect(self, dossier: cast.Dossier) -> None:
        """Its holder fetches the papers."""
        self.type_in(dossier)
        self.hands.see("Ready")
        self.hands.tap("open")
        self.story.opened()
        self.story.papers_taken()
        self.story.closed()
        self.hands.tap("finish")
        self.hands.see("Idle")

    def wait_fault(self, what: str) -> object:
        """Wait until it is stated, and among the faults of now; the compartments that it names."""
        wait_for(lambda: what in self._faults(), f"{what} is a fault", NOTICED_S)
        return self.hands.wait_stated("fault", what=what).get("compartments")

    def wait_cleared(self, what: str) -> None:
        """Wait until it is stated as over, and no fault any more."""
        wait_for(lambda: what not in self._faults(), f"{what} is over", NOTICED_S)
        self.hands.wait_stated("fault_cleared", what=what)

    def _faults(self) -> list[object]:
        faults = self.stage.line.status()["faults"]
        assert isinstance(faults, list)
        return faults


class Scanning(Hands):
    """Holds papers before the scanner on the serial line."""

    def __init__(self, stage: Stage, port: Pty) -> None:
        super().__init__(stage, None)
        self._port = port

    def scan(self, text: str) -> None:
        self._port.write(text.encode() + b"\r\n")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture(autouse=True)
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def plugged(stage: Stage, name: str, stack: ExitStack) -> Pty:
    """A serial port beside the configuration."""
    port = Pty(stage.folder / name)
    stack.callback(port.unplug)
    port.plug()
    return port


def paper(port: Pty, stack: ExitStack) -> ExitStack:
    """A printer behind it, until this is closed."""
    held = stack.enter_context(ExitStack())
    held.callback(FakePrinter(port.fileno()).close)
    return held


@pytest.mark.slow
def test_a_bus_that_is_unplugged_takes_its_doors_along_and_no_others(stack: ExitStack) -> None:
    stage = Stage(Setup(cabinet="xor-8a80", buses=2))
    kiosk = Kiosk(stack.enter_context(stage), Hands(stage, None))
    bench, hands = stage.bench, kiosk.hands
    assert bench is not None
    served = {bus.name: [n for b in bus.boards for n in b.doors.values()] for bus in stage.buses}
    near, far = kiosk.load(NEAR, FAR)
    assert (near in served["a"], far in served["b"]) == (True, True)

    bench.unplug("b")
    assert kiosk.wait_fault("port_lost:b") == served["b"]
    kiosk.wait_fault("board_lost:b/1")
    kiosk.type_in(FAR)  # its holder is told that the papers are safe, and nothing is pulsed
    hands.see("Told")
    hands.wait_field("why", "checked")
    hands.tap("finish")
    hands.see("Idle")
    kiosk.collect(NEAR)

    bench.unplug("a")
    assert kiosk.wait_fault("port_lost:a") == served["a"]
    hands.see("OutOfService")
    hands.wait_field("why", "doors")
    hands.wait_stated("fault", what="doors")

    bench.plug("a")
    kiosk.wait_cleared("port_lost:a")
    kiosk.wait_cleared("board_lost:a/1")
    kiosk.wait_cleared("doors")
    hands.see("Idle")
    bench.plug("b")
    kiosk.wait_cleared("port_lost:b")
    kiosk.wait_cleared("board_lost:b/1")
    kiosk.collect(FAR)
    assert bench.dangers() == ()


@pytest.mark.slow
def test_a_scanner_or_printer_that_is_unplugged_is_missed_by_nobody_who_types(
    stack: ExitStack,
) -> None:
    stage = Stage(Setup(devices=DEVICES))
    scanner, printer = (plugged(stage, name, stack) for name in (SCANNER, PRINTER))
    behind = paper(printer, stack)
    stack.enter_context(stage)
    kiosk = Kiosk(stage, Scanning(stage, scanner))
    hands = kiosk.hands
    kiosk.load(NEAR)  # by a scan
    hands.wait_field("scanner", value=True)

    scanner.unplug()
    behind.close()
    printer.unplug()
    kiosk.wait_fault("scanner_lost")
    hands.wait_field("scanner", value=False)  # nobody is told to hold up a QR code
    kiosk.collect(NEAR)
    kiosk.wait_fault("printer_lost")

    scanner.plug()
    kiosk.wait_cleared("scanner_lost")
    hands.wait_field("scanner", value=True)
    hands.scan("HS1.bt01." + "A" * 22)
    hands.see("Refused")
    printer.plug()
    paper(printer, stack)
    kiosk.wait_cleared("printer_lost")
