"""Messages by several channels, tried again; API keys, tasks and printed slips of the office's door."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ANY = sa.JSON().with_variant(JSONB(), "postgresql")
_LYING = sa.text("phase = 'loaded'")


def upgrade() -> None:
    """From 0003."""
    for table in ("holder", "notice"):
        op.add_column(
            table, sa.Column("channel", sa.String(8), nullable=False, server_default="sms")
        )
    for table, name in (("notice", "tries"), ("notice", "retry_ms"), ("result", "retired")):
        op.add_column(table, sa.Column(name, _BIG, nullable=False, server_default="0"))
    op.create_index(
        "result_lying",
        "result",
        ["hold_until_ms"],
        postgresql_where=_LYING,
        sqlite_where=_LYING,
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), primary_key=True),
        _text("name", 64),
        _text("hash", 64),
        sa.Column("scopes", _ANY, nullable=False),
        _number("made_ms"),
        _number("revoked_ms"),
    )
    _tasks()
    _slips()


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        _text("cause", 200),
        _text("kind", 16),
        _text("about", 16),
        _text("why", 16),
        sa.Column("cid", sa.String(64), sa.ForeignKey("result.cid"), nullable=False),
        _text("holder", 64),
        _number("made_ms"),
        _number("done_ms"),
        _text("by", 64),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("ix_task_cid", "task", ["cid"])
    op.create_index("ix_task_done_ms", "task", ["done_ms"])


def _slips() -> None:
    op.create_table(
        "slip",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("cid", sa.String(64), sa.ForeignKey("result.cid"), nullable=False),
        _text("holder", 64),
        _text("by", 64),
        _number("at_ms"),
    )
    op.create_index("ix_slip_cid", "slip", ["cid"])


def _text(name: str, most: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(most), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=False)
