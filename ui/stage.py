"""The demo's own window: shows a `StageView`, hears the mouse. Nothing here waits.

The law of this file: `show` paints what differs from the picture before, `poll` says what was clicked
since the last call. A click counts when the button comes up on the place where it went down. Another
process's window is the touchscreen. One window per process, one thread.
"""

from __future__ import annotations

import io
import os
from typing import Final

import pygame

from ui.paint import draw
from ui.scene import Scene
from ui.stage_layout import compose
from ui.stage_sheet import Hit, StageScene
from ui.stage_view import HEIGHT, WIDTH, StageClick, StageKind, StageView
from ui.studio import Studio

UNSEEN: Final = ("dummy", "offscreen")  # drivers that SDL falls back to; nobody sees their windows
EVENTS_MAX = 256  # taken in one poll; of a flood the rest is thrown away
HEARD: Final = (
    pygame.QUIT,
    pygame.WINDOWEXPOSED,
    pygame.VIDEORESIZE,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
)


class NoDisplayError(Exception):
    """No window can be opened here; the text says what SDL said."""


class StageWindow:
    """The window, its picture and its clicks."""

    def __init__(
        self,
        size: tuple[int, int] = (WIDTH, HEIGHT),
        *,
        title: str = "ATM hồ sơ 24/7 · kiosk demo",
        left_top: tuple[int, int] | None = None,
    ) -> None:
        """Open the window, at `left_top` of the desktop when given.

        Raises:
            NoDisplayError: there is no display to open it on.
        """
        self._studio = Studio()
        self._view: StageView | None = None
        self._composed: StageScene | None = None
        self._drawn: Scene | None = None
        self._held: Hit | None = None
        try:
            pygame.display.init()
            pygame.display.set_caption(title)
            self._surface = pygame.display.set_mode(size, pygame.RESIZABLE)
            if left_top is not None:
                pygame.display.set_window_position(left_top)
        except pygame.error as error:
            raise NoDisplayError(str(error)) from error
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(HEARD)

    @staticmethod
    def desktop() -> tuple[int, int]:
        """Width and height of the first screen, px.

        Raises:
            NoDisplayError: there is none that anybody could see.
        """
        try:
            pygame.display.init()
            driver, sizes = pygame.display.get_driver(), pygame.display.get_desktop_sizes()
        except pygame.error as error:
            raise NoDisplayError(str(error)) from error
        if driver in UNSEEN and os.environ.get("SDL_VIDEODRIVER") != driver:
            pygame.display.quit()
            raise NoDisplayError(f"SDL reaches no display and offers only {driver!r}")
        return sizes[0]

    def show(self, view: StageView) -> None:
        """Paint `view`; nothing happens when it is the one that stands already."""
        if view != self._view:
            self._view = view
            self._repaint()

    def poll(self) -> list[StageClick]:
        """What was clicked since the last poll, oldest first."""
        clicks: list[StageClick] = []
        for event in pygame.event.get()[:EVENTS_MAX]:
            click = self._hear(event)
            if click is not None:
                clicks.append(click)
        return clicks

    def picture(self) -> bytes:
        """What stands in the window, as PNG."""
        png = io.BytesIO()
        pygame.image.save(self._surface, png, "stage.png")
        return png.getvalue()

    def hits(self) -> tuple[Hit, ...]:
        """Where a click counts now."""
        return self._composed.hits if self._composed else ()

    def close(self) -> None:
        """Close the window. Safe to call twice."""
        pygame.display.quit()

    def _hear(self, event: pygame.event.Event) -> StageClick | None:
        if event.type == pygame.QUIT:
            return StageClick(StageKind.CLOSE)
        if event.type in {pygame.VIDEORESIZE, pygame.WINDOWEXPOSED}:
            self._surface = pygame.display.get_surface() or self._surface
            self._drawn = None
            self._repaint()
            return None
        if event.type not in {pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}:
            return None
        if event.button != pygame.BUTTON_LEFT:
            return None
        under = self._under(*event.pos)
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._held = under
            return None
        held, self._held = self._held, None
        same = held is not None and under is not None and held.click == under.click
        return held.click if held is not None and same else None

    def _under(self, x: int, y: int) -> Hit | None:
        return next((hit for hit in reversed(self.hits()) if hit.rect.holds(x, y)), None)

    def _repaint(self) -> None:
        """Bring the surface up to date with the view; flip only what changed."""
        if self._view is None:
            return
        self._composed = compose(self._view, *self._surface.get_size(), self._studio)
        scene = self._composed.scene
        dirty = draw(self._surface, scene, self._studio, self._drawn)
        self._drawn = scene
        if dirty:
            pygame.display.update(dirty)
