"""A receipt printer at the far end of a pseudo-terminal: it answers DLE EOT and keeps what it prints."""

from __future__ import annotations

import os
import queue
import select
import threading
from dataclasses import dataclass

from PIL import Image

NET_S = 20.0  # a safety net, never a measure
ONLINE, OFFLINE = 0x12, 0x1A
PLENTY, NEAR_END, OUT = 0x12, 0x1E, 0x72


@dataclass(frozen=True)
class Printed:
    width: int
    height: int
    dots: bytes  # a set bit is black

    @staticmethod
    def of(image: Image.Image) -> Printed:
        """What a printer has to get for a 1-bit picture, in which a set bit is white."""
        return Printed(image.width, image.height, bytes(b ^ 0xFF for b in image.tobytes()))


class FakePrinter:
    """`online` and `paper` are what it answers; None: it keeps silent. `stalled`: it takes no picture."""

    def __init__(self, far: int) -> None:
        self.online: int | None = ONLINE
        self.paper: int | None = PLENTY
        self.stalled = False
        self.slips: queue.Queue[Printed] = queue.Queue()
        self._far = far
        self._said = b""
        self._rasters: list[Printed] = []
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, name="fake-printer", daemon=True)
        self._thread.start()

    def slip(self) -> Printed:
        return self.slips.get(timeout=NET_S)

    def close(self) -> None:
        os.write(self._stopped, b".")
        self._thread.join(NET_S)
        os.close(self._stop)
        os.close(self._stopped)

    def say(self, data: bytes) -> None:
        os.write(self._far, data)

    def _run(self) -> None:
        while True:
            heard = [self._stop] if self.stalled and self._said else [self._stop, self._far]
            ready, _, _ = select.select(heard, [], [])
            if self._stop in ready:
                return
            self._said += os.read(self._far, 4096)
            while self._step():
                pass

    def _step(self) -> bool:
        """Carry out the command in front; False: it is not whole yet."""
        said = self._said
        if said[:2] == b"\x10\x04" and len(said) >= 3:
            answer = {1: self.online, 4: self.paper}[said[2]]
            if answer is not None:
                self.say(bytes([answer]))
            return self._took(3)
        if said[:2] == b"\x1b@":
            return not self.stalled and self._took(2)
        if said[:4] == b"\x1dv0\x00" and len(said) >= 8:
            return self._raster()
        if said[:2] == b"\x1bd" and len(said) >= 3:
            return self._took(3)
        if said[:2] == b"\x1dV" and len(said) >= 3:
            self._cut()
            return self._took(3)
        assert len(said) < 3 or said[:4] == b"\x1dv0\x00", said[:8]
        return False

    def _raster(self) -> bool:
        row, height = (int.from_bytes(self._said[n : n + 2], "little") for n in (4, 6))
        end = 8 + row * height
        if len(self._said) < end:
            return False
        self._rasters.append(Printed(8 * row, height, self._said[8:end]))
        return self._took(end)

    def _cut(self) -> None:
        parts, self._rasters = self._rasters, []
        dots = b"".join(part.dots for part in parts)
        self.slips.put(Printed(parts[0].width, sum(part.height for part in parts), dots))

    def _took(self, count: int) -> bool:
        self._said = self._said[count:]
        return bool(self._said)
