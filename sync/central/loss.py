"""What the office does at central after a loss: another place for a cabinet, another key at once.

The law of this file: a cabinet that moved keeps its keys, its epoch and its papers. A key that was stolen is
followed by one that nothing announces: kiosks believe it only once they are enrolled anew, by code.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central.enrolment_tables import EnrolmentCode
from sync.central.settings import NEXT, SIGNER
from sync.central.store import Store
from sync.central.tables import Kiosk, Mark
from sync.central.texts import check_place
from sync.keys import load_key, new_signing_key, save_key


def relocate(store: Store, kiosk: str, unit: str, address: str) -> None:
    """The same cabinet stands elsewhere: messages and pages name the new place from now on.

    Raises:
        UnknownError: no such kiosk. TextError: unit and address do not fit into a message.
    """
    check_place(unit, address)
    with store.begin() as session:
        row = store.kiosk(session, kiosk)
        row.unit, row.address = unit, address


def replace_key(store: Store) -> tuple[str, tuple[str, ...]]:
    """Another key signs manifests from now on: its id, and every kiosk that is to be enrolled anew.

    A rotation under way is dropped: its key may be stolen as well. Cut off, it is run again. No central may
    serve this database meanwhile; every replica needs the `central.jwk` that is here afterwards.

    Raises:
        OSError, BadKeyError: a key file cannot be written or read; run it again.
    """
    path = store.settings.folder / NEXT
    begun = store.settings.next is not None and _marked(store) == store.settings.next.kid
    if not begun:
        save_key(path, new_signing_key())
    key = load_key(path)

    def unit(session: Session) -> tuple[str, ...]:
        session.merge(Mark(name="signer", value=key.kid))
        open_ = (EnrolmentCode.ended_ms == 0, EnrolmentCode.used_ms == 0)
        session.execute(update(EnrolmentCode).where(*open_).values(ended_ms=store.now()))
        fresh = {"revision": Kiosk.revision + 1, "key_stated": "", "next_stated": ""}
        session.execute(update(Kiosk).values(**fresh))
        return tuple(session.scalars(select(Kiosk.id).order_by(Kiosk.id)))

    kiosks = store.run(unit)
    save_key(store.settings.folder / SIGNER, key)  # overwritten: the stolen one is nowhere any more
    path.unlink()
    store.settings = replace(store.settings, signer=key, next=None)
    return key.kid, kiosks


def _marked(store: Store) -> str:
    """The signer that the database belongs to."""
    with store.begin() as session:
        held = session.get(Mark, "signer")
        return "" if held is None else held.value
