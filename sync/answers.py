"""What both activities make of central's answers: when contact was, and what it said instead."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from sync.calls import PROBLEM, Answer, CallError
from sync.line import Line
from sync.messages import Head, rfc3339

_SECONDS = re.compile(r"[0-9]{1,9}")


def tell_contact(line: Line, answer: Answer) -> None:
    """Tell the kiosk when central answered, by central's clock, if its answer says so."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return
    line.contact(rfc3339(int(moment.timestamp()) * 1000))


def problem(answer: Answer) -> str:
    """Central's word for what is wrong, "" for none."""
    if answer.media != PROBLEM:
        return ""
    return re.sub(r"[^a-z-]", "", str(answer.json().get("type", "")).rpartition(":")[2])[:40]


def refused_by_central(answer: Answer) -> CallError:
    """What central said instead, as an error. Only a word of its own naming is repeated."""
    # Seconds only: the other form is a date, and the kiosk may not know the time.
    told = answer.headers.get("retry-after", "").strip()
    after_s = float(told) if _SECONDS.fullmatch(told) else 0.0
    text = f"central says {answer.status} {problem(answer)}".strip()
    return CallError(f"status {answer.status}", text, answer.status, after_s)


def head_of(answer: Answer, body: object) -> Head:
    """How far central's journal of this kiosk goes.

    Raises:
        CallError: it does not say.
    """
    seq, name = (body.get("seq"), body.get("hash")) if isinstance(body, dict) else (None, None)
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0 or not isinstance(name, str):
        raise CallError("strange", "central's answer holds no head", answer.status)
    return Head(seq, name)
