"""A serial device and an input device that can be unplugged and plugged in again under the same name."""

from __future__ import annotations

import os
import queue
import tty
from collections.abc import Callable, Iterable
from pathlib import Path

from drivers.devices import Device, DeviceEvent, DeviceState, Trouble
from drivers.readers.grabbed import EV_KEY, EV_SYN, EVENT

NET_S = 20.0  # a safety net, never a measure
SOON_MS = 5  # between two looks for a device that is gone
SYN_REPORT = (EV_SYN, 0, 0)


class Told:
    """Everything that a driver told, in order."""

    def __init__(self) -> None:
        self._events: queue.Queue[object] = queue.Queue()

    def __call__(self, event: object) -> None:
        self._events.put(event)

    def next(self) -> object:
        return self._events.get(timeout=NET_S)

    def nothing_more(self) -> bool:
        return self._events.empty()


def lost(device: Device, name: str = "") -> DeviceEvent:
    return DeviceState(device, Trouble.LOST, name)


def well(device: Device, name: str = "") -> DeviceEvent:
    return DeviceState(device, Trouble.NONE, name)


class Cable:
    """A pseudo-terminal behind a link, as udev keeps /dev/serial/by-id."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "usb-Scanner-if00"
        self._ends: tuple[int, int] | None = None

    def plug(self) -> int:
        """Our end of it."""
        far, near = os.openpty()
        tty.setraw(near)
        self._ends = far, near
        self.path.symlink_to(os.ttyname(near))
        return far

    def pull(self) -> None:
        ends, self._ends = self._ends, None
        if ends:
            self.path.unlink()
            for end in ends:
                os.close(end)


class Keyboard:
    """A FIFO in the place of /dev/input/by-id/…-event-kbd; `take` is in the place of EVIOCGRAB."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "usb-Pad-event-kbd"
        self.grabs = 0
        self.refusals = 0  # so many grabs fail: somebody else has it
        self._end: int | None = None

    def take(self, _descriptor: int) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError(16, "Device or resource busy")
        self.grabs += 1

    def plug(self) -> None:
        hidden = self.path.with_suffix(".new")
        os.mkfifo(hidden)
        self._end = os.open(hidden, os.O_RDWR)
        hidden.rename(self.path)

    def pull(self) -> None:
        end, self._end = self._end, None
        if end is not None:
            self.path.unlink()
            os.close(end)

    def send(self, *events: tuple[int, int, int]) -> None:
        """(type, code, value) each."""
        assert self._end is not None
        os.write(self._end, b"".join(EVENT.pack(7, 9, *event) for event in events))

    def send_raw(self, data: bytes) -> None:
        assert self._end is not None
        os.write(self._end, data)

    def press(self, codes: Iterable[int]) -> None:
        for code in codes:
            self.send((EV_KEY, code, 1), SYN_REPORT, (EV_KEY, code, 0), SYN_REPORT)


def ticking(step_ms: int) -> Callable[[], int]:
    """A clock that goes on by so much whenever it is asked."""
    times = iter(range(0, 10**9, step_ms))
    return lambda: next(times)
