"""What Alembic runs: our tables, on the connection that migrate.py has open."""

from __future__ import annotations

import warnings
from typing import Literal

from alembic import context

from bot.storage.tables import UtcDateTime, metadata


def render(_kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name no type of ours: they outlive the code of their day."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite's tables for full text search are no tables of ours: it keeps them itself."""
    return not (kind == "table" and name is not None and name.startswith("appeal_terms"))


def is_here(
    _item: object,
    name: str | None,
    _kind: str,
    _reflected: bool,
    _compared: object,
) -> bool:
    """Words are searched by an index of PostgreSQL, on SQLite by that table."""
    return connection.dialect.name == "postgresql" or name != "ix_appeals_terms"


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=is_ours,
    include_object=is_here,
    render_item=render,
    render_as_batch=connection.dialect.name == "sqlite",
)
with warnings.catch_warnings(), context.begin_transaction():
    # That index of PostgreSQL alone: Alembic tells of it before it asks what is here.
    warnings.filterwarnings("ignore", "autogenerate skipping .* 'ix_appeals_terms'")
    context.run_migrations()
