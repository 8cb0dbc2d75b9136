"""What the journal's tables are, and the few texts that write to them, compiled once.

The law of this file: rows are only ever added. What is deleted are copies that the next start has no
use for: older folded states and older sealed manifests. Their statements stay. The one exception is a
restored card (protocol §9): rows that give way to those that came back move to `set_aside`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

# 1: as made. 2: with the tables of a restored card, made when the first of its rows comes back; a program
# that does not know what `restored` means must not serve from such a journal.
FIRST_SCHEMA = 1
SCHEMA_VERSION = 2
WAL_LIMIT_BYTES = 8 * 1024 * 1024  # what the WAL is cut back to after a checkpoint of SQLite's
KEPT_STATES = 3  # checkpoints whose folded state is kept
KEPT_MANIFESTS = 2

meta = sa.MetaData()
facts = sa.Table(
    "meta",
    meta,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
statements = sa.Table(
    "statements",
    meta,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("compact", sa.Text, nullable=False),
)
manifests = sa.Table(
    "manifests",
    meta,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("ver", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
)
checkpoints = sa.Table(
    "checkpoints",
    meta,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("encoding", sa.Integer, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
)
later = sa.MetaData()
aside = sa.Table(  # the newest row that both have alike, and all that came back after it
    "aside",
    later,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("compact", sa.Text, nullable=False),  # "" for row 0
)
set_aside = sa.Table(  # what gave way: kept for people, never sent
    "set_aside",
    later,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("compact", sa.Text, nullable=False),
)
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
    "PRAGMA cell_size_check=ON",
)
_DIALECT = sqlite.dialect(paramstyle="qmark")


def _compiled(statement: sa.Insert | sa.Delete | sa.Update | CreateTable) -> str:
    # Compiled once: what is left of an append is SQLite's own work.
    return str(statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def _after(table: sa.Table) -> sa.Delete:
    return sa.delete(table).where(table.c.seq > sa.text("?"))


def _moved(rows: sa.Table, to: sa.Table) -> sa.Insert:
    """The rows of one table after a number, into another one."""
    found = sa.select(rows.c.seq, rows.c.compact).where(rows.c.seq > sa.text("?"))
    return sa.insert(to).from_select(["seq", "compact"], found.order_by(rows.c.seq))


def _all_but_newest(table: sa.Table, kept: int) -> sa.Delete:
    newest = sa.select(table.c.seq).order_by(table.c.seq.desc()).limit(kept)
    return sa.delete(table).where(table.c.seq.not_in(newest))


INSERT_FACT = _compiled(sa.insert(facts))
INSERT_STATEMENT = _compiled(sa.insert(statements))
INSERT_MANIFEST = _compiled(sa.insert(manifests))
INSERT_CHECKPOINT = _compiled(sa.insert(checkpoints))
DROP_MANIFESTS = _compiled(_all_but_newest(manifests, KEPT_MANIFESTS))
DROP_CHECKPOINTS = _compiled(_all_but_newest(checkpoints, KEPT_STATES))

MAKE_ASIDE = tuple(_compiled(CreateTable(t, if_not_exists=True)) for t in later.sorted_tables)
RAISE_SCHEMA = _compiled(
    sa.update(facts).where(facts.c.name == "schema").values(value=str(SCHEMA_VERSION))
)
INSERT_ASIDE = _compiled(sa.insert(aside))
DROP_ASIDE = _compiled(_after(aside))
KEEP_SET_ASIDE = _compiled(_moved(statements, set_aside))
DROP_STATEMENTS = _compiled(_after(statements))
TAKE_IN = _compiled(_moved(aside, statements))
DROP_LATER_STATES = _compiled(_after(checkpoints))
DROP_LATER_MANIFESTS = _compiled(_after(manifests))
REPLACE_MANIFEST = _compiled(sa.insert(manifests).prefix_with("OR REPLACE"))
