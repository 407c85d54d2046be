"""One index of PostgreSQL finds what words and filters have in common, instead of all that each of them finds."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
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
BY_STATUS = "(status, due_sort, ordinal)"
BEFORE = {"ix_appeals_terms": "USING gin (terms)", "ix_appeals_status_due_sort_ordinal": BY_STATUS}
AFTER = {
    "ix_appeals_terms": f"USING gin (terms, ({LABELS}))",
    "ix_appeals_status_due_sort_ordinal": f"{BY_STATUS} INCLUDE (executor_id)",
}


def ahead(connection: sa.Connection) -> None:
    """Before the upgrade's transaction, while appeals are filed: of a million, the words take minutes."""
    for name, built in AFTER.items():
        connection.execute(
            sa.text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_next")
        )  # one that was given up halfway
        connection.execute(sa.text(f"CREATE INDEX CONCURRENTLY {name}_next ON appeals {built}"))


def upgrade() -> None:
    """To this revision."""
    _exchange(AFTER)


def downgrade() -> None:
    """Back to the one before; filing waits until the indexes are built."""
    _exchange(BEFORE)


def _exchange(indexes: Mapping[str, str]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, built in indexes.items():
        op.execute(f"CREATE INDEX IF NOT EXISTS {name}_next ON appeals {built}")
        op.drop_index(name, "appeals")
        op.execute(f"ALTER INDEX {name}_next RENAME TO {name}")
