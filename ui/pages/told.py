"""News that open nothing: why a right answer does not, out of service, help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.blocks import Card, Line, Steps, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.pages.page import Note, Page, finish, note
from ui.scene import Icon
from ui.screens import Frame, Help, Outage, OutOfService, Told, Why
from ui.texts.say import Say
from ui.theme import Style

# Sign and tone; care and an exclamation mark unless something else is said here.
SIGNS: Final[Mapping[Why, tuple[Icon, str]]] = MappingProxyType(
    {
        Why.RECALLED: (Icon.PLACE, "act"),
        Why.REPLACED: (Icon.ENVELOPE, "act"),
        Why.ELSEWHERE: (Icon.PLACE, "act"),
        Why.NOT_YET: (Icon.CLOCK, "act"),
        Why.OTHER_KIOSK: (Icon.PLACE, "act"),
        Why.EXPIRED: (Icon.CLOCK, "care"),
        Why.CHECKED: (Icon.CLOCK, "act"),
        Why.DISPUTED: (Icon.CHECK, "good"),
        Why.NOT_MINE: (Icon.CHECK, "good"),
    }
)
# Whether the papers lie safe is not known here, or they are not this person's.
NOT_SAID_SAFE: Final = frozenset({Why.USED, Why.UNCONFIRMED, Why.NOT_MINE, Why.NOT_YET})
DATED: Final = frozenset({Why.EXPIRED, Why.RECALLED, Why.USED, Why.NOT_YET})


def told(body: Told, frame: Frame, say: Say) -> Page:
    """What happened, that the papers are safe, where and when, whom to call."""
    name = f"told.{body.why}"
    title = say(f"{name}.title")
    if body.at and body.why in DATED:
        title = say(f"{name}.title_at", at=say.moment(body.at))
    icon, tone = SIGNS.get(body.why, (Icon.EXCLAIM, "care"))
    said = Note(
        icon,
        tone,
        title,
        say(f"{name}.do", hotline=frame.hotline),
        safe=body.why not in NOT_SAID_SAFE,
        place=say("told.place", place=body.place) if body.place else "",
    )
    return note(said, frame, say, finish(say))


def out_of_service(body: OutOfService, frame: Frame, say: Say) -> Page:
    """A plain reason, and no button: nobody can do anything here now."""
    reason = say(f"out.{body.why}")
    if body.why is Outage.STARTING:
        return note(Note(Icon.CLOCK, "act", say("out.starting.title"), reason), frame, say)
    icon = Icon.WRENCH if body.why is Outage.MAINTENANCE else Icon.EXCLAIM
    said = Note(icon, "care", say("out.title"), f"{reason} {say('out.sorry')}")
    return note(said, frame, say)


def helping(_body: Help, frame: Frame, say: Say) -> Page:
    """Three steps, whom to call, what to do without a code."""
    steps = Steps(tuple(say(f"help.step{step}") for step in (1, 2, 3)), Style.BODY)
    card = Card(
        (
            Line(Icon.PHONE, say("help.call", hotline=frame.hotline), strong=True),
            Line(Icon.PLACE, say("frame.here", address=frame.address)),
            Line(Icon.ENVELOPE, say("help.no_code")),
            Line(Icon.SPEECH, say("help.authorise")),
        )
    )
    back = Button(say("nav.back"), Action.BACK, Kind.ACT, Style.HEAD)
    return Page((Text(say("help.title"), Style.TITLE), steps), (card,), (back,), beside=True)
