"""Common matters: appeals that report the same problem, and who follows them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision. Appeals filed before belong to no common matter: only the last 30 days ever count."""
    op.add_column("appeals", sa.Column("matter_street", sa.String(), nullable=True))
    op.add_column("appeals", sa.Column("applicant_key", sa.String(), nullable=True))
    common = sa.text("matter_street IS NOT NULL")
    op.create_index(
        "ix_appeals_matter",
        "appeals",
        ["topic", "place", "created_at"],
        sqlite_where=common,
        postgresql_where=common,
    )
    op.create_table(
        "matter_follows",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_matter_follows_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matter_follows"),
        sa.UniqueConstraint(
            "conversation_id",
            "topic",
            "place",
            "street",
            name="uq_matter_follows_conversation_id_topic_place_street",
        ),
    )
    op.create_index("ix_matter_follows_topic_place", "matter_follows", ["topic", "place"])


def downgrade() -> None:
    """Back to the one before. Columns are dropped in place: a copy of the table would lose its triggers."""
    op.drop_table("matter_follows")
    op.drop_index("ix_appeals_matter", table_name="appeals")
    op.drop_column("appeals", "applicant_key")
    op.drop_column("appeals", "matter_street")
