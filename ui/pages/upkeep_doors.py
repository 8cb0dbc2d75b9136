"""Doors that staff open with a reason: opening, open, what was inside, the audit round."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.blocks import Card, Emblem, Line, Steps, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, back, cancel, citizen, papers, small, trouble
from ui.pages.upkeep_cabinet import what_went_wrong
from ui.scene import Icon
from ui.screens import Frame
from ui.staff_screens import LoadTrouble
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Bar, Tray
from ui.upkeep_screens import Answer, Audit, DoorAsk, DoorOpen, DoorOpening, Purpose
from ui.wall import Wall
from ui.walls import Urge

ANSWER_ICONS: Final[Mapping[Answer, Icon]] = MappingProxyType(
    {
        Answer.TAKEN: Icon.BOX_OUT,
        Answer.LEFT: Icon.ENVELOPE,
        Answer.EMPTY: Icon.RING,
        Answer.OTHER: Icon.QUESTION,
    }
)
QUESTIONS: Final[Mapping[Purpose, str]] = MappingProxyType(
    {Purpose.TAKE_BACK: "ask.taken", Purpose.UNDO: "ask.taken", Purpose.LOAD: "ask.load"}
)


def opening(body: DoorOpening, _frame: Frame, say: Say) -> Page:
    """The compartment was asked to open, and why."""
    lead: list[Block] = [
        Text(say(f"purpose.{body.purpose}"), Style.NOTE_STRONG, "muted"),
        Text(say("door.opening", n=body.compartment), Style.HEAD),
        *papers(body.dossier, body.name, say),
    ]
    if not body.stuck:
        return Page(tuple(lead), (Wall(body.cabinet),), staff=True, foot_right=True)
    lead.append(trouble(say("load.stuck", n=body.compartment)))
    retry = Button(say("nav.retry"), Action.RETRY, Kind.ACT, Style.HEAD)
    show = (Wall(body.cabinet),)
    return Page(tuple(lead), show, (retry,), (cancel(say),), staff=True, foot_right=True)


def opened(body: DoorOpen, _frame: Frame, say: Say) -> Page:
    """What to look at, then close the door; nothing to press."""
    n = body.compartment
    lead: list[Block] = [
        Text(say(f"purpose.{body.purpose}"), Style.NOTE_STRONG, "muted"),
        Text(say("door.opened", n=n), Style.HEAD, "good_text"),
        *papers(body.dossier, body.name, say),
    ]
    if body.scanned:
        takes = body.purpose in {Purpose.TAKE_BACK, Purpose.UNDO}
        fits = Line(Icon.CHECK, say("look.scanned_take" if takes else "look.scanned"), strong=True)
        lead.append(Card((fits,), "good", "on_good", "on_good", Style.SMALL))
    if body.urge is Urge.WARN:
        lead.append(trouble(say("door.close", n=n)))
    elif body.urge is Urge.ALARM:
        alarm = Line(Icon.EXCLAIM, say("door.close", n=n), strong=True)
        lead.append(Card((alarm,), "stop", "on_stop", "on_stop"))
    else:
        lead.append(Steps(_steps(body.purpose, say), Style.NOTE_STRONG))
    return Page(tuple(lead), (Wall(body.cabinet),), staff=True, foot_right=True)


def _steps(purpose: Purpose, say: Say) -> tuple[str, ...]:
    keys = [f"look.{purpose}.{step}" for step in (1, 2)]
    return (*(say(key) for key in keys if say.knows(key)), say("open.close"))


def ask(body: DoorAsk, _frame: Frame, say: Say) -> Page:
    """The door is closed: one touch says what was inside."""
    question = QUESTIONS.get(body.purpose, "ask.inside")
    lead = (
        Text(say(f"purpose.{body.purpose}"), Style.NOTE_STRONG, "muted"),
        Text(say(question, n=body.compartment), Style.HEAD),
        *papers(body.dossier, body.name, say),
    )
    buttons = tuple(
        Button(
            say(_answer(body.purpose, answer, say)),
            Action.CHOOSE,
            style=Style.LABEL,
            value=str(answer),
            icon=ANSWER_ICONS[answer],
            tall=140,
        )
        for answer in body.answers
    )
    return Page(lead, act=(Tray(buttons, 1, 2),), staff=True, beside=True, left=44)


def _answer(purpose: Purpose, answer: Answer, say: Say) -> str:
    own = f"answer.{answer}_{purpose}"
    return own if say.knows(own) else f"answer.{answer}"


def audit(body: Audit, _frame: Frame, say: Say) -> Page:
    """How far the round is, and the compartment that comes next."""
    total = body.done + body.left
    progress: list[Block] = [
        Bar(body.done, total),
        Text(say("audit.progress", done=body.done, left=body.left), Style.NOTE_STRONG),
    ]
    if body.trouble is not LoadTrouble.NONE:
        wrong = what_went_wrong(body.trouble, body.trouble_compartment, say)
        found: Block = trouble(wrong)
    elif body.differences:
        found = trouble(say("audit.differences", n=body.differences))
    else:
        found = Text(say("audit.same"), Style.NOTE)
    if not body.next_compartment:
        done = Text(say("audit.done"), Style.HEAD, align="centre")
        lead = (Emblem(Icon.CHECK, "good", 112), done, *progress, found)
        again = small(say("audit.again"), Action.CONFIRM), 7
        return Page(lead, quiet=(back(say), citizen(say), again), staff=True, centred=True)
    lead = (
        Text(say("audit.title"), Style.HEAD),
        *progress,
        found,
        Text(say("audit.hint"), Style.SMALL, "muted"),
    )
    label = say("take.open", n=body.next_compartment)
    open_it = Button(label, Action.CONFIRM, Kind.ACT, Style.HEAD)
    show = (Wall(body.cabinet),)
    return Page(lead, show, (open_it,), (back(say), citizen(say)), staff=True, foot_right=True)
