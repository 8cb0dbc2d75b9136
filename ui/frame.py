"""What stands around every page: header, progress, the foot with more time, and the footer.

The footer never moves: people find the help where it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ui.blocks import Caption, Card, Line, Row, Text
from ui.buttons import Button, Kind
from ui.hands import Action, Pressed
from ui.layout import Block, Desk, joined
from ui.pages.page import Page
from ui.scene import Cut, Icon, Item, Plate, Rect, Target
from ui.screens import Frame, Idle, OutOfService, Screen
from ui.studio import Placed
from ui.texts.say import Say
from ui.theme import LARGE_PERCENT, Look, Style

SIDE = 36  # design px, left and right of everything
STEPS = 3  # progress bars
STAFF_TAPS = 5  # on the clock, when nobody is being served
MORE_TIME_SHARE = 7  # of the foot's width, beside the shares of quiet buttons
# Design px: clock, date, kiosk, unit.
HEADER_CUTS: Final = (
    Cut(46, bold=True),
    Cut(24, bold=False),
    Cut(34, bold=True),
    Cut(26, bold=False),
)
CITIZEN_ROLES: Final = ("paper", "act", "muted")  # ground, first line, second line
STAFF_ROLES: Final = ("head", "on_head", "head_note")


@dataclass(frozen=True, slots=True)
class Areas:
    """Where the parts of a screen lie."""

    header: Rect
    progress: Rect
    content: Rect
    footer: Rect


def areas(look: Look) -> Areas:
    """The parts for this panel. Across, the progress bars stand within the header."""
    width, height = look.size.width, look.size.height
    side, touch = look.px(SIDE), look.touch
    head = look.px(100 if look.wide else 114)
    foot = touch + look.px(14 if look.wide else 18)
    if look.wide:
        bars = Rect(width * 3 // 8, head // 2 - look.px(5), width // 4, look.px(10))
        top = head + look.px(10)
    else:
        bars = Rect(side, head + look.px(14), width - 2 * side, look.px(10))
        top = bars.bottom + look.px(14)
    low = height - foot - look.px(8 if look.wide else 10)
    return Areas(
        Rect(0, 0, width, head),
        bars,
        Rect(side, top, width - 2 * side, low - top),
        Rect(0, height - foot, width, foot),
    )


def header(screen: Screen, page: Page, area: Rect, desk: Desk, say: Say) -> Placed:
    """Kiosk and place to the left, clock and date to the right; ink for maintenance."""
    now, side = screen.frame.now, desk.px(SIDE)
    ground, name, note = STAFF_ROLES if page.staff else CITIZEN_ROLES
    thin = max(1, desk.px(2))
    items = [
        Item(area, Plate(desk.colour(ground), 0)),
        Item(Rect(0, area.bottom - thin, area.w, thin), Plate(desk.colour("line"), 0)),
    ]
    clock, date, title, unit = (_grown(cut, area, desk.look) for cut in HEADER_CUTS)
    room = area.w - 2 * side
    if now:
        strong = "on_head" if page.staff else "ink"
        pair = ((say.clock(now), clock, strong), (say.date(now), date, note))
        right = _pair(pair, Rect(side, 0, room, area.h), desk, "right")
        items += right
        room = min(item.rect.x for item in right) - side - desk.px(24)
    if desk.look.wide:
        room = min(room, desk.look.size.width * 3 // 8 - side - desk.px(24))
    words = say("frame.staff" if page.staff else "frame.device")
    both = ((words, title, name), (screen.frame.unit, unit, note))
    items += _pair(both, Rect(side, 0, room, area.h), desk, "left")
    if not isinstance(screen.body, Idle | OutOfService):
        return tuple(items), ()
    wide = desk.px(280)
    corner = Rect(area.w - wide, 0, wide, max(desk.look.touch, area.h))
    return tuple(items), (Target(corner, Pressed(Action.STAFF), STAFF_TAPS),)


def progress(frame: Frame, area: Rect, desk: Desk) -> Placed:
    """Three bars: how far this visit is."""
    if not frame.progress:
        return (), ()
    gap = desk.px(16)
    wide = (area.w - gap * (STEPS - 1)) // STEPS
    items = []
    for step in range(STEPS):
        role = "act" if step < frame.progress else "line"
        bar = Rect(area.x + step * (wide + gap), area.y, wide, area.h)
        items.append(Item(bar, Plate(desk.colour(role), area.h // 2)))
    return tuple(items), ()


def foot(page: Page, frame: Frame, say: Say) -> Block | None:
    """The small buttons, and beside them "I need more time" with the countdown, as a row."""
    seconds = frame.closes_in_s
    closes = "" if seconds is None else say("frame.closes", n=seconds)
    blocks: list[Block] = [button for button, _ in page.quiet]
    shares = [share for _, share in page.quiet]
    if frame.more_time:
        label = say("frame.more_time")
        more = Button(label, Action.MORE_TIME, Kind.QUIET, Style.NOTE_STRONG, note=closes)
        blocks.append(more)
        shares.append(MORE_TIME_SHARE)
    elif closes and blocks:
        blocks.append(Caption(closes))
        shares.append(MORE_TIME_SHARE)
    elif closes:
        return Text(closes, Style.SMALL, "muted", "centre")
    return Row(tuple(blocks), tuple(shares)) if blocks else None


def footer(frame: Frame, area: Rect, desk: Desk, say: Say) -> Placed:
    """Language, text size, help."""
    line = Rect(0, area.y, area.w, max(1, desk.px(2)))
    rule = ((Item(line, Plate(desk.colour("line"), 0)),), ())
    above = not desk.look.wide
    style = Style.SMALL_STRONG if above else Style.NOTE_STRONG
    size = say("frame.normal" if frame.large else "frame.larger")
    call = say("frame.call", hotline=frame.hotline)
    labels = (
        (say("frame.language"), Action.LANGUAGE, Icon.GLOBE),
        (size, Action.TEXT_SIZE, Icon.LETTERS),
        (call, Action.HELP, Icon.PHONE),
    )
    buttons = Row(
        tuple(
            Button(label, action, Kind.FOOT, style, icon=icon, above=above)
            for label, action, icon in labels
        )
    )
    touch, side = desk.look.touch, desk.px(24)
    row = Rect(side, area.y + (area.h - touch) * 2 // 3, area.w - 2 * side, touch)
    return joined((rule, desk.place(buttons, row)))


def wet_banner(say: Say) -> Card:
    """Lies over the page while input pauses."""
    line = Line(Icon.DROP, say("frame.wet"), strong=True)
    return Card((line,), "care", "on_care", "on_care")


def _grown(cut: Cut, area: Rect, look: Look) -> Cut:
    """Large text grows the header as far as two lines fit in it."""
    grown = LARGE_PERCENT / 100 if look.large else 1.0
    first, second, *_ = HEADER_CUTS
    lines = look.px((first.px + second.px) * 1.36)
    return Cut(max(look.print_min, look.px(cut.px * min(grown, area.h / lines))), cut.bold)


def _pair(
    pair: tuple[tuple[str, Cut, str], ...], area: Rect, desk: Desk, side: Literal["left", "right"]
) -> list[Item]:
    """Two lines, one below the other, at one side of `area`."""
    letters, floor = desk.studio.letters, desk.look.print_min
    fitted = [
        (text, letters.largest(text, cut, floor, width=area.w, lines=1), role)
        for text, cut, role in pair
    ]
    spare = area.h - sum(letters.line_height(cut) for _, cut, _ in fitted)
    y = area.y + max(0, spare // 2 - desk.px(3))
    items = []
    for text, cut, role in fitted:
        shown = letters.clipped(text, cut, area.w)
        x = area.right - letters.width(shown, cut) if side == "right" else area.x
        items.append(desk.line(shown, cut, role, x, y))
        y += letters.line_height(cut)
    return items
