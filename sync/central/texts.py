"""What the messages say: SMS of at most 160 unaccented characters, no link, no dossier digits.

The law of this file: no SMS leaves that is longer or that needs two characters for one; whether a
kiosk's unit and address fit is found out when the kiosk is entered, not when a citizen waits. The code
stands in every message that comes after it was given: people look at the newest one. No message holds
a link, a dossier code, a procedure or a name.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sync.central.people import seven_bit, unaccented

SMS_CHARACTERS = 160
HOTLINE = "1022"
VIETNAM = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has no summer time
READY, REMINDER, EXPIRY, COLLECTED = "ready", "reminder", "expiry", "collected"
KINDS = (READY, REMINDER, EXPIRY, COLLECTED)
_HALF = 4
_SMS = {
    (READY, "vi"): "UBND {unit}: co ket qua ho so. MA {code}. Nhan 24/7 o tu {address}, het {day}."
    " Bam 4 so cuoi SDT nay, roi bam ma. Giu kin ma. Hoi {hotline}",
    (READY, "en"): "{unit}: papers ready. CODE {code}. 24/7 at {address} until {day}."
    " Type last 4 digits of this phone, then code. Keep secret. Help {hotline}",
    # None of the others may be longer than the first: a kiosk that was entered stays usable.
    (
        REMINDER,
        "vi",
    ): "UBND {unit}: nhac lay ket qua. MA {code}. Nhan 24/7 o tu {address}, het {day}."
    " Bam 4 so cuoi SDT nay, roi bam ma. Giu kin ma. Hoi {hotline}",
    (REMINDER, "en"): "{unit}: papers wait. CODE {code}. 24/7 at {address} until {day}."
    " Type last 4 digits of this phone, then code. Keep secret. Help {hotline}",
    (EXPIRY, "vi"): "UBND {unit}: tu {address} het han giu ket qua. Giay to van an toan, nhan tai"
    " quay gio lam viec tu {day}. Mang CCCD. Hoi {hotline}",
    (EXPIRY, "en"): "{unit}: holding at {address} is over. Papers are safe: counter, office"
    " hours, from {day}. Bring ID. Help {hotline}",
    (COLLECTED, "vi"): "UBND {unit}: ket qua ho so da duoc nhan tai tu {address} luc {time}."
    " Neu khong phai Ong/Ba, goi ngay {hotline}",
    (COLLECTED, "en"): "{unit}: your result was collected at {address}, {time}."
    " If this was not you, call {hotline} now",
}
_HOW = {
    "vi": " Vui lòng đưa mã QR kèm theo vào ô quét, hoặc bấm 4 số cuối của số điện thoại này rồi bấm"
    " mã. Xin giữ kín mã; cán bộ không bao giờ gọi điện hỏi mã. Cần giúp, gọi {hotline}.",
    "en": " Hold the enclosed QR code before the scanner, or type the last 4 digits of this phone"
    " number, then the code. Keep it secret; staff never phone to ask for it. Help: {hotline}.",
}
_RICH = {
    (READY, "vi"): "UBND {unit} kính báo: kết quả hồ sơ của Ông/Bà đã có tại tủ trả kết quả 24/7,"
    " {address}. Mã nhận kết quả: {code}. Tủ giữ đến hết ngày {day}." + _HOW["vi"],
    (READY, "en"): "{unit}: your result is ready at the 24/7 kiosk, {address}. Code: {code}."
    " It is held until the end of {day}." + _HOW["en"],
    (REMINDER, "vi"): "UBND {unit} xin nhắc: kết quả hồ sơ của Ông/Bà vẫn ở tủ trả kết quả 24/7,"
    " {address}. Mã nhận kết quả: {code}. Tủ chỉ giữ đến hết ngày {day}." + _HOW["vi"],
    (REMINDER, "en"): "{unit}, a reminder: your result is still at the 24/7 kiosk, {address}."
    " Code: {code}. It is held only until the end of {day}." + _HOW["en"],
    (
        EXPIRY,
        "vi",
    ): "UBND {unit} kính báo: đã hết hạn giữ kết quả hồ sơ của Ông/Bà tại tủ {address}."
    " Giấy tờ vẫn được giữ an toàn. Vui lòng nhận tại quầy trong giờ làm việc từ ngày {day}, mang theo"
    " thẻ căn cước. Cần giúp, gọi {hotline}.",
    (
        EXPIRY,
        "en",
    ): "{unit}: the holding time at the kiosk, {address}, is over. Your papers are safe."
    " Please collect them at the counter in office hours from {day} and bring your identity card."
    " Help: {hotline}.",
    (
        COLLECTED,
        "vi",
    ): "UBND {unit} kính báo: kết quả hồ sơ của Ông/Bà đã được nhận tại tủ {address}"
    " lúc {time}. Nếu không phải Ông/Bà nhận, xin gọi ngay {hotline}.",
    (COLLECTED, "en"): "{unit}: your result was collected at the kiosk, {address}, {time}."
    " If this was not you, please call {hotline} now.",
}


class TextError(ValueError):
    """A message would not fit; the text says by how much to shorten what."""


def local(wall_ms: int) -> datetime:
    """The moment on Vietnamese clocks."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(VIETNAM)


def last_full_day(hold_until_ms: int) -> datetime:
    """The last day on which papers can be fetched until midnight."""
    return local(hold_until_ms + 1000) - timedelta(days=1)


def spaced(code: str) -> str:
    """Eight digits as people read them."""
    return f"{code[:_HALF]} {code[_HALF:]}"


def ready(lang: str, unit: str, address: str, code: str, hold_until_ms: int) -> str:
    """SMS: papers wait, with code, place and last day.

    Raises:
        TextError: longer than one SMS.
    """
    return _with_code(READY, lang, unit, address, code, hold_until_ms)


def reminder(lang: str, unit: str, address: str, code: str, hold_until_ms: int) -> str:
    """SMS: papers still wait, and not for long.

    Raises:
        TextError: longer than one SMS.
    """
    return _with_code(REMINDER, lang, unit, address, code, hold_until_ms)


def expiry(lang: str, unit: str, address: str, from_ms: int) -> str:
    """SMS: holding is over; at the counter from the day of `from_ms` on.

    Raises:
        TextError: longer than one SMS.
    """
    return _sms(EXPIRY, lang, unit=unit, address=address, day=f"{local(from_ms):%d/%m}")


def collected(lang: str, unit: str, address: str, at_ms: int) -> str:
    """SMS: papers were taken, so that a person who did not take them can cry out.

    Raises:
        TextError: longer than one SMS.
    """
    return _sms(COLLECTED, lang, unit=unit, address=address, time=f"{local(at_ms):%H:%M %d/%m}")


def rich(kind: str, lang: str, unit: str, address: str, *, code: str = "", at_ms: int = 0) -> str:
    """The accented text of one kind. `at_ms`: end of holding, first counter day, or when collected."""
    day = last_full_day(at_ms) if kind in (READY, REMINDER) else local(at_ms)
    return _RICH[kind, lang].format(
        unit=unit,
        address=address,
        hotline=HOTLINE,
        code=spaced(code),
        day=f"{day:%d/%m/%Y}",
        time=f"{local(at_ms):%H:%M %d/%m/%Y}",
    )


def check_place(unit: str, address: str) -> None:
    """Whether every message fits for a kiosk of this unit at this address.

    Raises:
        TextError: which of them is too long, and by how much.
    """
    for lang in ("vi", "en"):
        for with_code in (ready, reminder):
            with_code(lang, unit, address, "0" * 8, 0)
        for without in (expiry, collected):
            without(lang, unit, address, 0)


def _with_code(kind: str, lang: str, unit: str, address: str, code: str, until_ms: int) -> str:
    day = f"{last_full_day(until_ms):%d/%m}"
    return _sms(kind, lang, unit=unit, address=address, code=spaced(code), day=day)


def _sms(kind: str, lang: str, **values: str) -> str:
    text = unaccented(_SMS[kind, lang].format(hotline=HOTLINE, **values))
    if not seven_bit(text):
        raise TextError("unit or address holds a character that an SMS cannot carry")
    if len(text) > SMS_CHARACTERS:
        over = len(text) - SMS_CHARACTERS
        raise TextError(f"unit and address together are {over} characters too long for an SMS")
    return text
