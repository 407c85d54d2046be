"""Makes database engines that keep what use cases rely on: durable commits, readers that never wait."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage import sqlite_driver

SQLITE = "sqlite+aiosqlite"
POSTGRESQL = "postgresql+asyncpg"

# A reader of SQLite is a thread; more of them than this only compete for the processor.
_SQLITE_READERS = 4
# Connections that are kept, and how many more there may be.
_POSTGRESQL_WRITERS = (8, 4)
_POSTGRESQL_READERS = (4, 4)
_POSTGRESQL_SETTINGS = {
    "application_name": "komekshi",
    # Questions here take milliseconds: compiling one, or starting helpers for it, takes longer than they do.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
_POSTGRESQL_READING = {
    "default_transaction_read_only": "on",
    # A plan made for any values at all is far too slow for most.
    "plan_cache_mode": "force_custom_plan",
    # The places of a frequent word have room, and taking them from the index costs less than a look at the appeals.
    "work_mem": "64MB",
    "enable_seqscan": "off",
    "cpu_index_tuple_cost": "0.001",
}
_PREPARED = 400
"""A desk's questions, each as it was prepared once: every combination of filters is one of its own."""
_CONNECT_SECONDS = 10
_REST_SECONDS = 1
_RESTS_SINCE = "rests since"


def parse_url(database_url: str) -> URL:
    """The address, if it is one of the two databases that are supported. Raises ValueError."""
    url = make_url(database_url)
    if url.drivername == SQLITE and url.database and url.database != ":memory:":
        return url
    if url.drivername == POSTGRESQL:
        return url
    raise ValueError(f"{url.drivername}: give {SQLITE}:///<file> or {POSTGRESQL}://<user>@<host>/<name>")


def writing_engine(url: URL) -> AsyncEngine:
    """An engine for transactions that may write. SQLite's has one connection: there is one writer anyway."""
    if url.drivername == POSTGRESQL:
        return _postgresql_engine(url, _POSTGRESQL_WRITERS, _POSTGRESQL_SETTINGS)
    return _sqlite_engine(url, connections=1, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=ON",))


def _postgresql_engine(
    url: URL, connections: tuple[int, int], settings: Mapping[str, str], **options: Any
) -> AsyncEngine:
    kept, more = connections
    engine = create_async_engine(
        url,
        pool_size=kept,
        max_overflow=more,
        hide_parameters=True,  # an error's text goes to the log, citizens' words must not
        connect_args={
            "timeout": _CONNECT_SECONDS,
            "server_settings": settings,
            "prepared_statement_cache_size": _PREPARED,
        },
        **options,
    )
    _look_after_rest(engine)
    return engine


def _look_after_rest(engine: AsyncEngine) -> None:
    """A connection that has rested is tried before it is used; one that worked a moment ago costs no question."""

    @event.listens_for(engine.sync_engine, "checkin")
    def rest(_driver: object, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def wake(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_RESTS_SINCE, time.monotonic()) < _REST_SECONDS:
            return
        try:
            driver.ping()
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool then makes a new one


def reading_engine(writing: AsyncEngine) -> AsyncEngine:
    """An engine that cannot write, with connections of its own. PostgreSQL is asked without the two questions more that
    make a transaction: each statement sees what is committed then, as within one."""
    if writing.url.drivername == POSTGRESQL:
        settings = _POSTGRESQL_SETTINGS | _POSTGRESQL_READING
        return _postgresql_engine(writing.url, _POSTGRESQL_READERS, settings, isolation_level="AUTOCOMMIT")
    return _sqlite_engine(writing.url, connections=_SQLITE_READERS, begin="BEGIN", pragmas=("query_only=ON",))


def statements_engine(writing: AsyncEngine) -> AsyncEngine:
    """On the same connections. PostgreSQL commits each statement by itself; SQLite begins on the way to a statement, and
    has to be told to commit."""
    if writing.url.drivername == POSTGRESQL:
        return writing.execution_options(isolation_level="AUTOCOMMIT")
    return writing


def migrating_engine(writing: AsyncEngine) -> AsyncEngine:
    """An engine for migrations. SQLite alters a table by copying it: foreign keys would see a deletion."""
    if writing.url.drivername == POSTGRESQL:
        return writing
    return _sqlite_engine(writing.url, connections=1, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=OFF",))


def _sqlite_engine(url: URL, *, connections: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_async_engine(
        url.set(drivername=sqlite_driver.NAME), pool_size=connections, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # the driver would begin by itself, and too late
        cursor = dbapi.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        # A plain BEGIN that reads first and writes later fails at once when another writer was quicker.
        driver: Any = connection.connection.dbapi_connection
        driver.begin_by(begin)

    return engine
