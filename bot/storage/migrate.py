"""Brings a database to the tables of this version, with the drivers the product uses anyway."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import POSTGRESQL, migrating_engine

FOLDER = Path(__file__).parent / "migrations"

# Any numbers will do, as long as every process of ours takes the same.
_ADVISORY_LOCK = 7_265_101
_UPGRADING = 7_265_102
_TRY_AGAIN_SECONDS = 0.1


async def upgrade(engine: AsyncEngine) -> None:
    """To the newest revision; several processes may try at once. Repeatable."""
    if engine.url.drivername != POSTGRESQL:
        await run(engine, _to_the_newest)
        return
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        taken = {"key": _UPGRADING}
        # Who waited for it within a statement would keep an index from being built: that waits for all older statements.
        try_it = text("SELECT pg_try_advisory_lock(:key)")
        while not (await connection.execute(try_it, taken)).scalar():  # noqa: ASYNC110 - others are other processes
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
        try:
            await connection.run_sync(_build_ahead)
            await run(engine, _to_the_newest)
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), taken)


def _to_the_newest(config: Config) -> None:
    command.upgrade(config, "head")


def _build_ahead(connection: Connection) -> None:
    """What the next revision has built while the service goes on (its `ahead`), which PostgreSQL does in no transaction."""
    here = MigrationContext.configure(connection).get_current_revision()
    for script in ScriptDirectory(str(FOLDER)).walk_revisions():
        if here is not None and script.down_revision == here and hasattr(script.module, "ahead"):
            script.module.ahead(connection)


async def run(engine: AsyncEngine, step: Callable[[Config], None]) -> None:
    """One Alembic command, alone on the database and in one transaction: all of it or nothing."""
    migrating = migrating_engine(engine)
    try:
        async with _alone(engine.url), migrating.begin() as connection:
            await connection.run_sync(_run, step)
    finally:
        if migrating is not engine:
            await migrating.dispose()


@asynccontextmanager
async def _alone(url: URL) -> AsyncIterator[None]:
    """SQLite gives up waiting for a writer after a while, however well that one gets on: processes queue up here. The
    kernel ends a dead one's turn. PostgreSQL has a lock of its own for it."""
    if url.drivername == POSTGRESQL:
        yield
        return
    folder = os.open(Path(url.database or "").parent, os.O_RDONLY)
    try:
        await asyncio.to_thread(fcntl.flock, folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _run(connection: Connection, step: Callable[[Config], None]) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    step(config)
    if not postgresql and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("the migration left rows that refer to nothing")
