"""Kiosks revoked, alarms that end and are told, rows kept aside by reason, when a kiosk did not serve."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """From 0005."""
    for table, name, most in (
        ("kiosk", "revoked_by", 64),
        ("result", "revoked_why", 16),
        ("alarm", "what", 80),
    ):
        text = sa.Column(name, sa.String(most), nullable=False, server_default="")
        op.add_column(table, text)
    why = sa.Column("why", sa.String(12), nullable=False, server_default="fork")
    op.add_column("fork", why)
    for name in ("compartment", "ended_ms", "told_ms", "cleared_ms"):
        op.add_column("alarm", sa.Column(name, _BIG, nullable=False, server_default="0"))
    # Alarms from before are old news: on the page only.
    op.add_column("alarm", sa.Column("urgency", _BIG, nullable=False, server_default="2"))
    op.create_index("alarm_at", "alarm", ["at_ms"])
    op.create_table(
        "service_gap",
        sa.Column("kiosk", sa.String(64), sa.ForeignKey("kiosk.id"), primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("since_ms", _BIG, primary_key=True),
        _number("until_ms"),
        _text("why", 64),
    )
    op.create_table(
        "alarm_message",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        _text("cause", 80),
        _text("state", 8),
        *(_number(name) for name in ("due_ms", "sent_ms", "tries", "retry_ms")),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("alarm_message_due", "alarm_message", ["state", "due_ms"])


def _text(name: str, most: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(most), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=False)
