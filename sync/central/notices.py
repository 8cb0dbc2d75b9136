"""Messages to holders: the queue in the database and the spool that stands for an SMS gateway.

The law of this file: nothing is said before the kiosk stated it, nothing is said twice. A row is
queued in the transaction that took the statement; its number names the spool file, so that a crash
between file and row writes the same file again, not a second one. Texts are made when they leave:
the queue holds no code and no phone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from sync.central import codes, holders, texts
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Notice, Result
from sync.messages import Status, rfc3339

BATCH_MS = 3 * 60 * 1000  # a loading whose end is not stated counts as ended after this
MOST_AT_ONCE = 20
READY = "ready"
COLLECTED = "collected"


def queue(session: Session, result: Result, kind: str, cause: str, *, due: int, at: int) -> None:
    """Queue one message per holder. `due` and `at` (when it happened) in milliseconds."""
    for held in holders.of(session, result.cid):
        if not _stands(session, held, kind):
            _add(session, held, kind, f"{kind}:{cause}:{held.cid}:{held.id}", due=due, at=at)


def again(session: Session, result: Result, held: Holder, cause: str, now: int) -> None:
    """Queue a code for one holder, whatever was sent before; it replaces what still waits."""
    _void(session, READY, Notice.cid == result.cid, Notice.holder == held.id)
    _add(session, held, READY, cause, due=now, at=now)


def loading_ended(session: Session, kiosk: str, now: int) -> None:
    """The clerk is done: what waits for that may leave."""
    there = select(Result.cid).where(Result.kiosk == kiosk)
    waiting = (Notice.cid.in_(there), Notice.state == "waiting", Notice.due_ms > now)
    session.execute(update(Notice).where(*waiting).values(due_ms=now))


def void(session: Session, cid: str) -> None:
    """The result left the cabinet or was revoked: its codes stay here until it is loaded again."""
    _void(session, READY, Notice.cid == cid)


def forget_collected(session: Session, cid: str) -> None:
    """The papers lie there again: the next collecting is told again."""
    _void(session, COLLECTED, Notice.cid == cid, Notice.state == "sent")


def send_due(store: Store) -> int:
    """Write every message that is due to the spool; how many. Safe to repeat after any failure.

    Raises:
        OSError: the spool cannot be written; what was not written stays queued.
    """
    with store.begin() as session:
        due = (Notice.state == "waiting", Notice.due_ms <= store.now())
        found = session.scalars(
            select(Notice)
            .where(*due)
            .order_by(Notice.id)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        sent = 0
        for notice in found:
            message = _message(store, session, notice)
            if message is None:
                notice.state = "void"
                continue
            write_spool(store.settings.folder / "spool", f"{notice.id:08d}.json", message)
            notice.state, notice.sent_ms = "sent", store.now()
            sent += 1
        return sent


def _message(store: Store, session: Session, notice: Notice) -> dict[str, object] | None:
    """What leaves, or None when it must not any more."""
    result = session.get_one(Result, notice.cid)
    kiosk = session.get_one(Kiosk, result.kiosk)
    held = session.get(Holder, (notice.cid, notice.holder))
    if held is None:
        return None
    phone, secret, _ = holders.open_holder(store, held)
    if notice.kind == READY:
        if result.status != Status.LIVE or result.phase != "loaded":
            return None
        code = codes.code_at(secret, held.counter)
        text = texts.ready(held.lang, kiosk.unit, kiosk.address, code, result.hold_until_ms)
    else:
        text = texts.collected(held.lang, kiosk.unit, kiosk.address, notice.at_ms)
    return {
        "id": notice.id,
        "kind": notice.kind,
        "kiosk": kiosk.id,
        "cid": notice.cid,
        "holder": notice.holder,
        "to": phone,
        "text": text,
        "at": rfc3339(store.now()),
    }


def write_spool(folder: Path, name: str, message: dict[str, object]) -> None:
    """One message as a file, whole or not at all, readable by its owner only.

    Raises:
        OSError: it could not be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(message, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / name)


def _add(session: Session, held: Holder, kind: str, cause: str, *, due: int, at: int) -> None:
    row = Notice(cause=cause, kind=kind, cid=held.cid, holder=held.id, due_ms=due, at_ms=at)
    session.add(row)
    session.flush()


def _stands(session: Session, held: Holder, kind: str) -> bool:
    """Whether it was told, or is about to be, since the papers were last put in or taken out."""
    mine = (Notice.cid == held.cid, Notice.holder == held.id, Notice.kind == kind)
    open_ = select(Notice.id).where(*mine, Notice.state.in_(("waiting", "sent"))).limit(1)
    return session.scalar(open_) is not None


def _void(session: Session, kind: str, *which: ColumnElement[bool]) -> None:
    session.execute(update(Notice).where(Notice.kind == kind, *which).values(state="void"))
