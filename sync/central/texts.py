"""What the messages say: SMS of at most 160 unaccented characters, no link, no dossier digits.

The law of this file: no text leaves that is longer or that needs two characters for one; whether a
kiosk's unit and address fit is found out when the kiosk is entered, not when a citizen waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sync.central.people import seven_bit, unaccented

SMS_CHARACTERS = 160
HOTLINE = "1022"
VIETNAM = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has no summer time
_HALF = 4
_READY = {
    "vi": "UBND {unit}: co ket qua ho so. MA {code}. Nhan 24/7 o tu {address}, het {until}."
    " Bam 4 so cuoi SDT nay, roi bam ma. Giu kin ma. Hoi {hotline}",
    "en": "{unit}: papers ready. CODE {code}. 24/7 at {address} until {until}."
    " Type last 4 digits of this phone, then code. Keep secret. Help {hotline}",
}
_COLLECTED = {
    "vi": "UBND {unit}: ket qua ho so da duoc nhan tai tu {address} luc {time}."
    " Neu khong phai Ong/Ba, goi ngay {hotline}",
    "en": "{unit}: your result was collected at {address}, {time}."
    " If this was not you, call {hotline} now",
}


class TextError(ValueError):
    """A message would not fit; the text says by how much to shorten what."""


def local(wall_ms: int) -> datetime:
    """The moment on Vietnamese clocks."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(VIETNAM)


def last_full_day(hold_until_ms: int) -> datetime:
    """The last day on which papers can be fetched until midnight."""
    return local(hold_until_ms + 1000) - timedelta(days=1)


def ready(lang: str, unit: str, address: str, code: str, hold_until_ms: int) -> str:
    """Papers wait: code, place and last day.

    Raises:
        TextError: longer than one SMS.
    """
    until = f"{last_full_day(hold_until_ms):%d/%m}"
    spaced = f"{code[:_HALF]} {code[_HALF:]}"
    return _fill(_READY[lang], unit=unit, address=address, code=spaced, until=until)


def collected(lang: str, unit: str, address: str, at_ms: int) -> str:
    """Papers were taken: so that a person who did not take them can cry out.

    Raises:
        TextError: longer than one SMS.
    """
    time = f"{local(at_ms):%H:%M %d/%m}"
    return _fill(_COLLECTED[lang], unit=unit, address=address, time=time)


def check_place(unit: str, address: str) -> None:
    """Whether every message fits for a kiosk of this unit at this address.

    Raises:
        TextError: which of them is too long, and by how much.
    """
    for lang in _READY:
        ready(lang, unit, address, "0" * 8, 0)
        collected(lang, unit, address, 0)


def _fill(template: str, *, unit: str, address: str, **values: str) -> str:
    text = unaccented(template.format(unit=unit, address=address, hotline=HOTLINE, **values))
    if not seven_bit(text):
        raise TextError("unit or address holds a character that an SMS cannot carry")
    if len(text) > SMS_CHARACTERS:
        over = len(text) - SMS_CHARACTERS
        raise TextError(f"unit and address together are {over} characters too long for an SMS")
    return text
