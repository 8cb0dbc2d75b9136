"""The one big button of the idle screen: an envelope, and touch to start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.hands import Action, Pressed
from ui.layout import Block, Desk, text_block, text_height
from ui.scene import Icon, Item, Plate, Rect, Sign, Target
from ui.studio import Placed
from ui.theme import Style

ENVELOPE = 0.5  # of the button's height


@dataclass(frozen=True, slots=True)
class Hero(Block):
    """As large as there is room: to be understood from two metres away, in the dark."""

    label: str
    note: str
    grows: ClassVar[bool] = True

    def height(self, _width: int, desk: Desk, /) -> int:
        """At least this large; grows."""
        return desk.px(380)

    def least(self, _width: int, desk: Desk, /) -> int:
        """Smaller, with large text."""
        return desk.px(300)

    def place(self, rect: Rect, desk: Desk, /) -> Placed:
        """Envelope, label, note in the middle of a blue plate."""
        lip = desk.px(10)
        plate = Plate(desk.colour("act"), desk.px(44), lip=desk.colour("act_lip"), lip_h=lip)
        items = [Item(rect, plate)]
        inner = rect.inset(desk.px(28), 0)
        letters, floor = desk.studio.letters, desk.look.print_min
        label = letters.largest(self.label, desk.cut(Style.HERO), floor, width=inner.w, lines=1)
        note = desk.cut(Style.BODY)
        texts = [(self.label, label, "on_act"), (self.note, note, "act_note")]
        tall = sum(text_height(text, cut, inner.w, desk) for text, cut, _ in texts if text)
        side = min(round(rect.h * ENVELOPE), rect.h - tall - desk.px(60), desk.px(330))
        y = rect.y + (rect.h - lip - side - tall) // 2
        sign = Sign(Icon.ENVELOPE, desk.colour("on_act"), desk.colour("act"))
        items.append(Item(Rect(inner.middle[0] - side // 2, y, side, side), sign))
        y += side
        for text, cut, role in texts:
            if text:
                high = text_height(text, cut, inner.w, desk)
                at = Rect(inner.x, y, inner.w, high)
                items += text_block(text, cut, role, at, desk, "centre")
                y += high
        return tuple(items), (Target(rect, Pressed(Action.START), radius=desk.px(44)),)
