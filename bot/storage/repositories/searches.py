"""What was searched for, for as long as somebody leafs through it: names must not stand in an address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.storage.repositories.repository import Repository
from bot.storage.tables import searches

_c = searches.c


class Searches(Repository):
    """Words under a name that says nothing of them."""

    async def add(self, search_id: str, operator_id: str, words: str, at: datetime) -> None:
        """A new one."""
        await self._run(insert(searches).values(id=search_id, operator_id=operator_id, words=words, at=at))

    async def find(self, search_id: str, operator_id: str) -> str | None:
        """The words, for whoever searched by them."""
        found = await self._value(select(_c.words).where(_c.id == search_id, _c.operator_id == operator_id))
        return None if found is None else str(found)

    async def expire(self, before: datetime) -> int:
        """Delete those of before that moment; gives how many."""
        return (await self._run(delete(searches).where(_c.at < before))).rowcount
