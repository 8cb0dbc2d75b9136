"""Readers that pose as keyboards: wedge scanners and tactile number pads.

The law of this file: only presses count, and only of keys that mean something (keycodes.py). What a pad
or a scanner typed is a secret until it is spent: it goes into the inbox and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drivers.devices import Device, PadPressed, Tell
from drivers.doors import Scanned
from drivers.readers import keycodes
from drivers.readers.framing import GAP_MS, Lines, Repeats
from drivers.readers.grabbed import Grab, Key, Keys, LostKeys, grab
from drivers.readers.keeper import REOPEN_MS, Keeper
from drivers.standing import Standing


class WedgeScanner:
    """A scanner that types: `Scanned` to `inbox`, its own state to `tell`. Serial is better (keycodes.py)."""

    def __init__(
        self,
        path: Path,
        inbox: Callable[[Scanned], None],
        tell: Tell,
        up_ms: Callable[[], int],
        *,
        name: str = "",
        take: Grab = grab,
        reopen_ms: int = REOPEN_MS,
    ) -> None:
        reader = _Typist(Keys(path, take), inbox, up_ms)
        self._keeper = Keeper(reader, Standing(tell, Device.SCANNER, name), reopen_ms)

    def start(self) -> None:
        """Begin to read."""
        self._keeper.start()

    def close(self) -> None:
        """Stop. Safe to call twice."""
        self._keeper.close()


class NumberPad:
    """A tactile pad with every key of the pad on the screen: `PadPressed` to `press`, its state to `tell`."""

    def __init__(
        self,
        path: Path,
        press: Callable[[PadPressed], None],
        tell: Tell,
        *,
        name: str = "",
        take: Grab = grab,
        reopen_ms: int = REOPEN_MS,
    ) -> None:
        reader = _Pad(Keys(path, take), press)
        self._keeper = Keeper(reader, Standing(tell, Device.KEYPAD, name), reopen_ms)

    def start(self) -> None:
        """Begin to read."""
        self._keeper.start()

    def close(self) -> None:
        """Stop. Safe to call twice."""
        self._keeper.close()


class _Typist:
    """Keys to lines, as a `Reader`."""

    def __init__(
        self, keys: Keys, inbox: Callable[[Scanned], None], up_ms: Callable[[], int]
    ) -> None:
        self._keys = keys
        self._inbox = inbox
        self._up_ms = up_ms
        self._lines = Lines()
        self._repeats = Repeats()
        self._held: set[int] = set()  # shifts and modifiers that are down

    def open(self) -> bool:
        self._lines, self._held = Lines(), set()
        return self._keys.open()

    def turn(self) -> None:
        events = self._keys.read(GAP_MS / 1_000)
        now = self._up_ms()
        texts = self._lines.quiet(now) if events is None else []
        for event in events or ():
            if isinstance(event, LostKeys):
                self._held.clear()
                self._lines.spoil()
            else:
                texts += self._lines.feed(self._typed(event), now)
        for text in texts:
            if self._repeats.fresh(text, now):
                self._inbox(Scanned(text))

    def close(self) -> None:
        self._keys.close()

    def _typed(self, key: Key) -> bytes:
        if key.code in keycodes.SHIFTS | keycodes.MODIFIERS:
            (self._held.add if key.down else self._held.discard)(key.code)
            return b""
        if not key.down or key.code in keycodes.LOCKS:
            return b""
        if key.code in keycodes.ENTERS:
            return b"\r"
        if self._held & keycodes.MODIFIERS:
            return keycodes.UNKNOWN
        layout = keycodes.SHIFTED if self._held & keycodes.SHIFTS else keycodes.PLAIN
        return layout[key.code].encode() if key.code in layout else keycodes.UNKNOWN


class _Pad:
    """Keys to presses, as a `Reader`."""

    def __init__(self, keys: Keys, press: Callable[[PadPressed], None]) -> None:
        self._keys = keys
        self._press = press

    def open(self) -> bool:
        return self._keys.open()

    def turn(self) -> None:
        for event in self._keys.read(GAP_MS / 1_000) or ():
            if isinstance(event, Key) and event.down and event.code in keycodes.NUMBER_PAD:
                self._press(PadPressed(keycodes.NUMBER_PAD[event.code]))

    def close(self) -> None:
        self._keys.close()
