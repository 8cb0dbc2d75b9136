"""From the first touch to the answer: idle, digits, code, refused, paused."""

from __future__ import annotations

from ui.blocks import Card, Gap, Line, Text
from ui.buttons import Button, Kind
from ui.digits import Boxes, Keypad
from ui.hands import Action
from ui.hero import Hero
from ui.layout import Block
from ui.pages.page import Note, Page, cancel, note
from ui.scene import Icon
from ui.screens import Code, Digits, Frame, Idle, Paused, Refused
from ui.texts.say import Say
from ui.theme import Style

KNOWN_DIGITS = 4
CODE_DIGITS = 8


def idle(body: Idle, frame: Frame, say: Say) -> Page:
    """What this machine is, in three seconds."""
    lead = (
        Gap(20),
        Text(say("idle.title"), Style.HERO, align="centre"),
        Text(say("idle.need"), Style.WHY, "muted", "centre"),
    )
    below: list[Block] = []
    if frame.offline:
        below.append(Card((Line(Icon.SHIELD, say("idle.offline")),), style=Style.SMALL))
    below.append(Text(frame.address, Style.NOTE, "muted", "centre"))
    below.append(Text(say("idle.secret"), Style.NOTE_STRONG, "care_text", "centre"))
    below.append(Gap(6))
    scan = say("idle.scan") if body.scanner else ""
    hero = Hero(say("idle.touch"), scan)
    return Page(lead, (Gap(18), hero, Gap(4)), tuple(below), centred=True, left=46)


def digits(body: Digits, _frame: Frame, say: Say) -> Page:
    """The four known digits."""
    title = say("digits.reopening" if body.reopening else "digits.title")
    lead = (Text(title, Style.TITLE), Gap(6), Boxes(body.entered, KNOWN_DIGITS))
    keypad = Keypad(say("nav.continue"), ready=len(body.entered) == KNOWN_DIGITS)
    return Page(lead, (keypad,), quiet=(cancel(say),), left=48)


def code(body: Code, frame: Frame, say: Say) -> Page:
    """The eight digits of the code; *change* goes back without losing them."""
    lead: list[Block] = [Text(say("code.title"), Style.TITLE), Boxes(body.entered, CODE_DIGITS)]
    if not frame.large:  # large text asks for few words; the idle screen has said it
        lead.append(Text(say("idle.secret"), Style.SMALL, "muted", "centre"))
    keypad = Keypad(say("nav.confirm"), ready=len(body.entered) == CODE_DIGITS)
    known = say("code.known", known=body.known)
    change = Button(say("code.change"), Action.CHANGE, Kind.QUIET, note=known)
    return Page(tuple(lead), (keypad,), quiet=(cancel(say), (change, 5)), left=48)


def refused(body: Refused, frame: Frame, say: Say) -> Page:
    """Not a match; never says which half, and is not red."""
    if body.qr:
        said = (say("refused.qr_title"), say("refused.qr_do"))
        buttons = [Button(say("nav.retry"), Action.RETRY, Kind.ACT, Style.HEAD)]
    else:
        said = (say("refused.title"), say("refused.do"))
        buttons = [
            Button(say("refused.retry"), Action.RETRY, Kind.ACT, Style.HEAD),
            Button(say("refused.change"), Action.CHANGE),
        ]
    return note(Note(Icon.EXCLAIM, "care", *said, here=True), frame, say, *buttons)


def paused(body: Paused, frame: Frame, say: Say) -> Page:
    """Typed codes pause; the QR code works."""
    if body.again_at:
        again = say("paused.at", time=say.hour(body.again_at))
    else:
        again = say("paused.minutes", minutes=body.minutes)
    said = Note(Icon.CLOCK, "care", say("paused.title"), again, extra=say("paused.qr"))
    button = Button(say("nav.finish"), Action.FINISH)
    return note(said, frame, say, button)
