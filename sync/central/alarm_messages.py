"""Messages to technicians: the queue, and sending it through the same adapters as messages to holders.

The law of this file: as in `notices`: a row is claimed for a while, handed over under its own id, however
often, and settled. Phone and text rest sealed.
"""

from __future__ import annotations

import logging
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sync.central.adapters import Adapter, Answer, Fate
from sync.central.letters import SMS, Letter
from sync.central.notices import (
    FIRST_REST_MS,
    HOUR_MS,
    LEASE_MS,
    MOST_AT_ONCE,
    MOST_DOUBLINGS,
    MOST_REST_MS,
)
from sync.central.store import Store
from sync.central.vault import VaultError
from sync.central.watch_tables import AlarmMessage

KIND = "alarm"
_LOG = logging.getLogger("kiosk.central")


def queue(store: Store, session: Session, cause: str, phone: str, text: str) -> None:
    """Queue one message, due now. `cause` must be new."""
    sealed = store.vault.seal(_place(cause), {"phone": phone, "text": text})
    session.add(AlarmMessage(cause=cause, due_ms=store.now(), sealed=sealed))


def waiting(session: Session) -> int:
    """How many have not left yet."""
    open_ = select(func.count()).select_from(AlarmMessage).where(AlarmMessage.state == "waiting")
    return session.scalar(open_) or 0


def send_due(store: Store, adapter: Adapter) -> int:
    """Hand over what is due, at most `MOST_AT_ONCE`; how many left. Safe to repeat.

    Raises:
        OSError: the spool cannot be written; what was not written stays queued.
        StoreError: what left meanwhile leaves again later, under the same id.
    """
    claimed, sent = store.run(partial(_claim, store)), 0
    for at, number in enumerate(claimed):
        made = store.run(partial(_letter, store, number=number))
        if made is None:
            continue
        answer = adapter.send(made, store.now())
        store.run(partial(_settle, store, number=number, answer=answer))
        sent += answer.fate is Fate.SENT
        if answer.fate is Fate.LATER:  # whatever ails the way ails the next one too
            store.run(partial(_release, store, numbers=claimed[at + 1 :]))
            break
    return sent


def _claim(store: Store, session: Session) -> list[int]:
    now = store.now()
    due = (AlarmMessage.state == "waiting", AlarmMessage.due_ms <= now)
    found = session.scalars(
        select(AlarmMessage)
        .where(*due, AlarmMessage.retry_ms <= now)
        .order_by(AlarmMessage.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in found:
        row.retry_ms = now + LEASE_MS
    return [row.id for row in found]


def _letter(store: Store, session: Session, number: int) -> Letter | None:
    row = session.get_one(AlarmMessage, number)
    try:
        known = store.vault.open(_place(row.cause), row.sealed)
    except VaultError as error:
        _LOG.error("alarm message %d cannot be made: %s", number, error)
        row.state = "failed"
        return None
    to, text = str(known["phone"]), str(known["text"])
    where = {"kiosk": "", "cid": "", "holder": ""}
    return Letter(id=f"{KIND}-{number}", kind=KIND, channel=SMS, **where, to=to, text=text)


def _settle(store: Store, session: Session, number: int, answer: Answer) -> None:
    now, row = store.now(), session.get_one(AlarmMessage, number)
    row.retry_ms = 0
    if answer.fate is Fate.SENT:
        row.state, row.sent_ms = "sent", now
        return
    row.tries += 1
    late = now - row.due_ms >= store.settings.give_up_hours * HOUR_MS
    if answer.fate is Fate.REFUSED or late:
        row.state = "failed"
        _LOG.error("alarm message %d did not reach its technician", number)
        return
    doubled = FIRST_REST_MS * 2 ** min(row.tries - 1, MOST_DOUBLINGS)
    row.retry_ms = now + max(min(doubled, MOST_REST_MS), answer.rest_ms)


def _release(store: Store, session: Session, numbers: list[int]) -> None:
    """These were not tried: anybody may, after a rest."""
    rest = update(AlarmMessage).where(AlarmMessage.id.in_(numbers))
    session.execute(rest.values(retry_ms=store.now() + FIRST_REST_MS))


def _place(cause: str) -> str:
    return f"alarm/{cause}"
