"""A registry to search: what appeals are filtered and ordered by, and the terms they are found by.

Terms of appeals that are there already are worked out by the worker (`terms_version` 0).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ENDED = "('answered', 'returned', 'withdrawn', 'terminated')"
_TRIGGERS = {
    "insert": "AFTER INSERT ON appeals BEGIN {add} END",
    "delete": "AFTER DELETE ON appeals BEGIN {remove} END",
    "update": "AFTER UPDATE OF terms ON appeals WHEN old.terms <> new.terms BEGIN {remove} {add} END",
}
_ADD = "INSERT INTO appeal_terms (rowid, terms) VALUES (new.ordinal, new.terms);"
_REMOVE = "INSERT INTO appeal_terms (appeal_terms, rowid, terms) VALUES ('delete', old.ordinal, old.terms);"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "searches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name="fk_searches_operator_id_operators"),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
    )
    op.create_index("ix_searches_at", "searches", ["at"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    terms = TSVECTOR() if postgresql else sa.Text()
    added: list[sa.Column[Any]] = [
        sa.Column("ordinal", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("body_id", sa.String(), nullable=True),
        sa.Column("due_sort", sa.Date(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("terms", terms, nullable=True),
        sa.Column("terms_version", sa.SmallInteger(), nullable=True),
    ]
    with op.batch_alter_table("appeals") as batch:
        batch.drop_index("ix_appeals_due_reference")
        batch.drop_index("ix_appeals_status_due")
        batch.drop_column("search_text")
        for column in added:
            batch.add_column(column)
    part = "draft ->> '{}'" if postgresql else "json_extract(draft, '$.{}')"
    op.execute(
        "UPDATE appeals SET "  # noqa: S608 - no value from outside
        "ordinal = CAST(substr(reference, 4, 4) AS BIGINT) * 1000000000 + CAST(substr(reference, 9) AS BIGINT), "
        "channel = (SELECT channel FROM conversations WHERE conversations.id = appeals.conversation_id), "
        + "".join(f"{name} = {part.format(name)}, " for name in ("kind", "topic", "place", "body_id"))
        + f"due_sort = coalesce(due, '9999-12-31'), is_open = status NOT IN {_ENDED}, terms = '', terms_version = 0"
    )
    with op.batch_alter_table("appeals") as batch:
        for name, kind in {
            "ordinal": sa.BigInteger(),
            "channel": sa.String(),
            "due_sort": sa.Date(),
            "is_open": sa.Boolean(),
            "terms": terms,
            "terms_version": sa.SmallInteger(),
        }.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_unique_constraint("uq_appeals_ordinal", ["ordinal"])
        for columns in (
            ["due_sort", "ordinal"],
            ["created_at", "ordinal"],
            ["status", "due_sort", "ordinal"],
            ["topic", "due_sort", "ordinal"],
            ["body_id", "due_sort", "ordinal"],
            ["place"],
            ["terms_version"],
        ):
            batch.create_index("ix_appeals_" + "_".join(columns), columns)
    only_open = sa.text("is_open IS true" if postgresql else "is_open IS 1")
    op.create_index(
        "ix_appeals_open",
        "appeals",
        ["due_sort", "ordinal"],
        sqlite_where=only_open,
        postgresql_where=only_open,
    )
    if postgresql:
        op.create_index("ix_appeals_terms", "appeals", ["terms"], postgresql_using="gin")
        return
    op.execute(
        "CREATE VIRTUAL TABLE appeal_terms USING fts5(terms, content='appeals', content_rowid='ordinal', "
        "tokenize='unicode61 remove_diacritics 0', detail='none', columnsize=0)"
    )
    op.execute("INSERT INTO appeal_terms (appeal_terms) VALUES ('rebuild')")
    for event, trigger in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER appeal_terms_{event} {trigger.format(add=_ADD, remove=_REMOVE)}")


def downgrade() -> None:
    """Back to the one before. What was searched then is empty until an appeal is stored again."""
    op.drop_table("searches")
    postgresql = op.get_bind().dialect.name == "postgresql"
    if not postgresql:
        for event in _TRIGGERS:
            op.execute(f"DROP TRIGGER appeal_terms_{event}")
        op.execute("DROP TABLE appeal_terms")
    else:
        op.drop_index("ix_appeals_terms", "appeals")
    op.drop_index("ix_appeals_open", "appeals")
    with op.batch_alter_table("appeals") as batch:
        for name in ("due_sort", "created_at", "status_due_sort", "topic_due_sort", "body_id_due_sort"):
            batch.drop_index(f"ix_appeals_{name}_ordinal")
        batch.drop_index("ix_appeals_place")
        batch.drop_index("ix_appeals_terms_version")
        batch.drop_constraint("uq_appeals_ordinal", type_="unique")
        for name in (
            "ordinal",
            "channel",
            "kind",
            "topic",
            "place",
            "body_id",
            "due_sort",
            "is_open",
            "terms",
            "terms_version",
        ):
            batch.drop_column(name)
        batch.add_column(sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
        batch.create_index("ix_appeals_due_reference", ["due", "reference"])
        batch.create_index("ix_appeals_status_due", ["status", "due"])
