"""English for what is printed and stuck to the cabinet; `en.py` takes it in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EN_STICKER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sticker.title": "ATM hồ sơ 24/7: for staff",
        "sticker.kiosk": "Kiosk {kiosk}, {unit}",
        "sticker.call": "Help: call {hotline} and read out the incident number on the screen",
        "sticker.taps": "Tap the clock, top right, 5 times within 4 seconds, while nobody is being "
        "served.",
        "sticker.login": "Then staff number, PIN, one-time password; or the staff card at the "
        "scanner, then the PIN.",
        "sticker.out": "Sign out when done: the messages leave at once.",
        "sticker.never": "Never ask a citizen for a code. Never write a PIN on the cabinet.",
    }
)
