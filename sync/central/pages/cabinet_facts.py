"""One cabinet as central knows it: its compartments, what waits in it, what must be taken out of it.

The law of this file: people are named as the kiosk's screen names them, masked; nothing of a phone is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central.advice import Advice
from sync.central.alarm_words import advice
from sync.central.office_tables import Task
from sync.central.page_tables import Handled
from sync.central.pages.fleet_facts import open_alarms
from sync.central.results import BY_KIOSK
from sync.central.store import Store
from sync.central.tables import Alarm, Holder, Kiosk, Part, Result, Row
from sync.envelopes import peek_statement
from sync.messages import Kind, Status

MOST_LISTED = 400
MOST_ALARMS = 50
MOST_COMPARTMENT = 255
OVER = ("collected", "retrieved")
LOOK = ("unconfirmed", "disputed", "accepted", "opened")


@dataclass(frozen=True, slots=True)
class Item:
    """One result that is not over. `kind`: expected, waiting, retrieve, check, or lost with its kiosk."""

    cid: str
    kind: str
    phase: str
    revoked: bool
    locked: bool
    overdue: bool
    dossiers: tuple[str, ...]
    recipient: str  # masked; "" for whoever may not see it
    compartments: tuple[int, ...]
    registered_ms: int
    loaded_ms: int
    hold_until_ms: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One compartment: `look` is a key of `words.TILES`; `cid` what lies in it, else ""."""

    number: int
    look: str
    cid: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest of `n` alike alarms that nobody has handled; the first was at `since_ms`."""

    id: int
    what: str
    compartment: int
    detail: str
    at_ms: int
    since_ms: int
    n: int
    means: Advice


def items(store: Store, session: Session, of: Kiosk, *, names: bool) -> list[Item]:
    """Every result of this kiosk that is not over, the longest waiting first."""
    wanted = select(Result).where(Result.kiosk == of.id, Result.phase.not_in(OVER))
    found = session.scalars(wanted.order_by(Result.loaded_ms, Result.cid).limit(MOST_LISTED)).all()
    cids = [result.cid for result in found]
    lying: dict[str, list[int]] = defaultdict(list)
    for part in session.scalars(select(Part).where(Part.cid.in_(cids)).order_by(Part.compartment)):
        if part.phase != "collected":
            lying[part.cid].append(part.compartment)
    locked = set(session.scalars(select(Holder.cid).where(Holder.cid.in_(cids), Holder.locked)))
    return [
        Item(
            result.cid,
            "lost" if _lost(of, result) else _kind(result, store.now()),
            result.phase,
            result.status != Status.LIVE,
            result.cid in locked,
            result.overdue,
            tuple(result.dossiers),
            recipient(store, result) if names else "",
            tuple(lying[result.cid]),
            result.registered_ms,
            result.loaded_ms,
            result.hold_until_ms,
        )
        for result in found
        if _concerns(of, result)
    ]


def _lost(of: Kiosk, result: Result) -> bool:
    """Whether its papers were in the kiosk when that was revoked."""
    return bool(of.revoked_ms) and result.phase != "expected"


def _concerns(of: Kiosk, result: Result) -> bool:
    """Whether somebody has still to do with it: what was moved away from a lost kiosk is done."""
    if of.revoked_ms and result.revoked_why == BY_KIOSK:
        return not result.place
    return result.phase != "expected" or result.status == Status.LIVE


def recipient(store: Store, result: Result) -> str:
    """The masked name."""
    return str(store.vault.open(f"result/{result.cid}", result.sealed)["recipient"])


def tiles(session: Session, kiosk: Kiosk, found: Sequence[Item]) -> list[Tile]:
    """Every compartment by its number, as stated at the kiosk's last start."""
    lying = {number: item for item in found for number in item.compartments}
    numbers = _numbers(session, kiosk) | lying.keys()
    return [
        Tile(n, _look(n, kiosk.health, lying.get(n)), lying[n].cid if n in lying else "")
        for n in sorted(numbers)
    ]


def alarms(session: Session, kiosk: str, now_ms: int) -> list[Shown]:
    """Alarms of this kiosk that nobody has handled, alike ones as one; urgent ones first, then new ones."""
    wanted = select(Alarm).outerjoin(Handled).where(Alarm.kiosk == kiosk, *open_alarms(now_ms))
    alike: dict[tuple[str, str, int], list[Alarm]] = defaultdict(list)
    for alarm in session.scalars(wanted.order_by(Alarm.id.desc()).limit(MOST_LISTED)):
        alike[alarm.kind, alarm.what, alarm.compartment].append(alarm)
    found = [
        Shown(
            newest.id,
            newest.what,
            newest.compartment,
            newest.detail,
            newest.at_ms,
            oldest.at_ms,
            n,
            advice(newest.kind, newest.what),
        )
        for newest, oldest, n in ((group[0], group[-1], len(group)) for group in alike.values())
    ]
    return sorted(found, key=lambda one: (one.means.urgency, -one.id))[:MOST_ALARMS]


def handle(session: Session, alarm: Alarm, account: str, now_ms: int) -> None:
    """Somebody has taken care of it and of those like it before; who and when is kept."""
    same = (Alarm.kind == alarm.kind, Alarm.what == alarm.what, Alarm.id <= alarm.id)
    here = (Alarm.kiosk == alarm.kiosk, Alarm.compartment == alarm.compartment)
    wanted = select(Alarm.id).outerjoin(Handled).where(*here, *same, Handled.alarm.is_(None))
    for one in session.scalars(wanted).all():
        session.add(Handled(alarm=one, account=account, at_ms=now_ms))


def calls(session: Session, kiosk: str) -> list[Task]:
    """People of this kiosk whom no message reached, the longest waiting first."""
    wanted = select(Task).join(Result, Result.cid == Task.cid)
    open_ = wanted.where(Result.kiosk == kiosk, Task.done_ms == 0)
    return list(session.scalars(open_.order_by(Task.id).limit(MOST_ALARMS)))


def _kind(result: Result, now_ms: int) -> str:
    if result.phase == "expected":
        return "expected"
    if result.phase in LOOK:
        return "check"
    over = result.hold_until_ms <= now_ms or result.status != Status.LIVE
    return "retrieve" if over else "waiting"


def _look(number: int, health: Mapping[str, object], item: Item | None) -> str:
    if number in _listed(health, "open"):
        return "open"
    if number in _listed(health, "unchecked") or (item is not None and item.kind == "check"):
        return "check"
    if item is not None:
        return item.kind
    return "blocked" if number in _listed(health, "blocked") else "free"


def _listed(health: Mapping[str, object], name: str) -> list[object]:
    value = health.get(name)
    return value if isinstance(value, list) else []


def _numbers(session: Session, kiosk: Kiosk) -> set[int]:
    started = select(Row.compact).where(
        Row.kiosk == kiosk.id, Row.kind == Kind.STARTED, Row.state == "ok"
    )
    last = session.scalar(started.order_by(Row.received_ms.desc(), Row.seq.desc()).limit(1))
    stated = peek_statement(last).get("compartments") if last else None
    if not isinstance(stated, list):
        return set()
    return {n for n in stated if type(n) is int and 1 <= n <= MOST_COMPARTMENT}
