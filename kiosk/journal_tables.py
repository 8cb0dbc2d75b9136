"""What the journal's tables are, and the few texts that write to them, compiled once.

The law of this file: rows are only ever added. What is deleted are copies that the next start has no
use for: older folded states and older sealed manifests. Their statements stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

SCHEMA_VERSION = 1
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
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
    "PRAGMA cell_size_check=ON",
)
_DIALECT = sqlite.dialect(paramstyle="qmark")


def _compiled(statement: sa.Insert | sa.Delete) -> str:
    # Compiled once: what is left of an append is SQLite's own work.
    return str(statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def _all_but_newest(table: sa.Table, kept: int) -> sa.Delete:
    newest = sa.select(table.c.seq).order_by(table.c.seq.desc()).limit(kept)
    return sa.delete(table).where(table.c.seq.not_in(newest))


INSERT_FACT = _compiled(sa.insert(facts))
INSERT_STATEMENT = _compiled(sa.insert(statements))
INSERT_MANIFEST = _compiled(sa.insert(manifests))
INSERT_CHECKPOINT = _compiled(sa.insert(checkpoints))
DROP_MANIFESTS = _compiled(_all_but_newest(manifests, KEPT_MANIFESTS))
DROP_CHECKPOINTS = _compiled(_all_but_newest(checkpoints, KEPT_STATES))
