"""Everything that belongs to the story of one result, out of the tables.

The law of this file: bounded: a result is told in at most so many rows, whoever hammers on its code.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from sync.central import tasks
from sync.central.office_tables import Slip, Task
from sync.central.page_tables import PageOrder
from sync.central.results import BY_KIOSK
from sync.central.stories import Ordered, Outline, Said, Told
from sync.central.tables import Notice, Result, Row
from sync.central.turn import AHEAD_MS
from sync.envelopes import peek_statement
from sync.messages import Clock, Kind, SchemaError, Statement
from sync.schema import read_statement

MOST_ROWS = 400
MOST_REFUSALS = 2000  # of a kiosk, looked through for those typed for this result
MOST_AROUND = 60  # rows after an acceptance in which its doors are looked for
MOST_FOUND = 20
DAY_MS = 24 * 60 * 60 * 1000
_DOOR_KINDS = (Kind.CLOSED, Kind.LEFT_OPEN, Kind.WRONG_DOOR, Kind.OPENED_UNASKED)
_VISIT_ENDS = (Kind.ACCEPTED, Kind.STAFF_IN)


def outline(result: Result) -> Outline:
    """What central keeps of it."""
    return Outline(
        result.cid,
        result.status,
        result.phase,
        result.registered_ms,
        result.hold_until_ms,
        result.loaded_ms,
        result.collected_ms,
        result.revoked_ms,
        result.place,
        result.revoked_why == BY_KIOSK,
    )


def told(session: Session, result: Result) -> list[Told]:
    """Statements that name it, refusals typed for it, and its doors while it was being collected."""
    mine = select(Row).where(Row.cid == result.cid, Row.kiosk == result.kiosk, Row.state == "ok")
    rows = session.scalars(mine.order_by(Row.epoch, Row.seq).limit(MOST_ROWS)).all()
    found = [one for one in map(_told, rows) if one is not None]
    around = [t for one in found if one.kind == Kind.ACCEPTED for t in _doors(session, result, one)]
    every = {(one.epoch, one.seq): one for one in (*found, *around, *_refusals(session, result))}
    return list(every.values())


def said(session: Session, cid: str) -> list[Said]:
    """Messages about it."""
    wanted = select(Notice).where(Notice.cid == cid).order_by(Notice.id).limit(MOST_ROWS)
    return [
        Said(one.kind, _became(one), one.holder, one.sent_ms or one.due_ms)
        for one in session.scalars(wanted)
    ]


def _became(notice: Notice) -> str:
    """`spent`: it had been sent before it lost its worth; then it was no mistake to have had it."""
    return "spent" if notice.state == "void" and notice.sent_ms else notice.state


def at_the_counter(session: Session, cid: str) -> list[Said]:
    """What left without a message: a QR on paper, a call."""
    slips = select(Slip).where(Slip.cid == cid).order_by(Slip.id).limit(MOST_ROWS)
    calls = select(Task).where(Task.cid == cid, Task.by != tasks.BY_ITSELF).order_by(Task.id)
    return [
        *(Said("slip", "sent", one.holder, one.at_ms) for one in session.scalars(slips)),
        *(
            Said(
                "call", "sent" if one.done_ms else "waiting", one.holder, one.done_ms or one.made_ms
            )
            for one in session.scalars(calls.limit(MOST_ROWS))
        ),
    ]


def ordered(session: Session, cid: str) -> list[Ordered]:
    """What was ordered on pages."""
    wanted = select(PageOrder).where(PageOrder.cid == cid).order_by(PageOrder.id).limit(MOST_ROWS)
    return [Ordered(one.account, one.holder, one.at_ms) for one in session.scalars(wanted)]


def by_dossier(session: Session, code: str, kiosks: Iterable[str] | None) -> list[Result]:
    """Results that hold this dossier, newest first."""
    has = cast(Result.dossiers, Text).contains(f'"{code}"', autoescape=True)
    wanted = select(Result).where(has).order_by(Result.registered_ms.desc()).limit(MOST_FOUND)
    if kiosks is not None:
        wanted = wanted.where(Result.kiosk.in_(list(kiosks)))
    return list(session.scalars(wanted))


def moment(statement: Statement, received_ms: int) -> tuple[int, bool]:
    """When it happened, and whether the kiosk knew; else when central heard of it."""
    knew = statement.clock is not Clock.UNKNOWN and statement.at_ms < received_ms + AHEAD_MS
    return (statement.at_ms, True) if knew else (received_ms, False)


def opened_row(row: Row) -> Statement | None:
    """The statement in a row that was taken in, None when it cannot be read by this program."""
    try:
        return read_statement(peek_statement(row.compact))
    except SchemaError:
        return None


def _told(row: Row) -> Told | None:
    statement = opened_row(row)
    if statement is None:
        return None
    at_ms, sure = moment(statement, row.received_ms)
    return Told(row.epoch, row.seq, at_ms, statement.kind, statement.fields, sure)


def _doors(session: Session, result: Result, accepted: Told) -> Iterable[Told]:
    near = select(Row).where(
        Row.kiosk == result.kiosk,
        Row.epoch == accepted.epoch,
        Row.seq.between(accepted.seq + 1, accepted.seq + MOST_AROUND),
        Row.state == "ok",
    )
    numbers = accepted.fields.get("compartments")
    wanted = numbers if isinstance(numbers, list) else []
    for row in session.scalars(near.order_by(Row.seq)):
        if row.kind in _VISIT_ENDS:
            return
        one = _told(row) if row.kind in _DOOR_KINDS else None
        if one is not None and {one.fields.get("compartment"), one.fields.get("asked")} & {*wanted}:
            yield one


def _refusals(session: Session, result: Result) -> Iterable[Told]:
    """`typed_for` names everybody whose known digits were typed."""
    last = result.collected_ms + DAY_MS if result.collected_ms else 2**53
    mine = (Row.kiosk == result.kiosk, Row.kind == Kind.REFUSED, Row.state == "ok")
    span = Row.received_ms.between(result.registered_ms, last)
    newest = select(Row).where(*mine, span).order_by(Row.received_ms.desc(), Row.seq.desc())
    for row in session.scalars(newest.limit(MOST_REFUSALS)):
        one = _told(row)
        pairs = one.fields.get("typed_for") if one is not None else None
        for pair in pairs if isinstance(pairs, list) else []:
            if one is not None and isinstance(pair, list) and pair[:1] == [result.cid]:
                holder = {"holder": pair[1] if len(pair) > 1 else "?"}
                yield Told(one.epoch, one.seq, one.at_ms, one.kind, holder, one.sure)
