"""Start-up with a long life behind it: open the journal, fold, open the manifest, prepare the codes.

The journal is written as the kiosk writes it (signed, chained, a checkpoint every 5,000 statements, a new
manifest for 120 results a day), but in one transaction, because only its reading is measured. It ends 5,000
statements after its last checkpoint: the most that a start ever has to fold.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

from bench.collect_kiosk import (
    BOOT_MS,
    EPOCH,
    KIOSK,
    WALL_MS,
    accepted,
    cid,
    commissioned,
    payload,
    said,
    site,
)
from bench.measure import Numbers, Size, tell
from kiosk import journal_chain as chain
from kiosk import journal_tables as tables
from kiosk.core import automaton
from kiosk.core.clock import Now
from kiosk.core.fold import fold
from kiosk.core.memory import ENCODING, Memory, empty, encode
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal import Journal
from kiosk.replay import in_force, memory_of
from sync.envelopes import Sealed, seal_manifest
from sync.keys import new_opening_key, new_signing_key, public
from sync.messages import Clock, Head, Kind, Statement
from sync.schema import read_manifest

COMPARTMENTS = 120
STEP_MS = 300_000  # 100,000 statements make a year
STARTS = 3
TOLD_ROWS = 20_000

Cycle = tuple[tuple[Kind, dict[str, object]], ...]


class Life:
    """The keys, the memory and the statements of one kiosk, one after the other."""

    def __init__(self) -> None:
        self.central = new_signing_key()
        self.keys = RunKeys(new_signing_key(), new_opening_key())
        self.memory: Memory = empty(KIOSK, EPOCH, ())
        self.sealed: dict[int, tuple[int, Sealed]] = {}  # by the number of its statement
        self.folded: dict[int, bytes] = {}

    @property
    def now(self) -> Now:
        """When the next statement is made."""
        passed = self.memory.seq * STEP_MS
        return Now(BOOT_MS + passed, WALL_MS + passed, Clock.SYNCED)

    def rows(self) -> Iterator[Statement]:
        """Statements without end; each is folded before the next is made."""
        yield self._keep(commissioned(self.memory, COMPARTMENTS, self.now))
        day = 0
        while True:
            day += 1
            yield self._manifest(day)
            for load in (True, False):
                for number in range(1, COMPARTMENTS + 1):
                    for kind, fields in _cycle(cid(day * 1_000 + number), number, load=load):
                        if self._due():
                            yield self._checkpoint()
                        yield self._keep(said(self.memory, kind, self.now, **fields))

    def _due(self) -> bool:
        return self.memory.seq - self.memory.checkpoint_seq >= automaton.CHECKPOINT_ROWS

    def _keep(self, statement: Statement) -> Statement:
        self.memory = fold(self.memory, statement)
        return statement

    def _manifest(self, day: int) -> Statement:
        raw = payload(COMPARTMENTS, ver=day, first=day * 1_000 + 1, at_ms=self.now.wall_ms)
        recipient = public(self.keys.manifest)
        sealed = seal_manifest(raw, signer=self.central, recipient_public=recipient)
        statement = accepted(self.memory, read_manifest(raw), sealed.hash, self.now)
        self.sealed[statement.seq] = (day, sealed)
        return self._keep(statement)

    def _checkpoint(self) -> Statement:
        statement = said(self.memory, Kind.CHECKPOINT, self.now, encoding=ENCODING)
        self.folded[statement.seq] = encode(fold(self.memory, statement))
        return self._keep(statement)


def _cycle(name: str, number: int, *, load: bool) -> Cycle:
    """What one compartment goes through, from the clerk's scan to the citizen's rating."""
    door: dict[str, object] = {"compartment": number}
    pulsed = (Kind.PULSED, {**door, "outcome": "acknowledged"})
    here = {**door, "cid": name}
    if load:
        return (
            (Kind.STAFF_AUTHORISED, {**here, "staff": "1001", "reason": "load"}),
            pulsed,
            (Kind.OPENED, {**door, "staff": "1001"}),
            (Kind.LOADED, {**here, "staff": "1001"}),
        )
    holder = {"cid": name, "holder": "h1"}
    code = {**holder, "gen": 1, "counter": 0, "compartments": [number], "via": "code"}
    return (
        (Kind.ACCEPTED, code),
        pulsed,
        (Kind.OPENED, here),
        (Kind.COLLECTED, {**holder, **door}),
        (Kind.RATED, {"score": 5}),
    )


def written(path: Path, life: Life, count: int) -> None:
    """A journal file with `count` statements of this life."""
    key = life.keys.statement
    Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=key).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        head = Head(0, "")
        for statement in life.rows():
            folded = life.folded.get(statement.seq)
            row = chain.link(statement, head=head, key=key, folded=folded)
            file.execute(tables.INSERT_STATEMENT, (row.seq, row.compact))
            if folded is not None:
                file.execute(tables.INSERT_CHECKPOINT, (row.seq, ENCODING, folded))
            if row.seq in life.sealed:
                ver, sealed = life.sealed[row.seq]
                file.execute(tables.INSERT_MANIFEST, (row.seq, ver, sealed.hash, sealed.jwe))
            head = Head(row.seq, row.hash)
            if row.seq % TOLD_ROWS == 0:
                tell(f"wrote {row.seq} of {count} statements")
            if row.seq == count:
                break
        file.execute(tables.DROP_MANIFESTS)
        file.execute(tables.DROP_CHECKPOINTS)
        file.execute("COMMIT")


def started(path: Path, life: Life) -> float:
    """One start from this file; seconds."""
    enrolment = Enrolment(KIOSK, EPOCH, public(life.central))
    plan = site(COMPARTMENTS)
    begun = perf_counter()
    journal = Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=life.keys.statement)
    memory = memory_of(journal, plan).memory
    held = in_force(journal, memory, life.keys, enrolment)
    state, _ = automaton.start(plan, memory, held.manifest, life.now, held.made)
    took = perf_counter() - begun
    journal.close()
    assert encode(memory) == encode(life.memory)
    assert state.codes.typed.texts, "the codes are ready"
    return took


def replay(size: Size) -> Numbers:
    """`replay_s`."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path, life = Path(folder) / "journal.db", Life()
        written(path, life, size.statements)
        times = [started(path, life) for _ in range(STARTS)]
    return {"collect.replay_s": statistics.median(times)}
