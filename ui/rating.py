"""Five faces to rate with, each over its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ui.hands import Action, Pressed
from ui.layout import Block, Desk, joined, text_block
from ui.scene import Colour, Cut, Icon, Item, Rect, Sign, Target
from ui.studio import Placed
from ui.theme import Style

# From very satisfied to very dissatisfied: stars, face, colour. The colour only helps the face along.
FACES: Final[tuple[tuple[int, Icon, Colour], ...]] = (
    (5, Icon.FACE_5, (0x11, 0x61, 0x3B)),
    (4, Icon.FACE_4, (0x4A, 0x7C, 0x2E)),
    (3, Icon.FACE_3, (0x8A, 0x6A, 0x10)),
    (2, Icon.FACE_2, (0xB4, 0x53, 0x09)),
    (1, Icon.FACE_1, (0xA8, 0x2A, 0x22)),
)
WHITE: Final[Colour] = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Faces(Block):
    """The five of them; `labels` from very satisfied to very dissatisfied."""

    labels: tuple[str, ...]

    def height(self, width: int, desk: Desk, /) -> int:
        """A face and two lines."""
        wide = width // len(FACES)
        cut = self._cut(wide, desk)
        side = self._side(wide, desk)
        return side + desk.px(8) + self._lines(wide, desk) * desk.studio.letters.line_height(cut)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Side by side; each target takes face and words."""
        wide = rect.w // len(FACES)
        cells = [Rect(rect.x + at * wide, rect.y, wide, rect.h) for at in range(len(FACES))]
        return joined(self._face(at, cell, desk) for at, cell in enumerate(cells))

    def _face(self, at: int, cell: Rect, desk: Desk) -> Placed:
        stars, icon, colour = FACES[at]
        side, cut = self._side(cell.w, desk), self._cut(cell.w, desk)
        disc = Rect(cell.x + (cell.w - side) // 2, cell.y, side, side)
        items = [Item(disc, Sign(icon, WHITE, colour, colour))]
        text = Rect(cell.x, disc.bottom + desk.px(8), cell.w, cell.bottom - disc.bottom).inset(
            desk.px(6), 0
        )
        items += text_block(self.labels[at], cut, "ink", text, desk, "centre")
        pressed = Pressed(Action.RATE, str(stars))
        return tuple(items), (Target(cell, pressed, radius=desk.px(18)),)

    def _side(self, wide: int, desk: Desk) -> int:
        return min(wide - desk.px(14), desk.px(112))

    def _cut(self, wide: int, desk: Desk) -> Cut:
        letters, cut = desk.studio.letters, desk.cut(Style.SMALL)
        floor, room = desk.look.print_min, wide - desk.px(12)
        cuts = [letters.largest(t, cut, floor, width=room, lines=2) for t in self.labels]
        return min(cuts)

    def _lines(self, wide: int, desk: Desk) -> int:
        letters, cut = desk.studio.letters, self._cut(wide, desk)
        return max(len(letters.lines(text, cut, wide - desk.px(12))) for text in self.labels)
