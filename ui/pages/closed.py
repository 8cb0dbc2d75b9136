"""The end of a visit: done, an apology when it was late, five faces."""

from __future__ import annotations

from ui.blocks import Emblem, Row, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page
from ui.rating import FACES, Faces
from ui.scene import Icon
from ui.screens import Closed, Frame
from ui.texts.say import Say
from ui.theme import Style


def closed(body: Closed, _frame: Frame, say: Say) -> Page:
    """Thanks, and nothing that must be done."""
    at = body.at
    title = say("closed.title_at", time=say.hour(at)) if at else say("closed.title")
    lead: list[Block] = [
        Emblem(Icon.CHECK, "good", 120),
        Text(title, Style.TITLE, align="centre"),
        Text(say("closed.thanks"), Style.NOTE, align="centre"),
    ]
    if body.late:
        lead.append(Text(say("closed.late"), Style.NOTE_STRONG, "care_text", "centre"))
    act: list[Block] = []
    if body.forgot_s:
        left = say("closed.forgot_left", n=body.forgot_s)
        act.append(Button(say("closed.forgot"), Action.FORGOT, note=left, style=Style.NOTE_STRONG))
    act.append(Button(say("closed.another"), Action.ANOTHER, style=Style.NOTE_STRONG))
    act.append(Button(say("nav.finish"), Action.FINISH, Kind.ACT, Style.HEAD))
    show, row = _rating(body.rated, say), Row(tuple(act))
    return Page(tuple(lead), show, (row,), centred=True, beside=True, left=44)


def _rating(rated: int, say: Say) -> tuple[Block, ...]:
    if rated:
        icon = {stars: icon for stars, icon, _ in FACES}[rated]
        return (
            Emblem(icon, "act", 112),
            Text(say(f"rate.{rated}"), Style.STRONG, align="centre"),
            Text(say("rate.thanks"), align="centre"),
        )
    labels = tuple(say(f"rate.{stars}") for stars, _, _ in FACES)
    return (
        Text(say("rate.title"), Style.STRONG, align="centre"),
        Faces(labels),
        Text(say("rate.anonymous"), Style.SMALL, "muted", "centre"),
    )
