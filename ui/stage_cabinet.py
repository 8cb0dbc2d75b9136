"""The cabinet of the demo's window, as one stands before it: roof, doors, touchscreen, scanner, feet."""

from __future__ import annotations

from ui.scene import Icon, Rect
from ui.stage_sheet import Sheet, Type
from ui.stage_view import DoorView, Power, StageClick, StageKind, StageView, Where

ROOF = 46  # design px, its height
RIM = 16  # around the doors
FEET = 14
GAP = 6  # between doors
LEAF = 0.36  # width of an open leaf, of its door
SPREAD = 14  # of the light at an open door


def cabinet(sheet: Sheet, view: StageView, at: Rect) -> None:
    """The whole of it; every door can be clicked."""
    body = Rect(at.x, at.y + ROOF - 12, at.w, at.h - ROOF + 12 - FEET)
    for x in (at.x + 40, at.right - 110):
        sheet.plate(Rect(x, body.bottom - 8, 70, FEET + 8), "on_door", 5)
    sheet.plate(body, "wall", 14, lip="ink")
    _roof(sheet, view, Rect(at.x - 6, at.y, at.w + 12, ROOF))
    top = at.y + ROOF + RIM - 6
    inner = Rect(at.x + RIM, top, at.w - 2 * RIM, body.bottom - RIM - top)
    _screen(sheet, view, inner)
    shut = [door for door in view.doors if not door.is_open]
    for door in shut:
        _shut(sheet, door, _cell(view, inner, door.row, door.column))
    for door in view.doors:
        if door.is_open:
            _open(sheet, door, _cell(view, inner, door.row, door.column))


def _roof(sheet: Sheet, view: StageView, at: Rect) -> None:
    sheet.plate(at, "act", 12, lip="act_lip")
    line = Rect(at.x + 20, at.y, at.w - 40, at.h - 4)
    sheet.text("ATM HỒ SƠ 24/7", line, Type(21, "on_act", bold=True))
    sheet.text(view.unit, line, Type(17, "act_note"), "right")


def _cell(view: StageView, inner: Rect, row: int, column: int, height: int = 1) -> Rect:
    wide, tall = inner.w / view.columns, inner.h / view.rows
    left, top = inner.x + wide * (column - 1), inner.y + tall * (row - 1)
    cell = Rect(round(left), round(top), round(wide), round(tall * height))
    return cell.inset(GAP // 2, GAP // 2)


def _shut(sheet: Sheet, door: DoorView, cell: Rect) -> None:
    sheet.plate(cell, "door", 7, lip="lip")
    sheet.text(str(door.number), cell, Type(19, "on_door"), "centre")
    lock = Rect(cell.right - 14, cell.y + cell.h // 2 - 9, 5, 16)  # hinged at the left
    sheet.plate(lock, "on_door", 2)
    sheet.hit(cell, StageClick(StageKind.DOOR, str(door.number)))


def _open(sheet: Sheet, door: DoorView, cell: Rect) -> None:
    sheet.glow(cell, SPREAD)
    sheet.plate(cell, "cave", 7, line="glow_line")
    corner = Rect(cell.x + 6, cell.y + 3, cell.w - 12, 20)
    sheet.text(str(door.number), corner, Type(16, "on_cave", bold=True), "right")
    side = min(50, cell.h - 26)
    for sheet_of in range(min(door.papers, 2)):
        x = cell.x + (cell.w - side) // 2 + 4 - 8 * sheet_of
        lying = Rect(x, cell.bottom - side - 4 - 5 * sheet_of, side, side)
        sheet.sign(lying, Icon.ENVELOPE, "card", "act")
    wide = round(cell.w * LEAF)
    leaf = Rect(cell.x - wide + 3, cell.y - 6, wide, cell.h + 12)
    sheet.leaf(leaf)
    sheet.hit(leaf, StageClick(StageKind.LEAF, str(door.number)))
    sheet.hit(cell.inset(-2, -2), StageClick(StageKind.DOOR, str(door.number)))


def _screen(sheet: Sheet, view: StageView, inner: Rect) -> None:
    """The touchscreen, dark without power, and the scanner below it, lit while something is held."""
    row, column, height = view.screen_cell
    if not row:
        return
    cell = _cell(view, inner, row, column, max(1, height))
    eye = Rect(cell.x, cell.bottom - 34, cell.w, 34)
    glass = Rect(cell.x, cell.y, cell.w, cell.h - eye.h - 5)
    alive = view.power is Power.ON
    sheet.plate(glass, "panel" if alive else "cave", 7, line="ink")
    if alive:
        for part, wide in ((0.22, 0.6), (0.36, 0.42), (0.62, 0.6)):
            bar = Rect(glass.x + glass.w // 5, glass.y + round(glass.h * part), 0, 6)
            sheet.plate(bar._replace(w=round(glass.w * wide)), "paper", 3)
    if any(envelope.where is Where.HELD for envelope in view.envelopes):
        sheet.glow(eye, SPREAD)
    sheet.plate(eye, "cave", 7, line="ink")
    sign = Rect(eye.x + (eye.w - 24) // 2, eye.y + 5, 24, 24)
    sheet.sign(sign, Icon.SCAN, "on_cave" if alive else "on_door", "cave")
