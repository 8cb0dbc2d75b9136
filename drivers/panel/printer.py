"""The receipt printer: optional, never waited for, and asked about its paper for real.

The law of this file: a slip is a courtesy. `print` returns at once; a slip that cannot be printed now is
dropped, because an hour later it would come out in front of somebody else. What the printer says of
itself is told, and it recovers by itself.

python-escpos makes the bytes; the line is ours, because its own `paper_status` calls a printer that does
not answer full of paper, and because its file printer cannot read. Status bytes: DLE EOT 1 (bit 3:
offline) and DLE EOT 4 (bits 2, 3: roll near its end; 5, 6: no paper); bits 0 and 7 are 0, 1 and 4 are 1.
Importing this module loads python-escpos, which takes a quarter of a second: import it where a printer
is configured.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from escpos.capabilities import Profile
from escpos.constants import RT_STATUS_ONLINE, RT_STATUS_PAPER
from escpos.printer import Dummy
from PIL import Image

from drivers.devices import Device, Tell, Trouble
from drivers.locks.port import Port, PortGone
from drivers.panel.device_node import DeviceNode
from drivers.panel.slip import PaperWidth, draw
from drivers.standing import Standing

BAUD = 115_200  # set a serial printer to this; at 9600 a slip takes half a minute
MOST_WAITING = 8  # slips
MOST_AGE_MS = 30_000  # of a slip when its turn comes
CHECK_MS = 10_000  # between two questions for the paper when nothing is printed
# A status question is answered at once, but may wait in the kernel behind 4 KB of picture at 9600 baud.
ANSWER_MS = 6_000
LOOK_MS = 1_500  # the same for a printer that prints nothing
LISTEN_S = 0.5  # between two looks whether it is time to stop
MOST_STALE = 16  # reads of what was said before the question
PIECE = 256  # bytes handed over at once: within the port's time-out also at 9600 baud
CLOSE_S = 5.0
CAN_PRINT = frozenset({Trouble.NONE, Trouble.PAPER_LOW})

_FIXED_MASK, _FIXED = 0b1001_0011, 0b0001_0010
_OFFLINE, _NEAR_END, _NO_PAPER = 0b0000_1000, 0b0000_1100, 0b0110_0000


class PrinterLine(Protocol):
    """A `Port` (serial) or a `DeviceNode` (/dev/usb/lp0)."""

    def open(self) -> bool:
        """Open anew."""
        ...

    def write(self, data: bytes) -> None:
        """Raises PortGone."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """Raises PortGone."""
        ...

    def close(self) -> None:
        """Safe to call twice."""
        ...


def line_to(path: Path) -> PrinterLine:
    """The line for a configured path: `/dev/usb/lp…` as it is, anything else as a serial port."""
    return DeviceNode(path) if path.parent.name == "usb" else Port(path, BAUD)


def trouble_of(online: int | None, paper: int | None) -> Trouble:
    """What the two status bytes say; None: not answered. Without paper a printer is offline, too."""
    if online is None or paper is None:
        return Trouble.LOST
    if paper & _NO_PAPER:
        return Trouble.PAPER_OUT
    if online & _OFFLINE:
        return Trouble.LOST
    return Trouble.PAPER_LOW if paper & _NEAR_END else Trouble.NONE


def encoded(image: Image.Image) -> bytes:
    """The bytes that print `image` (1-bit, as wide as the paper), feed and cut: GS v 0, ESC d, GS V."""
    profile = Profile(features={"paperPartCut": True})  # the slip hangs until it is taken
    # Its width has to be known, or escpos complains on stdout.
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": image.width}}}
    printer = Dummy(profile=profile)
    printer.hw("INIT")
    printer.image(image)
    printer.cut(mode="PART")
    return bytes(printer.output)


class ReceiptPrinter:
    """Prints on a thread of its own, from `start` until `close`."""

    def __init__(
        self,
        line: PrinterLine,
        width: PaperWidth,
        tell: Tell,
        up_ms: Callable[[], int],
        *,
        name: str = "",
        check_ms: int = CHECK_MS,
        answer_ms: int = ANSWER_MS,
    ) -> None:
        self._line = line
        self._width = width
        self._standing = Standing(tell, Device.PRINTER, name)
        self._up_ms = up_ms
        self._check_s = check_ms / 1_000
        self._answer_ms = answer_ms
        self._is_open = False
        self._closing = threading.Event()
        # None: only look whether it is time to stop.
        self._waiting: queue.Queue[tuple[int, tuple[str, ...]] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)

    def start(self) -> None:
        """Begin to look after the printer. Once only."""
        self._thread.start()

    def print(self, lines: Sequence[str]) -> bool:
        """Ask for one slip; returns at once. False: it is dropped, the printer cannot print or is too busy.

        True is no promise: a printer that breaks meanwhile drops it too, and says so with its state.
        """
        if self._standing.trouble not in CAN_PRINT:
            return False
        try:
            self._waiting.put_nowait((self._up_ms(), tuple(lines)))
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Stop; slips that wait are dropped. Safe to call twice."""
        self._closing.set()
        if self._thread.is_alive():
            with suppress(queue.Full):  # then it is not asleep
                self._waiting.put_nowait(None)
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        self._round(None)
        while not self._closing.is_set():
            try:
                slip = self._waiting.get(timeout=self._check_s)
            except queue.Empty:
                slip = None
            if not self._closing.is_set():
                self._round(slip)
        self._line.close()

    def _round(self, slip: tuple[int, tuple[str, ...]] | None) -> None:
        """Ask how it is, print if it can."""
        try:
            trouble = self._asked()
            self._standing.now(trouble)
            if slip and trouble in CAN_PRINT and self._up_ms() - slip[0] <= MOST_AGE_MS:
                self._send(encoded(draw(slip[1], self._width)))
        except PortGone:
            self._is_open = False
            self._standing.now(Trouble.LOST)

    def _asked(self) -> Trouble:
        if not self._is_open:
            self._is_open = self._line.open()
            if not self._is_open:
                return Trouble.LOST
        online = self._status(RT_STATUS_ONLINE)
        return trouble_of(online, None if online is None else self._status(RT_STATUS_PAPER))

    def _status(self, question: bytes) -> int | None:
        """The answer to one question; whatever else the printer says is passed over."""
        for _ in range(MOST_STALE):
            if not self._line.read(0):
                break
        self._line.write(question)
        asked_ms = self._up_ms()
        while self._up_ms() - asked_ms < self._answer_ms and not self._closing.is_set():
            said = self._line.read(LISTEN_S)
            answers = [byte for byte in said if byte & _FIXED_MASK == _FIXED]
            if answers:
                return answers[-1]
        return None

    def _send(self, data: bytes) -> None:
        for start in range(0, len(data), PIECE):
            if self._closing.is_set():
                return
            self._line.write(data[start : start + PIECE])


def look(line: PrinterLine, up_ms: Callable[[], int], *, answer_ms: int = LOOK_MS) -> Trouble:
    """How a printer is that nobody prints on, asked once; it is opened for that and let go.

    One that is busy for longer than `answer_ms` counts as LOST.
    """
    printer = ReceiptPrinter(line, PaperWidth.MM_80, lambda _: None, up_ms, answer_ms=answer_ms)
    try:
        return printer._asked()  # noqa: SLF001 - the same question, from this very file
    except PortGone:
        return Trouble.LOST
    finally:
        line.close()
