"""Signatures by ЭЦП, and what a one-time page asks to sign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "signatures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("appeal_id", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cms", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("verification", sa.JSON(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_signatures_appeal_id_appeals"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_signatures_conversation_id_conversations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
        sa.UniqueConstraint("appeal_id", name="uq_signatures_appeal_id"),
    )
    op.create_index("ix_signatures_conversation_id", "signatures", ["conversation_id"])
    for name, kind in (("fingerprint", sa.String()), ("text", sa.Text())):
        with op.batch_alter_table("one_time_pages") as batch:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        with op.batch_alter_table("one_time_pages") as batch:
            batch.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("one_time_pages") as batch:
        batch.drop_column("text")
        batch.drop_column("fingerprint")
    op.drop_table("signatures")
