"""The guided start at the touchscreen: a text that is typed or scanned, and the report as a QR code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.blocks import Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block, Desk
from ui.pages.page import Page, small, trouble
from ui.scene import Item, Pattern, Rect
from ui.screens import Frame
from ui.service_screens import Phrase
from ui.setup_screens import Report, Typing
from ui.studio import Placed
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Bar, Tray
from ui.typewriter import TextField, Typewriter


def typing(body: Typing, _frame: Frame, say: Say) -> Page:
    """A question, the field, the keys."""
    lead: list[Block] = [Bar(body.done, body.total)] if body.total else []
    lead.append(Text(_said(body.title, say), Style.LABEL))
    if not (body.keys and body.heed):
        lead += [Text(_said(line, say), Style.SMALL) for line in body.lines]
    if body.heed is not None:
        lead.append(trouble(_said(body.heed, say)))
    lead.append(TextField(body.entered))
    if not body.keys:
        return Page(tuple(lead), act=(_answers(body.choices, say),), staff=True, beside=True)
    leave = small(say(f"wizard.do.{body.choices[-1]}"), Action.CHOOSE, value=body.choices[-1])
    words = (say("setup.key.go"), say("setup.key.more"))
    keys = Typewriter(*words, body.page, leave, bool(body.entered))
    return Page(tuple(lead), (keys,), staff=True, left=40)


def report(body: Report, _frame: Frame, say: Say) -> Page:
    """The QR code large, a few words, one way on."""
    lead: list[Block] = [Text(_said(body.title, say), Style.HEAD)]
    lead += [Text(_said(line, say), Style.NOTE) for line in body.lines]
    code, answers = QrCode(body.pattern), _answers(body.choices, say)
    return Page(tuple(lead), (code,), (answers,), staff=True, left=42)


def _answers(choices: tuple[str, ...], say: Say) -> Tray:
    """Below each other; the first is the big one."""
    buttons = tuple(
        Button(
            say(f"wizard.do.{word}"),
            Action.CHOOSE,
            Kind.PLAIN if at else Kind.ACT,
            Style.LABEL if at else Style.HEAD,
            value=word,
        )
        for at, word in enumerate(choices)
    )
    return Tray(buttons, 1, 1)


@dataclass(frozen=True, slots=True)
class QrCode(Block):
    """As large as there is room."""

    pattern: tuple[str, ...]
    grows: ClassVar[bool] = True

    def height(self, width: int, desk: Desk, /) -> int:
        """Square, if there is room."""
        return min(width, desk.px(620))

    def least(self, _width: int, desk: Desk, /) -> int:
        """Three pixels a module can still be read."""
        return max(desk.px(300), 3 * (len(self.pattern) + 8))

    def place(self, rect: Rect, _desk: Desk, /) -> Placed:
        """In the middle."""
        side = min(rect.w, rect.h)
        at = Rect(rect.x + (rect.w - side) // 2, rect.y + (rect.h - side) // 2, side, side)
        return (Item(at, Pattern(self.pattern)),), ()


def _said(phrase: Phrase, say: Say) -> str:
    return say(phrase.key, **dict(phrase.facts))
