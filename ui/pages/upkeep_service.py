"""For technicians: the doors with their figures, and the state of the kiosk."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.blocks import Card, Line, Text
from ui.buttons import Button, Kind
from ui.hands import Action
from ui.layout import Block
from ui.pages.page import Page, back, citizen, small, trouble
from ui.pages.upkeep import turn_page
from ui.pages.upkeep_cabinet import what_went_wrong
from ui.rows import DoorTile, Fact, Ledger
from ui.scene import Icon
from ui.screens import Frame
from ui.service_screens import (
    Call,
    KioskState,
    Level,
    Service,
    ServiceRow,
    SettingRow,
    Settings,
    StateLine,
    StickTold,
)
from ui.staff_screens import LoadTrouble
from ui.texts.say import Say
from ui.theme import Style
from ui.trays import Bar, Said, Tray
from ui.walls import Sign

LEVELS: Final[Mapping[Level, tuple[Icon, str]]] = MappingProxyType(
    {
        Level.OK: (Icon.CHECK, "good_text"),
        Level.CARE: (Icon.EXCLAIM, "care_text"),
        Level.BAD: (Icon.CROSS, "stop"),
    }
)
FAULTS: Final = "faults"  # the line that names faults, each with a word of its own
FAULTS_MAX = 3
GOOD: Final = frozenset({"accepted", "written"})  # outcomes at a stick
COMMA: Final = ", "
FAILED_MAX = 8  # numbers named; of more the count is told


def service(body: Service, _frame: Frame, say: Say) -> Page:
    """Doors one by one, or all free ones in a row."""
    lead: list[Block] = [Text(say("service.title"), Style.HEAD)]
    if body.trouble is not LoadTrouble.NONE:
        lead = [trouble(what_went_wrong(body.trouble, body.trouble_compartment, say))]
    if body.running or body.done:
        lead += _run(body, say)
    elif body.trouble is LoadTrouble.NONE:
        lead.append(Text(say("service.hint"), Style.SMALL, "muted"))
    tiles = tuple(_tile(row, say, live=not body.running) for row in body.rows)
    if body.running:
        stop = Button(say("service.stop"), Action.CANCEL, Kind.ACT, Style.HEAD)
        first = (citizen(say),)
        return Page(tuple(lead), (Tray(tiles),), (stop,), first, staff=True, left=46)
    run = Button(say("service.run"), Action.CONFIRM, Kind.ACT, Style.LABEL)
    quiet = [back(say), citizen(say)]
    if body.pages > 1:
        quiet.append((turn_page(body.page, body.pages, say), 6))
    return Page(tuple(lead), (Tray(tiles),), (run,), tuple(quiet), staff=True, left=46)


def _run(body: Service, say: Say) -> tuple[Block, ...]:
    key = "service.progress" if body.left else "service.done"
    told = Text(say(key, done=body.done, left=body.left), Style.SMALL_STRONG)
    blocks: tuple[Block, ...] = (Bar(body.done, body.done + body.left), told)
    if body.failed:
        return (*blocks, trouble(say("service.failed", numbers=_numbers(body.failed, say))))
    if body.running:
        return blocks
    good = Line(Icon.CHECK, say("service.passed"), strong=True)
    return (*blocks, Card((good,), style=Style.SMALL))


def _numbers(failed: tuple[int, ...], say: Say) -> str:
    named = ", ".join(str(number) for number in failed[:FAILED_MAX])
    more = len(failed) - FAILED_MAX
    return say("service.more", numbers=named, n=more) if more > 0 else named


def _tile(row: ServiceRow, say: Say, *, live: bool) -> DoorTile:
    reading = f"reading.{row.reading}"
    mean = say("service.mean", ms=row.mean_open_ms) if row.mean_open_ms else say("service.never")
    said: tuple[Said, ...] = (
        (say(reading if say.knows(reading) else "reading.unknown"), Style.SMALL_STRONG, "ink"),
        (
            say("service.counts", cycles=row.cycles, failures=row.failures),
            Style.SMALL_STRONG if row.failures else Style.SMALL,
            "ink" if row.failures else "muted",
        ),
        (mean, Style.SMALL, "muted"),
    )
    return DoorTile(row.compartment, row.sign, said, live and row.sign is Sign.FREE)


def state(body: KioskState, _frame: Frame, say: Say) -> Page:
    """Every line with a sign; what needs care is said first."""
    care = sum(1 for line in body.lines if line.level is not Level.OK)
    lead: list[Block] = [Text(say("state.title"), Style.HEAD)]
    news = _news(body, say)
    if news:
        lead += news
    elif care:
        lead.append(trouble(say("state.attention", n=care)))
    else:
        lead.append(Card((Line(Icon.CHECK, say("state.good"), strong=True),), style=Style.SMALL))
    ledger = Ledger(tuple(_line(line, say) for line in body.lines), 46)
    keys = [small(say(f"stick.{a}"), Action.CHOOSE, value=str(a)) for a in body.stick]
    if body.call is not Call.CALLING:
        keys.insert(0, small(say("state.call"), Action.CALL))
    act = (Tray(tuple(keys), len(keys), len(keys)),) if keys else ()
    quiet = (back(say), citizen(say))
    return Page(tuple(lead), (ledger,), act, quiet, staff=True, left=35)


def _news(body: KioskState, say: Say) -> tuple[Block, ...]:
    """What came of calling the centre, and of the stick."""
    news: list[Block] = []
    if body.call is Call.SILENT:
        news.append(trouble(say("state.call_silent")))
    elif body.call is not Call.IDLE:
        icon = Icon.CHECK if body.call is Call.REACHED else Icon.CLOCK
        news.append(Card((Line(icon, say(f"state.call_{body.call}")),), style=Style.SMALL))
    if body.busy:
        news.append(Card((Line(Icon.CLOCK, say("stick.busy")),), style=Style.SMALL))
    elif body.told is not None:
        news.append(_stick_told(body.told, say))
    return tuple(news)


def _stick_told(told: StickTold, say: Say) -> Block:
    key = f"stick.{told.act}_{told.outcome}"
    known = say.knows(key)
    text = say(key, n=told.number) if known else say("stick.refused", why=told.outcome)
    if told.outcome in GOOD:
        return Card((Line(Icon.CHECK, text, strong=True),), style=Style.SMALL)
    return trouble(text)


def settings(body: Settings, _frame: Frame, say: Say) -> Page:
    """One row of choices per setting; what holds now is marked, not only by colour."""
    show: list[Block] = []
    for row in body.rows:
        keys = tuple(_choice(row, value, say) for value in row.values)
        show += [Text(say(f"setting.{row.name}"), Style.STRONG), Tray(keys, len(keys), len(keys))]
    lead = (Text(say("setting.title"), Style.HEAD), Text(say("setting.hint"), Style.NOTE, "muted"))
    return Page(lead, tuple(show), quiet=(back(say), citizen(say)), staff=True, left=38)


def _choice(row: SettingRow, value: str, say: Say) -> Button:
    now = value == row.value
    return Button(
        say(f"setting.{row.name}_{value}"),
        Action.CHOOSE,
        Kind.GOOD if now else Kind.PLAIN,
        Style.LABEL,
        value=f"{row.name}:{value}",
        icon=Icon.CHECK if now else None,
    )


def _line(line: StateLine, say: Say) -> Fact:
    icon, tone = LEVELS[line.level]
    key = f"state.{line.key}"
    label = say(key) if say.knows(key) else line.key
    value = line.value
    if line.key == FAULTS:
        faults = value.split(COMMA)
        value = COMMA.join(say.fault(what) for what in faults[:FAULTS_MAX])
        if len(faults) > FAULTS_MAX:
            value = f"{value}…"
    return Fact(label, value, icon, tone, strong=line.level is not Level.OK)
