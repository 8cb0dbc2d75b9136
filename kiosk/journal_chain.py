"""The chain: how a row is made from the one before it, and how rows are believed again later.

The law of this file: a row is believed for its own signature, or because a believed later row names
its hash. Start-up takes the second way (newest row and checkpoint by signature, all between by hash);
sending and `verify` take the first for every single row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.journal_values import (
    Damaged,
    Finding,
    JournalError,
    Reason,
    Row,
    Rows,
    Start,
    Stored,
)
from sync.compact import encode
from sync.envelopes import (
    BadEnvelope,
    check_statement,
    hash_of,
    peek_statement,
    sign_statement,
)
from sync.keys import Key
from sync.messages import Head, Kind, SchemaError, Statement
from sync.schema import read_statement

PAGE_ROWS = 256  # rows read at once: bounds memory, whatever the journal's length


def link(statement: Statement, *, head: Head, key: Key, folded: bytes | None) -> Row:
    """The signed row that follows `head`; a checkpoint states the hash of its folded state."""
    if statement.seq != head.seq + 1:
        raise ValueError(f"statement {statement.seq} cannot follow row {head.seq}")
    fields = statement.fields
    if folded:
        fields = {**fields, "state": state_hash(folded)}
    linked = replace(statement, prev=head.hash, fields=fields)
    compact = sign_statement(linked.payload(), key)
    return Row(statement.seq, hash_of(compact), compact)


def linked(statements: Sequence[Statement], *, head: Head, key: Key) -> list[Row]:
    """The signed rows that follow `head` one after the other."""
    rows: list[Row] = []
    for statement in statements:
        rows.append(link(statement, head=head, key=key, folded=None))
        head = Head(rows[-1].seq, rows[-1].hash)
    return rows


def state_hash(folded: bytes) -> str:
    """What a checkpoint states about its state: base64url SHA-256."""
    return encode(hashlib.sha256(folded).digest())


def believed(rows: Rows, seq: int, key: Key) -> Row | None:
    """One row by its own signature; None if it is gone or does not bear it."""
    text = dict(rows.texts(seq - 1, 1)).get(seq)
    if text is None or _signed(text, seq, key) is None:
        return None
    return Row(seq, hash_of(text), text)


def send(
    rows: Rows, after: int, key: Key, *, most: int, most_bytes: int
) -> Iterator[str | Damaged]:
    """Signed texts after a row; those that do not verify as `Damaged`."""
    spent = 0
    for seq, text in each(rows, after, after + most):
        size = len(text or "")
        if spent and spent + size > most_bytes:
            return
        spent += size
        yield Damaged(seq) if text is None or _signed(text, seq, key) is None else text


def accepted_at(rows: Rows, ver: int, name: str) -> int | None:
    """The newest row that accepted this manifest."""
    until = rows.last_seq()
    while until > 0:
        after = max(0, until - PAGE_ROWS)
        for seq, text in reversed(rows.texts(after, until - after)):
            statement = None if text is None else _read(text)
            if statement is not None and statement.kind == Kind.MANIFEST_ACCEPTED:
                fields = statement.fields
                if (fields.get("ver"), fields.get("hash")) == (ver, name):
                    return seq
        until = after
    return None


def each(rows: Rows, after: int, until: int) -> Iterator[tuple[int, str | None]]:
    """Row by row, read in pages."""
    while after < until:
        page = rows.texts(after, min(PAGE_ROWS, until - after))
        if not page:
            return
        yield from page
        after = page[-1][0]


def start(rows: Rows, key: Key, encoding: int, before: int | None) -> Start:
    """The newest usable checkpoint (older than `before`) and everything after it."""
    last = rows.last_seq()
    if last and believed(rows, last, key) is None:
        raise _damage(last)
    alarms: list[Finding] = []
    for stored in _candidates(rows, before, alarms):
        if stored.encoding != encoding:
            continue
        row = believed(rows, stored.seq, key)
        folded = _state(rows, stored, row, alarms)
        if row is not None and folded is not None:
            following = _chained(rows, Head(row.seq, row.hash), last)
            return Start(row.seq, folded, encoding, following, tuple(alarms))
    return Start(0, None, None, _chained(rows, Head(0, ""), last), tuple(alarms))


def verify(rows: Rows, key: Key) -> Iterator[Finding]:
    """Every row by its own signature and by the chain, every state and manifest by its statement."""
    states = {stored.seq for stored in rows.checkpoints()}
    manifests = {seq: (ver, name) for seq, ver, name, _ in rows.manifests()}
    last = rows.last_seq()
    prev: str | None = ""
    gone = 0
    for seq, text in each(rows, 0, last):
        payload = None if text is None else _signed(text, seq, key)
        if text is None or payload is None:
            yield Finding(seq, "gone or unreadable" if text is None else "not as it was signed")
            gone = gone + 1 if text is None else 0
            if gone > PAGE_ROWS:  # a number that jumped: what lies between was never written
                return
            prev = None
            continue
        gone = 0
        if prev is not None and payload.get("prev") != prev:
            yield Finding(seq, "does not follow the row before it")
        prev = hash_of(text)
        if seq in states and _stored(rows, seq) != payload.get("state"):
            yield Finding(seq, "the state of this checkpoint is damaged")
        if seq in manifests and manifests[seq] != (payload.get("ver"), payload.get("hash")):
            yield Finding(seq, "the manifest kept is another than was stated")
    strays = [seq for seq in (*states, *manifests) if not 1 <= seq <= last]
    yield from (Finding(seq, "a state or manifest without its statement") for seq in sorted(strays))


def _signed(text: str, seq: int, key: Key) -> dict[str, object] | None:
    try:
        payload = check_statement(text, key)
    except BadEnvelope:
        return None
    return payload if payload.get("seq") == seq else None


def _candidates(rows: Rows, before: int | None, alarms: list[Finding]) -> list[Stored]:
    try:
        found = rows.checkpoints()
    except JournalError as error:
        alarms.append(Finding(0, f"checkpoints cannot be read: {error.detail}"))
        return []
    return [stored for stored in found if before is None or stored.seq < before]


def _state(rows: Rows, stored: Stored, row: Row | None, alarms: list[Finding]) -> bytes | None:
    """The checkpoint's state if it is the one that the statement names."""
    if row is not None:
        payload = peek_statement(row.compact)
        folded = _blob(rows, stored.seq)
        stated = payload.get("state") if payload.get("kind") == Kind.CHECKPOINT else None
        if folded is not None and stated == state_hash(folded):
            return folded
    alarms.append(Finding(stored.seq, "checkpoint cannot be used"))
    return None


def _blob(rows: Rows, seq: int) -> bytes | None:
    try:
        return rows.state(seq)
    except JournalError:
        return None


def _stored(rows: Rows, seq: int) -> str | None:
    folded = _blob(rows, seq)
    return None if folded is None else state_hash(folded)


def _chained(rows: Rows, base: Head, last: int) -> Iterator[Statement]:
    """The statements from after `base` to `last`, each naming the hash of the one before it."""
    prev = base.hash
    for seq, text in each(rows, base.seq, last):
        statement = None if text is None else _read(text)
        if text is None or statement is None or (statement.seq, statement.prev) != (seq, prev):
            raise _damage(seq)
        yield statement
        prev = hash_of(text)


def _read(text: str) -> Statement | None:
    try:
        return read_statement(peek_statement(text))
    except (BadEnvelope, SchemaError):
        return None


def _damage(seq: int) -> JournalError:
    detail = f"row {seq} is not as it was written; central may hold it, staff must look"
    return JournalError(Reason.DAMAGED, detail, seq=seq)
