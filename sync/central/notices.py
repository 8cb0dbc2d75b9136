"""Messages to holders: the queue in the database, and sending what is due through the adapters.

The law of this file: nothing is said before the kiosk stated it, nothing is said twice. A row is queued in
the transaction that took the statement; its number is the id under which it leaves, however often: after a
crash or a lost answer the same leaves again under the same id. No transaction waits for a gateway: a row is
claimed for a while, handed over, and settled. Texts are made when they leave: the queue holds no code and no
phone. What cannot be delivered becomes a task for a person.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from sync.central import tasks
from sync.central.adapters import Adapter, Answer, Fate, adapters_of
from sync.central.letters import RICH, SMS, Letter, letter
from sync.central.store import Store
from sync.central.tables import Holder, Notice, Result
from sync.central.texts import COLLECTED, EXPIRY, READY, REMINDER, TextError
from sync.central.vault import VaultError

BATCH_MS = 3 * 60 * 1000  # a loading whose end is not stated counts as ended after this
MOST_AT_ONCE = 20
# Somebody may stand before the kiosk and wait for a code; after an outage thousands are told of pickups.
URGENT_FIRST = (READY, EXPIRY, REMINDER, COLLECTED)
LEASE_MS = 5 * 60 * 1000  # for MOST_AT_ONCE letters at 10 s each; then somebody else may try
FIRST_REST_MS = 30 * 1000  # after a failure; doubles with each further one
MOST_REST_MS = 30 * 60 * 1000
MOST_DOUBLINGS = 6
HOUR_MS = 60 * 60 * 1000
_LOG = logging.getLogger("kiosk.central")


def again(session: Session, result: Result, held: Holder, cause: str, now: int) -> None:
    """Queue a code for one holder, whatever was sent before; it replaces what still waits."""
    _void(session, READY, Notice.cid == result.cid, Notice.holder == held.id)
    add(session, held, READY, cause, due=now, at=now)


def too(session: Session, result: Result, held: Holder, cause: str, now: int) -> None:
    """A code for somebody who was added while the papers lie there: with the others', if they wait."""
    theirs = (Notice.cid == result.cid, Notice.kind == READY, Notice.state == "waiting")
    due = session.scalar(select(func.max(Notice.due_ms)).where(*theirs))
    add(session, held, READY, cause, due=max(now, due or 0), at=now)


def undecided(session: Session, cid: str, holder: str, now: int) -> bool:
    """Whether the loading may still be undone: the code must not be out yet."""
    mine = (Notice.cid == cid, Notice.holder == holder, Notice.kind == READY)
    waits = select(Notice.id).where(*mine, Notice.state == "waiting", Notice.due_ms > now).limit(1)
    return session.scalar(waits) is not None


def loading_ended(session: Session, kiosk: str, now: int) -> None:
    """The clerk is done: what waits for that may leave."""
    there = select(Result.cid).where(Result.kiosk == kiosk)
    codes = (Notice.kind == READY, Notice.state == "waiting", Notice.due_ms > now)
    waiting = (Notice.cid.in_(there), *codes)
    now_due = update(Notice).where(*waiting).values(due_ms=now)
    with session.no_autoflush:  # nothing else that may have changed has a say in it
        session.execute(now_due, execution_options={"synchronize_session": False})


def void(session: Session, cid: str, now: int) -> None:
    """The result left the cabinet or was revoked: its codes stay here until it is loaded again."""
    _void(session, READY, Notice.cid == cid)
    tasks.settle(session, cid, now)


def forget_collected(session: Session, cid: str) -> None:
    """The papers lie there again: the next collecting is told again."""
    _void(session, COLLECTED, Notice.cid == cid, Notice.state == "sent")


def send_due(store: Store, adapters: Mapping[str, Adapter] | None = None) -> int:
    """Hand over every message that is due, at most `MOST_AT_ONCE`; how many left. Safe to repeat.

    `adapters` by channel; as the settings say unless given.

    Raises:
        OSError: the spool cannot be written; what was not written stays queued.
        StoreError: what left meanwhile leaves again later, under the same id.
    """
    ways = adapters_of(store.settings) if adapters is None else adapters
    rest = store.run(partial(_claim, store))
    sent, blocked, last = 0, set[str](), None
    while rest or last:
        unit = partial(_go_on, store, last=last, rest=rest, ways=ways, blocked=blocked)
        one, taken = store.run(unit)
        rest, last = rest[taken:], None
        if one is None:
            continue
        try:
            answer = ways[one.channel].send(one, store.now())
        except OSError:
            store.run(partial(_release, numbers=[int(one.id), *rest], retry_ms=store.now()))
            raise
        last = (int(one.id), answer)
        sent += answer.fate is Fate.SENT
        if answer.fate is Fate.LATER:
            # Whatever ails the way ails the next letter too.
            blocked.add(one.channel)
            _LOG.warning("messages by %s cannot leave now", one.channel)
    return sent


def _go_on(
    store: Store,
    session: Session,
    last: tuple[int, Answer] | None,
    rest: Sequence[int],
    ways: Mapping[str, Adapter],
    blocked: Collection[str],
) -> tuple[Letter | None, int]:
    """Settle the last letter and make the next, in one transaction; how many of `rest` that took."""
    if last is not None:
        _settle(store, session, *last)
    for taken, number in enumerate(rest, start=1):
        made = _made(store, session, number, ways)
        if made is None:
            continue
        if made.channel not in blocked:
            return made, taken
        _release(session, [number], store.now() + FIRST_REST_MS)
    return None, len(rest)


def _claim(store: Store, session: Session) -> list[int]:
    """What is due and nobody else's, ours for a while; the most urgent first."""
    now, found = store.now(), list[Notice]()
    for kind in URGENT_FIRST:
        due = (Notice.state == "waiting", Notice.kind == kind, Notice.due_ms <= now)
        wanted = select(Notice).where(*due, Notice.retry_ms <= now)
        wanted = wanted.order_by(Notice.due_ms, Notice.id).limit(MOST_AT_ONCE - len(found))
        found += session.scalars(wanted.with_for_update(skip_locked=True))
    for notice in found:
        notice.retry_ms = now + LEASE_MS
    return [notice.id for notice in found]


def _made(
    store: Store, session: Session, notice: int, ways: Mapping[str, Adapter]
) -> Letter | None:
    """The letter as it is true at this moment; None when there is none to send any more."""
    row = _waiting(session, notice)
    if row is None:
        return None
    if row.channel not in ways:
        row.channel = SMS
    try:
        made = letter(store, session, row)
    except (VaultError, TextError) as error:
        # It must not stand in the way of those behind it; a person helps this one.
        _LOG.error("message %d cannot be made: %s", notice, error)
        row.channel = SMS
        _give_up(session, row, tasks.BROKEN, store.now())
        return None
    if made is None:
        row.state = "void"
    return made


def _waiting(session: Session, notice: int) -> Notice | None:
    """The row, locked, unless it was voided or sent meanwhile."""
    wanted = select(Notice).where(Notice.id == notice, Notice.state == "waiting")
    return session.scalar(wanted.with_for_update())


def _settle(store: Store, session: Session, number: int, answer: Answer) -> None:
    """What became of a letter; whatever was voided meanwhile stays void."""
    now = store.now()
    notice = _waiting(session, number)
    if notice is None:
        return
    notice.retry_ms = 0
    if answer.fate is Fate.SENT:
        notice.state, notice.sent_ms = "sent", now
        if notice.kind == READY:
            tasks.settle(session, notice.cid, now, notice.holder)
        return
    notice.tries += 1
    if answer.fate is Fate.REFUSED:
        _give_up(session, notice, tasks.REFUSED, now)
    elif now - notice.due_ms >= store.settings.give_up_hours * HOUR_MS:
        _give_up(session, notice, tasks.LATE, now)
    else:
        doubled = FIRST_REST_MS * 2 ** min(notice.tries - 1, MOST_DOUBLINGS)
        notice.retry_ms = now + max(min(doubled, MOST_REST_MS), answer.rest_ms)


def _give_up(session: Session, notice: Notice, why: str, now: int) -> None:
    """A rich message goes on as SMS, under a new id; whom no SMS reaches a person must phone."""
    notice.state = "failed"
    if notice.channel == RICH:
        held = session.get(Holder, (notice.cid, notice.holder))
        if held is not None:
            cause = f"{SMS}:{notice.cause}"
            add(session, held, notice.kind, cause, due=now, at=notice.at_ms, channel=SMS)
        return
    cause = f"phone:{notice.id}"
    tasks.phone(session, notice.cid, notice.holder, notice.kind, why, cause, now)


def _release(session: Session, numbers: Collection[int], retry_ms: int) -> None:
    """These were not tried: anybody may, from then on."""
    ours = (Notice.id.in_(numbers), Notice.state == "waiting")
    session.execute(update(Notice).where(*ours).values(retry_ms=retry_ms))


def add(
    session: Session,
    held: Holder,
    kind: str,
    cause: str,
    *,
    due: int,
    at: int,
    channel: str = "",
) -> None:
    """Queue one message; `channel` is the holder's unless given. `cause` must be new."""
    way = channel or held.channel
    where = {"cid": held.cid, "holder": held.id, "channel": way}
    session.add(Notice(cause=cause, kind=kind, due_ms=due, at_ms=at, **where))
    session.flush()


def _void(session: Session, kind: str, *which: ColumnElement[bool]) -> None:
    session.execute(update(Notice).where(Notice.kind == kind, *which).values(state="void"))
