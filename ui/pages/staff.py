"""Maintenance: staff login and loading. Ink header, denser; nobody takes it for a citizen's screen."""

from __future__ import annotations

from ui.blocks import Card, Line, Row, Steps, Text
from ui.buttons import Button, Kind
from ui.digits import Boxes, Field, Keypad
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, back, cancel, citizen, papers, small, trouble
from ui.scene import Icon
from ui.screens import Frame
from ui.staff_screens import (
    LoadChoose,
    LoadClosing,
    LoadOpen,
    LoadOpening,
    LoadScan,
    LoadTrouble,
    LoginStep,
    LoginTrouble,
    StaffLogin,
)
from ui.texts.say import Say
from ui.theme import Style
from ui.tiles import Tile, Tiles
from ui.wall import Wall
from ui.walls import Urge

ENDING_DIGITS = 4  # of a dossier code, typed by hand
CHOICES_MAX = 4  # more than these must be scanned


def login(body: StaffLogin, _frame: Frame, say: Say) -> Page:
    """Number, PIN, one-time code. Only the number is shown in clear."""
    lead: list[Block] = []
    if body.trouble is LoginTrouble.NONE:
        lead.append(Text(say("login.title"), Style.HEAD))
    else:
        lead.append(trouble(say(f"login.{body.trouble}", minutes=body.minutes)))
    if body.step is not LoginStep.NUMBER:
        lead.append(Text(say("login.who", number=body.number), Style.NOTE, "muted"))
    lead.append(Text(say(f"login.{body.step}"), Style.STRONG))
    if body.step is LoginStep.NUMBER and body.scanner:
        lead.append(Text(say("login.card"), Style.NOTE, "muted"))
    if body.step is LoginStep.WAIT:
        return Page(tuple(lead), quiet=(cancel(say),), staff=True)
    if body.wanted and body.step is not LoginStep.NUMBER:
        lead.append(Boxes("•" * body.entered, body.wanted, hidden=True, tall=92))
    else:
        shown = body.number if body.step is LoginStep.NUMBER else "•" * body.entered
        lead.append(Field(shown))
    ready = body.entered == body.wanted if body.wanted else body.entered > 0
    keypad = Keypad(say("nav.continue"), ready=ready)
    return Page(tuple(lead), (keypad,), quiet=(cancel(say),), staff=True)


def scan(body: LoadScan, frame: Frame, say: Say) -> Page:
    """Ready for the next envelope."""
    tiles = Tiles(
        (
            Tile(str(body.expected), say("load.expected")),
            Tile(str(body.free), say("load.free")),
            Tile(str(body.loaded), say("load.loaded")),
        )
    )
    lead: list[Block] = [tiles]
    if body.trouble is not LoadTrouble.NONE:
        lead.append(trouble(_load_trouble(body, say)))
    elif body.done_dossier:
        facts = {"dossier": body.done_dossier, "n": body.done_compartment}
        done = [Line(Icon.CHECK, say("load.done", **facts), strong=True)]
        if frame.offline:
            done.append(Line(Icon.CLOCK, say("load.offline")))
        lead.append(Card(tuple(done), style=Style.SMALL))
    boxes: Block = Boxes(body.entered, ENDING_DIGITS, tall=84)
    if body.can_add:  # beside what is typed: a row of its own would push the small buttons out
        lead.append(Row((boxes, small(say("load.add"), Action.ANOTHER)), (5, 4)))
    else:
        lead += [Text(say("load.scan"), Style.NOTE), boxes]
    keypad = Keypad(say("load.find"), ready=len(body.entered) == ENDING_DIGITS)
    quiet = [
        (small(say("load.sign_out"), Action.SIGN_OUT), 4),
        (small(say("nav.menu"), Action.BACK), 4),
        (small(say("menu.citizen"), Action.START), 4),
    ]
    if body.can_undo:
        quiet.append((small(say("load.undo"), Action.UNDO), 5))
    return Page(tuple(lead), (keypad,), quiet=tuple(quiet), staff=True)


def choose(body: LoadChoose, _frame: Frame, say: Say) -> Page:
    """Several results end alike."""
    rows = tuple(
        Button(choice.name, Action.CHOOSE, value=str(at), note=choice.dossier)
        for at, choice in enumerate(body.choices[:CHOICES_MAX])
    )
    lead: list[Block] = [Text(say("load.choose"), Style.HEAD)]
    more = len(body.choices) - CHOICES_MAX
    if more > 0:
        lead.append(Text(say("load.choose_more", n=more), Style.NOTE))
    return Page(tuple(lead), rows, quiet=(back(say), citizen(say)), staff=True)


def opening(body: LoadOpening, _frame: Frame, say: Say) -> Page:
    """The compartment was asked to open."""
    lead: list[Block] = [
        Text(say("door.opening", n=body.compartment), Style.HEAD),
        *papers(body.dossier, body.name, say),
    ]
    act: tuple[Block, ...] = ()
    if body.stuck:
        lead.append(trouble(say("load.stuck", n=body.compartment)))
        act = (Button(say("nav.retry"), Action.RETRY, Kind.ACT, Style.HEAD),)
    return Page(
        tuple(lead), (Wall(body.cabinet),), act, (cancel(say),), staff=True, foot_right=True
    )


def opened(body: LoadOpen, _frame: Frame, say: Say) -> Page:
    """Check the name, put the envelope in, close the door."""
    n = body.compartment
    lead: list[Block] = [
        Text(say("door.opened", n=n), Style.HEAD, "good_text"),
        *papers(body.dossier, body.name, say),
    ]
    if body.apology:
        lead.append(trouble(say("load.apology")))
    if body.urge is Urge.CALM:
        steps = (say("load.check"), say("load.put", n=n), say("load.close"))
        lead.append(Steps(steps, Style.NOTE_STRONG))
    else:
        lead.append(trouble(say("door.close", n=n)))
    quiet = [cancel(say)]
    if body.maybe_full:
        look = say("load.maybe_full")
        not_empty = Button(say("load.not_empty"), Action.NOT_EMPTY, style=Style.NOTE_STRONG)
        lead.append(Text(look, Style.SMALL_STRONG, "care_text"))
        quiet.append((not_empty, 5))
    return Page(tuple(lead), (Wall(body.cabinet),), quiet=tuple(quiet), staff=True, foot_right=True)


def closing(body: LoadClosing, _frame: Frame, say: Say) -> Page:
    """Nothing was loaded: close the door, and leave what lies inside."""
    why = say("load.leave_full") if body.full else say("load.leave_empty")
    lead: list[Block] = [
        Text(say("door.close", n=body.compartment), Style.HEAD),
        Text(why, Style.STRONG),
    ]
    if body.urge is not Urge.CALM:
        lead.append(trouble(say("door.push")))
    return Page(tuple(lead), (Wall(body.cabinet),), staff=True)


def _load_trouble(body: LoadScan, say: Say) -> str:
    key = f"load.{body.trouble}"
    if not body.trouble_compartment:
        key = {"load.already": "load.already_here", "load.door_open": "load.door_open_some"}.get(
            key, key
        )
    return say(key, n=body.trouble_compartment)
