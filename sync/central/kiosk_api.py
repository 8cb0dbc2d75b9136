"""What kiosks call: manifest, journal, health. Every call proves itself, every call may be repeated.

The law of this file: a request is believed when the kiosk's transport key signed exactly this method,
path and body, over a stamp of ours that is not too old; nothing else about it is believed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from sync.calls import REQUEST_HEADER
from sync.central import journal, kiosk_keys, manifests, watching
from sync.central.alarm_words import REVOKED
from sync.central.desk import Desk, desk_of
from sync.central.journal import Stop
from sync.central.problems import ProblemError, documented
from sync.central.tables import Kiosk
from sync.central.waiting import heard
from sync.fetch import MANIFEST_MEDIA, POLL_S
from sync.jws import BadEnvelope
from sync.keys import read_key
from sync.line import Damaged
from sync.messages import MAX_STATEMENT_BYTES, Head
from sync.stamps import check_request, check_stamp

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


@dataclass(frozen=True, slots=True)
class Caller:
    """A kiosk that proved itself; perhaps one that was revoked."""

    desk: Desk
    kiosk: str
    revoked: bool = False


async def known(request: Request, kiosk: str) -> Caller:
    """Believe the request or refuse it."""
    desk = desk_of(request)
    body = await request.body()
    target = request.scope["raw_path"].decode("ascii")
    if query := request.scope["query_string"].decode("ascii"):
        target += "?" + query
    proof = request.headers.get(REQUEST_HEADER, "")
    word = await run_in_threadpool(_believe, desk, kiosk, request.method, target, body, proof)
    return Caller(desk, kiosk, revoked=word == REVOKED)


Known = Annotated[Caller, Depends(known)]


async def caller(by: Known) -> Caller:
    """As `known`, but a revoked kiosk is served nothing."""
    if by.revoked:
        raise _refused(REVOKED)
    return by


def _refused(word: str) -> ProblemError:
    return ProblemError(403, word, "this kiosk was enrolled anew, or must not serve any more")


def _believe(desk: Desk, kiosk: str, method: str, target: str, body: bytes, proof: str) -> str:
    """`REVOKED`, or "" for a kiosk that is to be served."""
    store = desk.store

    def unit(session: Session) -> str:
        row = store.kiosk(session, kiosk)
        signed = partial(check_request, proof, method=method, path=target, body=body)
        try:
            stamp = signed(key=read_key(row.transport_jwk))
        except BadEnvelope as error:
            if not _of_before(session, row, signed):
                raise ProblemError(401, "signature", str(error)) from error
            store.alarm_again(
                session, kiosk, Stop.STALE_EPOCH, "a call with keys of an earlier epoch"
            )
            return Stop.STALE_EPOCH
        if row.revoked_ms:
            store.alarm_again(session, kiosk, REVOKED, "a call of the revoked kiosk")
            return REVOKED
        if not check_stamp(store.stamp_secret, stamp, store.now()):
            raise ProblemError(401, "stamp", "too old: repeat with the stamp of this answer")
        watching.heard(session, row, store.now())
        return ""

    # The alarm is to be kept, so this is raised after the transaction.
    if (word := store.run(unit)) == Stop.STALE_EPOCH:
        raise _refused(word)
    return word


def _of_before(session: Session, row: Kiosk, signed: Callable[..., str]) -> bool:
    """Whether a transport key of an earlier epoch signed it."""
    for key in kiosk_keys.former(session, row, "transport").values():
        try:
            signed(key=key)
        except BadEnvelope:
            continue
        return True
    return False


Proven = Annotated[Caller, Depends(caller)]


@router.get(
    "/manifest",
    response_class=Response,
    responses={200: {"content": {MANIFEST_MEDIA: {}}}, 304: {"description": "Nothing newer"}},
)
async def manifest(
    request: Request,
    by: Proven,
    wait: Annotated[float, Query(ge=0, le=MOST_WAIT_S)] = 0,
    head: Annotated[str, Query(max_length=90, description="SEQ.HASH of the journal")] = "",
) -> Response:
    """The manifest that counts, or 304 once `wait` seconds brought no other than those named."""
    known = set(_TAG.findall(request.headers.get("if-none-match", "")))
    named = _named(head)
    loop = asyncio.get_running_loop()
    until = loop.time() + wait
    with by.desk.bells.listening(by.kiosk) as bell:
        while True:
            found = await run_in_threadpool(_current, by, named)
            if found.hash not in known:
                headers = {"ETag": f'"{found.hash}"', "Cache-Control": "no-store"}
                return Response(found.jwe, media_type=MANIFEST_MEDIA, headers=headers)
            named = None  # it was true when the poll began, not after a wait
            left = until - loop.time()
            if by.desk.bells.closed or left <= 0 or not await heard(bell, left):
                headers = {"ETag": f'"{found.hash}"'}
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


def _named(head: str) -> Head | None:
    if not head:
        return None
    parts = _HEAD.fullmatch(head)
    if parts is None:
        raise ProblemError(422, "invalid", "head: wanted SEQ.HASH")
    return Head(int(parts[1]), parts[2])


def _current(by: Caller, named: Head | None) -> manifests.Current:
    store = by.desk.store
    try:
        return store.run(
            lambda session: manifests.current(store, session, store.kiosk(session, by.kiosk), named)
        )
    except manifests.RevokedError as error:  # since this poll began
        raise _refused(REVOKED) from error


async def room(request: Request) -> None:
    """Whether a report can be looked at now."""
    desk_of(request).crowd.must_have_room()


@router.post("/journal", responses=documented(403, 409), dependencies=[Depends(room)])
async def take_journal(by: Known, sent: JournalIn) -> HeadOut:
    """Take statements in. 409 with `seq` and `hash`: go on after that row."""
    async with by.desk.crowd.turn():
        return await run_in_threadpool(_take, by, sent)


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
        raise _refused(outcome.stop)
    if outcome.stop is not None:
        raise ProblemError(409, outcome.stop, seq=head.seq, hash=head.hash)
    return HeadOut(seq=head.seq, hash=head.hash, quarantined=list(outcome.quarantined))


@router.get("/journal/head")
def journal_head(by: Proven) -> HeadOut:
    """How far the journal is received."""
    store = by.desk.store
    with store.begin() as session:
        kiosk = store.kiosk(session, by.kiosk)
        return HeadOut(seq=kiosk.head_seq, hash=kiosk.head_hash)


@router.get("/journal")
def own_journal(by: Proven, after: Annotated[int, Query(ge=0, le=2**53)] = 0) -> JournalOut:
    """The kiosk's own rows back, for a card that lost them."""
    store = by.desk.store
    with store.begin() as session:
        kiosk = store.kiosk(session, by.kiosk)
        rows = journal.own_rows(session, kiosk, after, OWN_ROWS, OWN_BYTES)
        head = HeadOut(seq=kiosk.head_seq, hash=kiosk.head_hash)
    told: list[str | DamagedRow] = [
        DamagedRow(seq=row.seq, damaged=True) if isinstance(row, Damaged) else row for row in rows
    ]
    return JournalOut(statements=told, head=head)


@router.put("/health", status_code=204)
def put_health(request: Request, by: Proven, snapshot: dict[str, object]) -> None:
    """The latest snapshot; the one before is forgotten."""
    if int(request.headers.get("content-length", "0")) > MAX_HEALTH_BYTES:
        raise ProblemError(413, "too-large")
    if not _keepable(snapshot):
        raise ProblemError(422, "invalid", "a text or number that is no JSON for everybody")
    store = by.desk.store

    def unit(session: Session) -> None:
        kiosk = store.kiosk(session, by.kiosk)
        kiosk.health, kiosk.health_ms = snapshot, store.now()
        watching.told_health(session, kiosk, snapshot, store.now())

    store.run(unit)


def _keepable(snapshot: dict[str, object]) -> bool:
    """Whether both databases keep it and every reader can be told: no NaN, NUL, half character."""
    try:
        text = json.dumps(snapshot, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text
