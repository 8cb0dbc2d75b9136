"""Another key for manifests, without a visit: announced to everybody, used for whoever has stated it.

The law of this file: a kiosk is never sent what it cannot believe. The old key is destroyed only once every
kiosk that is not revoked has stated the new one; until then both lie in the folder, on every replica.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from sync.central.alarm_words import ROTATION
from sync.central.enrolment_tables import EnrolmentCode, KioskKey
from sync.central.settings import NEXT, SIGNER
from sync.central.store import Store
from sync.central.tables import Alarm, Kiosk, Mark
from sync.keys import Key, load_key, new_signing_key, public_jwk, save_key

DAY_MS = 24 * 60 * 60 * 1000
LATE_MS = 30 * DAY_MS  # after it began, or after the kiosk was entered
MOST_AT_ONCE = 200  # kiosks in one transaction


@dataclass(frozen=True, slots=True)
class Progress:
    """How a rotation stands. `behind`: kiosks that have not yet stated the new key as theirs."""

    kid: str
    begun: bool  # just now
    done: bool  # just now: the old key is gone
    behind: tuple[str, ...]


def announcement(store: Store) -> dict[str, object] | None:
    """`next` of a manifest or a reply, while a rotation is under way."""
    key = store.settings.next
    if key is None:
        return None
    told = public_jwk(key)
    return {"kid": told["kid"], "jwk": told}


def signer_for(store: Store, kiosk: Kiosk) -> Key:
    """The key that this kiosk believes, the new one as soon as it has stated it."""
    after = store.settings.next
    if after is not None and after.kid in (kiosk.key_stated, kiosk.next_stated):
        return after
    return store.settings.signer


def is_behind(store: Store, kiosk: Kiosk) -> bool:
    """Whether a rotation is under way that this kiosk has not followed yet."""
    after = store.settings.next
    return after is not None and not kiosk.revoked_ms and kiosk.key_stated != after.kid


def stated(store: Store, session: Session, kiosk: Kiosk, key: str, announced: str) -> None:
    """The kiosk has stated which keys it believes; a new manifest may follow from that."""
    before = signer_for(store, kiosk)
    if kiosk.key_stated != key and store.settings.next and key == store.settings.next.kid:
        open_ = (Alarm.kiosk == kiosk.id, Alarm.kind == ROTATION, Alarm.ended_ms == 0)
        session.execute(update(Alarm).where(*open_).values(ended_ms=store.now()))
    kiosk.key_stated, kiosk.next_stated = key, announced
    if signer_for(store, kiosk) is not before:
        kiosk.revision += 1


def alarm_late(store: Store) -> int:
    """Raise the alarm for whoever has not followed in time, once each; how many. Safe to repeat."""
    key = store.settings.next
    return 0 if key is None else store.run(lambda session: _alarm_late(store, session, key))


def _alarm_late(store: Store, session: Session, key: Key) -> int:
    now = store.now()
    began = _began(session, now)
    if now - began < LATE_MS:
        return 0
    entered = select(func.max(KioskKey.entered_ms)).where(
        KioskKey.kiosk == Kiosk.id, KioskKey.epoch == Kiosk.epoch
    )
    told = select(Alarm.id).where(
        Alarm.kiosk == Kiosk.id, Alarm.kind == ROTATION, Alarm.at_ms >= began
    )
    late = select(Kiosk.id).where(
        *_not_there(key),
        ~told.exists(),
        func.coalesce(entered.scalar_subquery(), 0) <= now - LATE_MS,
    )
    found = session.scalars(late.order_by(Kiosk.id).limit(MOST_AT_ONCE)).all()
    for name in found:
        row = store.kiosk(session, name)  # whoever else looks at the same moment waits here
        if session.scalar(told.where(Kiosk.id == name)) is None and is_behind(store, row):
            days = (now - began) // DAY_MS
            store.alarm(session, name, ROTATION, f"{key.kid} was announced {days} days ago")
    return len(found)


def _began(session: Session, now: int) -> int:
    """When the rotation under way began; one that nobody noted begins to count now."""
    mark = session.get(Mark, ROTATION)
    if mark is None:
        mark = Mark(name=ROTATION, value=str(now))
        session.add(mark)
        session.flush()
    return int(mark.value)


def _not_there(key: Key) -> tuple[ColumnElement[bool], ...]:
    late = or_(Kiosk.key_stated != key.kid, Kiosk.key_stated.is_(None))
    return late, Kiosk.revoked_ms == 0


def rotate(store: Store) -> Progress:
    """Begin a rotation, tell how one stands, or end it once everybody has followed.

    No central may serve this database meanwhile; every replica needs the files that are here afterwards.

    Raises:
        OSError, BadKeyError: a key file cannot be written or read; run it again.
    """
    path = store.settings.folder / NEXT
    if not path.exists():
        save_key(path, new_signing_key())
        key = load_key(path)
        store.run(lambda session: _announce(store, session))
        return Progress(key.kid, begun=True, done=False, behind=_behind(store, key))
    key = load_key(path)
    behind = _behind(store, key)
    if behind:
        # The first time may have been cut off right after the file.
        store.run(lambda session: _announce(store, session))
        return Progress(key.kid, begun=False, done=False, behind=behind)
    store.run(lambda session: _end(store, session, key))
    _take_place(path, store.settings.folder / SIGNER)
    return Progress(key.kid, begun=False, done=True, behind=())


def behind(store: Store, session: Session) -> tuple[str, ...]:
    """Who has not followed the rotation under way, if there is one."""
    key = store.settings.next
    if key is None:
        return ()
    return tuple(session.scalars(select(Kiosk.id).where(*_not_there(key)).order_by(Kiosk.id)))


def _behind(store: Store, key: Key) -> tuple[str, ...]:
    wanted = select(Kiosk.id).where(*_not_there(key)).order_by(Kiosk.id)
    with store.begin() as session:
        return tuple(session.scalars(wanted))


def _announce(store: Store, session: Session) -> None:
    _began(session, store.now())
    session.execute(update(Kiosk).values(revision=Kiosk.revision + 1))


def _end(store: Store, session: Session, key: Key) -> None:
    """The database belongs to the new key; codes that name the old one lead nowhere any more."""
    session.merge(Mark(name="signer", value=key.kid))
    session.execute(delete(Mark).where(Mark.name == ROTATION))
    open_ = (EnrolmentCode.ended_ms == 0, EnrolmentCode.used_ms == 0)
    session.execute(update(EnrolmentCode).where(*open_).values(ended_ms=store.now()))


def _take_place(path: Path, of: Path) -> None:
    """The old key is overwritten by a rename: whole or not at all."""
    save_key(of, load_key(path))
    path.unlink()
