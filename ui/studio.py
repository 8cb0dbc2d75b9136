"""What painting keeps between two screens: fonts, pictures and laid-out blocks, all within bounds.

One `Studio` belongs to one window (or one test) and is handed to every painting function, so that
no module holds anything that changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

import pygame

from ui import brush
from ui.letters import Letters
from ui.lru import Lru
from ui.scene import Art, Item, Target

PICTURES_MAX = 16 * 1024 * 1024  # bytes of pixels
PLACED_MAX = 256  # blocks with their places
HEIGHTS_MAX = 1024

Placed = tuple[tuple[Item, ...], tuple[Target, ...]]


def _bytes(picture: pygame.Surface) -> int:
    return picture.get_width() * picture.get_height() * picture.get_bytesize()


class Studio:
    """Fonts, pictures and places."""

    def __init__(self) -> None:
        self.letters = Letters()
        self._pictures: Lru[tuple[Art, int, int], pygame.Surface] = Lru(PICTURES_MAX, _bytes)
        self._placed: Lru[Hashable, Placed] = Lru(PLACED_MAX)
        self._heights: Lru[Hashable, int] = Lru(HEIGHTS_MAX)

    def picture(self, art: Art, w: int, h: int) -> pygame.Surface:
        """The picture of `art`, made once."""
        return self._pictures.get((art, w, h), partial(brush.picture, art, w, h, self.letters))

    def placed(self, key: Hashable, make: Callable[[], Placed]) -> Placed:
        """Items and targets of a block that was laid out before, or is now."""
        return self._placed.get(key, make)

    def height(self, key: Hashable, make: Callable[[], int]) -> int:
        """Height of a block, px, measured before or now."""
        return self._heights.get(key, make)

    @property
    def picture_bytes(self) -> int:
        """Memory that the kept pictures take."""
        return self._pictures.used
