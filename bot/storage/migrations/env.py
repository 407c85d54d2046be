"""What Alembic runs: our tables, on the connection that migrate.py has open."""

from __future__ import annotations

from typing import Literal

from alembic import context

from bot.storage.tables import UtcDateTime, metadata


def render(_kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name no type of ours: they outlive the code of their day."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
