"""Keys to the published data, hashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import insert, select, update

from bot.app.records import ApiKey
from bot.storage.repositories.repository import Repository
from bot.storage.tables import api_keys

_c = api_keys.c


class ApiKeys(Repository):
    """A revoked key stays, so that it can be told whose it was."""

    async def add(self, key: ApiKey) -> None:
        """A new one."""
        await self._run(insert(api_keys).values(asdict(key)))

    async def all(self) -> Sequence[ApiKey]:
        """Newest first."""
        return [ApiKey(**row) for row in await self._rows(select(api_keys).order_by(_c.created_at.desc()))]

    async def find(self, key_hash: str) -> ApiKey | None:
        """Only one that is not revoked."""
        row = await self._first(select(api_keys).where(_c.key_hash == key_hash, _c.revoked_at.is_(None)))
        return None if row is None else ApiKey(**row)

    async def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is none to revoke."""
        changed = await self._run(
            update(api_keys).where(_c.id == key_id, _c.revoked_at.is_(None)).values(revoked_at=at)
        )
        return changed.rowcount == 1

    async def used(self, key_id: str, on: date) -> None:
        """The day is enough: keys nobody uses are to be found."""
        await self._run(update(api_keys).where(_c.id == key_id).values(used_on=on))
