"""Own statements back: asks central for the rows that this kiosk lacks and offers them, page by page.

The law of this file: nothing is decided and nothing remembered here. The kiosk says which rows it wants
next and when it is done; central says what it holds; whoever of the two lies, a walk ends within
`LONGEST_S` and `MOST_PAGES`, and is begun again later like everything else.
"""

from __future__ import annotations

import time

from requests import codes

from sync.answers import head_of, refused_by_central
from sync.calls import Answer, Call, CallError, Calls
from sync.line import Damaged, Done, Line
from sync.messages import MAX_STATEMENT_BYTES, Head

RESTORED = "restored"  # the kiosk's word for: taken in
LONGEST_S = 120.0  # a walk in one step of an activity; the next step goes on with it
MOST_PAGES = 1_000
MOST_STILL = 3  # times that the same rows may be wanted again
MOST_ROWS = 500  # offered at once
MOST_BYTES = 2 * MAX_STATEMENT_BYTES  # of one answer


def restore(path: str, line: Line, calls: Calls) -> str:
    """The kiosk's word when it is done; `path` is /v1/kiosks/KIOSK.

    Raises:
        LineError: `run` did not answer.
        CallError: central did not, or it does not hold what the kiosk lacks.
    """
    after, still = line.wait(0, 0.0).seq, 0
    until = time.monotonic() + LONGEST_S
    for _ in range(MOST_PAGES):
        rows, head = _page(path, calls, after)
        told = line.offer_statements(rows, head)
        if isinstance(told, Done):
            return told.word
        still = still + 1 if told.after == after else 0
        if still >= MOST_STILL:
            raise CallError(
                "strange", f"the kiosk believes no row after {after} that central gives"
            )
        if time.monotonic() > until:
            break
        after = told.after
    raise CallError("slow", f"own rows after {after} are still to come")


def _page(path: str, calls: Calls, after: int) -> tuple[list[str | Damaged], Head]:
    answer = calls.make(Call("GET", f"{path}/journal?after={after}", most=MOST_BYTES))
    if answer.status != codes.ok:
        raise refused_by_central(answer)
    body = answer.json()
    rows = body.get("statements")
    if not isinstance(rows, list):
        raise CallError("strange", "central's answer holds no statements", answer.status)
    return [_row(row, answer) for row in rows[:MOST_ROWS]], head_of(answer, body.get("head"))


def _row(row: object, answer: Answer) -> str | Damaged:
    if isinstance(row, str):
        return row
    seq = row.get("seq") if isinstance(row, dict) else None
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0:
        raise CallError("strange", "central gives back something else than rows", answer.status)
    return Damaged(seq)
