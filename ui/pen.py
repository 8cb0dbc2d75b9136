"""A pen for smooth shapes: drawn four times too large, scaled down once. The caller keeps the result.

Plain `pygame.draw` circles and slanted lines have jagged edges; these have not. Coordinates run from
0 to 100 over the square, so that an icon is a few numbers whatever its size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pygame

from ui.scene import Colour

OVERSIZE = 4
UNITS = 100

Point = tuple[float, float]


class Pen:
    """Draws into one square of `side` px; `finish` gives it in its true size."""

    def __init__(self, side: int, edge: Colour) -> None:
        """`edge` is the colour of the outermost shape: smooth edges fade out in it, not in black."""
        self._side = side
        self._zoom = side * OVERSIZE / UNITS
        self._big = pygame.Surface((side * OVERSIZE, side * OVERSIZE), pygame.SRCALPHA)
        self._big.fill((*edge, 0))

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """A filled circle."""
        pygame.draw.circle(self._big, colour, self._at(centre), radius * self._zoom)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon."""
        pygame.draw.polygon(self._big, colour, [self._at(point) for point in points])

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line through the points with round ends and joints."""
        for point in points:
            self.disc(point, width / 2, colour)
        for (x, y), (to_x, to_y) in itertools.pairwise(points):
            length = math.hypot(to_x - x, to_y - y)
            dx, dy = (to_y - y) / length * width / 2, (x - to_x) / length * width / 2
            corners = ((x + dx, y + dy), (to_x + dx, to_y + dy))
            self.shape((*corners, (to_x - dx, to_y - dy), (x - dx, y - dy)), colour)

    def finish(self) -> pygame.Surface:
        """The drawing, in its true size."""
        return pygame.transform.smoothscale(self._big, (self._side, self._side))

    def _at(self, point: Point) -> tuple[float, float]:
        return point[0] * self._zoom, point[1] * self._zoom


def arc(centre: Point, radius: Point, start: float, end: float) -> list[Point]:
    """Points on an ellipse from `start` to `end` degrees; 0 is to the right, 90 is down."""
    steps = max(2, round(abs(end - start) / 6))
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [
        (centre[0] + radius[0] * math.cos(angle), centre[1] + radius[1] * math.sin(angle))
        for angle in angles
    ]


def rounded(x: float, y: float, to_x: float, to_y: float, radius: float) -> list[Point]:
    """The outline of a box with round corners."""
    corners = ((to_x, to_y, 0), (x, to_y, 90), (x, y, 180), (to_x, y, 270))
    points: list[Point] = []
    for corner_x, corner_y, start in corners:
        centre_x = corner_x + (radius if corner_x == x else -radius)
        centre_y = corner_y + (radius if corner_y == y else -radius)
        points += arc((centre_x, centre_y), (radius, radius), start, start + 90)
    return points
