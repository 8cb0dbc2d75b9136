"""Entering a kiosk's keys, and what a new memory at a kiosk means for all that lies there.

The law of this file: one transaction. Other keys are another epoch; with it every secret that the lost
memory held is void, and nobody is told a code before the new one has stated that the papers are there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central import holders, kiosk_keys, notices
from sync.central.kiosk_keys import KioskKeys
from sync.central.listing import listed
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Result
from sync.keys import BadKeyError
from sync.messages import Setting, Status


@dataclass(frozen=True, slots=True)
class Place:
    """A kiosk's id, how messages name its ward, and where the cabinet stands."""

    kiosk: str
    unit: str
    address: str


def enter(
    store: Store, session: Session, place: Place, keys: KioskKeys, remembered: int | None = None
) -> Kiosk:
    """The kiosk's row as it is now.

    `remembered`: the highest epoch that the kiosk itself knows of; None: the keys came as a file.

    Raises:
        BadKeyError: the keys are another's, or an earlier epoch's; undo the transaction.
    """
    row = session.get(Kiosk, place.kiosk, with_for_update=True)
    known, by_hand = remembered or 0, remembered is None
    if row is None:
        row = _first(session, place, keys, known + 1)
        kiosk_keys.note(session, row, keys, store.now(), by_hand=by_hand)
    elif keys.jwks() != [row.statement_jwk, row.manifest_jwk, row.transport_jwk]:
        row.epoch = max(row.epoch, known) + 1
        # Of a stolen kiosk no key comes back, not even one that its owner still has.
        by_hand = by_hand and not row.revoked_ms
        kiosk_keys.note(session, row, keys, store.now(), by_hand=by_hand)
        row.revoked_ms, row.revoked_by = 0, ""
        _anew(store, session, row, keys)
    elif row.revoked_ms:
        raise BadKeyError("this kiosk was revoked: it comes back with new keys only")
    row.unit, row.address = place.unit, place.address
    session.flush()
    return row


def _first(session: Session, place: Place, keys: KioskKeys, epoch: int) -> Kiosk:
    statement, manifest, transport = keys.jwks()
    row = Kiosk(
        id=place.kiosk,
        epoch=epoch,
        policy={"settings": [str(name) for name in Setting]},
        unit=place.unit,
        address=place.address,
        statement_jwk=statement,
        manifest_jwk=manifest,
        transport_jwk=transport,
    )
    session.add(row)
    session.flush()
    return row


def _anew(store: Store, session: Session, row: Kiosk, keys: KioskKeys) -> None:
    """A new memory: it has no journal and has acknowledged nothing."""
    row.statement_jwk, row.manifest_jwk, row.transport_jwk = keys.jwks()
    row.head_seq, row.head_hash = 0, ""
    row.key_stated = row.next_stated = ""
    row.revision += 1
    here = Holder.cid.in_(select(Result.cid).where(Result.kiosk == row.id))
    session.execute(update(Holder).where(here).values(acknowledged=-1, carried_ver=0))
    for result in listed(store, session, row):
        for held in holders.of(session, result.cid):
            known = holders.secrets_of(store, held)
            holders.renew(store, session, row, held, known, fresh=True)
        result.withheld = True
        if result.status == Status.LIVE:  # else who is to be phoned about it is still to be phoned
            notices.void(session, result.cid, store.now())
