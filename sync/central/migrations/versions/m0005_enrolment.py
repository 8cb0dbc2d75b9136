"""Enrolment by code, every key that a kiosk ever had, codes withheld until an audit found the papers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ANY = sa.JSON().with_variant(JSONB(), "postgresql")
_USES = ("statement", "manifest", "transport")


def upgrade() -> None:
    """From 0004."""
    op.add_column(
        "result", sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("kiosk", sa.Column("revoked_ms", _BIG, nullable=False, server_default="0"))
    for name in ("key_stated", "next_stated"):
        text = sa.Column(name, sa.String(64), nullable=False, server_default="")
        op.add_column("kiosk", text)
    op.create_table(
        "enrolment_code",
        sa.Column("hash", sa.String(64), primary_key=True),
        _text("kiosk", 64),
        _text("unit", 80),
        _text("address", 120),
        _number("made_ms"),
        _number("ended_ms"),
        _number("used_ms"),
        _text("keys", 200),
        sa.Column("reply", sa.Text(), nullable=False),
    )
    op.create_index("ix_enrolment_code_kiosk", "enrolment_code", ["kiosk"])
    op.create_table(
        "enrolment_try",
        sa.Column("address", sa.String(64), primary_key=True),
        _number("count"),
        _number("since_ms"),
    )
    _keys()


def _keys() -> None:
    """Those that are in use begin the list; the ones of earlier epochs were not kept."""
    table = op.create_table(
        "kiosk_key",
        sa.Column("kid", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(64), sa.ForeignKey("kiosk.id"), nullable=False),
        _number("epoch"),
        _text("use", 16),
        sa.Column("jwk", _ANY, nullable=False),
        _number("entered_ms"),
    )
    op.create_index("ix_kiosk_key_kiosk", "kiosk_key", ["kiosk"])
    columns: list[sa.ColumnClause[Any]] = [sa.column("id"), sa.column("epoch")]
    columns += [sa.column(f"{use}_jwk", _ANY) for use in _USES]
    kiosks = sa.select(*columns).select_from(sa.table("kiosk"))
    rows = {
        jwk["kid"]: {
            "kid": jwk["kid"],
            "kiosk": kiosk,
            "epoch": epoch,
            "use": use,
            "jwk": jwk,
            "entered_ms": 0,
        }
        for kiosk, epoch, *held in op.get_bind().execute(kiosks)
        for use, jwk in zip(_USES, held, strict=True)
        if "kid" in jwk
    }
    if rows:
        op.bulk_insert(table, list(rows.values()))


def _text(name: str, most: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(most), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=False)
