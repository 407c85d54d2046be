"""A receipt names the post of who accepted the appeal (art. 64 (2)); accounts made before have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.add_column("operators", sa.Column("post_kk", sa.String(), nullable=True))
    op.add_column("operators", sa.Column("post_ru", sa.String(), nullable=True))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("operators") as batch:
        batch.drop_column("post_ru")
        batch.drop_column("post_kk")
