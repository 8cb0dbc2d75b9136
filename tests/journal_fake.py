"""The journal in memory: same words, same chain, no SQLite. For simulated lives.

A `Disk` outlives the `MemoryJournal` that writes to it, as a card outlives a power cut. Faults are
set on the disk: `full`, a garbled text, a lost state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk import journal_chain as chain
from kiosk.journal_tables import KEPT_MANIFESTS, KEPT_STATES
from kiosk.journal_values import (
    Aside,
    Damaged,
    Finding,
    JournalError,
    Reason,
    Row,
    Start,
    Stored,
)
from sync.envelopes import hash_of
from sync.keys import Key
from sync.messages import Head, Statement


@dataclass
class Disk:
    """What survives. `Rows` of `kiosk.journal_values`."""

    rows: list[str | None] = field(default_factory=list)
    states: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    sealed: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    aside: dict[int, str] = field(default_factory=dict)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    fails: Reason | None = None
    free: int = 10**9

    def last_seq(self) -> int:
        return len(self.rows)

    def texts(self, after: int, most: int) -> list[tuple[int, str | None]]:
        return list(enumerate(self.rows[after : after + most], after + 1))

    def checkpoints(self) -> list[Stored]:
        return [Stored(seq, self.states[seq][0]) for seq in sorted(self.states, reverse=True)]

    def state(self, seq: int) -> bytes | None:
        return self.states[seq][1] if seq in self.states else None

    def manifests(self) -> list[tuple[int, int, str, str]]:
        return [(seq, *self.sealed[seq]) for seq in sorted(self.sealed, reverse=True)]


class MemoryJournal:
    """`JournalPort` of `kiosk.journal_values` over a `Disk`."""

    def __init__(self, disk: Disk, *, kiosk: str, epoch: int, key: Key) -> None:
        self._disk = disk
        self._owner = (kiosk, epoch)
        self._key = key
        last = disk.rows[-1] if disk.rows else ""
        if last is None:
            raise JournalError(Reason.DAMAGED, "the newest row is gone", seq=len(disk.rows))
        self._head = Head(len(disk.rows), hash_of(last) if last else "")

    @property
    def head(self) -> Head:
        return self._head

    def append(
        self, statement: Statement, *, sealed: str | None = None, folded: bytes | None = None
    ) -> Row:
        if (statement.kiosk, statement.epoch) != self._owner:
            raise ValueError("this journal is not the one to keep that statement")
        row = chain.link(statement, head=self._head, key=self._key, folded=folded)
        self._writing()
        self._disk.rows.append(row.compact)
        if sealed:
            ver, name = statement.fields["ver"], statement.fields["hash"]
            assert isinstance(ver, int)
            self._disk.sealed[row.seq] = (ver, str(name), sealed)
            _keep_newest(self._disk.sealed, KEPT_MANIFESTS)
        elif folded:
            encoding = statement.fields["encoding"]
            assert isinstance(encoding, int)
            self._disk.states[row.seq] = (encoding, folded)
            _keep_newest(self._disk.states, KEPT_STATES)
        self._head = Head(row.seq, row.hash)
        return row

    def hash_at(self, seq: int) -> str | None:
        if seq == 0:
            return ""
        text = dict(self._disk.texts(seq - 1, 1)).get(seq)
        return None if text is None else hash_of(text)

    def after(self, seq: int, *, most: int, most_bytes: int) -> list[str | Damaged]:
        return list(chain.send(self._disk, seq, self._key, most=most, most_bytes=most_bytes))

    def in_force(self) -> tuple[int, str, str] | None:
        found = self._disk.manifests()
        return found[0][1:] if found else None

    def keep_again(self, ver: int, name: str, sealed: str) -> None:
        self._writing()
        seq = chain.accepted_at(self._disk, ver, name)
        if seq is not None:
            self._disk.sealed[seq] = (ver, name, sealed)
            _keep_newest(self._disk.sealed, KEPT_MANIFESTS)

    def aside(self) -> Aside | None:
        lying = self._disk.aside
        if not lying:
            return None
        return Aside(*(Head(seq, self.hash_aside(seq) or "") for seq in (min(lying), max(lying))))

    def hash_aside(self, seq: int) -> str | None:
        text = self._disk.aside.get(seq)
        return hash_of(text) if text else text

    def gave_way(self, compact: str) -> bool:
        return any(text == compact for _, text in self._disk.set_aside)

    def lay_aside(self, after: int, rows: Sequence[str]) -> None:
        self._writing()
        lying = self._disk.aside
        if not lying or after < min(lying):
            lying = {after: (self._disk.rows[after - 1] or "") if after else ""}
        kept = {seq: text for seq, text in lying.items() if seq <= after}
        self._disk.aside = {**kept, **dict(enumerate(rows, after + 1))}

    def take_in(self, statements: Sequence[Statement]) -> None:
        self._writing()
        lying = self.aside()
        if lying is None:
            raise ValueError("nothing lies aside that this journal could take in")
        base, disk = lying.base.seq, self._disk
        rows = chain.linked(statements, head=lying.head, key=self._key)
        gone = enumerate(disk.rows[base:], base + 1)
        disk.set_aside += [(seq, text) for seq, text in gone if text is not None]
        came = [disk.aside[seq] for seq in sorted(disk.aside) if seq > base]
        disk.rows[base:] = [*came, *(row.compact for row in rows)]
        disk.states = {seq: state for seq, state in disk.states.items() if seq <= base}
        disk.sealed = {seq: kept for seq, kept in disk.sealed.items() if seq <= base}
        disk.aside = {}
        self._head = Head(rows[-1].seq, rows[-1].hash)

    def _writing(self) -> None:
        if self._disk.fails:
            raise JournalError(self._disk.fails, "the simulated disk refuses")

    def free_bytes(self) -> int:
        return self._disk.free

    def start(self, encoding: int, *, before: int | None = None) -> Start:
        return chain.start(self._disk, self._key, encoding, before)

    def verify(self) -> Iterator[Finding]:
        return chain.verify(self._disk, self._key)

    def close(self) -> None:
        pass


def _keep_newest(kept: dict[int, Any], most: int) -> None:
    for seq in sorted(kept)[:-most]:
        del kept[seq]
