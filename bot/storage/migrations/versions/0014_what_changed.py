"""Appeals by their last change: the desk shows what is new since yesterday."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_index("ix_appeals_updated_at", "appeals", ["updated_at"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index("ix_appeals_updated_at", "appeals")
