"""Messages that are due are found by kind: codes first."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """From 0006."""
    op.drop_index("notice_due", "notice")
    op.create_index("notice_due", "notice", ["state", "kind", "due_ms"])
