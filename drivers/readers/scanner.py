"""Scanners on a serial line: GM65 class over UART or USB-CDC, Honeywell and Newland in CDC mode, any other.

The law of this file: a scanner is asked to read, never reconfigured. How it is triggered (presentation,
continuous or induction mode) and its line end are set once with its maker's own bar codes; nothing here
writes to a scanner's memory. What it reads goes on as untrusted text, and nowhere else: no log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.devices import Device, Tell
from drivers.doors import Scanned
from drivers.locks.port import Port, PortGone
from drivers.readers.framing import GAP_MS, Ending, Lines, Repeats
from drivers.readers.keeper import REOPEN_MS, Keeper, ReaderGone
from drivers.standing import Standing


class ScannerKind(StrEnum):
    """The families that are known by their serial habits."""

    LINE = "line"  # sends text and a line end, wants nothing
    GM65 = "gm65"  # GM65, GM805, GM812, GM861 and the modules built on them
    HONEYWELL = "honeywell"
    NEWLAND = "newland"


@dataclass(frozen=True, slots=True)
class Habits:
    """`baud`: as it leaves the factory; `start`: sent whenever the line was opened."""

    baud: int
    start: bytes = b""


HABITS: Mapping[ScannerKind, Habits] = {
    ScannerKind.LINE: Habits(9_600),
    # "Read one code now", unsaved: without effect in continuous and induction mode, and a module in
    # command mode reads once, so a technician sees it live.
    ScannerKind.GM65: Habits(9_600, bytes.fromhex("7E 00 08 01 00 02 01 AB CD")),
    # SYN T CR: trigger on. Without effect in presentation mode.
    ScannerKind.HONEYWELL: Habits(115_200, bytes.fromhex("16 54 0D")),
    # No command of theirs is confirmed by a source, so none is sent.
    ScannerKind.NEWLAND: Habits(9_600),
}


class SerialScanner:
    """A scanner by the path of its port; `baud` None: as the kind leaves the factory.

    Puts `Scanned` into `inbox`, and `DeviceState(SCANNER, LOST or NONE)` into `tell`, from its own thread.
    """

    def __init__(  # noqa: PLR0913 - plain values from the configuration
        self,
        path: Path,
        kind: ScannerKind,
        inbox: Callable[[Scanned], None],
        tell: Tell,
        up_ms: Callable[[], int],
        *,
        baud: int | None = None,
        ending: Ending = Ending.LINE,
        name: str = "",
        reopen_ms: int = REOPEN_MS,
    ) -> None:
        habits = HABITS[kind]
        line = _Line(Port(path, baud or habits.baud), habits.start, inbox, up_ms, ending)
        self._line = line
        self._keeper = Keeper(line, Standing(tell, Device.SCANNER, name), reopen_ms)

    @property
    def dropped(self) -> int:
        """Lines that were too long, too slow or never ended, since it was last opened."""
        return self._line.dropped

    def start(self) -> None:
        """Begin to read."""
        self._keeper.start()

    def close(self) -> None:
        """Stop. Safe to call twice."""
        self._keeper.close()


class _Line:
    """One serial line, as a `Reader`."""

    def __init__(
        self,
        port: Port,
        start: bytes,
        inbox: Callable[[Scanned], None],
        up_ms: Callable[[], int],
        ending: Ending,
    ) -> None:
        self._port = port
        self._start = start
        self._inbox = inbox
        self._up_ms = up_ms
        self._ending = ending
        self._lines = Lines(ending)
        self._repeats = Repeats()

    @property
    def dropped(self) -> int:
        return self._lines.dropped

    def open(self) -> bool:
        if not self._port.open():
            return False
        self._lines = Lines(self._ending)  # half a line of before does not meet one of now
        try:
            self._port.write(self._start)
        except PortGone:
            return False
        return True

    def turn(self) -> None:
        try:
            data = self._port.read(GAP_MS / 1_000)
        except PortGone as gone:
            raise ReaderGone(str(gone)) from gone
        now = self._up_ms()
        for text in self._lines.feed(data, now) if data else self._lines.quiet(now):
            if self._repeats.fresh(text, now):
                self._inbox(Scanned(text))

    def close(self) -> None:
        self._port.close()
