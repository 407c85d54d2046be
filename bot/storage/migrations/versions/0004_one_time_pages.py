"""One-time pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "one_time_pages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_one_time_pages_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_pages"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_pages_token_hash"),
    )
    op.create_index("ix_one_time_pages_conversation_id", "one_time_pages", ["conversation_id"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("one_time_pages")
