"""Among a million appeals PostgreSQL finds a page, and counts, in an index that tells all they are filtered by."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FILTERS = ["is_open", "topic", "place", "body_id", "kind", "status", "executor_id", "locale", "channel"]
INDEXES = {
    ("due_sort", "ordinal"): [*FILTERS, "created_at"],
    ("created_at", "ordinal"): [*FILTERS, "due_sort"],
    ("executor_id", "due_sort", "ordinal"): [
        *(name for name in FILTERS if name != "executor_id"),
        "created_at",
    ],
}
# An index tells alone only of pages that were vacuumed since they changed: by default after a fifth of the table.
VACUUMED = {
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_vacuum_insert_scale_factor": "0.01",
    "autovacuum_analyze_scale_factor": "0.02",
}


def upgrade() -> None:
    """To this revision."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for columns, included in INDEXES.items():
        name = "_".join(("ix_appeals", *columns))
        op.drop_index(name, "appeals")
        op.create_index(name, "appeals", list(columns), postgresql_include=included)
    op.execute(
        f"ALTER TABLE appeals SET ({', '.join(f'{name} = {value}' for name, value in VACUUMED.items())})"
    )


def downgrade() -> None:
    """Back to the one before."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE appeals RESET ({', '.join(VACUUMED)})")
    for columns in INDEXES:
        name = "_".join(("ix_appeals", *columns))
        op.drop_index(name, "appeals")
        op.create_index(name, "appeals", list(columns))
