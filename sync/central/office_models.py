"""What the office's one-stop system sends and is told, as JSON. No code and no phone ever comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from sync.central import holders
from sync.central.alarm_words import advice
from sync.central.amend import AUTHORISED
from sync.central.holders import NewHolder
from sync.central.results import NewResult, parts
from sync.central.slips import printed
from sync.central.store import Store
from sync.central.tables import Alarm, Kiosk, Result
from sync.central.texts import local
from sync.central.words import Words
from sync.schema import MOST_HOLDERS

Size = Literal["A4", "A3", "bulky"]
Channel = Literal["sms", "rich"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HolderIn(_In):
    """A person who may collect; `phone` is a Vietnamese mobile number. `rich`: Zalo and the like."""

    phone: str = Field(max_length=20)
    role: Literal["self", "authorised"] = "self"
    lang: Literal["vi", "en"] = "vi"
    channel: Channel = "sms"


class RegisterIn(_In):
    """A result to be handed out. `recipient` is masked before it is kept; `due` is when it was promised."""

    kiosk: str = Field(max_length=64)
    dossiers: list[str] = Field(min_length=1, max_length=20)
    recipient: str = Field(min_length=1, max_length=200)
    holders: list[HolderIn] = Field(min_length=1, max_length=MOST_HOLDERS)
    hold_until: AwareDatetime | None = None
    due: AwareDatetime | None = None
    overdue: bool = False
    fee_due: bool = False
    low: bool = False
    size: Size = "A4"

    def order(self) -> NewResult:
        """The same as a value."""
        people = tuple(NewHolder(h.phone, h.role, h.lang, h.channel) for h in self.holders)
        until, due = self.hold_until, self.due
        return NewResult(
            kiosk=self.kiosk,
            dossiers=tuple(code.strip().upper().replace("–", "-") for code in self.dossiers),
            recipient=self.recipient,
            holders=people,
            hold_until_ms=0 if until is None else int(until.timestamp() * 1000),
            due_ms=0 if due is None else max(0, int(due.timestamp() * 1000)),
            overdue=self.overdue,
            fee_due=self.fee_due,
            low=self.low,
            size=self.size,
        )


class AddIn(_In):
    """One authorised recipient more."""

    phone: str = Field(max_length=20)
    lang: Literal["vi", "en"] = "vi"
    channel: Channel = "sms"

    def person(self) -> NewHolder:
        """The same as a value."""
        return NewHolder(self.phone, AUTHORISED, self.lang, self.channel)


class MarkIn(_In):
    """What staff and the citizen are shown; null leaves it as it is."""

    fee_due: bool | None = None
    overdue: bool | None = None


class ReissueIn(_In):
    """A new code; with another phone it goes there, and the old one opens nothing any more."""

    holder: str = Field(default="h1", max_length=64)
    phone: str = Field(default="", max_length=20)


class ExtendIn(_In):
    """Hold it longer, or shorter."""

    hold_until: AwareDatetime


class MoveIn(_In):
    """Hand it out at another kiosk."""

    kiosk: str = Field(max_length=64)


class PartOut(BaseModel):
    """Where a part lies, and how far it has come."""

    compartment: int
    phase: str


class HolderOut(BaseModel):
    """A holder without anything that opens a door."""

    id: str
    role: str
    lang: str
    channel: str
    phone_masked: str
    gen: int
    counter: int
    acknowledged: bool
    locked: bool
    slips: int  # printed at the counter


class ResultOut(BaseModel):
    """A result as central knows it."""

    cid: str
    kiosk: str
    status: str
    phase: str
    dossiers: list[str]
    recipient: str
    hold_until: datetime
    due: datetime | None
    overdue: bool
    fee_due: bool
    low: bool
    size: str
    place: str
    registered_at: datetime
    loaded_at: datetime | None
    collected_at: datetime | None
    parts: list[PartOut]
    holders: list[HolderOut]


class KioskOut(BaseModel):
    """A kiosk as central knows it."""

    id: str
    epoch: int
    unit: str
    address: str
    head_seq: int
    head_hash: str
    last_contact: datetime | None
    revoked_at: datetime | None  # stolen: served nothing any more
    rotation_behind: bool  # a new key of central's is announced, and not stated here yet
    health: dict[str, object]


class WordsOut(BaseModel):
    """The same in Vietnamese and English."""

    vi: str
    en: str


class AlarmOut(BaseModel):
    """Something that a person must see: `told` is what it means, `todo` what to do.

    `urgency`: 0 at any hour, 1 by day, 2 when somebody looks. `what` is of a fault or a conflict,
    `compartment` 0 for none; `ended_at`: it is over by itself.
    """

    id: int
    kiosk: str
    kind: str
    what: str
    compartment: int
    detail: str
    at: datetime
    ended_at: datetime | None
    urgency: int
    name: WordsOut
    told: WordsOut
    todo: WordsOut


def result_out(store: Store, session: Session, result: Result) -> ResultOut:
    """A result as the office sees it."""
    known = store.vault.open(f"result/{result.cid}", result.sealed)
    return ResultOut(
        cid=result.cid,
        kiosk=result.kiosk,
        status=result.status,
        phase=result.phase,
        dossiers=result.dossiers,
        recipient=str(known["recipient"]),
        hold_until=local(result.hold_until_ms),
        due=_moment(result.due_ms),
        overdue=result.overdue,
        fee_due=result.fee_due,
        low=result.low,
        size=result.size,
        place=result.place,
        registered_at=local(result.registered_ms),
        loaded_at=_moment(result.loaded_ms),
        collected_at=_moment(result.collected_ms),
        parts=[
            PartOut(compartment=part.compartment, phase=part.phase)
            for part in parts(session, result.cid)
        ],
        holders=_holders(store, session, result),
    )


def alarm_out(alarm: Alarm) -> AlarmOut:
    """An alarm with its words."""
    means = advice(alarm.kind, alarm.what)
    return AlarmOut(
        id=alarm.id,
        kiosk=alarm.kiosk,
        kind=alarm.kind,
        what=alarm.what,
        compartment=alarm.compartment,
        detail=alarm.detail,
        at=local(alarm.at_ms),
        ended_at=_moment(alarm.ended_ms),
        urgency=int(means.urgency),
        name=_words(means.name),
        told=_words(means.told),
        todo=_words(means.todo),
    )


def _words(words: Words) -> WordsOut:
    return WordsOut(vi=words.vi, en=words.en)


def kiosk_out(kiosk: Kiosk, *, behind: bool) -> KioskOut:
    """A kiosk as the office sees it."""
    return KioskOut(
        id=kiosk.id,
        epoch=kiosk.epoch,
        unit=kiosk.unit,
        address=kiosk.address,
        head_seq=kiosk.head_seq,
        head_hash=kiosk.head_hash,
        last_contact=_moment(kiosk.contact_ms),
        revoked_at=_moment(kiosk.revoked_ms),
        rotation_behind=behind,
        health=kiosk.health,
    )


def _holders(store: Store, session: Session, result: Result) -> list[HolderOut]:
    slips = printed(session, result.cid)
    return [
        HolderOut(
            id=held.id,
            role=held.role,
            lang=held.lang,
            channel=held.channel,
            phone_masked="*" * 7 + holders.open_holder(store, held)[0][-3:],
            gen=held.gen,
            counter=held.counter,
            acknowledged=held.acknowledged >= held.counter,
            locked=held.locked,
            slips=slips.get(held.id, 0),
        )
        for held in holders.of(session, result.cid)
    ]


def _moment(wall_ms: int) -> datetime | None:
    return local(wall_ms) if wall_ms else None
