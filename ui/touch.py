"""From fingers, mouse and number pad to what they mean. Pure: fed with plain values and the up time.

The law of this file: a target acts when the finger leaves the screen inside the same target in which
it came down, and only if that target still stands. One finger counts, the first. Rain and a wiping
cloth touch fast and in many places: then input pauses for `WET_MS`, and what began meanwhile is void.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from ui.hands import Action, Pressed, TouchEvent, Wet
from ui.scene import Target

FINGERS_MAX = 3  # at once; more are no hand
TOUCHES_MAX = 12  # within FLOOD_MS; faster is no typing
FLOOD_MS = 1000
WET_MS = 3000  # input pauses for so long
HOLD_MS = 10_000  # a finger that never left the screen is forgotten
TAPS_MS = 4000  # a gesture of several taps is done within this time


class Source(Enum):
    """What made a contact."""

    FINGER = "finger"
    MOUSE = "mouse"
    MOUSE_OF_FINGER = "mouse of finger"  # a copy of a finger that the system makes for old programs


@dataclass(frozen=True, slots=True)
class Contact:
    """Something came down on the screen or left it, at a pixel."""

    source: Source
    finger: int
    down: bool
    x: int
    y: int


class Key(Enum):
    """Keys of a number pad beyond the digits."""

    ENTER = "enter"
    BACKSPACE = "backspace"
    ESCAPE = "escape"


MEANINGS: Final[Mapping[Key, tuple[Action, ...]]] = MappingProxyType(
    {
        Key.ENTER: (Action.CONFIRM,),
        Key.BACKSPACE: (Action.ERASE,),
        Key.ESCAPE: (Action.CANCEL, Action.BACK),
    }
)

Finger = tuple[Source, int]


@dataclass(frozen=True, slots=True)
class _Held:
    finger: Finger
    target: Target


@dataclass(frozen=True, slots=True)
class _Taps:
    target: Target
    count: int
    since_ms: int


class Touch:
    """Reads one touchscreen. Tell it the targets of every new picture with `aim`."""

    def __init__(self) -> None:
        self._targets: tuple[Target, ...] = ()
        self._down: dict[Finger, int] = {}  # when each came down, up ms
        self._recent: deque[int] = deque(maxlen=TOUCHES_MAX + 1)
        self._held: _Held | None = None
        self._taps: _Taps | None = None
        self._fingers_seen = False
        self._wet_until_ms = 0

    def aim(self, targets: tuple[Target, ...]) -> None:
        """From now on these can be pressed; a finger on one that is gone acts no more."""
        self._targets = targets
        if self._held and self._held.target not in targets:
            self._held = None
        if self._taps and self._taps.target not in targets:
            self._taps = None

    @property
    def held(self) -> Target | None:
        """The target under the finger now."""
        return self._held.target if self._held else None

    def paused(self, up_ms: int) -> bool:
        """Whether input pauses because the screen is wet."""
        return up_ms < self._wet_until_ms

    def contact(self, contact: Contact, up_ms: int) -> TouchEvent | None:
        """One coming down or leaving; what it means, if anything."""
        if contact.source is Source.MOUSE_OF_FINGER and self._fingers_seen:
            return None
        if contact.source is Source.FINGER and not self._fingers_seen:
            self._fingers_seen = True
            self._forget(Source.MOUSE_OF_FINGER)
        self._forget_stale(up_ms)
        finger = (contact.source, contact.finger)
        if contact.down:
            return self._came(finger, contact, up_ms)
        return self._left(finger, contact, up_ms)

    def key(self, key: Key | str, up_ms: int) -> Pressed | None:
        """A key of a number pad ("0".."9" or a `Key`), when the screen offers that very thing."""
        actions = MEANINGS[key] if isinstance(key, Key) else (Action.DIGIT,)
        value = "" if isinstance(key, Key) else key
        wanted = [Pressed(action, value) for action in actions]
        offered = [target.pressed for target in self._targets if target.pressed in wanted]
        return offered[0] if offered and not self.paused(up_ms) else None

    def _came(self, finger: Finger, contact: Contact, up_ms: int) -> Wet | None:
        self._down[finger] = up_ms
        self._recent.append(up_ms)
        lately = sum(1 for at in self._recent if at > up_ms - FLOOD_MS)
        if self.paused(up_ms):
            return None
        if lately > TOUCHES_MAX or len(self._down) > FINGERS_MAX:
            self._held = self._taps = None
            self._wet_until_ms = up_ms + WET_MS
            return Wet()
        if self._held is None:
            target = self._under(contact)
            self._held = _Held(finger, target) if target else None
        return None

    def _left(self, finger: Finger, contact: Contact, up_ms: int) -> Pressed | None:
        self._down.pop(finger, None)
        if self._held is None or self._held.finger != finger:
            return None
        target, self._held = self._held.target, None
        if self.paused(up_ms) or self._under(contact) != target:
            return None
        return self._tapped(target, up_ms)

    def _tapped(self, target: Target, up_ms: int) -> Pressed | None:
        taps = self._taps
        if taps is None or taps.target != target or up_ms - taps.since_ms > TAPS_MS:
            taps = _Taps(target, 0, up_ms)
        done = taps.count + 1 >= target.taps
        self._taps = None if done else _Taps(target, taps.count + 1, taps.since_ms)
        return target.pressed if done else None

    def _under(self, contact: Contact) -> Target | None:
        under = (t for t in self._targets if t.rect.holds(contact.x, contact.y))
        return next(under, None)

    def _forget(self, source: Source) -> None:
        self._down = {f: at for f, at in self._down.items() if f[0] is not source}
        if self._held and self._held.finger[0] is source:
            self._held = None

    def _forget_stale(self, up_ms: int) -> None:
        """A finger whose leaving was never reported must not hold the screen for ever."""
        self._down = {f: at for f, at in self._down.items() if up_ms - at < HOLD_MS}
        if self._held and self._held.finger not in self._down:
            self._held = None
