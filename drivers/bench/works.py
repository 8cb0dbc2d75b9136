"""What hangs on one fake board: its relays with the coils behind them, and its contacts.

The law of this file: a board knows channels and nothing of papers or people; between a channel and a
coil lies the cabinet's own wiring, which may be crossed, and the coil's end is the cabinet's to keep.
"""

from __future__ import annotations

from collections import deque

from drivers.bench.boards import BenchBoard
from drivers.doors import Reading
from drivers.simulated.cabinet import Cabinet

DANGERS_MAX = 100
LINKAGE = 1  # Waveshare's mode in which an input drives its relay


class Works:
    """One live board over a cabinet; whoever calls holds the cabinet still."""

    def __init__(
        self, cabinet: Cabinet, board: BenchBoard, *, channels: int, pulse_ms: int
    ) -> None:
        assert all(1 <= channel <= channels for channel in board.doors), "channels count from 1"
        assert set(board.doors.values()) <= set(cabinet.compartments), "a channel has a real door"
        self.address = board.address
        self.doors = dict(board.doors)
        self.channels = channels
        self.pulse_ms = pulse_ms
        self.status_first = board.status_first
        self.modes = dict.fromkeys(range(1, channels + 1), 0) | dict(board.modes or {})
        self.busy_until_ms = 0  # deaf until then: these boards do one thing at a time
        self.dangers: deque[bytes] = deque(maxlen=DANGERS_MAX)  # what no lock driver may ever send
        self._cabinet = cabinet
        self._closed_when_shut = board.closed_when_shut
        self._died = False
        self.linked: set[int] = set()  # channels whose relay an input drives now

    @property
    def now_ms(self) -> int:
        """The cabinet's time."""
        return self._cabinet.now_ms

    @property
    def dead(self) -> bool:
        """It neither hears nor says anything: by itself, or because every board lost its power."""
        return self._died or self._cabinet.board.dead

    def die(self) -> None:
        """No power: its coils drop."""
        self._died = True
        self.all_off()

    def revive(self) -> None:
        """It has power again, and nothing to do."""
        self._died, self.busy_until_ms = False, 0

    def closed(self, channel: int) -> bool:
        """Whether the contact of this channel is closed; a channel without a door has an open one."""
        if channel not in self.doors:
            return False
        reading = self._cabinet.contact(self.doors[channel])
        if reading is Reading.UNKNOWN:  # a broken wire, for instance
            return False
        return (reading is Reading.CLOSED) == self._closed_when_shut

    def contacts(self, count: int) -> int:
        """The contacts of the first `count` channels; channel 1 is the lowest bit, 1 is closed."""
        return sum(self.closed(n + 1) << n for n in range(min(count, self.channels)))

    def outputs(self, count: int) -> int:
        """The relays of the first `count` channels likewise; 1 is on."""
        return sum(self.is_on(n + 1) << n for n in range(min(count, self.channels)))

    def is_on(self, channel: int) -> bool:
        """Whether this relay carries current."""
        return channel in self.doors and self._coil(channel) in self._cabinet.coils.on()

    def pulse(self, channel: int, for_ms: int) -> None:
        """The board's own pulse; on a channel without a coil it is only a click."""
        if channel in self.doors:
            self._cabinet.coils.drive(self._coil(channel), for_ms)

    def hold(self, channel: int, *, on: bool) -> None:
        """A relay on until told otherwise, as no lock should ever see it; or off."""
        if channel in self.doors:
            coil = self._coil(channel)
            if on:
                self._cabinet.coils.drive(coil, None)
            else:
                self._cabinet.coils.cut(coil)

    def all_off(self) -> None:
        """Every relay of this board off, but for welded ones."""
        for channel in self.doors:
            self._cabinet.coils.cut(self._coil(channel))

    def link(self) -> None:
        """Linked inputs drive their relays, as they stand now."""
        linked = {n for n, mode in self.modes.items() if mode == LINKAGE and not self.dead}
        driven = {n for n in linked if self.closed(n)}
        for channel in driven - self.linked:
            self.hold(channel, on=True)
        for channel in self.linked - driven:
            self.hold(channel, on=False)
        self.linked = driven

    def _coil(self, channel: int) -> int:
        return self._cabinet.board.coil_of(self.doors[channel])
