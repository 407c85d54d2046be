"""What repositories share: one transaction's connection, and inserts that may find a row there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection


class Repository:
    """Works on one connection, within the transaction that the unit of work has open on it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _run(self, statement: Executable) -> CursorResult[Any]:
        return await self._connection.execute(statement)

    async def _rows(self, statement: Executable) -> list[RowMapping]:
        return list((await self._connection.execute(statement)).mappings())

    async def _first(self, statement: Executable) -> RowMapping | None:
        return (await self._connection.execute(statement)).mappings().first()

    async def _value(self, statement: Executable) -> Any:
        return (await self._connection.execute(statement)).scalar()

    async def _values(self, statement: Executable) -> list[Any]:
        return list((await self._connection.execute(statement)).scalars())

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)
