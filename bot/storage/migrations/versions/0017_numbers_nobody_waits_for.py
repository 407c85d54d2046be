"""Those who file at the same time take a number each, instead of waiting for each other's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "appeal_free_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("year", "number", name="pk_appeal_free_numbers"),
    )


def downgrade() -> None:
    """Back to the one before, whose counter says the last that was given; one given back below it stays a gap."""
    op.execute(
        "UPDATE appeal_numbers SET last = coalesce((SELECT min(number) - 1 FROM appeal_free_numbers AS free"
        " WHERE free.year = appeal_numbers.year AND appeal_numbers.last - free.number + 1 = (SELECT count(*)"
        " FROM appeal_free_numbers AS above WHERE above.year = free.year AND above.number >= free.number)), last)"
    )
    op.drop_table("appeal_free_numbers")
