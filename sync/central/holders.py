"""Holders: their secrets, which code of theirs counts now, and when it may become another.

The law of this file: central never runs more than one counter ahead of what the kiosk has
acknowledged; until then it keeps the code that it sent. Secrets leave the vault for one call only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import codes
from sync.central.people import mobile
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Result
from sync.messages import KNOWN_DIGITS

GONE = ("collected", "retrieved")


@dataclass(frozen=True, slots=True)
class NewHolder:
    """A person who may collect."""

    phone: str = field(repr=False)
    role: str = "self"
    lang: str = "vi"
    channel: str = "sms"  # rich: where there is none, by SMS all the same


def of(session: Session, cid: str) -> Sequence[Holder]:
    """Everybody who may collect it, in order."""
    return session.scalars(select(Holder).where(Holder.cid == cid).order_by(Holder.id)).all()


def add(store: Store, session: Session, result: Result, name: str, person: NewHolder) -> None:
    """Enter a holder with a first secret.

    Raises:
        PersonError: the phone is none.
    """
    phone = mobile(person.phone)
    held = Holder(cid=result.cid, id=name, role=person.role, lang=person.lang, sealed="")
    held.channel = person.channel
    taken = _taken(store, session, result.kiosk, held, phone[-KNOWN_DIGITS:])
    known: dict[str, object] = {
        "phone": phone,
        "secret": codes.new_secret(taken),
        "token": codes.new_token(),
    }
    held.sealed = store.vault.seal(_place(result.cid, name), known)
    session.add(held)
    session.flush()


def renew(
    store: Store,
    session: Session,
    kiosk: Kiosk,
    held: Holder,
    known: dict[str, object],
    *,
    fresh: bool = False,
) -> None:
    """The next counter where that is allowed and good, else a new secret; or nothing new at all."""
    taken = _taken(store, session, kiosk.id, held, str(known["phone"])[-KNOWN_DIGITS:])
    if not fresh and held.acknowledged < held.counter:
        return
    if not fresh and codes.acceptable(str(known["secret"]), held.counter + 1, taken):
        held.counter += 1
    else:
        known["secret"] = codes.new_secret(taken)
        held.gen, held.counter, held.acknowledged = held.gen + 1, 0, -1
        held.floor, held.locked = 0, False
    held.carried_ver = 0
    known["token"] = codes.new_token()
    held.sealed = store.vault.seal(_place(held.cid, held.id), known)
    kiosk.revision += 1


def open_holder(store: Store, held: Holder) -> tuple[str, str, str]:
    """Phone, secret and token of a holder."""
    known = secrets_of(store, held)
    return str(known["phone"]), str(known["secret"]), str(known["token"])


def renew_used(store: Store, session: Session, kiosk: Kiosk, held_by: Iterable[Holder]) -> None:
    """Before the codes of papers that lie there again are sent: none that was used up already."""
    for held in held_by:
        if held.floor > held.counter:
            renew(store, session, kiosk, held, secrets_of(store, held))


def _taken(store: Store, session: Session, kiosk: str, but: Holder, digits: str) -> set[str]:
    """Every code that others with the same known digits could type at this kiosk."""
    others = session.scalars(
        select(Holder).join(Result).where(Result.kiosk == kiosk, Result.phase.not_in(GONE))
    )
    found: set[str] = set()
    for held in others:
        phone, secret, _ = open_holder(store, held)
        if (held.cid, held.id) != (but.cid, but.id) and phone.endswith(digits):
            found.update(codes.live_codes(secret, held.counter))
    return found


def secrets_of(store: Store, held: Holder) -> dict[str, object]:
    """Phone, OTP secret and token, unsealed."""
    return store.vault.open(_place(held.cid, held.id), held.sealed)


def _place(cid: str, holder: str) -> str:
    return f"holder/{cid}/{holder}"
