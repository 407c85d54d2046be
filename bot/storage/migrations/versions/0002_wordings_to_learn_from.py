"""Wordings to learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "learning_samples",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guessed", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_learning_samples_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_learning_samples"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_learning_samples_conversation_id", "learning_samples", ["conversation_id"])
    op.create_index("ix_learning_samples_state_day", "learning_samples", ["state", "day"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("learning_samples")
