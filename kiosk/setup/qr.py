"""A text as a QR code: rows of modules for a screen or a terminal."""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_L  # type: ignore[import-untyped]  # ships no types
from qrcode.main import QRCode  # type: ignore[import-untyped]


def pattern(text: str) -> tuple[str, ...]:
    """Rows of "1" dark and "0" light, without a border; low correction: a screen is not torn or dirty."""
    code = QRCode(border=0, error_correction=ERROR_CORRECT_L)
    code.add_data(text.encode("utf-8"))
    code.make(fit=True)
    return tuple("".join("1" if module else "0" for module in row) for row in code.get_matrix())
