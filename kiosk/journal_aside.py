"""Own rows that came back from central: laid beside the journal, and taken into it at once (protocol §9).

The law of this file: what lies aside is nobody's journal yet. It becomes one in a single transaction,
and rows that give way to it are kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from kiosk import journal_tables as db
from kiosk.journal_file import JournalFile, Step
from kiosk.journal_values import Aside, Row
from sync.envelopes import hash_of
from sync.messages import Head


def lying(file: JournalFile) -> Aside | None:
    """What waits to be taken in."""
    if not _there(file):
        return None
    numbers = db.aside.c.seq
    first, last = file.read(sa.select(sa.func.min(numbers), sa.func.max(numbers)))[0]
    if first is None:
        return None
    return Aside(_head(file, int(first)), _head(file, int(last)))


def hash_of_row(file: JournalFile, seq: int) -> str | None:
    """The hash of one row that lies aside, "" for row 0, None for one that does not."""
    found = (
        file.read(sa.select(db.aside.c.compact).where(db.aside.c.seq == seq))
        if _there(file)
        else []
    )
    return (hash_of(found[0][0]) if found[0][0] else "") if found else None


def laying(after: int, base: str, rows: Sequence[str], *, fresh: bool) -> list[Step]:
    """Rows that follow row `after`. `fresh`: nothing that lies there goes before them."""
    make: list[Step] = [(sql, ()) for sql in (*db.MAKE_ASIDE, db.RAISE_SCHEMA)]
    drop: list[Step] = [(db.DROP_ASIDE, (-1 if fresh else after,))]
    first = [(after, base)] if fresh else []
    numbered: list[tuple[object, ...]] = [*first, *enumerate(rows, after + 1)]
    return [*make, *drop, (db.INSERT_ASIDE, numbered)]


def taking_in(base: int, rows: Sequence[Row]) -> list[Step]:
    """What lies aside in place of every row after `base`, then `rows`."""
    return [
        (db.KEEP_SET_ASIDE, (base,)),
        (db.DROP_STATEMENTS, (base,)),
        (db.DROP_LATER_STATES, (base,)),
        (db.DROP_LATER_MANIFESTS, (base,)),
        (db.TAKE_IN, (base,)),
        *((db.INSERT_STATEMENT, (row.seq, row.compact)) for row in rows),
        (db.DROP_ASIDE, (-1,)),
    ]


def keeping_again(seq: int, manifest: tuple[int, str, str]) -> list[Step]:
    """The sealed manifest (ver, hash, sealed) that row `seq` accepts."""
    return [(db.REPLACE_MANIFEST, (seq, *manifest)), (db.DROP_MANIFESTS, ())]


def set_aside(file: JournalFile) -> list[tuple[int, str]]:
    """Rows that gave way, in the order in which they did."""
    if not _there(file):
        return []
    kept = db.set_aside.c
    found = file.read(sa.select(kept.seq, kept.compact).order_by(kept.id))
    return [(int(seq), str(compact)) for seq, compact in found]


def gave_way(file: JournalFile, compact: str) -> bool:
    """Whether this very row is among them."""
    if not _there(file):
        return False
    same = db.set_aside.c.compact == compact
    return bool(file.read(sa.select(db.set_aside.c.id).where(same).limit(1)))


def _there(file: JournalFile) -> bool:
    """Whether this journal has the tables: most have never met a restored card."""
    return int(file.facts().get("schema", "0")) > db.FIRST_SCHEMA


def _head(file: JournalFile, seq: int) -> Head:
    return Head(seq, hash_of_row(file, seq) or "")
