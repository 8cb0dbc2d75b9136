"""Buttons: a label, a note, an icon, and what pressing them means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ui.blocks import RADIUS
from ui.hands import Action, Pressed
from ui.layout import Block, Desk
from ui.scene import Cut, Icon, Item, Plate, Rect, Sign, Target
from ui.studio import Placed
from ui.theme import Style

ONE_LINE = 0.75  # a label is made this much smaller before it is broken


class Kind(Enum):
    """How a button looks: palette roles of fill, line, lip, text and note."""

    ACT = ("act", None, "act_lip", "on_act", "act_note")
    GOOD = ("good", None, "good_lip", "on_good", "on_good")
    PLAIN = ("card", "line", "lip", "ink", "muted")
    QUIET = ("paper", "line", None, "ink", "muted")
    FOOT = ("card", "line", None, "ink", "muted")
    OFF = ("off", None, None, "muted", "muted")


def plate(kind: Kind, desk: Desk, radius: int = RADIUS) -> Plate:
    """The plate of a button of this kind."""
    fill, line, lip, _, _ = kind.value
    return Plate(
        desk.colour(str(fill)),
        desk.px(radius),
        desk.colour(line) if line else None,
        max(2, desk.px(2)),
        desk.colour(lip) if lip else None,
        desk.px(6),
    )


@dataclass(frozen=True, slots=True)
class Button(Block):
    """A label of at most two lines, a note below it in small print, an icon before or above it.

    Without `action` it cannot be pressed (yet), and looks so.
    """

    label: str
    action: Action | None
    kind: Kind = Kind.PLAIN
    style: Style = Style.LABEL
    value: str = ""
    note: str = ""
    icon: Icon | None = None
    above: bool = False  # the icon stands above the label
    tall: int = 128  # design px

    def height(self, _width: int, desk: Desk, /) -> int:
        """Never below the least target."""
        return max(desk.look.touch, desk.px(self.tall))

    def least(self, _width: int, desk: Desk, /) -> int:
        """The least target."""
        return desk.look.touch

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Plate, icon, label and note."""
        lip = desk.px(6) if self.kind.value[2] else 0
        face = Rect(rect.x, rect.y, rect.w, rect.h - lip)
        items = [Item(rect, plate(self.kind, desk)), *self._inside(face, desk)]
        if self.action is None:
            return tuple(items), ()
        pressed = Pressed(self.action, self.value)
        return tuple(items), (Target(rect, pressed, radius=desk.px(RADIUS)),)

    def _inside(self, face: Rect, desk: Desk) -> list[Item]:
        inner = face.inset(desk.px(12), 0)
        side = round(desk.cut(self.style).px * (1.5 if self.above else 1.2)) if self.icon else 0
        beside = side + desk.px(12) if side and not self.above else 0
        above = side + desk.px(2) if self.above else 0
        rows = self._rows(inner.w - beside, inner.h - above - desk.px(8), desk)
        letters = desk.studio.letters
        tall = above + sum(letters.line_height(cut) for _, cut, _ in rows)
        wide = beside + max(letters.width(text, cut) for text, cut, _ in rows)
        x, y = inner.x + (inner.w - wide) // 2, inner.y + (inner.h - tall) // 2
        items: list[Item] = []
        if self.icon:
            at = (inner.middle[0] - side // 2, y) if above else (x, inner.middle[1] - side // 2)
            items.append(self._sign(Rect(*at, side, side), desk))
        y += above
        for text, cut, role in rows:
            left = x + beside + (wide - beside - letters.width(text, cut)) // 2
            items.append(desk.line(text, cut, role, left, y))
            y += letters.line_height(cut)
        return items

    def _sign(self, at: Rect, desk: Desk) -> Item:
        fill, _, _, role, _ = self.kind.value
        tint = "act" if role == "ink" else str(role)
        return Item(at, Sign(self.icon or Icon.CHECK, desk.colour(tint), desk.colour(str(fill))))

    def _rows(self, width: int, height: int, desk: Desk) -> list[tuple[str, Cut, str]]:
        """Lines of label and note that fit, with their cuts and roles."""
        letters, floor = desk.studio.letters, desk.look.print_min
        _, _, _, role, note_role = self.kind.value
        rows: list[tuple[str, Cut, str]] = []
        if self.note:
            note = letters.largest(self.note, desk.cut(Style.SMALL), floor, width=width, lines=1)
            rows = [(line, note, str(note_role)) for line in letters.lines(self.note, note, width)]
        height -= sum(letters.line_height(cut) for _, cut, _ in rows)
        label = self._label(width, height, desk)
        return [(ln, label, str(role)) for ln in letters.lines(self.label, label, width)] + rows

    def _label(self, width: int, height: int, desk: Desk) -> Cut:
        """One line, a little smaller if need be, before two."""
        letters, floor, full = desk.studio.letters, desk.look.print_min, desk.cut(self.style)
        low = max(floor, round(full.px * ONE_LINE))
        for lines, least in ((1, low), (2, floor)):
            cut = letters.largest(self.label, full, least, width=width, lines=lines)
            broken = letters.lines(self.label, cut, width)
            while cut.px > least and len(broken) * letters.line_height(cut) > height:
                cut = Cut(cut.px - 1, cut.bold)
            if len(broken) == lines and letters.fits(broken, cut, width):
                return cut
        return cut
