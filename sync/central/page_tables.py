"""Tables of the pages: who may look, who is signed in, what was done there.

The law of this file: as in `tables`: `sealed` holds what the vault made, everything else is no secret.
A session is kept under the hash of its id, a counted address under its MAC.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sync.central.tables import ANY, ID, Row, Table

NAME = String(40)
FIGURE_KINDS = ("fault", "fault_cleared", "rated", "refused", "started")


class Account(Table):
    """A person who may see pages; sealed: scrypt of the password, TOTP secret."""

    __tablename__ = "account"
    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    role: Mapped[str] = mapped_column(String(8))  # ward | city
    kiosks: Mapped[list[str]] = mapped_column(ANY)  # of a ward; a city sees all
    last_step: Mapped[int] = mapped_column(default=0)  # TOTP: never this one or an older one again
    made_ms: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text)


class PageSession(Table):
    """A browser that is signed in."""

    __tablename__ = "page_session"
    id: Mapped[str] = mapped_column(ID, primary_key=True)  # SHA-256 of what the cookie holds
    account: Mapped[str] = mapped_column(ForeignKey("account.name"), index=True)
    made_ms: Mapped[int]
    seen_ms: Mapped[int]


class PageTry(Table):
    """Sign-ins tried for one account or from one address, in one window of time."""

    __tablename__ = "page_try"
    key: Mapped[str] = mapped_column(ID, primary_key=True)
    count: Mapped[int]
    since_ms: Mapped[int]


class PageOrder(Table):
    """What somebody did on a page, for the story of a result. It outlives the account."""

    __tablename__ = "page_order"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account: Mapped[str] = mapped_column(NAME)
    what: Mapped[str] = mapped_column(String(16))  # re-issue
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), index=True)
    holder: Mapped[str] = mapped_column(ID)
    at_ms: Mapped[int]


class Handled(Table):
    """An alarm that somebody has taken care of."""

    __tablename__ = "alarm_handled"
    alarm: Mapped[int] = mapped_column(ForeignKey("alarm.id"), primary_key=True)
    account: Mapped[str] = mapped_column(NAME)
    at_ms: Mapped[int]


# Only the kinds that pages look for: most rows pay nothing for it.
_OURS = Row.kind.in_(FIGURE_KINDS)
Index(
    "statement_figures",
    Row.kiosk,
    Row.kind,
    Row.received_ms,
    postgresql_where=_OURS,
    sqlite_where=_OURS,
)
