"""`kiosk usb DEVICE`: root's helper for one stick, started by udev, ended with the stick (ADR 42).

The law of this file: nothing is mounted before staff who are logged in have asked for it at the screen, and
nothing is told as done before it is unmounted. Names come from here, never from the stick.
"""

from __future__ import annotations

import queue
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from kiosk.stick import StickError, newest_manifest, row_line, write_statements
from kiosk.usb_mount import KINDS, in_use, mounted
from sync.framing import LineError
from sync.line import Damaged, Line, UsbJob
from sync.messages import MAX_LINE_BYTES

OK, FAILED = 0, 1
MOUNTS = Path("/run/kiosk-usb")
POLL_S = 3.0  # a helper that was killed with its stick is soon forgotten
AGAIN_S = 2.0  # `run` is not there, or busy
ROWS = 200
MOST_SEALED = MAX_LINE_BYTES - 1024  # the rest of the message is short


def serve(
    socket: Path, device: Path, mounts: Path = MOUNTS, kinds: Mapping[str, str] = KINDS
) -> int:
    """Until the stick is pulled out. 1: it is no stick, but a part of this machine."""
    line, stick = Line(socket), device.name
    if in_use(device):
        print(f"{device} is in use by this machine: no stick", file=sys.stderr)
        return FAILED
    while device.exists():
        try:
            job = line.usb(stick, POLL_S)
            if job is not None:
                outcome, count, sealed = _carried_out(
                    line, job, Mount(device, mounts / stick, kinds)
                )
                line.usb_done(stick, job.number, outcome, count, sealed)
        except LineError:
            _rest()
    return OK


def _rest() -> None:
    nobody: queue.SimpleQueue[None] = queue.SimpleQueue()
    try:
        nobody.get(timeout=AGAIN_S)
    except queue.Empty:
        return


@dataclass(frozen=True, slots=True)
class Mount:
    """One stick, and where it may be mounted."""

    device: Path
    at: Path
    kinds: Mapping[str, str]

    def opened(self, *, writable: bool = False) -> AbstractContextManager[Path]:
        """Its root folder. StickError: see `usb_mount.mounted`."""
        return mounted(self.device, self.at, writable=writable, kinds=self.kinds)


def _carried_out(line: Line, job: UsbJob, stick: Mount) -> tuple[str, int, str]:
    """Outcome, count of rows, sealed text."""
    try:
        if job.act == "import":
            with stick.opened() as folder:
                sealed = newest_manifest(folder)
            if len(sealed) > MOST_SEALED:
                return "too_large", 0, ""
            return "read", 0, sealed
        name = f"statements-{job.kiosk}-{job.last}.json"
        with stick.opened(writable=True) as folder:
            written = write_statements(folder, name, _rows(line, job))
        return "written", written, ""
    except StickError as error:
        return error.outcome, 0, ""
    except (OSError, LineError) as error:
        print(f"{stick.device}: {error}", file=sys.stderr)
        return ("unreadable" if job.act == "import" else "failed"), 0, ""


def _rows(line: Line, job: UsbJob) -> Iterator[str]:
    after = job.after
    while after < job.last:
        batch = line.statements(after, min(ROWS, job.last - after))
        if not batch.rows:
            return
        for row in batch.rows:
            after += 1
            yield row_line(None if isinstance(row, Damaged) else row, after)
