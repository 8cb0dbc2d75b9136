"""Tables of watching: when a kiosk was not heard or did not serve, and messages to technicians.

The law of this file: as in `tables`: `sealed` holds what the vault made (phone and text of a message).
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sync.central.tables import ID, Table

SILENT, OUT = "silent", "out"


class ServiceGap(Table):
    """A time in which a kiosk was not heard (`silent`), or said itself that it did not serve (`out`)."""

    __tablename__ = "service_gap"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    since_ms: Mapped[int] = mapped_column(primary_key=True)
    until_ms: Mapped[int] = mapped_column(default=0)  # 0: not over; a silence is entered when it is
    why: Mapped[str] = mapped_column(ID, default="")  # the kiosk's own word, as in health


class AlarmMessage(Table):
    """A message to one technician; sealed: phone and text. `cause` is unique."""

    __tablename__ = "alarm_message"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting | sent | failed
    due_ms: Mapped[int]
    sent_ms: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    retry_ms: Mapped[int] = mapped_column(default=0)  # as of `Notice`
    sealed: Mapped[str] = mapped_column(Text)


Index("alarm_message_due", AlarmMessage.state, AlarmMessage.due_ms)
