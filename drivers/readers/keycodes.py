"""Key codes of Linux input devices, and what they mean on a wedge scanner and on a number pad.

Numbers: linux/input-event-codes.h, stable by the kernel's promise. The layout is US, which every wedge
scanner types unless told otherwise; a letter that US keys do not have (Vietnamese above all) is mangled
by the scanner before it gets here: set such a scanner to serial (CDC) mode. Our tokens and dossier
codes are ASCII and survive.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.devices import PadKey

SHIFTS = frozenset({42, 54})
MODIFIERS = frozenset({29, 97, 56, 100, 125, 126})  # control, alt, meta: no text while one is down
LOCKS = frozenset(
    {58, 69, 70}
)  # caps, num, scroll: lamps of a host, which a grabbed device has not
ENTERS = frozenset({28, 96})
# A key that types nothing we know: it must spoil the code, or a shorter one would come out.
UNKNOWN = "\N{REPLACEMENT CHARACTER}".encode()

_ROWS = (  # first key code, the keys from there on, and the same with shift
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (15, "\tqwertyuiop[]", "\tQWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (86, "\\", "|"),  # the extra key of European boards
)
_PAD = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
_PAD_SIGNS = {55: "*", 74: "-", 78: "+", 83: ".", 98: "/"}

PLAIN: Mapping[int, str] = {
    **{first + n: sign for first, row, _ in _ROWS for n, sign in enumerate(row)},
    **_PAD,
    **_PAD_SIGNS,
}
SHIFTED: Mapping[int, str] = {
    **{first + n: sign for first, _, row in _ROWS for n, sign in enumerate(row)},
    **_PAD,
    **_PAD_SIGNS,
}

# Some pads follow a Num Lock of their own and then send the other half of each key: same key, same digit.
_NUM_OFF = {
    102: "7",
    103: "8",
    104: "9",
    105: "4",
    106: "6",
    107: "1",
    108: "2",
    109: "3",
    110: "0",
}
# Num Lock itself is not a key of ours: pads send it unasked to set the host right.
NUMBER_PAD: Mapping[int, str] = {
    **{code: sign for code, sign in PLAIN.items() if sign in "0123456789"},
    **_NUM_OFF,
    **dict.fromkeys((14, 111, 12, 74, 52, 83), PadKey.ERASE),  # backspace, delete, minus, point
    **dict.fromkeys((28, 96), PadKey.CONFIRM),  # both Enters
    **dict.fromkeys((1, 53, 98), PadKey.CANCEL),  # escape, slash
}
