"""What a peer of the socket may say, field by field: a value of the right form, or an error that says why."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.journal_values import Damaged
from kiosk.restoring import MOST_OFFERED
from sync.messages import Head

LONGEST_WAIT_S = 60.0
MOST_VALUES = 3 * MOST_OFFERED + 20  # in one request


class RequestError(Exception):
    """What was asked cannot be answered; the text goes back to the peer."""


def whole(request: Mapping[str, object], name: str) -> int:
    """A whole number from 0. Raises `RequestError`."""
    value = request.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise RequestError(f"{name} is not a whole number")
    return value


def rows(request: Mapping[str, object]) -> list[str | Damaged]:
    """Statements and holes, at most `MOST_OFFERED`. Raises `RequestError`."""
    rows = request.get("statements")
    if not isinstance(rows, list) or len(rows) > MOST_OFFERED:
        raise RequestError(f"statements is not a list of at most {MOST_OFFERED}")
    return [row if isinstance(row, str) else _damaged(row) for row in rows]


def _damaged(row: object) -> Damaged:
    if not isinstance(row, dict) or row.get("damaged") is not True:
        raise RequestError("statements holds something else")
    return Damaged(whole(row, "seq"))


def named_head(request: Mapping[str, object]) -> Head:
    """How far somebody's journal goes. Raises `RequestError`."""
    head = request.get("head")
    name = head.get("hash") if isinstance(head, dict) else None
    if not isinstance(head, dict) or not isinstance(name, str):
        raise RequestError("head is not seq and hash")
    return Head(whole(head, "seq"), name)


def timeout(request: Mapping[str, object]) -> float:
    """Seconds, at most `LONGEST_WAIT_S`. Raises `RequestError`."""
    value = request.get("timeout_s")
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        raise RequestError("timeout_s is not a number of seconds")
    return float(min(value, LONGEST_WAIT_S))
