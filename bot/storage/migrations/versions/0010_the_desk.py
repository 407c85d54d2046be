"""The desk: executors, what each step says, reminders, five roles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BY_EXECUTOR = "ix_appeals_executor_id_due_sort_ordinal"
_TIME = sa.DateTime(timezone=True)


def _added() -> list[sa.Column[Any]]:
    """A column belongs to one table only, so they are made anew for each use."""
    return [
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("character", sa.String(), nullable=True),
        sa.Column("executor_id", sa.String(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("fix_until", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("hearing_on", sa.Date(), nullable=True),
        sa.Column("decide_from", sa.Date(), nullable=True),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("answer_files", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("fix_asked", sa.Text(), nullable=False, server_default=""),
        sa.Column("hearing_where", sa.Text(), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    """To this revision. Who was an operator worked appeals, too: that is a registrar's place now."""
    # One by one: a batch would copy the table on SQLite and lose the triggers its search lives by.
    op.drop_column("appeals", "near_due_told")
    for column in _added():
        op.add_column("appeals", column)
    op.create_index("ix_appeals_parent_id", "appeals", ["parent_id"])
    op.create_index(_BY_EXECUTOR, "appeals", ["executor_id", "due_sort", "ordinal"])
    op.add_column("appeal_steps", sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "appeal_reminders",
        sa.Column("appeal_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_reminders_appeal_id_appeals"),
        sa.PrimaryKeyConstraint("appeal_id", "what", "due", name="pk_appeal_reminders"),
    )
    op.execute("UPDATE operators SET role = 'registrar' WHERE role = 'operator'")


def downgrade() -> None:
    """Back to the one before."""
    op.execute("UPDATE operators SET role = 'operator' WHERE role IN ('registrar', 'executor')")
    op.execute("UPDATE appeals SET status = 'in_progress' WHERE status = 'hearing'")
    op.execute("UPDATE appeals SET status = 'needs_fix' WHERE status = 'fixed'")
    op.execute("UPDATE appeal_steps SET status = 'in_progress' WHERE status = 'hearing'")
    op.execute("UPDATE appeal_steps SET status = 'needs_fix' WHERE status = 'fixed'")
    op.drop_table("appeal_reminders")
    op.drop_column("appeal_steps", "said")
    op.drop_index(_BY_EXECUTOR, "appeals")
    op.drop_index("ix_appeals_parent_id", "appeals")
    for column in reversed(_added()):
        op.drop_column("appeals", column.name)
    op.add_column(
        "appeals", sa.Column("near_due_told", sa.Boolean(), nullable=False, server_default=sa.false())
    )
