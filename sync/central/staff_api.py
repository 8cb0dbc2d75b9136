"""Staff through the office's door: let somebody log in at a kiosk, issue and withdraw cards.

The law of this file: a card's text leaves in the answer that issues it, and never again. Whoever
repeats a call whose answer was lost gets another card, and the first is worth nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from sync.central import cards
from sync.central.enrol import add_staff, remove_staff
from sync.central.office_door import REFUSED, Minds
from sync.central.problems import documented
from sync.messages import Role

router = APIRouter(
    prefix="/v1/office/kiosks/{kiosk}/staff/{number}",
    tags=["staff"],
    responses=documented(*REFUSED),
)
Kiosk = Annotated[str, Path(max_length=64)]
Number = Annotated[str, Path(pattern=r"^[0-9]{1,8}$")]


class StaffIn(BaseModel):
    """A staff member. With `card` a new one is issued."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["clerk", "technician", "supervisor"]
    pin: str = Field(pattern=r"^[0-9]{6}$", repr=False)
    totp_secret: str = Field(pattern=r"^[A-Z2-7]{26,128}$", repr=False)
    card: bool = False


class CardOut(BaseModel):
    """The text for the QR of a card, told once; `""` when none was asked for."""

    card: str = Field(repr=False)


@router.put("")
def register(who: Minds, kiosk: Kiosk, number: Number, body: StaffIn) -> CardOut:
    """Let a staff member log in; the same number again replaces everything, a card too."""
    role, store = Role(body.role), who.desk.store
    add_staff(store, kiosk, number, role, pin=body.pin, totp_secret=body.totp_secret)
    card = ""
    if body.card:
        with store.begin() as session:
            card = cards.issue(store, session, kiosk, number)
    who.desk.bells.ring(kiosk)
    return CardOut(card=card)


@router.delete("", status_code=204)
def remove(who: Minds, kiosk: Kiosk, number: Number) -> None:
    """From the next manifest on this number cannot log in, by no means."""
    remove_staff(who.desk.store, kiosk, number)
    who.desk.bells.ring(kiosk)


@router.post("/card", status_code=201)
def issue(who: Minds, kiosk: Kiosk, number: Number) -> CardOut:
    """A new card for somebody who has lost one, or had none."""
    card = who.desk.store.run(lambda session: cards.issue(who.desk.store, session, kiosk, number))
    who.desk.bells.ring(kiosk)
    return CardOut(card=card)


@router.delete("/card", status_code=204)
def withdraw(who: Minds, kiosk: Kiosk, number: Number) -> None:
    """The card opens nothing any more."""
    with who.desk.store.begin() as session:
        cards.withdraw(who.desk.store, session, kiosk, number)
    who.desk.bells.ring(kiosk)
