"""What the status light and the buzzer show, as plain beats. Pure.

The law of this file: a buzzer always falls silent by itself (`MOST_BUZZ_MS`); only a light may go on
for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_BUZZ_MS = 10_000


class Light(StrEnum):
    """The status light; colours are a matter of the lamp."""

    OFF = "off"
    READY = "ready"  # steady: serves
    BUSY = "busy"  # slow: somebody is being served
    ALARM = "alarm"  # fast: staff are wanted


class Buzz(StrEnum):
    """The buzzer; every one ends by itself."""

    QUIET = "quiet"
    CHIRP = "chirp"  # heard, done
    REFUSED = "refused"
    CALL = "call"  # a door was left open


@dataclass(frozen=True, slots=True)
class Beat:
    """On and off by turns; `times` 0: for ever."""

    on_ms: int
    off_ms: int
    times: int = 0

    def is_on(self, since_ms: int) -> bool:
        """Whether it is on so long after its beginning."""
        turn, into_ms = divmod(since_ms, self.on_ms + self.off_ms)
        return into_ms < self.on_ms and (not self.times or turn < self.times)

    @property
    def lasts_ms(self) -> int | None:
        """None: for ever."""
        return (self.on_ms + self.off_ms) * self.times or None


SILENT = Beat(0, 1, 1)
LIGHTS: Mapping[Light, Beat] = {
    Light.OFF: SILENT,
    Light.READY: Beat(1, 0),
    Light.BUSY: Beat(1_000, 1_000),
    Light.ALARM: Beat(150, 150),
}
BUZZES: Mapping[Buzz, Beat] = {
    Buzz.QUIET: SILENT,
    Buzz.CHIRP: Beat(100, 50, 1),
    Buzz.REFUSED: Beat(150, 150, 2),
    Buzz.CALL: Beat(400, 600, 10),
}
