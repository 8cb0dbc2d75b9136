"""What a hand at the touchscreen says, as values. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a touch means. `Pressed.value` carries the digit, the choice or the stars where there is one."""

    START = "start"  # a citizen begins; in maintenance: a citizen goes first
    DIGIT = "digit"  # value "0".."9"
    ERASE = "erase"  # the last digit
    CONFIRM = "confirm"
    CHANGE = "change"  # back to the known digits, nothing lost
    CANCEL = "cancel"
    RETRY = "retry"
    OPEN = "open"
    NOT_MINE = "not_mine"
    DISPUTE_EMPTY = "dispute_empty"
    DISPUTE_NOT_MINE = "dispute_not_mine"
    DISPUTE_MISSING = "dispute_missing"
    RATE = "rate"  # value "1".."5"
    SKIP = "skip"
    FORGOT = "forgot"
    ANOTHER = "another"
    FINISH = "finish"
    MORE_TIME = "more_time"
    HELP = "help"
    BACK = "back"
    LANGUAGE = "language"
    TEXT_SIZE = "text_size"
    STAFF = "staff"  # the hidden gesture: five taps on the clock
    CHOOSE = "choose"  # value: index of the row
    NOT_EMPTY = "not_empty"
    UNDO = "undo"
    SIGN_OUT = "sign_out"
    CALL = "call"  # the centre, now


@dataclass(frozen=True, slots=True)
class Pressed:
    """One touch, released inside the target it began in."""

    action: Action
    value: str = ""


@dataclass(frozen=True, slots=True)
class Wet:
    """A flood of touches, as rain and wiping make them; the painter pauses input for a moment."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """Characters of a keyboard, or of a scanner that poses as one, while the screen wants a text.

    A line feed ends it, a backspace takes the last one back.
    """

    text: str


TouchEvent = Pressed | Wet | Keyed
