"""What goes wrong and is told to people in one line: the command then ends with status 1."""

from __future__ import annotations


class PlainError(Exception):
    """Its text says what happened, what is safe, and what to do."""
