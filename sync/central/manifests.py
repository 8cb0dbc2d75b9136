"""Making manifests: when a new version is needed, what it says, and that each is signed once.

The law of this file: always the full list; `ver` never goes back, not even after central was restored
from a copy; a version that was signed is stored sealed and served as it is, never made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.central import codes, holders, rotation
from sync.central.enrol import staff_place
from sync.central.listing import AFTER_COLLECTED_MS, AFTER_REVOKED_MS, DAY_MS, is_listed, listed
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Part, Result, Row, Signed, Staff
from sync.envelopes import seal_manifest
from sync.keys import read_key
from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Head, rfc3339

__all__ = [
    "AFTER_COLLECTED_MS",
    "AFTER_REVOKED_MS",
    "DAY_MS",
    "OVERTAKEN_MS",
    "Current",
    "current",
    "up_to_date",
]

# A poll that names an older head may have been overtaken by a report; only after this is it a memory
# that was lost.
OVERTAKEN_MS = 60_000


class RevokedError(Exception):
    """No manifest is made for a revoked kiosk."""


@dataclass(frozen=True, slots=True)
class Current:
    """The manifest that this kiosk should go by."""

    ver: int
    hash: str
    jwe: str


def current(store: Store, session: Session, kiosk: Kiosk, named: Head | None) -> Current:
    """The newest version, made now if it is needed. `named`: the journal head that the kiosk names.

    The kiosk's row is locked by the caller.

    Raises:
        RevokedError: it is to be served nothing.
    """
    if kiosk.revoked_ms:
        raise RevokedError(f"kiosk {kiosk.id} was revoked: enrol it anew first")
    newest = select(Signed).where(Signed.kiosk == kiosk.id).order_by(Signed.ver.desc()).limit(1)
    last = session.scalar(newest)
    if last is None or _needed(store, session, kiosk, last, named):
        last = _make(store, session, kiosk)
    return Current(last.ver, last.hash, last.jwe)


def up_to_date(store: Store, session: Session, kiosk: Kiosk) -> Current:
    """As `current`, but it names the journal as it is here: whoever asks has no line to name a head.

    The kiosk's row is locked by the caller.

    Raises:
        RevokedError: as `current`.
    """
    now = current(store, session, kiosk, None)
    last = session.get_one(Signed, (kiosk.id, now.ver))
    if (last.head_seq, last.head_hash) == (kiosk.head_seq, kiosk.head_hash):
        return now
    last = _make(store, session, kiosk)
    return Current(last.ver, last.hash, last.jwe)


def _needed(store: Store, session: Session, kiosk: Kiosk, last: Signed, named: Head | None) -> bool:
    if (last.epoch, last.revision) != (kiosk.epoch, kiosk.revision):
        return True
    if last.ver < kiosk.highest_ver:  # stated there: this central comes from a backup
        return True
    if store.now() - last.signed_ms >= DAY_MS:
        return True
    if named is None or (last.head_seq, last.head_hash) == (kiosk.head_seq, kiosk.head_hash):
        return False  # the newest version names our head already
    if _lost_memory(store, session, kiosk, named):
        store.alarm(session, kiosk.id, "memory", f"names head {named.seq}, not {kiosk.head_seq}")
        return True
    return False


def _lost_memory(store: Store, session: Session, kiosk: Kiosk, named: Head) -> bool:
    """Whether the head that the kiosk names is behind the journal as received, or another."""
    if named.seq > kiosk.head_seq:
        return False
    if named.seq == kiosk.head_seq:
        return bool(kiosk.head_hash) and named.hash != kiosk.head_hash
    own = session.get(Row, (kiosk.id, kiosk.epoch, named.seq)) if named.seq else None
    if own is not None and own.hash and own.hash != named.hash:
        return True
    later = session.get(Row, (kiosk.id, kiosk.epoch, named.seq + 1))
    return later is None or store.now() - later.received_ms >= OVERTAKEN_MS


def _make(store: Store, session: Session, kiosk: Kiosk) -> Signed:
    now = store.now()
    ver = max(kiosk.highest_ver + 1, now // 1000)
    results = listed(store, session, kiosk)
    lying, held = _parts(session, kiosk, now), _holders(session, kiosk, now)
    payload: dict[str, object] = {
        "iss": store.settings.name,
        "aud": kiosk.id,
        "epoch": kiosk.epoch,
        "ver": ver,
        "iat": rfc3339(now),
        "head": {"seq": kiosk.head_seq, "hash": kiosk.head_hash},
        "policy": kiosk.policy,
        "staff": _staff(store, session, kiosk),
        "results": [
            _result(store, result, lying[result.cid], held[result.cid]) for result in results
        ],
    }
    signer, announced = rotation.signer_for(store, kiosk), rotation.announcement(store)
    if announced is not None and announced["kid"] != signer.kid:
        payload["next"] = announced
    sealed = seal_manifest(payload, signer=signer, recipient_public=read_key(kiosk.manifest_jwk))
    # Their names stay for good: only the one before still has a text.
    before = (Signed.kiosk == kiosk.id, Signed.jwe != "")
    session.execute(update(Signed).where(*before).values(jwe=""))
    row = Signed(
        kiosk=kiosk.id,
        ver=ver,
        epoch=kiosk.epoch,
        hash=sealed.hash,
        signed_ms=now,
        revision=kiosk.revision,
        head_seq=kiosk.head_seq,
        head_hash=kiosk.head_hash,
        jwe=sealed.jwe,
    )
    session.add(row)
    kiosk.highest_ver = ver
    for one in chain.from_iterable(held.values()):
        one.carried_ver = one.carried_ver or ver
    return row


def _parts(session: Session, kiosk: Kiosk, now: int) -> Mapping[str, list[Part]]:
    """Those of all listed results, by cid."""
    wanted = select(Part).join(Result).where(*is_listed(kiosk.id, now))
    found: dict[str, list[Part]] = defaultdict(list)
    for part in session.scalars(wanted.order_by(Part.cid, Part.compartment)):
        found[part.cid].append(part)
    return found


def _holders(session: Session, kiosk: Kiosk, now: int) -> Mapping[str, list[Holder]]:
    """Those of all listed results, by cid."""
    wanted = select(Holder).join(Result).where(*is_listed(kiosk.id, now))
    found: dict[str, list[Holder]] = defaultdict(list)
    for held in session.scalars(wanted.order_by(Holder.cid, Holder.id)):
        found[held.cid].append(held)
    return found


def _staff(store: Store, session: Session, kiosk: Kiosk) -> list[dict[str, object]]:
    found = session.scalars(select(Staff).where(Staff.kiosk == kiosk.id).order_by(Staff.number))
    return [
        {
            "number": row.number,
            "role": row.role,
            **store.vault.open(staff_place(kiosk.id, row.number), row.sealed),
        }
        for row in found
    ]


def _result(
    store: Store, result: Result, lying: Sequence[Part], held_by: Sequence[Holder]
) -> dict[str, object]:
    known = store.vault.open(f"result/{result.cid}", result.sealed)
    return {
        "cid": result.cid,
        "status": result.status,
        "dossiers": result.dossiers,
        "recipient": known["recipient"],
        "hold_until": rfc3339(result.hold_until_ms),
        "overdue": result.overdue,
        "fee_due": result.fee_due,
        "low": result.low,
        "size": result.size,
        "place": result.place,
        "last_known": [{"compartment": part.compartment, "phase": part.phase} for part in lying],
        "holders": [_holder(store, held) for held in held_by],
    }


def _holder(store: Store, held: Holder) -> dict[str, object]:
    phone, secret, token = holders.open_holder(store, held)
    return {
        "id": held.id,
        "role": held.role,
        "lang": held.lang,
        "known_digits": phone[-KNOWN_DIGITS:],
        "otp": {
            "gen": held.gen,
            "secret": secret,
            "digits": CODE_DIGITS,
            "counter": held.counter,
        },
        "token": {"sha256": codes.token_hash(token), "counter": held.counter},
    }
