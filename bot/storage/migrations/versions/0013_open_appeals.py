"""Open appeals, few among the many that are answered, are found by executor and counted without a look at them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTED_BY = ["topic", "place", "body_id", "kind", "status", "executor_id", "locale", "channel", "created_at"]


def upgrade() -> None:
    """To this revision."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    is_open = sa.text("is_open IS TRUE" if postgresql else "is_open IS 1")
    where: dict[str, Any] = {"sqlite_where": is_open, "postgresql_where": is_open}
    op.create_index("ix_appeals_open_executor", "appeals", ["executor_id", "due_sort", "ordinal"], **where)
    if postgresql:
        op.drop_index("ix_appeals_open", "appeals")
        op.create_index(
            "ix_appeals_open", "appeals", ["due_sort", "ordinal"], postgresql_include=COUNTED_BY, **where
        )


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index("ix_appeals_open_executor", "appeals")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_appeals_open", "appeals")
        is_open = sa.text("is_open IS TRUE")
        op.create_index("ix_appeals_open", "appeals", ["due_sort", "ordinal"], postgresql_where=is_open)
