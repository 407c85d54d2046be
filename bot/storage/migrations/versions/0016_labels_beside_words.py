"""One index of PostgreSQL finds what words and filters have in common, instead of all that each of them finds."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LABELS = """ARRAY[
    'o' || is_open::text, 'e' || executor_id, 's' || status, 't' || topic, 'b' || body_id, 'k' || kind,
    'l' || locale, 'h' || channel,
    'p' || left(place, 2), 'p' || left(place, 4), 'p' || left(place, 6), 'p' || place,
    'r' || (((created_at AT TIME ZONE 'UTC')::date - DATE '2000-01-01') / 8)::text,
    'd' || ((nullif(due_sort, 'infinity') - DATE '2000-01-01') / 8)::text
]"""


def upgrade() -> None:
    """To this revision."""
    _index(f"terms, ({LABELS})", included=["executor_id"])


def downgrade() -> None:
    """Back to the one before."""
    _index("terms", included=[])


def _index(found_by: str, *, included: list[str]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_appeals_terms", "appeals")
    op.execute(f"CREATE INDEX ix_appeals_terms ON appeals USING gin ({found_by})")
    columns = ["status", "due_sort", "ordinal"]
    name = "_".join(("ix_appeals", *columns))
    op.drop_index(name, "appeals")
    op.create_index(name, "appeals", columns, postgresql_include=included)
