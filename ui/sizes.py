"""How large a screen is. Standard library only: of ui, `kiosk sync` reads this with its settings, no more.

The vocabulary of screens is in `screens`; who only reads a configuration need not hold it in memory.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenSize:
    """Pixels, and pixels per millimetre of the panel (8.3 on a 7-inch 720x1280)."""

    width: int = 720
    height: int = 1280
    px_per_mm: float = 8.3
