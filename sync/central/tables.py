"""Central's tables. Times are milliseconds since the Unix epoch, by central's clock unless said.

The law of this file: columns named `sealed` hold what the vault made; no other column holds a
secret, a name or a phone. Statements are kept as they were signed and never change.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# SQLite numbers rows by itself only where the type is called INTEGER; it holds 64 bits there too.
BIG = BigInteger().with_variant(Integer(), "sqlite")
ANY = JSON().with_variant(JSONB(), "postgresql")
ID = String(64)


class Table(DeclarativeBase):
    """The base of all tables. Every whole number is 64 bits wide: kiosks state what they like."""

    type_annotation_map: ClassVar[dict[type, BigInteger]] = {int: BIG}


class Kiosk(Table):
    """One enrolled kiosk in its present epoch."""

    __tablename__ = "kiosk"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    epoch: Mapped[int]
    unit: Mapped[str] = mapped_column(String(80))  # "P.Bình Tiên", for messages
    address: Mapped[str] = mapped_column(String(120))
    policy: Mapped[dict[str, int]] = mapped_column(ANY)
    statement_jwk: Mapped[dict[str, str]] = mapped_column(ANY)
    manifest_jwk: Mapped[dict[str, str]] = mapped_column(ANY)
    transport_jwk: Mapped[dict[str, str]] = mapped_column(ANY)
    head_seq: Mapped[int] = mapped_column(default=0)  # of the journal as received here
    head_hash: Mapped[str] = mapped_column(ID, default="")  # "" when unknown: a damaged row
    highest_ver: Mapped[int] = mapped_column(default=0)  # ever signed here or stated there
    revision: Mapped[int] = mapped_column(default=1)  # rises with all a manifest would show
    contact_ms: Mapped[int] = mapped_column(default=0)
    health: Mapped[dict[str, object]] = mapped_column(ANY, default=dict)
    health_ms: Mapped[int] = mapped_column(default=0)
    revoked_ms: Mapped[int] = mapped_column(server_default="0")  # stolen: not served
    revoked_by: Mapped[str] = mapped_column(ID, server_default="")  # who said so
    # Key ids that it stated with the newest manifest that it accepted; "" before the first.
    key_stated: Mapped[str] = mapped_column(ID, server_default="")
    next_stated: Mapped[str] = mapped_column(ID, server_default="")


class Staff(Table):
    """A staff member who may log in at a kiosk; sealed: PIN hash and TOTP secret."""

    __tablename__ = "staff"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)


class Result(Table):
    """A result; sealed: the masked name."""

    __tablename__ = "result"
    cid: Mapped[str] = mapped_column(ID, primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), index=True)
    status: Mapped[str] = mapped_column(String(8), default="live")
    phase: Mapped[str] = mapped_column(String(16), default="expected")
    dossiers: Mapped[list[str]] = mapped_column(ANY)
    hold_until_ms: Mapped[int]
    overdue: Mapped[bool]
    fee_due: Mapped[bool]
    low: Mapped[bool]
    size: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(120), default="")
    registered_ms: Mapped[int]
    loaded_ms: Mapped[int] = mapped_column(default=0)
    collected_ms: Mapped[int] = mapped_column(default=0)
    revoked_ms: Mapped[int] = mapped_column(default=0)
    # "" by the office; KIOSK: its kiosk was revoked, papers and all
    revoked_why: Mapped[str] = mapped_column(String(16), default="", server_default="")
    due_ms: Mapped[int] = mapped_column(default=0, server_default="0")  # 0: no due date is known
    # Highest number of a holder who was taken off: `h2` is never somebody else later.
    retired: Mapped[int] = mapped_column(default=0, server_default="0")
    # The kiosk lost its memory: no code leaves before it has stated that the papers are there.
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    sealed: Mapped[str] = mapped_column(Text)

    @property
    def lies_there(self) -> bool:
        """Whether its holders may be told a code: the kiosk has stated that the papers are there."""
        return self.phase == "loaded" and not self.withheld


class Part(Table):
    """Where a part of a result lies and how far it has come, by the kiosk's statements."""

    __tablename__ = "part"
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), primary_key=True)
    compartment: Mapped[int] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(String(16))


class Holder(Table):
    """Who may collect a result; sealed: phone, OTP secret, token.

    `counter` is that of the code that counts now. `acknowledged` is the highest counter of this gen
    in an accepted manifest or code, -1 before the first; `floor` the kiosk's, as stated.
    `carried_ver` is the first manifest that names gen and counter as they are; 0 before it.
    """

    __tablename__ = "holder"
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(2))
    gen: Mapped[int] = mapped_column(default=1)
    counter: Mapped[int] = mapped_column(default=0)
    acknowledged: Mapped[int] = mapped_column(default=-1)
    floor: Mapped[int] = mapped_column(default=0)
    carried_ver: Mapped[int] = mapped_column(default=0)
    locked: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(8), default="sms", server_default="sms")
    sealed: Mapped[str] = mapped_column(Text)


class Signed(Table):
    """A manifest that was signed; the newest keeps its sealed text, older ones their names."""

    __tablename__ = "manifest"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    ver: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    hash: Mapped[str] = mapped_column(ID)
    signed_ms: Mapped[int]
    revision: Mapped[int]
    head_seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(ID)
    jwe: Mapped[str] = mapped_column(Text)


class Row(Table):
    """One journal row as received: `state` is ok, damaged (no text) or quarantined (not folded)."""

    __tablename__ = "statement"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(ID)
    state: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(ID)
    cid: Mapped[str] = mapped_column(ID, index=True)
    received_ms: Mapped[int]
    compact: Mapped[str] = mapped_column(Text)


class Fork(Table):
    """A correctly signed row that was kept aside, never merged.

    `why`: `fork`, it contradicts the journal as received; `revoked`, its kiosk was revoked before.
    """

    __tablename__ = "fork"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(ID, primary_key=True)
    received_ms: Mapped[int]
    compact: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(12), default="fork", server_default="fork")


class Alarm(Table):
    """Something that a person must see; what it means and what to do is in `alarm_words`."""

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), index=True)
    kind: Mapped[str] = mapped_column(ID)
    what: Mapped[str] = mapped_column(String(80), default="", server_default="")  # of a fault …
    compartment: Mapped[int] = mapped_column(default=0, server_default="0")  # 0: of none
    detail: Mapped[str] = mapped_column(String(200))
    urgency: Mapped[int] = mapped_column(default=2, server_default="2")  # of `alarm_words`
    at_ms: Mapped[int]
    ended_ms: Mapped[int] = mapped_column(default=0, server_default="0")  # over by itself; 0: not
    told_ms: Mapped[int] = mapped_column(default=0, server_default="0")  # to technicians
    cleared_ms: Mapped[int] = mapped_column(default=0, server_default="0")  # told that it is over


class Notice(Table):
    """A message to a holder. `cause` is unique: what was said once is not said again by a retry.

    `retry_ms`: not before this moment, because somebody is sending it now or it failed `tries` times.
    """

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(16))  # ready | reminder | expiry | collected
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"), index=True)
    holder: Mapped[str] = mapped_column(ID)
    channel: Mapped[str] = mapped_column(String(8), default="sms", server_default="sms")
    # waiting | sent | void | failed (a person must phone, or another channel took it)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    due_ms: Mapped[int]
    at_ms: Mapped[int]  # when it happened that is told; reminder, expiry: the end of holding
    sent_ms: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_ms: Mapped[int] = mapped_column(default=0, server_default="0")


class Done(Table):
    """An office request that was carried out, under its idempotency key."""

    __tablename__ = "done"
    key: Mapped[str] = mapped_column(ID, primary_key=True)  # hash of the key
    fingerprint: Mapped[str] = mapped_column(ID)  # MAC of what was asked
    cid: Mapped[str] = mapped_column(ForeignKey("result.cid"))
    at_ms: Mapped[int]


class Mark(Table):
    """What this database belongs to: hashes of the secret and the key of those who may use it."""

    __tablename__ = "mark"
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(ID)


Index("notice_due", Notice.state, Notice.kind, Notice.due_ms)
Index("statement_hash", Row.kiosk, Row.hash)
Index("alarm_at", Alarm.at_ms)
