"""Enrolment codes: given out, used once, and answered the same however often the answer was lost.

The law of this file: a code is good for one kiosk id and one set of keys. What can be known from an answer
is whether the code is good, nothing else; what was done with it stays in its row.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sync import jws
from sync.central import epochs, rotation
from sync.central.enrol import checked_id
from sync.central.enrolment_tables import EnrolmentCode, EnrolmentTry
from sync.central.kiosk_keys import KioskKeys
from sync.central.store import Store, UnknownError
from sync.central.tables import Kiosk
from sync.central.texts import check_place
from sync.compact import encode
from sync.enrolment import CODE_BYTES, CODE_GOOD_MS, ENROLMENT_TYPE, MOST_REPLY_BYTES, Code
from sync.keys import public_jwk
from sync.messages import rfc3339

MINUTE_MS = 60_000
MOST_TRIES = 10  # per address and minute


class RefusedError(Exception):
    """The code does not count, for whatever reason."""


class TooOftenError(Exception):
    """This address has tried too often in this minute."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kiosk that holds a code wants entered. `epoch`: the highest that it remembers."""

    code: str
    epoch: int
    keys: KioskKeys


def new_code(store: Store, kiosk: str, *, unit: str = "", address: str = "") -> Code:
    """A code for one kiosk id, good for a day; it ends the one before. Kept as its hash only.

    `unit` and `address` may be "" for a kiosk that was entered before: they stay.

    Raises:
        ValueError: no kiosk id. TextError: unit and address do not fit into a message.
        UnknownError: a new kiosk without unit or address.
    """
    checked_id(kiosk)
    code = Code(encode(secrets.token_bytes(CODE_BYTES)), store.settings.signer.kid)

    def unit_of_work(session: Session) -> None:
        place = _place(session, kiosk, unit, address)
        theirs = (EnrolmentCode.kiosk == kiosk, EnrolmentCode.ended_ms == 0)
        session.execute(update(EnrolmentCode).where(*theirs).values(ended_ms=store.now()))
        made = {"kiosk": kiosk, "unit": place.unit, "address": place.address}
        session.add(EnrolmentCode(hash=code.hash, **made, made_ms=store.now()))

    store.run(unit_of_work)
    return code


def _place(session: Session, kiosk: str, unit: str, address: str) -> epochs.Place:
    row = session.get(Kiosk, kiosk)
    place = epochs.Place(
        kiosk, unit or (row.unit if row else ""), address or (row.address if row else "")
    )
    if not place.unit or not place.address:
        raise UnknownError(f"kiosk {kiosk} is new here: its unit and address are wanted")
    check_place(place.unit, place.address)
    return place


def place_of(store: Store, code: Code) -> tuple[str, str]:
    """Unit and address of the kiosk that a code was made for."""

    def unit_of_work(session: Session) -> tuple[str, str]:
        row = session.scalars(select(EnrolmentCode).where(EnrolmentCode.hash == code.hash)).one()
        return row.unit, row.address

    return store.run(unit_of_work)


def count_try(store: Store, address: str) -> None:
    """Count before judging.

    Raises:
        TooOftenError: nothing was judged.
    """
    digest = hmac.digest(store.fingerprint_secret, f"enrol {address}".encode(), hashlib.sha256)
    name = encode(digest)

    def unit(session: Session) -> bool:
        now = store.now()
        session.execute(delete(EnrolmentTry).where(EnrolmentTry.since_ms <= now - MINUTE_MS))
        row = session.get(EnrolmentTry, name, with_for_update=True)
        if row is None:
            row = EnrolmentTry(address=name, count=0, since_ms=now)
            session.add(row)
        row.count = min(row.count + 1, MOST_TRIES + 1)
        return row.count <= MOST_TRIES

    if not store.run(unit):
        raise TooOftenError


def enrol(store: Store, asked: Asked) -> tuple[str, str]:
    """The kiosk's id and the signed reply; the same bytes for the same code and keys.

    Raises:
        RefusedError: the code is unknown, over, or was used with other keys (alarm).
        BadKeyError: another kiosk or an earlier epoch has one of the keys; nothing was changed.
    """
    found = store.run(lambda session: _enrol(store, session, asked))
    if found is None:
        raise RefusedError
    return found


def _enrol(store: Store, session: Session, asked: Asked) -> tuple[str, str] | None:
    hash_ = Code(asked.code, "").hash
    wanted = select(EnrolmentCode).where(EnrolmentCode.hash == hash_).with_for_update()
    row = session.scalar(wanted, execution_options={"populate_existing": True})
    if row is None or row.ended_ms or store.now() - row.made_ms >= CODE_GOOD_MS:
        return None
    kids = asked.keys.kids()
    names = " ".join(kids.values())
    if row.used_ms:
        if row.keys == names:
            return row.kiosk, row.reply
        store.alarm(session, row.kiosk, "enrolment-code", "a used code was tried with other keys")
        return None
    place = epochs.Place(row.kiosk, row.unit, row.address)
    kiosk = epochs.enter(store, session, place, asked.keys, asked.epoch)
    row.used_ms, row.keys = store.now(), names
    row.reply = _reply(store, kiosk, hash_, kids)
    return row.kiosk, row.reply


def _reply(store: Store, kiosk: Kiosk, hash_: str, kids: dict[str, str]) -> str:
    payload: dict[str, object] = {
        "iss": store.settings.name,
        "aud": kiosk.id,
        "epoch": kiosk.epoch,
        "iat": rfc3339(store.now()),
        "code": hash_,
        "keys": kids,
        "central": public_jwk(store.settings.signer),
    }
    if announced := rotation.announcement(store):
        payload["next"] = announced
    signer = store.settings.signer
    return jws.sign(payload, typ=ENROLMENT_TYPE, key=signer, most=MOST_REPLY_BYTES)
