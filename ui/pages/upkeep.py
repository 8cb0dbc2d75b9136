"""Maintenance beyond loading: menu, apology letter, what to take back, the locked session."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.blocks import Emblem, Text
from ui.buttons import Button, Kind
from ui.digits import Boxes, Keypad
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, back, citizen, papers, small, trouble
from ui.pages.upkeep_cabinet import what_went_wrong
from ui.rows import Pick
from ui.scene import Icon
from ui.screens import Frame
from ui.staff_screens import LoadTrouble
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Said, Tray
from ui.upkeep_screens import Apology, Entry, Menu, TakeItem, TakeList, Unlock

# Settings are rarely wanted: a small button.
ENTRY_ICONS: Final[Mapping[Entry, Icon]] = MappingProxyType(
    {
        Entry.LOAD: Icon.BOX_IN,
        Entry.TAKE_BACK: Icon.BOX_OUT,
        Entry.AUDIT: Icon.LIST,
        Entry.CABINET: Icon.GRID,
        Entry.DOORS: Icon.DOOR,
        Entry.STATE: Icon.PULSE,
    }
)
FEW = 3  # entries that stand below each other, with room for their notes
FEW_TALL = 170  # design px
MANY_TALL = 1160  # design px, of all in two columns, one below the other


def menu(body: Menu, _frame: Frame, say: Say) -> Page:
    """What this role does here, with the figures that say what is due."""
    few = len(body.entries) <= FEW
    lead: list[Block] = [Text(say("menu.title"), Style.HEAD)]
    if Entry.LOAD in body.entries:
        lead.append(Text(say("menu.scan"), Style.NOTE, "muted"))
    big = tuple(entry for entry in body.entries if entry in ENTRY_ICONS)
    tall = FEW_TALL if few else MANY_TALL // len(big)
    buttons = tuple(_entry(body, entry, say, tall=tall, few=few) for entry in big)
    tray = Tray(buttons, 1 if few else 2, 1 if few else 2)
    role = f"role.{body.role}"
    who = say("load.staff", staff=body.staff)
    if say.knows(role):
        who = f"{who}, {say(role)}"
    lead.append(Text(who, Style.SMALL, "muted"))
    out = small(say("load.sign_out"), Action.SIGN_OUT), 5
    quiet = [out, citizen(say)]
    if Entry.SETTINGS in body.entries:
        setting = small(say("menu.settings"), Action.CHOOSE, value=str(Entry.SETTINGS))
        quiet.insert(1, (setting, 5))
    return Page(tuple(lead), (tray,), quiet=tuple(quiet), staff=True, left=40)


def _entry(body: Menu, entry: Entry, say: Say, *, tall: int, few: bool) -> Button:
    return Button(
        say(f"menu.{entry}"),
        Action.CHOOSE,
        Kind.ACT if entry is Entry.LOAD else Kind.PLAIN,
        Style.HEAD if few else Style.LABEL,
        value=str(entry),
        note=_due(body, entry, say),
        icon=ENTRY_ICONS[entry],
        above=not few,
        tall=tall,
    )


def _due(body: Menu, entry: Entry, say: Say) -> str:
    if entry is Entry.LOAD:
        return say("menu.load_note", expected=body.expected, free=body.free)
    due = {Entry.TAKE_BACK: body.take_back, Entry.CABINET: body.to_check}.get(entry)
    if due == 0:
        return say(f"menu.{entry}_none")
    return say(f"menu.{entry}_note", n=due)


def apology(body: Apology, _frame: Frame, say: Say) -> Page:
    """One look into the envelope, one touch."""
    lead = (
        Emblem(Icon.EXCLAIM, "care", 112),
        Text(say("apology.title"), Style.HEAD, "care_text", "centre"),
        Text(say("apology.ask"), Style.STRONG, align="centre"),
    )
    yes = Button(
        say("apology.yes"), Action.CONFIRM, Kind.GOOD, Style.HEAD, icon=Icon.CHECK, tall=136
    )
    no = small(say("apology.no"), Action.CANCEL), 5
    show = papers(body.dossier, body.name, say)
    return Page(lead, show, (yes,), (no, citizen(say)), centred=True, staff=True, beside=True)


def take_list(body: TakeList, _frame: Frame, say: Say) -> Page:
    """What to fetch today; the big button goes through it from the top."""
    wrong: tuple[Block, ...] = ()
    if body.trouble is not LoadTrouble.NONE:
        wrong = (trouble(what_went_wrong(body.trouble, body.trouble_compartment, say)),)
    if not body.items:
        none = Text(say("take.none"), Style.HEAD, align="centre")
        lead = (Emblem(Icon.CHECK, "good", 112), none, *wrong)
        return Page(lead, quiet=(back(say), citizen(say)), staff=True, centred=True)
    title = Text(say("take.title"), Style.HEAD)
    lead = (title, *(wrong or (Text(say("take.hint"), Style.SMALL, "muted"),)))
    rows = tuple(_take(at, item, say) for at, item in enumerate(body.items))
    first = say("take.open", n=body.items[0].compartment)
    act = (Button(first, Action.CONFIRM, Kind.ACT, Style.HEAD),)
    quiet = [back(say), citizen(say)]
    if body.pages > 1:
        quiet.append((turn_page(body.page, body.pages, say), 6))
    return Page(lead, (Tray(rows, 1, 1),), act, tuple(quiet), staff=True, left=46)


def _take(at: int, item: TakeItem, say: Say) -> Pick:
    title = item.name or say("story.title", n=item.compartment)
    said: tuple[Said, ...] = (
        (title, Style.LABEL, "ink"),
        (say(f"take.{item.why}"), Style.SMALL, "ink"),
        (item.dossier, Style.SMALL, "muted"),
    )
    return Pick(item.compartment, said, str(at))


def turn_page(page: int, pages: int, say: Say) -> Button:
    """The next page, and which one this is."""
    return small(say("nav.next_page"), Action.ANOTHER, say("frame.page", page=page, pages=pages))


def unlock(body: Unlock, _frame: Frame, say: Say) -> Page:
    """The PIN alone goes on with the same work."""
    lead: list[Block] = [Text(say("unlock.title"), Style.HEAD)]
    if body.trouble:
        lead = [trouble(say("unlock.trouble"))]
    lead.append(Text(say("login.who", number=body.staff), Style.NOTE, "muted"))
    quiet = ((small(say("load.sign_out"), Action.SIGN_OUT), 4),)
    if body.checking:
        lead.append(Text(say("login.wait"), Style.STRONG))
        return Page(tuple(lead), quiet=quiet, staff=True)
    lead.append(Text(say("unlock.do"), Style.STRONG))
    lead.append(Boxes("•" * body.entered, body.wanted, hidden=True, tall=92))
    keypad = Keypad(say("nav.continue"), ready=body.entered == body.wanted)
    return Page(tuple(lead), (keypad,), quiet=quiet, staff=True)
