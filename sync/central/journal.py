"""Taking in a kiosk's statements: signature, chain, resends, gaps, forks, holes.

The law of this file: any correctly signed and chained row is kept, of whatever kind; no row blocks
those behind it. What was taken once is not taken twice. What contradicts it is kept apart, never
merged. A row that cannot be believed keeps its place as a hole, and the next one stands on its own
signature.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from sync.central import fold, kiosk_keys
from sync.central.papers import Papers
from sync.central.store import Store
from sync.central.tables import Fork, Kiosk, Row
from sync.central.turn import MOST_NUMBER, Turn
from sync.compact import encode
from sync.envelopes import BadEnvelope, check_statement, hash_of, peek_statement
from sync.keys import Key, read_key
from sync.line import Damaged
from sync.messages import Head, SchemaError, Statement
from sync.schema import read_statement

MOST_ROWS = 1000  # in one request
MOST_ASIDE = 1000  # rows kept aside per kiosk
MOST_ASIDE_BYTES = 16 * 1024 * 1024
_ROWS = cast("Table", Row.__table__)
_COMPACT = re.compile(r"[A-Za-z0-9_.-]+")
_CID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Stop(StrEnum):
    """Why rows behind this one were not looked at."""

    GAP = "gap"
    FORK = "fork"
    STALE_EPOCH = "stale-epoch"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far the journal is here now, which rows were quarantined, and what stopped it, if any."""

    head: Head
    quarantined: tuple[int, ...]
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class _Held:
    """What is here at one place of the journal."""

    hash: str
    state: str


class _Taking:
    """One request's rows, one after the other, under the kiosk's lock."""

    def __init__(self, store: Store, session: Session, kiosk: Kiosk) -> None:
        self._store = store
        self._session = session
        self._kiosk = kiosk
        self._key: Key = read_key(kiosk.statement_jwk)
        self._papers = Papers(session, kiosk.id)
        self._fresh: list[dict[str, object]] = []  # rows that are not written yet
        self._held: dict[int, _Held] = {}  # what is here, as far as it was asked for
        self.quarantined: list[int] = []

    def all(self, items: Sequence[str | Damaged]) -> Stop | None:
        """In order, until one stops it; what was taken is written."""
        read = [item if isinstance(item, Damaged) else self._read(item) for item in items]
        spoken_of = [item.fields.get("cid") for item in read if isinstance(item, Statement)]
        self._papers.read(cid for cid in spoken_of if isinstance(cid, str) and _CID.fullmatch(cid))
        stop = None
        for item, what in zip(items, read, strict=True):
            stop = self._one(item, what)
            if stop is not None:
                break
        self._write()
        self._papers.write()
        return stop

    def _read(self, item: str) -> Statement | BadEnvelope | SchemaError:
        """What this kiosk signed, or why it did not."""
        try:
            return read_statement(check_statement(item, self._key))
        except (BadEnvelope, SchemaError) as error:
            return error

    def _one(
        self, item: str | Damaged, what: Damaged | Statement | BadEnvelope | SchemaError
    ) -> Stop | None:
        if isinstance(item, Damaged):
            return self._hole(item.seq)
        if not isinstance(what, Statement):
            if self._of_before(item):
                self._alarm(Stop.STALE_EPOCH, "a row that a key of an earlier epoch signed")
                return Stop.STALE_EPOCH
            return self._doubtful(item, str(what))
        if what.kiosk != self._kiosk.id:
            return self._doubtful(item, f"says it is from {what.kiosk[:64]}")
        if what.epoch != self._kiosk.epoch:
            self._alarm(Stop.STALE_EPOCH, f"row {what.seq} is of epoch {what.epoch}")
            return Stop.STALE_EPOCH
        return self._genuine(item, what)

    def evidence(self, item: str | Damaged) -> bool:
        """A row of a revoked kiosk: kept aside if it signed it, whatever it says; whether it is new."""
        try:
            told = check_statement(str(item), self._key)
        except BadEnvelope:
            return False
        seq, epoch = told.get("seq"), told.get("epoch")
        at = seq if type(seq) is int and 0 < seq <= MOST_NUMBER else 0
        of = epoch if type(epoch) is int and 0 <= epoch <= MOST_NUMBER else 0
        return self._aside(str(item), (of, at, hash_of(str(item))), Stop.REVOKED)

    def _genuine(self, compact: str, statement: Statement) -> Stop | None:
        name = hash_of(compact)
        head = Head(self._kiosk.head_seq, self._kiosk.head_hash)
        if statement.seq > head.seq + 1:
            return Stop.GAP
        if statement.seq <= head.seq:
            held = self._held_at(statement.seq)
            if held is not None and held.hash == name:
                return None
            self._fork(compact, statement.seq, name)
            # In place of a hole it is no contradiction: kept for a person, and the rest goes on.
            return None if held is not None and held.state != "ok" else Stop.FORK
        if (head.hash or head.seq == 0) and statement.prev != head.hash:
            self._fork(compact, statement.seq, name)
            return Stop.FORK
        cid = statement.fields.get("cid")
        words = _plain(statement.kind), _plain(str(cid or ""))
        self._append(statement.seq, name, "ok", compact, *words)
        fold.apply(Turn(self._store, self._session, self._kiosk, self._papers, statement))
        return None

    def _of_before(self, item: str) -> bool:
        """Whether a statement key of an earlier epoch of this kiosk signed it."""
        keys = kiosk_keys.former(self._session, self._kiosk, "statement")
        for key in keys.values():
            try:
                check_statement(item, key)
            except BadEnvelope:
                continue
            return True
        return False

    def _hole(self, seq: int) -> Stop | None:
        """The kiosk cannot read this row any more."""
        if seq <= self._kiosk.head_seq:
            return None
        if seq > self._kiosk.head_seq + 1:
            return Stop.GAP
        self._append(seq, "", "damaged", "")
        self._alarm("damaged", f"row {seq} cannot be read at the kiosk")
        return None

    def _doubtful(self, text: str, why: str) -> Stop | None:
        """Not signed by this kiosk, or not a statement: its place is kept, it means nothing."""
        name = encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        seq = _claimed_seq(text)
        if seq is None:
            seq = self._seq_of(name) or self._kiosk.head_seq + 1
        if seq > self._kiosk.head_seq + 1:
            return Stop.GAP
        if seq <= self._kiosk.head_seq:
            return None
        self._append(seq, name, "quarantined", text if _COMPACT.fullmatch(text) else "")
        self._alarm("quarantined", f"row {seq}: {why}")
        self.quarantined.append(seq)
        return None

    def _append(
        self, seq: int, name: str, state: str, compact: str, kind: str = "", cid: str = ""
    ) -> None:
        self._fresh.append(
            {
                "kiosk": self._kiosk.id,
                "epoch": self._kiosk.epoch,
                "seq": seq,
                "hash": name,
                "state": state,
                "kind": kind,
                "cid": cid,
                "received_ms": self._store.now(),
                "compact": compact,
            }
        )
        self._held[seq] = _Held(name, state)
        # What was garbled on its way says nothing of what the kiosk holds there: only a row that
        # the kiosk signed can be the one before the next.
        self._kiosk.head_seq, self._kiosk.head_hash = seq, name if state == "ok" else ""

    def _fork(self, compact: str, seq: int, name: str) -> None:
        if self._aside(compact, (self._kiosk.epoch, seq, name), Stop.FORK):
            self._alarm(Stop.FORK, f"another row {seq} than the one received before")

    def _aside(self, compact: str, place: tuple[int, int, str], why: Stop) -> bool:
        """Keep a signed row for a person, once and as far as there is room; whether it is new."""
        self._write()
        kiosk, (epoch, seq, name) = self._kiosk.id, place
        held = self._session.get(Row, (kiosk, epoch, seq))
        known = self._session.get(Fork, (kiosk, *place)) is not None
        if known or (held is not None and held.hash == name):
            return False
        size = func.coalesce(func.sum(func.length(Fork.compact)), 0)
        mine = select(func.count(), size).where(Fork.kiosk == kiosk)
        rows, held_bytes = self._session.execute(mine).one()
        if rows >= MOST_ASIDE or held_bytes + len(compact) > MOST_ASIDE_BYTES:
            return False
        at = {"kiosk": kiosk, "epoch": epoch, "seq": seq, "hash": name}
        row = Fork(**at, received_ms=self._store.now(), compact=compact, why=str(why))
        self._session.add(row)
        self._session.flush()
        return True

    def _write(self) -> None:
        """All at once, and not through the mapper: most of what this file does is this."""
        if self._fresh:
            self._session.execute(insert(_ROWS), self._fresh)
            self._fresh = []

    def _held_at(self, seq: int) -> _Held | None:
        """The row that is here already. Rows come in order: those above it are asked for too."""
        if seq not in self._held:
            own = (Row.kiosk == self._kiosk.id, Row.epoch == self._kiosk.epoch)
            near = (Row.seq >= seq, Row.seq < seq + MOST_ROWS)
            found = self._session.execute(select(Row.seq, Row.hash, Row.state).where(*own, *near))
            self._held |= {row.seq: _Held(row.hash, row.state) for row in found}
        return self._held.get(seq)

    def _seq_of(self, name: str) -> int | None:
        self._write()
        same = (Row.kiosk == self._kiosk.id, Row.epoch == self._kiosk.epoch, Row.hash == name)
        return self._session.scalar(select(Row.seq).where(*same).limit(1))

    def _alarm(self, kind: str, detail: str) -> None:
        self._store.alarm(self._session, self._kiosk.id, kind, detail)


def take(store: Store, session: Session, kiosk: Kiosk, items: Sequence[str | Damaged]) -> Outcome:
    """Take rows in order until one stops it; everything before that one is kept.

    Of a revoked kiosk nothing is taken; what it signed is kept aside. The kiosk's row is locked by the
    caller.
    """
    taking = _Taking(store, session, kiosk)
    if kiosk.revoked_ms:
        if any([taking.evidence(item) for item in items]):  # noqa: C419 - each of them is kept
            store.alarm_again(session, kiosk.id, Stop.REVOKED, "rows that it sends are kept aside")
        return Outcome(Head(kiosk.head_seq, kiosk.head_hash), (), Stop.REVOKED)
    stop = taking.all(items)
    return Outcome(Head(kiosk.head_seq, kiosk.head_hash), tuple(taking.quarantined), stop)


def own_rows(
    session: Session, kiosk: Kiosk, after: int, most_rows: int, most_bytes: int
) -> list[str | Damaged]:
    """The kiosk's rows with seq > `after`, as received; at least one if there is any."""
    mine = (Row.kiosk == kiosk.id, Row.epoch == kiosk.epoch, Row.seq > after)
    found: list[str | Damaged] = []
    size = 0
    for row in session.scalars(select(Row).where(*mine).order_by(Row.seq).limit(most_rows)):
        size += len(row.compact)
        if found and size > most_bytes:
            break
        found.append(row.compact if row.state == "ok" else Damaged(row.seq))
    return found


def _plain(text: str) -> str:
    """As a database keeps it: no NUL, no half characters, not too long."""
    short = text[:64]
    if short.isprintable():
        return short
    return "".join(c if c.isprintable() else "?" for c in short)


def _claimed_seq(text: str) -> int | None:
    try:
        seq = peek_statement(text).get("seq")
    except BadEnvelope:
        return None
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and seq > 0 else None
