"""A kiosk without a line: its statements come on a stick, its manifest leaves on one.

The law of this file: a stick is foreign ground. The request signature that a report over HTTP carries is
missing here, so every row must prove itself: what its kiosk has not signed stops the import and leaves no
hole behind. A row that the kiosk itself calls damaged proves nothing either; it is taken as a hole only
when a person at central says so. All else is the same code as the kiosk's own report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from sqlalchemy.orm import Session

from sync.central import journal, manifests
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.envelopes import BadEnvelope, check_statement, peek_statement
from sync.keys import read_key
from sync.line import Damaged
from sync.messages import MAX_STATEMENT_BYTES, Head

ROWS = 200  # in one transaction
LONGEST_LINE = MAX_STATEMENT_BYTES + 64  # quotes, or {"seq": …, "damaged": true}
LOOK_ROWS = 1_000  # how many rows may be damaged before one says whose they are
DAMAGED, FOREIGN = "damaged", "foreign"  # why an import stopped, besides `journal.Stop`


class ExportError(ValueError):
    """The file is not an export of statements; the text names the line."""


@dataclass(frozen=True, slots=True)
class Import:
    """How far the journal is here now, how many rows were new, and what stopped it ("": nothing)."""

    kiosk: str
    head: Head
    new: int
    stop: str = ""


def rows(file: TextIO) -> Iterator[str | Damaged]:
    """The rows of an export, as `kiosk journal export` and the kiosk's screen write them.

    Raises:
        ExportError: a line is something else. OSError, UnicodeDecodeError: the file cannot be read.
    """
    for at, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), ""), start=1):
        if len(line) > LONGEST_LINE:
            raise ExportError(f"line {at} is longer than any statement")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ExportError(f"line {at} is not JSON") from error
        yield _row(row, at)


def _row(row: object, at: int) -> str | Damaged:
    match row:
        case str():
            return row
        case {"seq": int(seq), "damaged": True} if seq > 0 and not isinstance(seq, bool):
            return Damaged(seq)
    raise ExportError(f"line {at} is no statement")


def whose(found: Iterable[str | Damaged]) -> str:
    """The kiosk that the first readable row names; nothing is believed of it yet.

    Raises:
        ExportError: no row says so.
    """
    for row in islice(found, LOOK_ROWS):
        if isinstance(row, str):
            try:
                return str(peek_statement(row).get("kiosk", ""))
            except BadEnvelope as error:
                raise ExportError(f"the first row is no statement: {error}") from error
    raise ExportError("no statement is in it")


def take_in(
    store: Store, kiosk: str, found: Iterable[str | Damaged], *, holes: bool = False
) -> Import:
    """Take rows until one stops it; what was taken before that one is kept. Repeating does no harm.

    `holes`: rows that the export calls damaged keep their place, as in a report over HTTP.

    Raises:
        UnknownError: no such kiosk. ExportError: a line is no row; what came before it is kept.
    """
    done = store.run(lambda session: Import(kiosk, _head(store.kiosk(session, kiosk)), 0))
    rest = iter(found)
    while batch := tuple(islice(rest, ROWS)):
        before = done.new

        def unit(session: Session, batch: tuple[str | Damaged, ...] = batch) -> Import:
            row = store.kiosk(session, kiosk)
            seq = row.head_seq
            wanted, stop = _proven(row, batch, holes=holes)
            outcome = journal.take(store, session, row, wanted)
            return Import(kiosk, outcome.head, outcome.head.seq - seq, str(outcome.stop or stop))

        step = store.run(unit)
        done = Import(kiosk, step.head, before + step.new, step.stop)
        if done.stop and done.stop != journal.Stop.REVOKED:  # then every row is kept aside
            break
    return done


def _head(row: Kiosk) -> Head:
    return Head(row.head_seq, row.head_hash)


def _proven(
    kiosk: Kiosk, batch: tuple[str | Damaged, ...], *, holes: bool
) -> tuple[list[str | Damaged], str]:
    """The rows up to the first that nothing vouches for, and why it stops there."""
    key = read_key(kiosk.statement_jwk)
    wanted: list[str | Damaged] = []
    for row in batch:
        if isinstance(row, Damaged):
            if not holes and row.seq > kiosk.head_seq:
                return wanted, DAMAGED
        else:
            try:
                said = check_statement(row, key)
            except BadEnvelope:
                return wanted, FOREIGN
            if said.get("kiosk") != kiosk.id:
                return wanted, FOREIGN
        wanted.append(row)
    return wanted, ""


def manifest_for(store: Store, kiosk: str) -> manifests.Current:
    """The sealed manifest that this kiosk should go by, naming the journal as it is here by now.

    Raises:
        UnknownError: no such kiosk. manifests.RevokedError: it was revoked.
    """
    return store.run(
        lambda session: manifests.up_to_date(store, session, store.kiosk(session, kiosk))
    )
