"""Scanner, printer, light, sound: found where nobody has described them, tried, and judged by a person.

The law of this file: nothing here is needed for a kiosk to serve, so nothing here stops it; what a person
did not hear or see is written into the report as such. What a scanner reads is looked at for being there,
and goes nowhere.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from drivers.doors import Scanned
from drivers.locks import ports
from drivers.readers.grabbed import grab
from kiosk import body, clock
from kiosk.commission.files import Files
from kiosk.commission.session import STOP, Answer, Console, Text, ask
from kiosk.commission.slip import printed
from kiosk.config import Config
from kiosk.hardware import Cabinet, Reader
from kiosk.setup import pages

WORKS, FAILS, ABSENT = "works", "fails", "absent"
LETTER = "HE1."  # as an enrolment letter begins
LEAST_SCAN = 4  # characters: less is a key that somebody touched
LINE_KIND, WEDGE_KIND = "line", "wedge"
TEST_SLIP = ("ATM hồ sơ 24/7", "Phiếu thử / Test slip", "Ắ ế ỗ ự 0123456789")


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing, and what a person said of it."""

    name: str  # scanner, printer, light, sound, touch
    outcome: str  # works, fails, absent


@dataclass(frozen=True, slots=True)
class Heard:
    """A scanner has read something."""

    reader: Reader
    text: str


class Ears:
    """Every scanner that may be there, listened to at once. `take` gives what one of them read, or None.

    `alone`: what poses as a keyboard types nowhere else meanwhile. Otherwise it types on the screen, too, and
    is heard here besides, because what a fast one types may come garbled through a window.
    """

    def __init__(self, readers: Sequence[Reader], *, alone: bool) -> None:
        self._take = grab if alone else _beside
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._parts = [self._part(reader) for reader in readers if reader.port is not None]

    def __enter__(self) -> Self:
        for part in self._parts:
            part.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for part in self._parts:
            part.close()

    def take(self) -> Heard | None:
        """Never waits."""
        try:
            heard = self._heard.get_nowait()
        except queue.Empty:
            return None
        return heard if len(heard.text) >= LEAST_SCAN else None

    def text(self) -> Answer | None:
        """The same as an answer; of a keyboard only what a person would not type."""
        heard = self.take()
        if heard is None or (heard.reader.kind == WEDGE_KIND and LETTER not in heard.text):
            return None
        return Text(heard.text)

    def _part(self, reader: Reader) -> body.Part:
        from drivers.readers.keys import WedgeScanner  # noqa: PLC0415 - it loads slowly
        from drivers.readers.scanner import ScannerKind, SerialScanner  # noqa: PLC0415

        def hear(scanned: Scanned) -> None:
            self._heard.put(Heard(reader, scanned.text))

        assert reader.port is not None, "only readers with a port are listened to"
        if reader.kind == WEDGE_KIND:
            return WedgeScanner(reader.port, hear, _nobody, clock.up_ms, take=self._take)
        return SerialScanner(reader.port, ScannerKind(reader.kind), hear, _nobody, clock.up_ms)


def _beside(_descriptor: int) -> None:
    """Read along with the window."""


def _nobody(_event: object) -> None:
    """A scanner that is not there yet is no news."""


def maybe_scanners(cabinet: Cabinet | None, dev: Path, *, wedges: bool) -> tuple[Reader, ...]:
    """The one that is configured, else every serial port without lock boards, and keyboards if wanted."""
    if cabinet is not None and cabinet.scanner.port is not None:
        return (cabinet.scanner,)
    buses = {bus.port.resolve() for bus in cabinet.buses} if cabinet is not None else set()
    named = dev / "kiosk" / "scanner"
    free = [path for path in ports.found() if path.resolve() not in buses]
    if named.exists():
        free = [named, *(path for path in free if path.resolve() != named.resolve())]
    readers = [Reader(LINE_KIND, path) for path in free]
    if wedges:
        found = sorted((dev / "input" / "by-id").glob("*-event-kbd"))
        readers += [Reader(WEDGE_KIND, path) for path in found]
    return tuple(readers)


def try_all(
    config: Config, console: Console, dev: Path, *, touch: bool
) -> tuple[Tried, ...] | None:
    """One after the other; None: stopped. What is found is written into cabinet.toml."""
    files, cabinet = Files(config.path.parent), config.cabinet
    with Ears(maybe_scanners(cabinet, dev, wedges=touch), alone=True) as ears:
        heard = _scan(console, ears)
    if heard == STOP:
        return None
    tried = [Tried("touch", WORKS)] if touch else []
    if isinstance(heard, Heard):
        tried.append(Tried("scanner", WORKS))
        if cabinet.scanner != heard.reader and cabinet.scanner.port is None:
            cabinet = replace(cabinet, scanner=heard.reader)
            files.write_cabinet(cabinet)
    else:
        fitted = cabinet.scanner.port is not None
        tried.append(Tried("scanner", FAILS if fitted else ABSENT))
    for name, attempt in (
        ("printer", _printer(cabinet, dev)),
        ("light", _light(cabinet)),
        ("sound", _sound),
    ):
        outcome = _judged(console, name, attempt) if attempt is not None else ABSENT
        if name == "printer" and outcome == WORKS and cabinet.printer.port is None:
            cabinet = replace(cabinet, printer=replace(cabinet.printer, port=_usb_printer(dev)))
            files.write_cabinet(cabinet)
        tried.append(Tried(name, outcome))
    return tuple(tried)


def _scan(console: Console, ears: Ears) -> Heard | str:
    heard: list[Heard] = []

    def listen() -> Answer | None:
        one = ears.take()
        if one is not None:
            heard.append(one)
        return None if one is None else Text("")

    answer = ask(console, pages.scan(), listen)
    if heard:
        return heard[0]
    return STOP if answer == STOP else ABSENT


Attempt = Callable[[], ExitStack]  # what it holds is on until a person has answered


def _judged(console: Console, name: str, attempt: Attempt) -> str:
    """Tried as often as asked; what is on stays on until the answer."""
    while True:
        with attempt():
            answer = ask(console, pages.asks(name))
        if answer != "retry":
            return str(answer) if answer in (WORKS, ABSENT) else FAILS


def _usb_printer(dev: Path) -> Path | None:
    return next(iter(sorted((dev / "usb").glob("lp*"))), None)


def _printer(cabinet: Cabinet, dev: Path) -> Attempt | None:
    port = cabinet.printer.port or _usb_printer(dev)
    if port is None:
        return None

    def attempt() -> ExitStack:
        printed(replace(cabinet.printer, port=port), TEST_SLIP)
        return ExitStack()

    return attempt


def _light(cabinet: Cabinet) -> Attempt | None:
    if cabinet.panel.light_pin is None:
        return None

    def attempt() -> ExitStack:
        from drivers.panel.patterns import Light  # noqa: PLC0415

        stack = ExitStack()
        panel = stack.enter_context(body.panel_alone(cabinet, _nobody, clock.up_ms))
        if panel is not None:
            panel.light(Light.ALARM)
        return stack

    return attempt


def _sound() -> ExitStack:
    from ui.screens import Frame, Idle, Screen, Sound  # noqa: PLC0415
    from ui.sound import Speaker  # noqa: PLC0415

    stack = ExitStack()
    speaker = Speaker()
    stack.callback(speaker.close)
    speaker.play(Screen(Frame("", "", "", None), Idle(), Sound.DONE))
    return stack
