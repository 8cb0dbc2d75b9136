"""The phone of the demo's window: one for all citizens. The newest message is open, others take a line."""

from __future__ import annotations

from ui.scene import Icon, Rect
from ui.stage_sheet import Sheet, Type
from ui.stage_view import Message, StageClick, StageKind, StageView

BEZEL = 10  # design px
TOP = 40  # above the glass
LOW = 26  # below it
ROW = 34  # a closed message
PAD = 10
TEXT = Type(16)
KNOWN = 4  # the known digits: the last of the number


def phone(sheet: Sheet, view: StageView, at: Rect) -> None:
    """Body, title, and as many messages as there is room for."""
    sheet.plate(at, "ink", 30)
    sheet.plate(Rect(at.x + at.w // 2 - 30, at.y + 17, 60, 6), "muted", 3)
    glass = Rect(at.x + BEZEL, at.y + TOP, at.w - 2 * BEZEL, at.h - TOP - LOW)
    sheet.plate(glass, "paper", 8)
    title = Rect(glass.x + PAD, glass.y + 4, glass.w - 2 * PAD, 34)
    wide = sheet.text("Tin nhắn", title, Type(19, bold=True))
    small = Rect(title.x + wide + 8, title.y + 2, title.w - wide - 8, title.h)
    sheet.text("Messages", small, Type(14, "muted"))
    room = Rect(glass.x, glass.y + 40, glass.w, glass.h - 44)
    if view.messages:
        _messages(sheet, view, room)
    else:
        _nothing(sheet, room)


def reading(view: StageView) -> int:
    """The message that is open: the one asked for, else the newest; 0: none."""
    known = [message.id for message in view.messages]
    return view.reading if view.reading in known else next(iter(known), 0)


def _nothing(sheet: Sheet, room: Rect) -> None:
    side = 54
    sign = Rect(room.x + (room.w - side) // 2, room.y + 110, side, side)
    sheet.sign(sign, Icon.SPEECH, "lip", "paper")
    first = Rect(room.x + PAD, sign.bottom + 10, room.w - 2 * PAD, 24)
    sheet.text("Chưa có tin nhắn", first, Type(17, "muted", bold=True), "centre")
    second = first._replace(y=first.bottom)
    sheet.text("No message yet", second, Type(14, "muted"), "centre")


def _messages(sheet: Sheet, view: StageView, room: Rect) -> None:
    open_ = reading(view)
    text = next(message.text for message in view.messages if message.id == open_)
    inner = room.w - 4 * PAD
    bubble = ROW + len(sheet.lines(text, inner, TEXT)) * sheet.line_px(TEXT) + PAD
    others = max(0, (room.h - bubble) // ROW)
    # The open one always shows; of the others the newest.
    rest = [message.id for message in view.messages if message.id != open_][:others]
    y = room.y
    for message in view.messages:
        if message.id == open_:
            _head(sheet, message, Rect(room.x + PAD, y, room.w - 2 * PAD, bubble - 4), is_open=True)
            sheet.paragraph(message.text, Rect(room.x + 2 * PAD, y + ROW - 2, inner, 0), TEXT)
            y += bubble
        elif message.id in rest:
            row = Rect(room.x + PAD, y, room.w - 2 * PAD, ROW - 4)
            _head(sheet, message, row, is_open=False)
            sheet.hit(row, StageClick(StageKind.MESSAGE, str(message.id)))
            y += ROW


def _head(sheet: Sheet, message: Message, at: Rect, *, is_open: bool) -> None:
    """To whom and when; the known digits stand out, for they are typed first."""
    fill = "pale" if is_open else "card"
    sheet.plate(at, fill, 10, line="" if is_open else "line")
    line = Rect(at.x + PAD, at.y + 1, at.w - 2 * PAD, ROW - 6)
    wide = sheet.text(message.to[:-KNOWN], line, Type(15, "muted"))
    known = line._replace(x=line.x + wide + 3, w=line.w - wide - 3)
    sheet.text(message.to[-KNOWN:], known, Type(17, "act", bold=True))
    sheet.text(message.at, line, Type(14, "muted"), "right")
