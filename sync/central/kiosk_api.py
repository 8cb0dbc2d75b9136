"""What kiosks call: manifest, journal, health. Every call proves itself, every call may be repeated.

The law of this file: every route comes in by `kiosk_door`, and asks the database in its turn only (`crowd`).
"""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from sync.central import journal, manifests, watching
from sync.central.alarm_words import REVOKED
from sync.central.crowd import Rank
from sync.central.desk import Desk, desk_of
from sync.central.journal import Stop
from sync.central.kiosk_door import Asked, Caller, Known, refused
from sync.central.problems import ProblemError, documented
from sync.central.tables import Kiosk
from sync.fetch import MANIFEST_MEDIA, POLL_S
from sync.line import Damaged
from sync.messages import MAX_STATEMENT_BYTES, Head

MOST_WAIT_S = POLL_S
OWN_ROWS = 500
OWN_BYTES = 1024 * 1024
MAX_HEALTH_BYTES = 16 * 1024
_HEAD = re.compile(r"([0-9]{1,16})\.([A-Za-z0-9_-]{0,64})")
_TAG = re.compile(r'"([A-Za-z0-9_-]{43})"')

REFUSED = (400, 401, 403, 404, 411, 413, 422, 503)
router = APIRouter(prefix="/v1/kiosks/{kiosk}", tags=["kiosk"], responses=documented(*REFUSED))


class DamagedRow(BaseModel):
    """A row that the kiosk cannot read any more."""

    seq: int = Field(ge=1, le=2**53)
    damaged: Literal[True]


class JournalIn(BaseModel):
    """Rows in order, as signed."""

    statements: list[Annotated[str, Field(max_length=MAX_STATEMENT_BYTES)] | DamagedRow] = Field(
        max_length=journal.MOST_ROWS
    )


class HeadOut(BaseModel):
    """How far the journal is received; `hash` is "" when that row is damaged or there is none."""

    seq: int
    hash: str
    quarantined: list[int] = []


class JournalOut(BaseModel):
    """Own rows back."""

    statements: list[str | DamagedRow]
    head: HeadOut


@router.get(
    "/manifest",
    response_class=Response,
    responses={200: {"content": {MANIFEST_MEDIA: {}}}, 304: {"description": "Nothing newer"}},
)
async def manifest(
    request: Request,
    by: Asked,
    wait: Annotated[float, Query(ge=0, le=MOST_WAIT_S)] = 0,
    head: Annotated[str, Query(max_length=90, description="SEQ.HASH of the journal")] = "",
) -> Response:
    """The manifest that counts, or 304 once `wait` seconds brought no other than those named."""
    known = set(_TAG.findall(request.headers.get("if-none-match", "")))
    named = _named(head)
    loop = asyncio.get_running_loop()
    until = loop.time() + wait
    bells = by.desk.bells
    with bells.listening(by.kiosk) as bell:
        found = await by.answered(Rank.POLL, partial(_current, by.desk, named))
        while True:
            if found.hash not in known:
                headers = {"ETag": f'"{found.hash}"', "Cache-Control": "no-store"}
                return Response(found.jwe, media_type=MANIFEST_MEDIA, headers=headers)
            left = until - loop.time()
            if left <= 0 or not await bells.poll(bell, left):
                headers = {"ETag": f'"{found.hash}"'}
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            # What it named was true when the poll began, not after a wait.
            found = await by.desk.crowd.go_on(Rank.POLL, partial(_current_now, by.desk, by.kiosk))


def _named(head: str) -> Head | None:
    if not head:
        return None
    parts = _HEAD.fullmatch(head)
    if parts is None:
        raise ProblemError(422, "invalid", "head: wanted SEQ.HASH")
    return Head(int(parts[1]), parts[2])


def _current(desk: Desk, named: Head | None, session: Session, row: Kiosk) -> manifests.Current:
    try:
        return manifests.current(desk.store, session, row, named)
    except manifests.RevokedError as error:  # since this poll began
        raise refused(REVOKED) from error


def _current_now(desk: Desk, kiosk: str) -> manifests.Current:
    store = desk.store
    return store.run(lambda session: _current(desk, None, session, store.kiosk(session, kiosk)))


async def room(request: Request) -> None:
    """Whether a report can be looked at now."""
    desk_of(request).crowd.must_have_room(Rank.REPORT)


@router.post("/journal", responses=documented(403, 409), dependencies=[Depends(room)])
async def take_journal(by: Known, sent: JournalIn) -> HeadOut:
    """Take statements in. 409 with `seq` and `hash`: go on after that row."""
    return await by.desk.crowd.do(Rank.REPORT, partial(_take, by, sent))


def _take(by: Caller, sent: JournalIn) -> HeadOut:
    items = [Damaged(i.seq) if isinstance(i, DamagedRow) else i for i in sent.statements]
    store = by.desk.store

    def unit(session: Session) -> tuple[journal.Outcome, int, bool]:
        kiosk = store.kiosk(session, by.kiosk)
        before, revision = kiosk.head_seq, kiosk.revision
        outcome = journal.take(store, session, kiosk, items)
        return outcome, kiosk.head_seq - before, kiosk.revision != revision

    outcome, taken, changed = store.run(unit)
    by.desk.figures.took(taken, outcome.stop)
    if changed:
        by.desk.bells.ring(by.kiosk)
    by.desk.poke()
    head = outcome.head
    if outcome.stop in (Stop.STALE_EPOCH, Stop.REVOKED):
        raise refused(outcome.stop)
    if outcome.stop is not None:
        raise ProblemError(409, outcome.stop, seq=head.seq, hash=head.hash)
    return HeadOut(seq=head.seq, hash=head.hash, quarantined=list(outcome.quarantined))


@router.get("/journal/head")
async def journal_head(by: Asked) -> HeadOut:
    """How far the journal is received."""
    return await by.answered(Rank.ASK, lambda _, row: HeadOut(seq=row.head_seq, hash=row.head_hash))


@router.get("/journal")
async def own_journal(by: Asked, after: Annotated[int, Query(ge=0, le=2**53)] = 0) -> JournalOut:
    """The kiosk's own rows back, for a card that lost them."""

    def found(session: Session, row: Kiosk) -> tuple[list[str | Damaged], HeadOut]:
        rows = journal.own_rows(session, row, after, OWN_ROWS, OWN_BYTES)
        return rows, HeadOut(seq=row.head_seq, hash=row.head_hash)

    rows, head = await by.answered(Rank.ASK, found)
    told: list[str | DamagedRow] = [
        DamagedRow(seq=row.seq, damaged=True) if isinstance(row, Damaged) else row for row in rows
    ]
    return JournalOut(statements=told, head=head)


@router.put("/health", status_code=204)
async def put_health(by: Asked, snapshot: dict[str, object]) -> None:
    """The latest snapshot; the one before is forgotten."""
    now = by.desk.store.now

    def keep(session: Session, row: Kiosk) -> None:
        if len(by.body) > MAX_HEALTH_BYTES:
            raise ProblemError(413, "too-large")
        if not _keepable(snapshot):
            raise ProblemError(422, "invalid", "a text or number that is no JSON for everybody")
        row.health, row.health_ms = snapshot, now()
        watching.told_health(session, row, snapshot, now())

    await by.answered(Rank.ASK, keep)


def _keepable(snapshot: dict[str, object]) -> bool:
    """Whether both databases keep it and every reader can be told: no NaN, NUL, half character."""
    try:
        text = json.dumps(snapshot, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text
