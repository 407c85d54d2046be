"""SQLite in fewer thread switches: a statement is run, its rows fetched and its cursor closed in one visit to the thread.

SQLAlchemy's own adapter makes four visits of it, and visits are what a small transaction mostly costs. Nor are there
any to begin a transaction, which its first statement does on the way, or to roll back one that has done nothing.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util import immutabledict

NAME = "sqlite+komekshi"


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Has no cursor of the driver until it runs something, and then one that is closed already."""

    __slots__ = ()

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = None  # type: ignore[assignment]
        self._soft_closed_memoized = immutabledict()
        self._rows = deque()

    async def _async_soft_close(self) -> None:
        """Closed since it was run."""

    async def _execute_async(self, operation: str, parameters: Any) -> None:
        await self._visit(sqlite3.Cursor.execute, operation, parameters or ())

    async def _executemany_async(self, operation: str, seq_of_parameters: Sequence[Any]) -> None:
        await self._visit(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    async def _visit(self, run: Any, operation: str, parameters: Any) -> None:
        driver: Any = self._connection
        adapted: Any = self._adapt_connection
        begin = adapted.leave()

        def work() -> tuple[Any, list[Any]]:
            cursor = driver._conn.cursor()
            try:
                if begin:
                    cursor.execute(begin)
                run(cursor, operation, parameters)
                return cursor, cursor.fetchall() if cursor.description else []
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:
            self._cursor, rows = await driver._execute(work)
        self._rows = deque(rows)
        # Tells the base class that there is nothing to close any more.
        self._soft_closed_memoized = immutabledict({"description": self._cursor.description})


class _Connection(AsyncAdapt_aiosqlite_connection):
    """`_begin` is still to be run; `_used`: a statement was sent, arrived or not, since the last commit or rollback."""

    __slots__ = ("_begin", "_used")

    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._begin = ""
        self._used = False

    def begin_by(self, statement: str) -> None:
        """Have the next statement begin a transaction like this."""
        self._begin = statement

    def leave(self) -> str:
        """What a statement that is sent now has to run before itself."""
        begin, self._begin, self._used = self._begin, "", True
        return begin

    def commit(self) -> None:
        """Make what was done last."""
        self._end(super().commit)

    def rollback(self) -> None:
        """Undo what was done."""
        self._end(super().rollback)

    def _end(self, deed: Callable[[], None]) -> None:
        self._begin = ""
        if self._used:
            deed()
            self._used = False


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        adapted = super().connect(*arg, **kw)
        return _Connection(self, adapted._connection)


class Dialect(SQLiteDialect_aiosqlite):
    """SQLAlchemy's dialect with our cursors."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """The driver."""
        return _Driver(__import__("aiosqlite"), sqlite3)


registry.register("sqlite.komekshi", __name__, "Dialect")
