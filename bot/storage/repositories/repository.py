"""What repositories share: one transaction's connection, and inserts that may find a row there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Insert, RowMapping, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def in_both(
    make: Callable[[Callable[[Table], sqlite.Insert | postgresql.Insert]], Executable],
) -> Mapping[str, Executable]:
    """dialect -> a statement made with its INSERT, which knows ON CONFLICT; both databases write it alike."""
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


def together(
    main: Insert | Update, other: Insert | Update
) -> Mapping[str, tuple[Insert | Update, Insert | Update | None]]:
    """dialect -> two statements that write, the one whose result counts first. PostgreSQL is sent both as one: a question
    costs more there than a row does. The names of their values must differ."""
    return {"sqlite": (main, other), "postgresql": (main.add_cte(other.cte("other")), None)}


class Repository:
    """Works on one connection, within the transaction that the unit of work has open on it.

    Statements that every message needs are made once, with names for their values: making one takes longer than
    running it.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    async def _run(self, statement: Executable, values: Values | None = None) -> CursorResult[Any]:
        return await self._connection.execute(statement, values)

    async def _run_together(
        self,
        statements: Mapping[str, tuple[Executable, Executable | None]],
        values: Mapping[str, Any],
        others: Mapping[str, Any],
    ) -> CursorResult[Any]:
        """What `together` made; `others` are the values of the second one."""
        main, other = statements[self._dialect]
        if other is None:
            return await self._run(main, {**values, **others})
        result = await self._run(main, values)
        await self._run(other, others)
        return result

    async def _rows(self, statement: Executable, values: Values | None = None) -> list[RowMapping]:
        return list((await self._connection.execute(statement, values)).mappings())

    async def _first(self, statement: Executable, values: Values | None = None) -> RowMapping | None:
        return (await self._connection.execute(statement, values)).mappings().first()

    async def _value(self, statement: Executable, values: Values | None = None) -> Any:
        return (await self._connection.execute(statement, values)).scalar()

    async def _values(self, statement: Executable) -> list[Any]:
        return list((await self._connection.execute(statement)).scalars())

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        if self._dialect == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)
