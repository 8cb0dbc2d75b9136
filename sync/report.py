"""Reporting: sends statements from where central says it is, in bounded batches, and health.

The law of this file: the sender keeps no cursor. Central's head, from its last answer, is where to
go on. When it lies beyond the kiosk's own journal, or central holds another row, the kiosk is offered
what central holds (`sync.restore`). One row that central cannot take must not hold up those
behind it: it is sent again alone, then as a damaged place; the row itself stays in the journal.
"""

from __future__ import annotations

from collections.abc import Callable

from requests import codes

from sync.answers import head_of, problem, refused_by_central, tell_contact
from sync.calls import PROBLEM, Answer, Call, CallError, Calls
from sync.compact import write_json
from sync.framing import LineError
from sync.line import Damaged, Line
from sync.messages import Head
from sync.restore import RESTORED, restore

BATCH_BYTES = 256 * 1024  # of statements in one request; a single one may be as long by itself
BATCH_ROWS = 200
WAIT_S = 50.0
HEALTH_S = 600.0
HEALTH_AGAIN_S = 20.0  # at the soonest, while the journal cannot be read: health is all there is
HEAD_S = 1800.0  # central may have been restored from a copy while there was nothing to send
FORK = "fork"
BUSY = "busy"  # central has too much to do, and has done nothing
_JSON = {"Content-Type": "application/json"}
_ROW_REFUSED = (codes.bad_request, codes.request_entity_too_large, codes.unprocessable_entity)


class Reporter:
    """`monotonic` in seconds paces the health snapshots."""

    def __init__(
        self, kiosk: str, line: Line, calls: Calls, monotonic: Callable[[], float]
    ) -> None:
        self._kiosk = f"/v1/kiosks/{kiosk}"
        self._line = line
        self._calls = calls
        self._monotonic = monotonic
        self._central: Head | None = None  # what central said last; None: ask
        self._alone_to = 0  # rows up to this seq are sent one by one
        self._health_due = self._head_due = began = monotonic()
        self._health_sent = began - HEALTH_AGAIN_S
        self._heeded = 0  # how often staff have called the centre, as far as was heeded

    def step(self) -> None:
        """Send what there is; when there is nothing, wait for more.

        Raises:
            LineError: `run` did not answer.
            CallError: central did not, or answered something else.
        """
        self._send_health()
        if self._central is None:
            answer = self._calls.make(Call("GET", f"{self._kiosk}/journal/head"))
            if answer.status != codes.ok:
                raise refused_by_central(answer)
            self._central = head_of(answer, answer.json())
            tell_contact(self._line, answer)
        after = self._central.seq
        try:
            batch = self._line.statements(after, 1 if after < self._alone_to else BATCH_ROWS)
        except LineError:
            again = max(self._monotonic(), self._health_sent + HEALTH_AGAIN_S)
            self._health_due = min(self._health_due, again)
            raise
        rows = _bounded(batch.rows)
        if batch.head.seq < after:
            self._restore(CallError("memory", "central knows a newer journal than this one"))
        elif rows:
            self._send(after, rows)
        else:
            _, calls = self._line.listen(after, WAIT_S, self._heeded)
            if calls != self._heeded:  # go to central at once, though there is nothing to send
                self._heeded = calls
                self._health_due = self._monotonic()

    def _send(self, after: int, rows: list[str | Damaged]) -> None:
        held, answer = self._central, self._post([_item(row) for row in rows])
        if answer.status == codes.service_unavailable and problem(answer) == BUSY:
            self._central = held  # nothing was taken: one request less when it is our turn
        if _row_refused(answer) and len(rows) == 1:
            # At once, so that central has seen the row itself just now and still wants none of it.
            answer = self._post([_item(Damaged(after + 1))])
        if _row_refused(answer):
            self._alone_to = after + len(rows)
        if answer.status == codes.conflict and problem(answer) == FORK:
            self._restore(refused_by_central(answer))
            return
        if answer.status == codes.conflict:
            self._central = head_of(answer, answer.json())
        if answer.status != codes.ok:
            raise refused_by_central(answer)
        head = head_of(answer, answer.json())
        if head.seq <= after:
            raise CallError("strange", "central took rows but its head did not move")
        self._central = head
        tell_contact(self._line, answer)

    def _restore(self, otherwise: CallError) -> None:
        """The kiosk lacks rows that central holds: let it have them, or say what stands in the way."""
        self._central = None  # what is to be sent after that is another question
        if restore(self._kiosk, self._line, self._calls) != RESTORED:
            raise otherwise

    def _post(self, items: list[object]) -> Answer:
        self._central = None  # until central says: the answer may be lost after the rows were taken
        body = write_json({"statements": items})
        return self._calls.make(Call("POST", f"{self._kiosk}/journal", body, _JSON))

    def _send_health(self) -> None:
        now = self._monotonic()
        if now < self._health_due:
            return
        self._health_sent = now
        self._health_due = now + HEALTH_S  # before trying: health must not hold up statements
        if now >= self._head_due:
            self._head_due = now + HEAD_S
            self._central = None  # ask again
        body = write_json(self._line.health())
        answer = self._calls.make(Call("PUT", f"{self._kiosk}/health", body, _JSON))
        if answer.status not in (codes.ok, codes.no_content):
            raise refused_by_central(answer)
        tell_contact(self._line, answer)


def _item(row: str | Damaged) -> object:
    return {"seq": row.seq, "damaged": True} if isinstance(row, Damaged) else row


def _row_refused(answer: Answer) -> bool:
    """Central itself, and not a page on the way, refuses what the request holds."""
    return answer.status in _ROW_REFUSED and answer.media == PROBLEM


def _bounded(rows: tuple[str | Damaged, ...]) -> list[str | Damaged]:
    """As many of the first rows as a request may hold; at least one."""
    taken: list[str | Damaged] = []
    size = 0
    for row in rows:
        size += len(row) if isinstance(row, str) else 0
        if taken and size > BATCH_BYTES:
            break
        taken.append(row)
    return taken
