"""Results as the office orders them: register, extend, revoke, move, new codes.

The law of this file: whatever a manifest would show differently raises the kiosk's revision in the
same transaction; nobody is told of a result before the kiosk has stated it as loaded.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import holders, notices
from sync.central.holders import NewHolder
from sync.central.people import masked, mobile
from sync.central.store import Store, UnknownError
from sync.central.tables import Holder, Kiosk, Part, Result
from sync.central.workdays import Workdays, shipped
from sync.messages import SIZES, Status
from sync.schema import MOST_HOLDERS

CID_BYTES = 8
MOST_DOSSIERS = 20  # in one result
MOST_HOLD_MS = 366 * 24 * 60 * 60 * 1000
_DOSSIER = re.compile(r"[A-Za-z0-9./_-]{1,64}")
HOLD_WORKING_DAYS = 5
BY_KIOSK = "kiosk"  # why a result was revoked: with its kiosk


class OrderError(ValueError):
    """The office asks for what cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result to be handed out. `hold_until_ms` 0: five working days."""

    kiosk: str
    dossiers: tuple[str, ...]
    recipient: str = field(repr=False)  # masked before it is kept
    holders: tuple[NewHolder, ...] = ()
    hold_until_ms: int = 0
    due_ms: int = 0  # when it was promised; 0: unknown
    overdue: bool = False
    fee_due: bool = False
    low: bool = False
    size: str = SIZES[0]


def register(store: Store, session: Session, new: NewResult) -> Result:
    """Enter a result; the kiosk expects it from the next manifest on. Nobody is told yet.

    Raises:
        OrderError, PersonError, UnknownError: it cannot be; nothing was entered.
    """
    kiosk = store.kiosk(session, new.kiosk)
    if kiosk.revoked_ms:
        raise OrderError(f"kiosk {kiosk.id} was revoked: nothing can be handed out there")
    if not 1 <= len(new.holders) <= MOST_HOLDERS:
        raise OrderError(f"holders: wanted 1 to {MOST_HOLDERS}")
    if not 1 <= len(new.dossiers) <= MOST_DOSSIERS or new.size not in SIZES:
        raise OrderError(f"wanted 1 to {MOST_DOSSIERS} dossiers, a size of {', '.join(SIZES)}")
    if not all(_DOSSIER.fullmatch(code) for code in new.dossiers):
        raise OrderError("dossiers: wanted codes of letters, digits, dots and dashes, at most 64")
    until = new.hold_until_ms or default_hold(store.now(), store.settings.workdays)
    _must_be_ahead(store, until)
    cid = secrets.token_hex(CID_BYTES)
    result = Result(
        cid=cid,
        kiosk=new.kiosk,
        dossiers=list(new.dossiers),
        hold_until_ms=until,
        due_ms=new.due_ms,
        overdue=new.overdue,
        fee_due=new.fee_due,
        low=new.low,
        size=new.size,
        registered_ms=store.now(),
        sealed=store.vault.seal(f"result/{cid}", {"recipient": masked(new.recipient)}),
    )
    session.add(result)
    session.flush()
    for index, person in enumerate(new.holders, start=1):
        holders.add(store, session, result, f"h{index}", person)
    kiosk.revision += 1
    return result


def find(store: Store, session: Session, cid: str) -> tuple[Kiosk, Result]:
    """A result and its kiosk, locked.

    Raises:
        UnknownError: no such result.
    """
    # A result never changes its kiosk: that is locked first, and what is read then is the truth.
    kiosk = session.scalar(select(Result.kiosk).where(Result.cid == cid))
    if kiosk is None:
        raise UnknownError(f"no result {cid[:64]!r}")
    return store.kiosk(session, kiosk), session.get_one(Result, cid, populate_existing=True)


def extend(store: Store, session: Session, cid: str, hold_until_ms: int) -> Result:
    """Hold it until another moment.

    Raises:
        OrderError, UnknownError: it is over, or there is none.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    _must_be_ahead(store, hold_until_ms)
    was_over = result.hold_until_ms <= store.now()
    result.hold_until_ms = hold_until_ms
    kiosk.revision += 1
    if was_over and result.lies_there:
        # Their newest message may send them to the counter.
        for held in holders.of(session, cid):
            cause = f"extend:{cid}:{held.id}:{secrets.token_hex(CID_BYTES)}"
            notices.again(session, result, held, cause, store.now())
    return result


def revoke(store: Store, session: Session, cid: str, place: str = "") -> Result:
    """It may not be handed out any more, for good; `place`: where else it is to be had now.

    Raises:
        UnknownError: there is none.
    """
    kiosk, result = find(store, session, cid)
    if result.status == Status.LIVE:
        result.status = str(Status.REVOKED)
        result.revoked_ms = store.now()
        result.place = place
        notices.void(session, cid, store.now())
        kiosk.revision += 1
    return result


def move(store: Store, session: Session, cid: str, kiosk: str) -> Result:
    """Hand it out at another kiosk: recalled here, entered there under a new cid with new codes.

    Also, once, what was revoked with its kiosk: papers that were taken out in time or made anew.

    Raises:
        OrderError, UnknownError: it is over, is there already, or there is none.
    """
    here = session.scalar(select(Result.kiosk).where(Result.cid == cid))
    # Both, in one order for all, so that two moves cannot wait for each other.
    for name in sorted({kiosk, here or kiosk}):
        store.kiosk(session, name)
    _, old = find(store, session, cid)
    if old.revoked_why != BY_KIOSK or old.place:
        must_be_live(old)
    if old.kiosk == kiosk:
        raise OrderError("it is at that kiosk already")
    people = [(h, holders.secrets_of(store, h)) for h in holders.of(session, cid)]
    new = NewResult(
        kiosk=kiosk,
        dossiers=tuple(old.dossiers),
        recipient=str(store.vault.open(f"result/{cid}", old.sealed)["recipient"]),
        holders=tuple(NewHolder(str(s["phone"]), h.role, h.lang, h.channel) for h, s in people),
        hold_until_ms=old.hold_until_ms,
        due_ms=old.due_ms,
        overdue=old.overdue,
        fee_due=old.fee_due,
        low=old.low,
        size=old.size,
    )
    moved = register(store, session, new)
    place = store.kiosk(session, kiosk).address
    revoke(store, session, cid, place=place)
    old.place = place  # also of one that was revoked before
    return moved


def re_issue(
    store: Store, session: Session, cid: str, holder: str, *, phone: str = "", fresh: bool = False
) -> Holder:
    """A new code, or the same while the kiosk has not acknowledged it; sent once papers lie there.

    A new phone, a locked holder or `fresh` make a new secret under the next gen.

    Raises:
        OrderError, PersonError, UnknownError: it is over, there is none, no such phone.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    held = session.get(Holder, (cid, holder))
    if held is None:
        raise UnknownError(f"no holder {holder[:64]!r} of {cid}")
    known = holders.secrets_of(store, held)
    if phone and mobile(phone) != known["phone"]:
        known["phone"] = mobile(phone)
        fresh = True
    holders.renew(store, session, kiosk, held, known, fresh=fresh or held.locked)
    if result.lies_there:
        cause = f"re-issue:{cid}:{holder}:{secrets.token_hex(CID_BYTES)}"
        notices.again(session, result, held, cause, store.now())
    return held


def default_hold(now_ms: int, days: Workdays | None = None) -> int:
    """When the counter opens after five whole working days; `days` as shipped unless said."""
    return (days or shipped()).opening_after(now_ms, HOLD_WORKING_DAYS)


def parts(session: Session, cid: str) -> Sequence[Part]:
    """Where its parts lie."""
    found = session.scalars(select(Part).where(Part.cid == cid).order_by(Part.compartment))
    return found.all()


def _must_be_ahead(store: Store, until_ms: int) -> None:
    if not 0 < until_ms - store.now() <= MOST_HOLD_MS:
        raise OrderError("hold_until: wanted a moment in the coming year")


def must_be_live(result: Result) -> None:
    """Raises: OrderError: it was collected or revoked."""
    if result.status != Status.LIVE or result.phase == "collected":
        raise OrderError(f"result {result.cid} is {result.phase}, {result.status}")
