"""What the sample screens are made of: a place, an hour, a name, two cabinets. All fictional."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ui import screens as s
from ui import walls

NOW: Final = datetime(2026, 11, 21, 22, 4, tzinfo=UTC)
FRAME: Final = s.Frame(
    unit="Phường Bình Tiên",
    address="123 Đường Số 45, phường Bình Tiên",
    hotline="1022",
    now=NOW,
)
NAME: Final = "NGUYỄN V*** A***"
STAFF: Final = replace(FRAME, closes_in_s=110)
WORK: Final = replace(FRAME, closes_in_s=None)  # at work no countdown is shown

Sample = tuple[str, s.Screen]


def cabinet(number: int = 12, look: walls.DoorLook = walls.DoorLook.SHUT) -> walls.Cabinet:
    """Six columns, six rows, 34 doors; the touchscreen takes rows 2 and 3 of the first column."""
    places = [
        (row, column)
        for column in range(1, 7)
        for row in range(1, 7)
        if not (column == 1 and row in {2, 3})
    ]
    doors = tuple(
        walls.Door(n, row, column, look=look if n == number else walls.DoorLook.SHUT)
        for n, (row, column) in enumerate(places, 1)
    )
    return walls.Cabinet(6, 6, doors, screen_row=2, screen_column=1, screen_height=2)


def small_cabinet(number: int = 3, look: walls.DoorLook = walls.DoorLook.SHUT) -> walls.Cabinet:
    """Two columns, four rows, doors of two heights."""
    shapes = ((1, 1, 1), (2, 1, 1), (3, 1, 2), (1, 2, 2), (3, 2, 1), (4, 2, 1))
    doors = tuple(
        walls.Door(n, row, column, height, look if n == number else walls.DoorLook.SHUT)
        for n, (row, column, height) in enumerate(shapes, 1)
    )
    return walls.Cabinet(4, 2, doors)


SHUT: Final = cabinet()
ASKED: Final = cabinet(look=walls.DoorLook.ASKED)
AJAR: Final = cabinet(look=walls.DoorLook.OPEN)
