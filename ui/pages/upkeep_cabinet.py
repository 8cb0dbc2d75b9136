"""The cabinet as it stands, one compartment's story, and the reason that every act needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.blocks import Text
from ui.buttons import Button
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, back, citizen, trouble
from ui.rows import Fact, Ledger
from ui.scene import Icon
from ui.screens import Frame
from ui.signs import Legend, Plaque, SignWall
from ui.staff_screens import LoadTrouble
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Tray
from ui.upkeep_screens import Act, CabinetView, Happening, Reasons, Story
from ui.walls import Sign

ACT_ICONS: Final[Mapping[Act, Icon]] = MappingProxyType(
    {
        Act.CHECK: Icon.LENS,
        Act.TAKE: Icon.BOX_OUT,
        Act.BLOCK: Icon.BARRED,
        Act.RELEASE: Icon.CHECK,
        Act.BY_KEY: Icon.KEY,
    }
)
# What a detail of a happening may be a word for, beside a reason.
DETAILS: Final[Mapping[str, str]] = MappingProxyType(
    {"audited": "found", "disputed": "dispute", "pulsed": "outcome"}
)
SEPARATOR: Final = " · "  # between the words of a detail
UNFINISHED: Final = "staff:"  # before the purpose: staff opened it and nobody said what came of it
STORY_SHARE = 30  # per cent of the width for the times


def view(body: CabinetView, _frame: Frame, say: Say) -> Page:
    """Every compartment with its sign; touch one for its story."""
    counts = Counter(cell.sign for cell in body.cells)
    words = tuple(
        (sign, say("sign.count", sign=say(f"sign.{sign}"), n=counts[sign]))
        for sign in Sign
        if counts[sign]
    )
    lead: tuple[Block, ...] = (Legend(words, say("cabinet.hint")),)
    if body.trouble is not LoadTrouble.NONE:
        wrong = what_went_wrong(body.trouble, body.trouble_compartment, say)
        lead = (trouble(wrong), Legend(words))
    quiet = (back(say), citizen(say))
    return Page(lead, (SignWall(body),), quiet=quiet, staff=True, left=28)


def what_went_wrong(kind: LoadTrouble, compartment: int, say: Say) -> str:
    """In words for whoever was not loading."""
    key = f"trouble.{kind}"
    if kind is LoadTrouble.DOOR_OPEN and not compartment:
        key = f"{key}_some"
    return say(key if say.knows(key) else f"load.{kind}", n=compartment)


def story(body: Story, _frame: Frame, say: Say) -> Page:
    """What it is, why, what happened, what can be done."""
    title, word = say("story.title", n=body.compartment), say(f"sign.{body.sign}")
    lead: list[Block] = [
        Plaque(body.sign, body.compartment, title, word, _reason(body.reason, say))
    ]
    lines = tuple(_happening(happening, say) for happening in body.happenings)
    show = Ledger(lines, STORY_SHARE) if lines else Text(say("story.none"), Style.NOTE, "muted")
    acts = tuple(
        Button(
            say(f"act.{act}"),
            Action.CHOOSE,
            style=Style.NOTE_STRONG,
            value=str(act),
            icon=ACT_ICONS[act],
        )
        for act in body.acts
    )
    return Page(
        tuple(lead),
        (show,),
        (Tray(acts, min(2, len(acts)), min(2, len(acts))),) if acts else (),
        (back(say), citizen(say)),
        staff=True,
        left=45,
    )


def _happening(happening: Happening, say: Say) -> Fact:
    at = say.stamp(happening.at) if happening.at else say("time.unknown")
    key = f"happened.{happening.kind}"
    what = say(key) if say.knows(key) else say("happened.else", kind=happening.kind)
    if happening.detail:
        parts = happening.detail.split(SEPARATOR)
        detail = SEPARATOR.join(_detail(happening.kind, part, say) for part in parts)
        what = say("story.line", what=what, detail=detail)
    return Fact(at, what)


def _detail(kind: str, detail: str, say: Say) -> str:
    """A word that is known, the number of a staff member, or what was written."""
    if detail.isdigit():
        return say("load.staff", staff=detail)
    key = f"{DETAILS.get(kind, 'purpose')}.{detail}"
    if say.knows(key):
        return say(key)
    return say.fault(detail) if kind.startswith("fault") else _reason(detail, say)


def _reason(reason: str, say: Say) -> str:
    """Why a compartment is blocked or unchecked."""
    if reason.startswith(UNFINISHED):
        purpose = f"purpose.{reason.removeprefix(UNFINISHED)}"
        if say.knows(purpose):
            return say("story.unfinished", what=say(purpose))
    for key in (f"reason.{reason}", f"why.{reason}"):
        if say.knows(key):
            return say(key)
    return reason


def reasons(body: Reasons, _frame: Frame, say: Say) -> Page:
    """No act without a reason; one touch gives it."""
    lead = (Text(say(f"reasons.{body.act}", n=body.compartment), Style.HEAD),)
    buttons = tuple(
        Button(say(f"reason.{reason}"), Action.CHOOSE, style=Style.LABEL, value=str(reason))
        for reason in body.reasons
    )
    quiet = (back(say), citizen(say))
    return Page(lead, (Tray(buttons, 2, 3),), quiet=quiet, staff=True, left=36)
