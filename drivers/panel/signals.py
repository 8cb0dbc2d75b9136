"""One output that follows a beat, and one switch that is believed once it is steady.

The law of this file: time is handed in; a pin that fails says so by its trouble and stops nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from drivers.devices import Trouble
from drivers.panel.patterns import SILENT, Beat
from drivers.pins import Factory, Output, PinError, Switch

STEADY_MS = 100  # a switch counts after so long
LOST_AFTER = 3  # failed measurements in a row: one may be a disturbed wire

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


def _had(factory: Factory | None, make: Callable[[Factory], _T]) -> _T | None:
    if factory is None:  # its absence was told where the header was opened
        return None
    try:
        return make(factory)
    except PinError as error:
        _LOG.error("%s", error)
        return None


class Signal:
    """A light or a buzzer on a pin. Its `trouble` is LOST when the pin cannot be had or written."""

    def __init__(self, pin: int, factory: Factory | None, *, active_high: bool) -> None:
        self._beat = SILENT
        self._since_ms: int | None = None
        self._output = _had(
            factory, lambda pins: Output(pin, factory=pins, active_high=active_high)
        )
        self.trouble = Trouble.LOST if self._output is None else Trouble.NONE

    def show(self, beat: Beat) -> None:
        """From the next step on."""
        self._beat, self._since_ms = beat, None

    def step(self, now_ms: int) -> None:
        """Switch as the beat says."""
        beat, since_ms = self._beat, self._since_ms
        if since_ms is None:
            self._since_ms = since_ms = now_ms
        self._put(on=beat.is_on(now_ms - since_ms))

    def off(self) -> None:
        """Now."""
        self._beat = SILENT
        self._put(on=False)

    def close(self) -> None:
        """Off, and the pin given back. Safe twice."""
        output, self._output = self._output, None
        if output is None:
            return
        try:
            output.close()
        except PinError as error:
            _LOG.error("at the end: %s", error)

    def _put(self, *, on: bool) -> None:
        if self._output is None:
            return
        try:
            self._output.put(on=on)
            self.trouble = Trouble.NONE
        except PinError:
            self.trouble = Trouble.LOST


class Contact:
    """A switch to ground, debounced. `closed` is None until it was steady once, and while unreadable."""

    def __init__(self, pin: int, factory: Factory | None) -> None:
        self.closed: bool | None = None
        self._seen: bool | None = None
        self._seen_ms = 0
        self._switch = _had(factory, lambda pins: Switch(pin, factory=pins))
        self.trouble = Trouble.LOST if self._switch is None else Trouble.NONE

    def step(self, now_ms: int) -> None:
        """Look."""
        if self._switch is None:
            return
        try:
            seen = self._switch.is_closed()
        except PinError:
            self.trouble, self.closed, self._seen = Trouble.LOST, None, None
            return
        self.trouble = Trouble.NONE
        if seen is not self._seen:
            self._seen, self._seen_ms = seen, now_ms
        elif now_ms - self._seen_ms >= STEADY_MS:
            self.closed = seen

    def close(self) -> None:
        """Give the pin back. Safe twice."""
        switch, self._switch = self._switch, None
        if switch is None:
            return
        try:
            switch.close()
        except PinError as error:
            _LOG.error("at the end: %s", error)


class Measured(Generic[_T]):
    """The last good value of something that may fail now and then; None once it is lost."""

    def __init__(self) -> None:
        self.value: _T | None = None
        self.trouble = Trouble.NONE
        self._misses = 0

    def take(self, value: _T | None) -> None:
        """One attempt; None: it failed."""
        if value is not None:
            self.value, self.trouble, self._misses = value, Trouble.NONE, 0
            return
        self._misses += 1
        if self._misses >= LOST_AFTER:
            self.value, self.trouble = None, Trouble.LOST
