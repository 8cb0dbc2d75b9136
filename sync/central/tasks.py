"""Tasks for people at the office: phone somebody whom no message reaches.

The law of this file: a task says which holder, why and about what, and holds no phone; what has become
pointless ends by itself, so that nobody phones a person who has the papers.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central.office_tables import Task
from sync.central.store import Store, UnknownError
from sync.central.texts import COLLECTED

PHONE = "phone"
REFUSED, LATE, LOCKED, BROKEN = "refused", "late", "locked", "broken"  # why
REVOKED = (
    "revoked"  # the kiosk with their papers: no message was lost, and no code opens it any more
)
BY_ITSELF = "central"
MOST_LISTED = 200


def phone(
    session: Session, cid: str, holder: str, about: str, why: str, cause: str, now: int
) -> None:
    """Ask for a call, once per `cause`. `about` is a kind of message; `now` in milliseconds."""
    if session.scalar(select(Task.id).where(Task.cause == cause)) is None:
        named = {"cid": cid, "holder": holder, "about": about, "why": why}
        session.add(Task(cause=cause, kind=PHONE, made_ms=now, **named))
        session.flush()


def settle(session: Session, cid: str, now: int, holder: str = "") -> None:
    """Calls about papers that wait there are pointless now: for one holder, or for all of them."""
    which = [Task.cid == cid, Task.done_ms == 0, Task.about != COLLECTED]
    if holder:
        which.append(Task.holder == holder)
    session.execute(update(Task).where(*which).values(done_ms=now, by=BY_ITSELF))


def done(store: Store, session: Session, task: int, by: str) -> Task:
    """A person has done it; again changes nothing.

    Raises:
        UnknownError: there is none.
    """
    row = session.scalar(select(Task).where(Task.id == task).with_for_update())
    if row is None:
        raise UnknownError(f"no task {task}")
    if not row.done_ms:
        row.done_ms, row.by = store.now(), by
    return row


def listed(session: Session, after: int, *, open_only: bool) -> list[Task]:
    """Oldest first, at most `MOST_LISTED`."""
    wanted = select(Task).where(Task.id > after).order_by(Task.id).limit(MOST_LISTED)
    return list(session.scalars(wanted.where(Task.done_ms == 0) if open_only else wanted))
