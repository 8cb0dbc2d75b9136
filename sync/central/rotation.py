"""Another key for manifests, without a visit: announced to everybody, used for whoever has stated it.

The law of this file: a kiosk is never sent what it cannot believe. The old key is destroyed only once every
kiosk that is not revoked has stated the new one; until then both lie in the folder, on every replica.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from sync.central.enrolment_tables import EnrolmentCode
from sync.central.settings import NEXT, SIGNER
from sync.central.store import Store
from sync.central.tables import Kiosk, Mark
from sync.keys import Key, load_key, new_signing_key, public_jwk, save_key


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


def stated(store: Store, kiosk: Kiosk, key: str, announced: str) -> None:
    """The kiosk has stated which keys it believes; a new manifest may follow from that."""
    before = signer_for(store, kiosk)
    kiosk.key_stated, kiosk.next_stated = key, announced
    if signer_for(store, kiosk) is not before:
        kiosk.revision += 1


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
        store.run(_announce)
        return Progress(key.kid, begun=True, done=False, behind=_behind(store, key))
    key = load_key(path)
    behind = _behind(store, key)
    if behind:
        store.run(_announce)  # the first time may have been cut off right after the file
        return Progress(key.kid, begun=False, done=False, behind=behind)
    store.run(lambda session: _end(store, session, key))
    _take_place(path, store.settings.folder / SIGNER)
    return Progress(key.kid, begun=False, done=True, behind=())


def _behind(store: Store, key: Key) -> tuple[str, ...]:
    late = or_(Kiosk.key_stated != key.kid, Kiosk.key_stated.is_(None))
    wanted = select(Kiosk.id).where(late, Kiosk.revoked_ms == 0).order_by(Kiosk.id)
    with store.begin() as session:
        return tuple(session.scalars(wanted))


def _announce(session: Session) -> None:
    session.execute(update(Kiosk).values(revision=Kiosk.revision + 1))


def _end(store: Store, session: Session, key: Key) -> None:
    """The database belongs to the new key; codes that name the old one lead nowhere any more."""
    session.merge(Mark(name="signer", value=key.kid))
    open_ = (EnrolmentCode.ended_ms == 0, EnrolmentCode.used_ms == 0)
    session.execute(update(EnrolmentCode).where(*open_).values(ended_ms=store.now()))


def _take_place(path: Path, of: Path) -> None:
    """The old key is overwritten by a rename: whole or not at all."""
    save_key(of, load_key(path))
    path.unlink()
