"""Pages: accounts, sessions, what was done there; the due date of a result."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ANY = sa.JSON().with_variant(JSONB(), "postgresql")
_OURS = sa.text("kind IN ('fault', 'fault_cleared', 'rated', 'refused', 'started')")


def upgrade() -> None:
    """From 0002."""
    op.add_column("result", sa.Column("due_ms", _BIG, nullable=False, server_default="0"))
    op.create_table(
        "account",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("kiosks", _ANY, nullable=False),
        _number("last_step"),
        _number("made_ms"),
        sa.Column("sealed", sa.Text(), nullable=False),
    )
    op.create_table(
        "page_session",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(40), sa.ForeignKey("account.name"), nullable=False),
        _number("made_ms"),
        _number("seen_ms"),
    )
    op.create_index("ix_page_session_account", "page_session", ["account"])
    op.create_table(
        "page_try",
        sa.Column("key", sa.String(64), primary_key=True),
        _number("count"),
        _number("since_ms"),
    )
    op.create_table(
        "page_order",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("cid", sa.String(64), sa.ForeignKey("result.cid"), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        _number("at_ms"),
    )
    op.create_index("ix_page_order_cid", "page_order", ["cid"])
    op.create_table(
        "alarm_handled",
        sa.Column("alarm", _BIG, sa.ForeignKey("alarm.id"), primary_key=True),
        sa.Column("account", sa.String(40), nullable=False),
        _number("at_ms"),
    )
    op.create_index(
        "statement_figures",
        "statement",
        ["kiosk", "kind", "received_ms"],
        postgresql_where=_OURS,
        sqlite_where=_OURS,
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=False)
