"""The icons: each a few strokes of the pen on a square of 100 by 100."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pygame

from ui.pen import Pen, Point, arc, rounded
from ui.scene import Colour, Icon, Sign

SQRT_HALF = 0.5**0.5
DISC_SHRINK = 0.62  # an icon on a disc takes this part of it


class _Hand:
    """The pen, moved and shrunk when the icon sits on a disc."""

    def __init__(self, pen: Pen, sign: Sign) -> None:
        self._pen = pen
        self._by = DISC_SHRINK if sign.disc else 1.0
        self.ink: Colour = sign.colour
        self.hole: Colour = sign.disc or sign.hole

    def line(self, points: list[Point], width: float, colour: Colour | None = None) -> None:
        self._pen.stroke([self._to(p) for p in points], width * self._by, colour or self.ink)

    def fill(self, points: list[Point], colour: Colour | None = None) -> None:
        self._pen.shape([self._to(p) for p in points], colour or self.ink)

    def dot(self, centre: Point, radius: float, colour: Colour | None = None) -> None:
        self._pen.disc(self._to(centre), radius * self._by, colour or self.ink)

    def _to(self, point: Point) -> Point:
        return 50 + (point[0] - 50) * self._by, 50 + (point[1] - 50) * self._by


def draw(sign: Sign, side: int) -> pygame.Surface:
    """The sign on a transparent square of `side` px."""
    pen = Pen(side, sign.disc or sign.colour)
    if sign.disc:
        pen.disc((50, 50), 49.5, sign.disc)
    DRAWINGS[sign.icon](_Hand(pen, sign))
    return pen.finish()


def _check(hand: _Hand) -> None:
    hand.line([(14, 54), (39, 79), (87, 24)], 13)


def _exclaim(hand: _Hand) -> None:
    hand.line([(50, 9), (50, 58)], 15)
    hand.dot((50, 87), 9.5)


def _clock(hand: _Hand) -> None:
    hand.line(arc((50, 50), (40, 40), 0, 360), 10)
    hand.line([(50, 28), (50, 52), (66, 62)], 10)


def _envelope(hand: _Hand) -> None:
    hand.fill(rounded(4, 18, 96, 82, 8))
    hand.line([(10, 25), (50, 56), (90, 25)], 5.5, hand.hole)


def _erase(hand: _Hand) -> None:
    hand.line([(34, 22), (94, 22), (94, 78), (34, 78), (7, 50), (34, 22)], 7)
    hand.line([(50, 38), (74, 62)], 7)
    hand.line([(74, 38), (50, 62)], 7)


def _phone(hand: _Hand) -> None:
    """A handset, drawn lying and then turned to point to the upper right."""
    handle = arc((50, 92), (46, 56), 212, 328)
    hand.line([_turned(p) for p in handle], 17)
    for x in (13, 87):
        hand.line([_turned((x - 3, 63)), _turned((x + 3, 63))], 26)


def _turned(point: Point) -> Point:
    """Turned by 225 degrees about the middle."""
    x, y = point[0] - 50, point[1] - 50
    return 50 + (y - x) * SQRT_HALF, 50 - (x + y) * SQRT_HALF


def _globe(hand: _Hand) -> None:
    hand.line(arc((50, 50), (42, 42), 0, 360), 7)
    hand.line(arc((50, 50), (18, 42), 0, 360), 6)
    hand.line([(9, 50), (91, 50)], 6)


def _letters(hand: _Hand) -> None:
    hand.line([(4, 82), (20, 42), (36, 82)], 7)
    hand.line([(11, 68), (29, 68)], 6)
    hand.line([(40, 82), (67, 14), (94, 82)], 10)
    hand.line([(51, 60), (83, 60)], 9)


def _drop(hand: _Hand) -> None:
    hand.fill([(50, 6), *arc((50, 62), (31, 31), -22, 202)])


def _shield(hand: _Hand) -> None:
    side = [(50, 4), (86, 17), (86, 50), (77, 73), (50, 96), (23, 73), (14, 50), (14, 17)]
    hand.fill([(float(x), float(y)) for x, y in side])
    hand.line([(33, 50), (46, 63), (69, 36)], 9, hand.hole)


def _place(hand: _Hand) -> None:
    hand.fill([(50, 96), *arc((50, 38), (32, 32), 155, 385)])
    hand.dot((50, 38), 12, hand.hole)


def _speech(hand: _Hand) -> None:
    hand.fill(rounded(6, 12, 94, 72, 16))
    hand.fill([(24, 66), (24, 94), (52, 68)])
    for x in (30, 50, 70):
        hand.dot((x, 42), 6, hand.hole)


def _scan(hand: _Hand) -> None:
    for x, width in ((12, 9), (28, 5), (42, 10), (58, 5), (72, 5), (88, 9)):
        hand.line([(x, 24), (x, 76)], width)


def _wrench(hand: _Hand) -> None:
    hand.line([(18, 82), (60, 40)], 16)
    hand.line(arc((68, 32), (19, 19), -20, 290), 13)


def _ring(hand: _Hand) -> None:
    hand.line(arc((50, 50), (36, 36), 0, 360), 12)


def _ring_broken(hand: _Hand) -> None:
    for start in (23, 113, 203, 293):
        hand.line(arc((50, 50), (37, 37), start, start + 44), 11)


def _barred(hand: _Hand) -> None:
    hand.line(arc((50, 50), (39, 39), 0, 360), 11)
    hand.line([(23, 23), (77, 77)], 11)


def _question(hand: _Hand) -> None:
    hand.line([*arc((50, 33), (23, 23), 185, 400), (50, 62)], 13)
    hand.dot((50, 88), 9)


def _cross(hand: _Hand) -> None:
    hand.line([(16, 16), (84, 84)], 15)
    hand.line([(84, 16), (16, 84)], 15)


def _door(hand: _Hand) -> None:
    hand.line([(20, 90), (20, 10), (80, 10), (80, 90)], 8)
    hand.fill([(20, 10), (57, 23), (57, 99), (20, 90)])
    hand.dot((47, 60), 5, hand.hole)


def _box_in(hand: _Hand) -> None:
    hand.line([(10, 60), (10, 90), (90, 90), (90, 60)], 11)
    hand.line([(50, 8), (50, 64)], 11)
    hand.line([(28, 44), (50, 66), (72, 44)], 11)


def _box_out(hand: _Hand) -> None:
    hand.line([(10, 60), (10, 90), (90, 90), (90, 60)], 11)
    hand.line([(50, 66), (50, 12)], 11)
    hand.line([(28, 32), (50, 10), (72, 32)], 11)


def _list(hand: _Hand) -> None:
    for y in (20, 52, 84):
        hand.line([(6, y - 1), (14, y + 8), (30, y - 10)], 8)
        hand.line([(46, y), (93, y)], 9)


def _grid(hand: _Hand) -> None:
    for x in (8, 54):
        for y in (5, 37, 69):
            hand.fill(rounded(x, y, x + 38, y + 25, 5))


def _pulse(hand: _Hand) -> None:
    hand.line([(5, 54), (27, 54), (39, 18), (57, 86), (69, 54), (95, 54)], 9)


def _lens(hand: _Hand) -> None:
    hand.line(arc((42, 42), (29, 29), 0, 360), 11)
    hand.line([(66, 66), (90, 90)], 15)


def _key(hand: _Hand) -> None:
    hand.line(arc((27, 50), (18, 18), 0, 360), 11)
    hand.line([(46, 50), (94, 50)], 11)
    hand.line([(74, 50), (74, 70)], 10)
    hand.line([(93, 50), (93, 66)], 10)


def _face(mouth: list[Point]) -> Callable[[_Hand], None]:
    def drawing(hand: _Hand) -> None:
        for x in (26, 74):
            hand.dot((x, 30), 10)
        hand.line(mouth, 9)

    return drawing


DRAWINGS: Mapping[Icon, Callable[[_Hand], None]] = MappingProxyType(
    {
        Icon.CHECK: _check,
        Icon.EXCLAIM: _exclaim,
        Icon.CLOCK: _clock,
        Icon.ENVELOPE: _envelope,
        Icon.ERASE: _erase,
        Icon.PHONE: _phone,
        Icon.GLOBE: _globe,
        Icon.LETTERS: _letters,
        Icon.DROP: _drop,
        Icon.SHIELD: _shield,
        Icon.PLACE: _place,
        Icon.SPEECH: _speech,
        Icon.SCAN: _scan,
        Icon.WRENCH: _wrench,
        Icon.RING: _ring,
        Icon.RING_BROKEN: _ring_broken,
        Icon.BARRED: _barred,
        Icon.QUESTION: _question,
        Icon.CROSS: _cross,
        Icon.DOOR: _door,
        Icon.BOX_IN: _box_in,
        Icon.BOX_OUT: _box_out,
        Icon.LIST: _list,
        Icon.GRID: _grid,
        Icon.PULSE: _pulse,
        Icon.LENS: _lens,
        Icon.KEY: _key,
        Icon.FACE_1: _face(arc((50, 90), (36, 36), 205, 335)),
        Icon.FACE_2: _face(arc((50, 98), (40, 32), 225, 315)),
        Icon.FACE_3: _face([(20, 74), (80, 74)]),
        Icon.FACE_4: _face(arc((50, 44), (40, 34), 45, 135)),
        Icon.FACE_5: _face(arc((50, 48), (38, 40), 15, 165)),
    }
)
