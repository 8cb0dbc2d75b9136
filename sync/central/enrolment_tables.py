"""Tables of enrolment: codes that were given out, and every public key that a kiosk ever had.

The law of this file: as in `tables`. Rows are never deleted: they tell who was entered when, by which way.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sync.central.tables import ANY, ID, Table


class EnrolmentCode(Table):
    """A code for one kiosk id; `keys` are the key ids that used it, "" before, `reply` what they got."""

    __tablename__ = "enrolment_code"
    hash: Mapped[str] = mapped_column(ID, primary_key=True)  # SHA-256 of its 22 characters
    kiosk: Mapped[str] = mapped_column(ID, index=True)
    unit: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(120))
    made_ms: Mapped[int]
    ended_ms: Mapped[int] = mapped_column(default=0)  # a newer code took its place; 0: none did
    used_ms: Mapped[int] = mapped_column(default=0)
    keys: Mapped[str] = mapped_column(String(200), default="")
    reply: Mapped[str] = mapped_column(Text, default="")


class KioskKey(Table):
    """A public key of one epoch of one kiosk. No key is ever taken twice."""

    __tablename__ = "kiosk_key"
    kid: Mapped[str] = mapped_column(ID, primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), index=True)
    epoch: Mapped[int]
    use: Mapped[str] = mapped_column(String(16))  # statement | manifest | transport
    jwk: Mapped[dict[str, str]] = mapped_column(ANY)
    entered_ms: Mapped[int]  # 0: before this was kept


class EnrolmentTry(Table):
    """How often an address tried a code in the minute that began at `since_ms`."""

    __tablename__ = "enrolment_try"
    address: Mapped[str] = mapped_column(ID, primary_key=True)  # a MAC of it
    count: Mapped[int]
    since_ms: Mapped[int]
