"""What leaves for a holder: made when it leaves, or not at all when it is no longer true.

The law of this file: the queue holds no code and no phone; a letter holds both, so it is never kept, never
logged, and its repr says neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from sync.central import codes, holders, texts
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Notice, Result
from sync.messages import Status

SMS, RICH = "sms", "rich"
CHANNELS = (SMS, RICH)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way. `qr`: the text for the holder's QR, "" without one."""

    id: int | str  # the gateway's idempotency key: of the notice; `alarm-N` to a technician
    kind: str
    channel: str
    kiosk: str
    cid: str
    holder: str
    to: str = field(repr=False)  # ten digits
    text: str = field(repr=False)
    qr: str = field(default="", repr=False)


def letter(store: Store, session: Session, notice: Notice) -> Letter | None:
    """What leaves, or None when it must not any more."""
    result = session.get_one(Result, notice.cid)
    held = session.get(Holder, (notice.cid, notice.holder))
    if held is None or not _stands(result, notice, store.now()):
        return None
    kiosk = session.get_one(Kiosk, result.kiosk)
    phone, secret, token = holders.open_holder(store, held)
    with_code = notice.kind in (texts.READY, texts.REMINDER)
    code = codes.code_at(secret, held.counter) if with_code else ""
    is_rich = notice.channel == RICH
    return Letter(
        id=notice.id,
        kind=notice.kind,
        channel=notice.channel,
        kiosk=kiosk.id,
        cid=notice.cid,
        holder=notice.holder,
        to=phone,
        text=_text(kiosk, held.lang, notice, _at(store, result, notice), code),
        qr=codes.qr_text(kiosk.id, token) if is_rich and with_code else "",
    )


def _stands(result: Result, notice: Notice, now: int) -> bool:
    """Whether it is still so: collected papers were collected; all else needs papers that lie there.

    A code that the kiosk would call expired does not leave.
    """
    if notice.kind == texts.COLLECTED:
        return True
    if result.status != Status.LIVE or not result.lies_there:
        return False
    if notice.kind != texts.EXPIRY and now >= result.hold_until_ms:
        return False
    return notice.kind == texts.READY or notice.at_ms == result.hold_until_ms


def _at(store: Store, result: Result, notice: Notice) -> int:
    """The moment that the text names."""
    if notice.kind == texts.EXPIRY:
        return store.settings.workdays.counter_day(result.hold_until_ms)
    return notice.at_ms if notice.kind == texts.COLLECTED else result.hold_until_ms


def _text(kiosk: Kiosk, lang: str, notice: Notice, at_ms: int, code: str) -> str:
    unit, address, kind = kiosk.unit, kiosk.address, notice.kind
    if notice.channel == RICH:
        return texts.rich(kind, lang, unit, address, code=code, at_ms=at_ms)
    if kind == texts.EXPIRY:
        return texts.expiry(lang, unit, address, at_ms)
    if kind == texts.COLLECTED:
        return texts.collected(lang, unit, address, at_ms)
    made = texts.ready if kind == texts.READY else texts.reminder
    return made(lang, unit, address, code, at_ms)
