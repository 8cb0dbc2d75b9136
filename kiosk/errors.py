"""What goes wrong and is told to people in one line: the command then ends with status 1."""

from __future__ import annotations

import logging
import os
import sys

from sync import logs

_LOG = logging.getLogger("kiosk.cli")


class PlainError(Exception):
    """Its text says what happened, what is safe, and what to do."""


def tell(text: str) -> None:
    """On standard error: for people as `kiosk: …`, for systemd's journal as a line of the log."""
    if logs.under_systemd(os.environ):
        _LOG.error("%s", text)
    else:
        sys.stderr.write(f"kiosk: {text}\n")
