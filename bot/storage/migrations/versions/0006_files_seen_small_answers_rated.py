"""Thumbnails of files, and how citizens rate the answers to their appeals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.add_column("files", sa.Column("thumbnail", sa.String(), nullable=True))
    op.create_index("ix_files_thumbnail", "files", ["thumbnail"])
    op.create_table(
        "appeal_ratings",
        sa.Column("appeal_id", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_ratings_appeal_id_appeals"),
        sa.PrimaryKeyConstraint("appeal_id", name="pk_appeal_ratings"),
    )
    op.create_index("ix_appeal_ratings_at", "appeal_ratings", ["at"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("appeal_ratings")
    op.drop_index("ix_files_thumbnail", "files")
    op.drop_column("files", "thumbnail")
