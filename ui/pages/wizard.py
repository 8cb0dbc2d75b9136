"""Commissioning at the touchscreen: a question, what the contacts say, and the answers."""

from __future__ import annotations

from ui.blocks import Card, Line, Text
from ui.buttons import Button, Kind
from ui.digits import Field, Keypad
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, small, trouble
from ui.scene import Icon
from ui.screens import Frame
from ui.service_screens import Phrase, Wizard
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Bar, Tray

LEAVING = frozenset({"stop", "empty", "absent"})  # never the big button
TALL = 132  # design px, of the answers below each other


def wizard(body: Wizard, _frame: Frame, say: Say) -> Page:
    """One step."""
    lead: list[Block] = [Bar(body.done, body.total)] if body.total else []
    lead.append(Text(_said(body.title, say), Style.HEAD))
    lead += [Text(_said(line, say), Style.NOTE) for line in body.lines]
    if body.good is not None:
        right = Line(Icon.CHECK, _said(body.good, say), strong=True)
        lead.append(Card((right,), style=Style.SMALL))
    if body.heed is not None:
        lead.append(trouble(_said(body.heed, say)))
    if body.entered is not None:
        return _asking(body, body.entered, tuple(lead), say)
    answers = tuple(
        Button(
            say(f"wizard.do.{choice}"),
            Action.CHOOSE,
            Kind.PLAIN if at or choice in LEAVING else Kind.ACT,
            Style.LABEL if at or choice in LEAVING else Style.HEAD,
            value=choice,
            tall=TALL,
        )
        for at, choice in enumerate(body.choices)
    )
    return Page(tuple(lead), act=(Tray(answers, 1, 1),) if answers else (), staff=True, beside=True)


def _asking(body: Wizard, entered: str, lead: tuple[Block, ...], say: Say) -> Page:
    quiet = tuple(
        (small(say(f"wizard.do.{choice}"), Action.CHOOSE, value=choice), 4)
        for choice in body.choices
    )
    keypad = Keypad(say("nav.continue"), ready=bool(entered))
    return Page((*lead, Field(entered, 76)), (keypad,), quiet=quiet, staff=True, left=46)


def _said(phrase: Phrase, say: Say) -> str:
    return say(phrase.key, **dict(phrase.facts))
