"""Where everything stands in the demo's window; painting is a function of the `StageView`."""

from __future__ import annotations

from ui.scene import Icon, Rect
from ui.stage_cabinet import cabinet
from ui.stage_phone import phone
from ui.stage_sheet import Sheet, StageScene, Type
from ui.stage_view import Envelope, Power, StageClick, StageKind, StageView, Where
from ui.studio import Studio

ADVICE = Rect(20, 16, 1140, 68)
CABINET = Rect(30, 98, 618, 548)
PHONE = Rect(676, 98, 262, 544)
STAFF = Rect(958, 98, 202, 246)
NETWORK = Rect(958, 358, 202, 134)
POWER = Rect(958, 506, 202, 136)
DESK = Rect(20, 660, 1140, 126)
SLOT_GAP = 12  # design px, between two envelopes
TITLE = Type(17, bold=True)
NOTE = Type(14, "muted")
TOTP_S = 30
# Vietnamese, then English, of an envelope's place; {n} is the compartment.
PLACES = {
    Where.DESK: ("chờ cho vào tủ", "waiting"),
    Where.HELD: ("đang cầm", "in the hand"),
    Where.INSIDE: ("trong ngăn {n}", "inside {n}"),
    Where.TAKEN: ("đã lấy ra", "taken out"),
}
POWERS = {
    Power.ON: ("Đang có điện", "on: click to cut it"),
    Power.OFF: ("Mất điện", "off: click to restore"),
    Power.STARTING: ("Đang khởi động", "starting…"),
}
NETWORKS = {
    True: ("Đang nối mạng", "on: click to pull it"),
    False: ("Mất mạng", "off: click to plug"),
}


def compose(view: StageView, width: int, height: int, studio: Studio) -> StageScene:
    """The whole window as arts and hits."""
    sheet = Sheet(width, height, studio)
    _advice(sheet, view)
    cabinet(sheet, view, CABINET)
    phone(sheet, view, PHONE)
    _staff(sheet, view)
    network = NETWORKS[view.network]
    _switch(sheet, NETWORK, ("Mạng", "Network"), network, StageKind.NETWORK, on=view.network)
    on, words = view.power is Power.ON, POWERS[view.power]
    _switch(sheet, POWER, ("Nguồn điện", "Power"), words, StageKind.POWER, on=on)
    _desk(sheet, view)
    return sheet.scene()


def _advice(sheet: Sheet, view: StageView) -> None:
    sheet.plate(ADVICE, "pale", 16)
    sheet.sign(Rect(ADVICE.x + 16, ADVICE.y + 14, 40, 40), Icon.SPEECH, "act", "pale")
    line = Rect(ADVICE.x + 72, ADVICE.y + 7, ADVICE.w - 88, 30)
    sheet.text(view.advice.vi, line, Type(20, bold=True))
    sheet.text(view.advice.en, line._replace(y=ADVICE.y + 37, h=24), Type(16, "muted"))


def _staff(sheet: Sheet, view: StageView) -> None:
    at = STAFF
    sheet.plate(at, "card", 14, line="line")
    left, wide = at.x + 16, at.w - 32
    sheet.text("Cán bộ đăng nhập", Rect(left, at.y + 10, wide, 24), TITLE)
    sheet.text("Staff login", Rect(left, at.y + 32, wide, 20), NOTE)
    rows = (("Số cán bộ", "number", view.staff.number), ("Mã PIN", "PIN", view.staff.pin))
    y = at.y + 62
    for vi, en, value in rows:
        _pair(sheet, Rect(left, y, wide, 40), vi, en)
        sheet.text(value, Rect(left, y, wide, 40), Type(22, bold=True), "right")
        y += 46
    _pair(sheet, Rect(left, y, wide, 40), "Mã một lần", "one-time password, TOTP")
    half = len(view.staff.totp) // 2
    totp = f"{view.staff.totp[:half]} {view.staff.totp[half:]}"
    code = Rect(left, y + 38, wide, 34)
    sheet.text(totp, code, Type(26, "act", bold=True))
    sheet.text(f"{view.staff.seconds} s", code, Type(17, "muted"), "right")
    bar = Rect(left, at.bottom - 14, wide, 5)
    sheet.plate(bar, "line", 2)
    sheet.plate(bar._replace(w=max(5, wide * view.staff.seconds // TOTP_S)), "act", 2)


def _pair(sheet: Sheet, at: Rect, vi: str, en: str) -> None:
    sheet.text(vi, at._replace(h=22), Type(16))
    sheet.text(en, at._replace(y=at.y + 20, h=18), Type(13, "muted"))


def _switch(
    sheet: Sheet,
    at: Rect,
    name: tuple[str, str],
    state: tuple[str, str],
    kind: StageKind,
    *,
    on: bool,
) -> None:
    """A lever in its track, and in words how it stands."""
    sheet.plate(at, "card", 14, line="line", lip="lip")
    left, wide = at.x + 16, at.w - 32
    sheet.text(name[0], Rect(left, at.y + 12, wide, 24), TITLE)
    sheet.text(name[1], Rect(left, at.y + 34, wide, 20), NOTE)
    track = Rect(at.right - 16 - 62, at.y + 16, 62, 34)
    sheet.plate(track, "good" if on else "stop", 17)
    knob = Rect(track.right - 31 if on else track.x + 3, track.y + 3, 28, 28)
    sheet.plate(knob, "card", 14)
    role = "good_text" if on else "stop"
    sheet.text(state[0], Rect(left, at.y + 68, wide, 26), Type(18, role, bold=True))
    sheet.text(state[1], Rect(left, at.y + 94, wide, 20), NOTE)
    sheet.hit(at, StageClick(kind))


def _desk(sheet: Sheet, view: StageView) -> None:
    sheet.plate(DESK, "off", 14, lip="lip")
    title = Rect(DESK.x + 16, DESK.y + 5, DESK.w - 32, 26)
    wide = sheet.text("Bàn cán bộ", title, TITLE)
    vi = title._replace(x=title.x + wide + 12, w=title.w - wide - 12)
    wide = sheet.text("bấm một phong bì để cầm lên và đưa vào ô quét", vi, Type(16))
    en = vi._replace(x=vi.x + wide + 12, w=vi.w - wide - 12)
    sheet.text("Clerk's desk: click an envelope to hold it before the scanner", en, NOTE)
    many = max(1, len(view.envelopes))
    room = DESK.w - 32 - SLOT_GAP * (many - 1)
    wide = room // many
    for at, envelope in enumerate(view.envelopes):
        left = DESK.x + 16 + at * (wide + SLOT_GAP)
        _slot(sheet, envelope, Rect(left, DESK.y + 34, wide, 78))


def _slot(sheet: Sheet, envelope: Envelope, at: Rect) -> None:
    """One envelope, or where it went."""
    gone = envelope.where is Where.INSIDE
    if envelope.where is Where.HELD:
        sheet.glow(at, 10)
        sheet.plate(at, "glow", 10, line="glow_line")
    else:
        sheet.plate(at, "off" if gone else "card", 10, line="line", lip="" if gone else "lip")
    role = "on_glow" if envelope.where is Where.HELD else "muted"
    icon = Icon.CHECK if envelope.where is Where.TAKEN else Icon.ENVELOPE
    ground = "glow" if envelope.where is Where.HELD else "card"
    tint = {"card": "act", "glow": "ink"}[ground] if not gone else "lip"
    sheet.sign(Rect(at.x + 9, at.y + 8, 24, 24), icon, tint, ground)
    name = Rect(at.x + 40, at.y + 6, at.w - 46, 28)
    strong = "muted" if gone else "on_glow" if envelope.where is Where.HELD else "ink"
    sheet.text(envelope.name, name, Type(16, strong, bold=True), least=13)
    line = Rect(at.x + 10, at.y + 34, at.w - 18, 18)
    sheet.text(envelope.code, line, Type(13, role))
    vi, en = PLACES[envelope.where]
    words = f"{vi} · {en}".format(n=envelope.compartment)
    sheet.text(words, line._replace(y=at.y + 53), Type(13, role, bold=envelope.where is Where.HELD))
    if not gone:
        sheet.hit(at, StageClick(StageKind.ENVELOPE, envelope.code))
