"""The touchscreen window: shows screens, hears fingers. Nothing here waits; nothing paints twice.

`show` paints what differs from the picture before and flips; `poll` takes what the hands did since
the last call. Between the two the owner sleeps as long as it likes (20 to 30 polls a second feel
instant). Works without a display under SDL_VIDEODRIVER=dummy. One window per process, one thread.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pygame

from ui.hands import Action, Keyed, Pressed, TouchEvent
from ui.paint import compose, draw, held
from ui.scene import Scene, Target
from ui.screens import Screen
from ui.setup_screens import Typing
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.touch import Contact, Key, Source, Touch

EVENTS_MAX = 256  # taken in one poll; of a flood the rest is thrown away
SCRIPT_FINGER: Final = 1_000_000  # the finger of `tap`
HEARD: Final = (
    pygame.QUIT,
    pygame.WINDOWEXPOSED,
    pygame.FINGERDOWN,
    pygame.FINGERUP,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.KEYDOWN,
)
KEYS: Final[Mapping[int, Key]] = MappingProxyType(
    {
        pygame.K_RETURN: Key.ENTER,
        pygame.K_KP_ENTER: Key.ENTER,
        pygame.K_BACKSPACE: Key.BACKSPACE,
        pygame.K_DELETE: Key.BACKSPACE,
        pygame.K_ESCAPE: Key.ESCAPE,
    }
)
NAMED: Final[Mapping[Key | None, str]] = MappingProxyType({Key.ENTER: "\n", Key.BACKSPACE: "\b"})
DIGITS: Final = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Closed:
    """The window was closed by its user (a window on a desk; a kiosk has no such button)."""


class Face:
    """The window, its picture and its touches."""

    def __init__(
        self, size: ScreenSize, *, fullscreen: bool = False, title: str = "ATM hồ sơ 24/7"
    ) -> None:
        """Open the window. pygame.error when there is no display to open it on."""
        self._size = size
        self._studio = Studio()
        self._touch = Touch()
        self._screen: Screen | None = None
        self._plain: Scene | None = None  # as composed, without the shade under the finger
        self._drawn: Scene | None = None  # as it stands on the surface
        self._wet = False
        pygame.display.init()
        pygame.display.set_caption(title)
        flags = pygame.FULLSCREEN if fullscreen else 0
        self._surface = pygame.display.set_mode((size.width, size.height), flags)
        pygame.mouse.set_visible(not fullscreen)
        pygame.key.set_repeat()
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(HEARD)
        pygame.event.clear()  # what opening the window has said

    def show(self, screen: Screen) -> None:
        """Paint `screen`; nothing happens when it is the one that stands already."""
        if screen != self._screen:
            self._screen = screen
            self._compose()
            self._repaint()

    def poll(self, up_ms: int) -> list[TouchEvent | Closed]:
        """What happened since the last poll, oldest first. `up_ms`: monotonic time."""
        heard: list[TouchEvent | Closed] = []
        events = pygame.event.get()
        for event in events[:EVENTS_MAX]:
            said = self._hear(event, up_ms)
            if said:
                heard.append(said)
        if self._wet != self._touch.paused(up_ms):
            self._wet = not self._wet
            self._compose()
        self._repaint()
        return heard

    def tap(self, action: Action, value: str = "") -> bool:
        """A scripted finger: real events, on the target's middle. False: no such target now."""
        target = self._target(Pressed(action, value))
        if target is None:
            return False
        x, y = target.rect.middle
        at = {"x": (x + 0.5) / self._size.width, "y": (y + 0.5) / self._size.height}
        common = {"touch_id": 0, "finger_id": SCRIPT_FINGER, "dx": 0.0, "dy": 0.0, **at}
        for _ in range(target.taps):
            for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
                pygame.event.post(pygame.event.Event(kind, {**common, "pressure": 1.0}))
        return True

    def picture(self) -> bytes:
        """What stands on the screen, as PNG."""
        png = io.BytesIO()
        pygame.image.save(self._surface, png, "screen.png")
        return png.getvalue()

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()

    def _target(self, pressed: Pressed) -> Target | None:
        targets = self._plain.targets if self._plain else ()
        return next((target for target in targets if target.pressed == pressed), None)

    def _hear(self, event: pygame.event.Event, up_ms: int) -> TouchEvent | Closed | None:
        if event.type == pygame.QUIT:
            return Closed()
        if event.type == pygame.WINDOWEXPOSED:
            self._drawn = None
            return None
        if event.type == pygame.KEYDOWN:
            return self._key(event, up_ms)
        contact = self._contact(event)
        return self._touch.contact(contact, up_ms) if contact else None

    def _key(self, event: pygame.event.Event, up_ms: int) -> Pressed | Keyed | None:
        if self._screen is not None and isinstance(self._screen.body, Typing):
            if (
                KEYS.get(event.key) in NAMED
            ):  # a scanner types its line and the first of them at once
                return Keyed(NAMED[KEYS[event.key]])
            if event.unicode and event.unicode.isprintable():
                return Keyed(event.unicode)
        if event.key in KEYS:
            return self._touch.key(KEYS[event.key], up_ms)
        return self._touch.key(event.unicode, up_ms) if event.unicode in DIGITS else None

    def _contact(self, event: pygame.event.Event) -> Contact | None:
        if event.type in {pygame.FINGERDOWN, pygame.FINGERUP}:
            x, y = int(event.x * self._size.width), int(event.y * self._size.height)
            down = event.type == pygame.FINGERDOWN
            return Contact(Source.FINGER, event.finger_id, down, x, y)
        if event.type not in {pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}:
            return None
        if event.button != pygame.BUTTON_LEFT:
            return None
        copied = getattr(event, "touch", False)
        source = Source.MOUSE_OF_FINGER if copied else Source.MOUSE
        down = event.type == pygame.MOUSEBUTTONDOWN
        return Contact(source, 0, down, *event.pos)

    def _compose(self) -> None:
        if self._screen:
            self._plain = compose(self._screen, self._size, self._studio, wet=self._wet)
            self._touch.aim(self._plain.targets)

    def _repaint(self) -> None:
        """Bring the surface up to date with scene and finger; flip only what changed."""
        if self._plain is None:
            return
        finger = self._touch.held
        scene = held(self._plain, finger) if finger and finger.taps == 1 else self._plain
        dirty = draw(self._surface, scene, self._studio, self._drawn)
        self._drawn = scene
        if dirty:
            pygame.display.update(dirty)
