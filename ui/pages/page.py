"""A page: what one body shows, in three groups that serve both portrait and landscape.

*lead* says what it is, *show* is the one big thing, *act* is what to press. Upright they stand one
below the other; across, *show* stands to the right of the other two. `quiet` are the small buttons at
the foot of the page, each with its share of the width, beside "I need more time".
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.blocks import Card, Emblem, Line, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block
from ui.scene import Icon
from ui.screens import Frame
from ui.texts.say import Say
from ui.theme import Style


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of one page."""

    lead: tuple[Block, ...]
    show: tuple[Block, ...] = ()
    act: tuple[Block, ...] = ()
    quiet: tuple[tuple[Button, int], ...] = ()
    centred: bool = False  # a message: the lead floats
    staff: bool = False  # maintenance: ink header
    beside: bool = False  # across, `act` stands below `show`
    foot_right: bool = False  # across, the small buttons stand below `show`
    left: int = 50  # per cent of the width for the left column, across


@dataclass(frozen=True, slots=True)
class Note:
    """A message: sign, what happened, what to do."""

    icon: Icon
    tone: str
    title: str
    do: str
    safe: bool = True  # say that the papers are safe
    here: bool = False  # say where this kiosk is
    place: str = ""  # say where else
    extra: str = ""  # one more line


def note(said: Note, frame: Frame, say: Say, *buttons: Block) -> Page:
    """Errors and news keep this frame: sign, what, papers safe, what to do, whom to call."""
    lines: list[Line] = []
    if said.safe:
        lines.append(Line(Icon.SHIELD, say("frame.safe"), strong=True))
    if said.extra:
        lines.append(Line(Icon.SCAN, said.extra))
    if said.place:
        lines.append(Line(Icon.PLACE, said.place, strong=True))
    if said.here:
        lines.append(Line(Icon.PLACE, say("frame.here", address=frame.address)))
    lines.append(call_line(frame, say))
    lead = (
        Emblem(said.icon, said.tone),
        Text(said.title, Style.TITLE, align="centre"),
        Text(said.do, align="centre"),
    )
    return Page(lead, (Card(tuple(lines)),), buttons, centred=True, beside=True, left=48)


def call_line(frame: Frame, say: Say) -> Line:
    """Whom to call, and the incident number to read out."""
    if frame.incident:
        text = say("frame.call_with_ref", hotline=frame.hotline, ref=frame.incident)
    else:
        text = say("frame.call_for_help", hotline=frame.hotline)
    return Line(Icon.PHONE, text)


def finish(say: Say) -> Button:
    """The big button that ends a message."""
    return Button(say("nav.finish"), Action.FINISH, Kind.ACT, Style.HEAD)


def cancel(say: Say) -> tuple[Button, int]:
    """The small button that leaves."""
    return Button(say("nav.cancel"), Action.CANCEL, Kind.QUIET), 3


def small(label: str, action: Action, note: str = "", value: str = "") -> Button:
    """A small button of maintenance."""
    return Button(label, action, Kind.QUIET, Style.NOTE_STRONG, value=value, note=note)


def back(say: Say) -> tuple[Button, int]:
    """The small button of maintenance that leads to where one came from."""
    return small(say("nav.back"), Action.BACK), 4


def citizen(say: Say) -> tuple[Button, int]:
    """The small button of maintenance that gives the screen to a citizen."""
    return small(say("menu.citizen"), Action.START), 5


def trouble(text: str) -> Card:
    """What staff must heed."""
    mark = Line(Icon.EXCLAIM, text, strong=True)
    return Card((mark,), "care", "on_care", "on_care", Style.SMALL)


def papers(dossier: str, name: str, say: Say) -> tuple[Card, ...]:
    """Whose papers these are, as far as this person may know it: nothing for a technician."""
    lines: list[Line] = []
    if dossier:
        lines.append(Line(Icon.ENVELOPE, say("load.dossier", dossier=dossier), strong=True))
    if name:
        lines.append(Line(Icon.SPEECH, say("load.recipient", name=name)))
    return (Card(tuple(lines)),) if lines else ()
