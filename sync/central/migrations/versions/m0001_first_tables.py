"""The tables as `create_all` made them before there were migrations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ANY = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """From nothing."""
    _kiosks()
    _results()
    _journals()
    _notices()


def _kiosks() -> None:
    op.create_table(
        "kiosk",
        _text("id", 64, key=True),
        _number("epoch"),
        _text("unit", 80),
        _text("address", 120),
        *(_json(name) for name in ("policy", "statement_jwk", "manifest_jwk", "transport_jwk")),
        _number("head_seq"),
        _text("head_hash", 64),
        *(_number(name) for name in ("highest_ver", "revision", "contact_ms")),
        _json("health"),
        _number("health_ms"),
    )
    op.create_table(
        "staff",
        _refers("kiosk", "kiosk.id", key=True),
        _text("number", 8, key=True),
        _text("role", 16),
        _text("sealed"),
    )
    op.create_table(
        "manifest",
        _refers("kiosk", "kiosk.id", key=True),
        _number("ver", key=True),
        _number("epoch"),
        _text("hash", 64),
        *(_number(name) for name in ("signed_ms", "revision", "head_seq")),
        _text("head_hash", 64),
        _text("jwe"),
    )


def _results() -> None:
    op.create_table(
        "result",
        _text("cid", 64, key=True),
        _refers("kiosk", "kiosk.id"),
        _text("status", 8),
        _text("phase", 16),
        _json("dossiers"),
        _number("hold_until_ms"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("overdue", "fee_due", "low")),
        _text("size", 8),
        _text("place", 120),
        *(_number(f"{what}_ms") for what in ("registered", "loaded", "collected", "revoked")),
        _text("sealed"),
    )
    op.create_index("ix_result_kiosk", "result", ["kiosk"])
    op.create_table(
        "part",
        _refers("cid", "result.cid", key=True),
        _number("compartment", key=True),
        _text("phase", 16),
    )
    op.create_table(
        "holder",
        _refers("cid", "result.cid", key=True),
        _text("id", 64, key=True),
        _text("role", 16),
        _text("lang", 2),
        *(_number(name) for name in ("gen", "counter", "acknowledged", "floor", "carried_ver")),
        sa.Column("locked", sa.Boolean(), nullable=False),
        _text("sealed"),
    )
    op.create_table(
        "done",
        _text("key", 64, key=True),
        _text("fingerprint", 64),
        _refers("cid", "result.cid"),
        _number("at_ms"),
    )


def _journals() -> None:
    op.create_table(
        "statement",
        _refers("kiosk", "kiosk.id", key=True),
        _number("epoch", key=True),
        _number("seq", key=True),
        _text("hash", 64),
        _text("state", 12),
        _text("kind", 64),
        _text("cid", 64),
        _number("received_ms"),
        _text("compact"),
    )
    op.create_index("ix_statement_cid", "statement", ["cid"])
    op.create_index("statement_hash", "statement", ["kiosk", "hash"])
    op.create_table(
        "fork",
        _refers("kiosk", "kiosk.id", key=True),
        _number("epoch", key=True),
        _number("seq", key=True),
        _text("hash", 64, key=True),
        _number("received_ms"),
        _text("compact"),
    )


def _notices() -> None:
    op.create_table(
        "alarm",
        _number("id", key=True, counts=True),
        _refers("kiosk", "kiosk.id"),
        _text("kind", 64),
        _text("detail", 200),
        _number("at_ms"),
    )
    op.create_index("ix_alarm_kiosk", "alarm", ["kiosk"])
    op.create_table(
        "notice",
        _number("id", key=True, counts=True),
        _text("cause", 200),
        _text("kind", 16),
        _refers("cid", "result.cid"),
        _text("holder", 64),
        _text("state", 8),
        *(_number(name) for name in ("due_ms", "at_ms", "sent_ms")),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("ix_notice_cid", "notice", ["cid"])
    op.create_index("notice_due", "notice", ["state", "due_ms"])


def _text(name: str, most: int = 0, *, key: bool = False) -> sa.Column[str]:
    kind = sa.String(most) if most else sa.Text()
    return sa.Column(name, kind, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False, counts: bool = False) -> sa.Column[int]:
    return sa.Column(name, _BIG, primary_key=key, autoincrement=counts, nullable=False)


def _refers(name: str, where: str, *, key: bool = False) -> sa.Column[str]:
    kind = sa.String(64)
    return sa.Column(name, kind, sa.ForeignKey(where), primary_key=key, nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, _ANY, nullable=False)
