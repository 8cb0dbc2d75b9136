"""Before the cabinet: ready, opening, stuck, open, put back, wrong door, next, reclose."""

from __future__ import annotations

from ui.blocks import Card, Line, Row, Steps, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, call_line, finish
from ui.scene import Icon
from ui.screens import Frame, Next, Open, Opening, PutBack, Ready, Reclose, Stuck, WrongDoor
from ui.texts.say import NO_BREAK, Say
from ui.theme import Style
from ui.wall import Wall, column_key, row_key
from ui.walls import Cabinet, Urge


def where(compartment: int, cabinet: Cabinet, say: Say) -> str:
    """The compartment and its place, as the drawing shows it: ngăn số 12, hàng trên, ở giữa."""
    places = ""
    for door in cabinet.doors:
        if door.number == compartment:
            keys = (row_key(door, cabinet.rows), column_key(door, cabinet.columns))
            places = "".join(f", {say(key).replace(' ', NO_BREAK)}" for key in keys if key)
    return say("door.where", n=compartment, places=places)


def ready(body: Ready, _frame: Frame, say: Say) -> Page:
    """Masked name, where it lies, one button."""
    lead: list[Block] = [
        Text(say("ready.who"), Style.NOTE, "muted"),
        Text(body.name, Style.NAME),
        Text(say("ready.where", where=where(body.compartment, body.cabinet, say))),
    ]
    if body.authorised:
        lead.append(Text(say("ready.authorised"), Style.NOTE_STRONG, "care_text"))
    open_it = Button(
        say("ready.open", n=body.compartment), Action.OPEN, Kind.GOOD, Style.TITLE, tall=136
    )
    not_mine = Button(say("ready.not_mine"), Action.NOT_MINE, Kind.QUIET), 6
    return Page(tuple(lead), (Wall(body.cabinet),), (open_it,), (not_mine,), foot_right=True)


def opening(body: Opening, _frame: Frame, say: Say) -> Page:
    """The pulse is out."""
    lead = (
        Text(say("door.opening", n=body.compartment), Style.TITLE),
        Text(_place(body.compartment, body.cabinet, say)),
        Text(say("door.opening_do"), Style.BODY, "muted"),
    )
    return Page(lead, (Wall(body.cabinet),), foot_right=True)


def stuck(body: Stuck, frame: Frame, say: Say) -> Page:
    """Pull gently; one retry, or somebody to call."""
    do = "door.stuck_do" if body.can_retry else "door.stuck_last"
    lead = (Text(say("door.stuck", n=body.compartment), Style.TITLE), Text(say(do)))
    card = Card((call_line(frame, say),))
    if not body.can_retry:
        return Page(lead, (Wall(body.cabinet),), (card, finish(say)), foot_right=True)
    retry = Button(say("nav.retry"), Action.RETRY, Kind.ACT, Style.HEAD)
    give_up = Button(say("nav.finish"), Action.FINISH, Kind.QUIET, Style.NOTE_STRONG), 4
    return Page(lead, (Wall(body.cabinet),), (card, retry), (give_up,), foot_right=True)


def opened(body: Open, _frame: Frame, say: Say) -> Page:
    """Take every envelope, check the name, close the door."""
    title = say("door.opened", n=body.compartment)
    lead = _title(title, body.compartment, body.urge, say)
    if body.urge is Urge.CALM:
        lead = (*lead, Steps((say("open.take"), say("open.name"), say("open.close"))))
    else:
        lead = (*lead, Text(say("open.all")))
    disputes = Row(
        (
            Button(say("dispute.empty"), Action.DISPUTE_EMPTY, style=Style.NOTE_STRONG),
            Button(say("dispute.not_mine"), Action.DISPUTE_NOT_MINE, style=Style.NOTE_STRONG),
            Button(say("dispute.missing"), Action.DISPUTE_MISSING, style=Style.NOTE_STRONG),
        )
    )
    return Page(
        lead, (Wall(body.cabinet),), (disputes,) if body.can_dispute else (), foot_right=True
    )


def put_back(body: PutBack, frame: Frame, say: Say) -> Page:
    """After a dispute: leave the papers inside and close the door."""
    key = "back.empty" if body.empty else "back.title"
    title = say(key, n=body.compartment)
    steps = (say("open.close"),) if body.empty else (say("back.put"), say("open.close"))
    lead = _title(title, body.compartment, body.urge, say, calm="ink")
    if body.urge is Urge.CALM:
        lead = (*lead, Steps(steps), Text(say("back.staff")))
    elif not body.empty:
        lead = (*lead, Text(say("back.put")))
    return Page(lead, (Wall(body.cabinet),), (Card((call_line(frame, say),)),), foot_right=True)


def wrong_door(body: WrongDoor, frame: Frame, say: Say) -> Page:
    """Another door opened: take nothing, close it."""
    title = say("wrong.title", n=body.compartment)
    lead = _title(title, body.compartment, body.urge, say, calm="care_text")
    if body.urge is Urge.CALM:
        lead = (*lead, Steps((say("wrong.take_nothing"), say("open.close"))))
    else:
        lead = (*lead, Text(say("wrong.take_nothing")))
    lines = (Line(Icon.SHIELD, say("frame.safe")), call_line(frame, say))
    return Page(lead, (Wall(body.cabinet),), (Card(lines),), foot_right=True)


def following(body: Next, _frame: Frame, say: Say) -> Page:
    """One more part."""
    place = where(body.compartment, body.cabinet, say)
    lead = (
        Text(say("next.title", left=body.left), Style.TITLE),
        Text(say("ready.where", where=place)),
    )
    open_it = Button(
        say("ready.open", n=body.compartment), Action.OPEN, Kind.GOOD, Style.TITLE, tall=136
    )
    return Page(lead, (Wall(body.cabinet),), (open_it,), foot_right=True)


def reclose(body: Reclose, frame: Frame, say: Say) -> Page:
    """A door stands open and nobody is known to be here: close it."""
    title = say("reclose.title", n=body.compartment)
    lead: tuple[Block, ...] = _title(title, body.compartment, body.urge, say, calm="ink")
    if body.urge is Urge.CALM:
        push = f"{say('door.close', n=body.compartment)}. {say('door.push')}"
        lead = (*lead, Text(push))
    return Page(lead, (Wall(body.cabinet),), (Card((call_line(frame, say),)),), foot_right=True)


def _place(compartment: int, cabinet: Cabinet, say: Say) -> str:
    place = where(compartment, cabinet, say)
    return place[:1].upper() + place[1:]


def _title(
    title: str, compartment: int, urge: Urge, say: Say, calm: str = "good_text"
) -> tuple[Block, ...]:
    """The longer the door stands open, the plainer it is asked to be closed."""
    if urge is Urge.CALM:
        return (Text(title, Style.TITLE, calm),)
    close = say("door.close", n=compartment)
    if urge is Urge.WARN:
        push = Line(Icon.EXCLAIM, say("door.push"), strong=True)
        banner = Card((push,), "care", "on_care", "on_care")
    else:
        alarm = Line(Icon.EXCLAIM, say("door.alarm"), strong=True)
        banner = Card((alarm,), "stop", "on_stop", "on_stop")
    return (Text(close, Style.TITLE), banner)
