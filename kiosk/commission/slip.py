"""The report on the receipt printer: a courtesy that may fail, never waited for longer than it prints."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.hardware import Printer

LINES = 16  # of the report on one slip: a slip is short, and long lines are broken


def printed(printer: Printer, lines: Sequence[str]) -> bool:
    """Print all of it, slip by slip. False: there is no printer, or it did not take it."""
    if printer.port is None:
        return False
    from drivers.locks.port import PortGone  # noqa: PLC0415 - only where one is configured
    from drivers.panel.printer import PIECE, encoded, line_to  # noqa: PLC0415 - it loads slowly
    from drivers.panel.slip import PaperWidth, draw  # noqa: PLC0415

    line, width = line_to(printer.port), PaperWidth(printer.width_px)
    if not line.open():
        return False
    try:
        for at in range(0, len(lines), LINES):
            data = encoded(draw((lines[0], *lines[max(1, at) : at + LINES]), width))
            for start in range(0, len(data), PIECE):
                line.write(data[start : start + PIECE])
    except PortGone:
        return False
    finally:
        line.close()
    return True
