"""One-time pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.app.records import OneTimePage
from bot.storage.repositories.repository import Repository
from bot.storage.tables import one_time_pages
from dialogs.effects import PageKind

_c = one_time_pages.c


class Pages(Repository):
    """Only the digest of an address is kept."""

    async def add(self, page: OneTimePage) -> None:
        """An earlier page of the same kind and conversation is forgotten; a draft's link only once expired."""
        earlier = delete(one_time_pages).where(
            _c.conversation_id == page.conversation_id, _c.kind == page.kind.value
        )
        if page.kind is PageKind.CARRY:
            earlier = earlier.where(_c.expires_at <= page.created_at)
        await self._run(earlier)
        await self._run(
            insert(one_time_pages).values(
                id=page.id,
                token_hash=page.token_hash,
                conversation_id=page.conversation_id,
                kind=page.kind.value,
                locale=page.locale,
                created_at=page.created_at,
                expires_at=page.expires_at,
                used_at=page.used_at,
                fingerprint=page.fingerprint,
                text=page.text,
            )
        )

    async def find(self, token_hash: str) -> OneTimePage | None:
        """By the digest of its address."""
        row = await self._first(select(one_time_pages).where(_c.token_hash == token_hash))
        return None if row is None else OneTimePage(**{**row, "kind": PageKind(row["kind"])})

    async def use(self, page_id: str, at: datetime) -> bool:
        """False when somebody was quicker. The text it asked to sign is forgotten: a signature has its own."""
        used = await self._run(
            update(one_time_pages).where(_c.id == page_id, _c.used_at.is_(None)).values(used_at=at, text="")
        )
        return used.rowcount == 1

    async def forget(self, conversation_id: str) -> None:
        """All pages of the conversation."""
        await self._run(delete(one_time_pages).where(_c.conversation_id == conversation_id))
