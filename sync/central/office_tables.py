"""Tables of the office's door: who may order what, what was printed, whom a person must phone.

The law of this file: as in `tables`: nothing here is a secret, a name or a phone. A key is kept as its
hash; a task says which holder, and the phone stays sealed with that holder.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sync.central.tables import ANY, ID, Result, Table

WORD = String(16)
CALLER = String(64)  # the name of an API key, or of the office's own


class ApiKey(Table):
    """A key of another program than the office's own, and what it may do. Revoked ones stay."""

    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(WORD, primary_key=True)  # the part of the key that is no secret
    name: Mapped[str] = mapped_column(CALLER)
    hash: Mapped[str] = mapped_column(ID)  # SHA-256 of the whole key
    scopes: Mapped[list[str]] = mapped_column(ANY)
    made_ms: Mapped[int]
    revoked_ms: Mapped[int] = mapped_column(default=0)


class Task(Table):
    """Something that a person at the office must do. `cause` is unique: nothing is asked twice."""

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(WORD)  # phone
    about: Mapped[str] = mapped_column(WORD)  # kind of the message that did not reach them
    why: Mapped[str] = mapped_column(WORD)  # refused | late | locked | broken
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), index=True)
    holder: Mapped[str] = mapped_column(ID)
    made_ms: Mapped[int]
    done_ms: Mapped[int] = mapped_column(default=0, index=True)  # 0: open
    by: Mapped[str] = mapped_column(CALLER, default="")


class Slip(Table):
    """A QR that was printed at the counter: for whom, by which key, when."""

    __tablename__ = "slip"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), index=True)
    holder: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(CALLER)
    at_ms: Mapped[int]


# What the periodic duty looks through: the few that lie in cabinets now.
_LYING = Result.phase == "loaded"
Index("result_lying", Result.hold_until_ms, postgresql_where=_LYING, sqlite_where=_LYING)
