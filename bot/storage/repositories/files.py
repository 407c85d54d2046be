"""Metadata of citizens' files; their bytes lie in the file store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, or_, select

from bot.app.records import StoredFile
from bot.storage.repositories.repository import Repository
from bot.storage.tables import files

_c = files.c


class Files(Repository):
    """Several rows may share the same bytes."""

    async def add(self, file: StoredFile) -> None:
        """A file of a conversation."""
        await self._run(
            insert(files).values(
                id=file.id,
                conversation_id=file.conversation_id,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                at=file.at,
                thumbnail=file.thumbnail,
            )
        )

    async def find(self, file_id: str) -> StoredFile | None:
        """By id."""
        row = await self._first(select(files).where(_c.id == file_id))
        return None if row is None else StoredFile(**row)

    async def of_conversation(self, conversation_id: str) -> Sequence[StoredFile]:
        """Oldest first."""
        rows = await self._rows(
            select(files).where(_c.conversation_id == conversation_id).order_by(_c.at, _c.id)
        )
        return [StoredFile(**row) for row in rows]

    async def delete(self, file_id: str) -> Sequence[str]:
        """The hashes, of the file and its thumbnail, that no other file has any more: their bytes may be deleted."""
        gone = await self._first(delete(files).where(_c.id == file_id).returning(_c.sha256, _c.thumbnail))
        hashes = [value for value in gone.values() if value] if gone else []
        return [value for value in hashes if not await self.is_held(value)]

    async def is_held(self, sha256: str) -> bool:
        """Whether some file or thumbnail has that hash."""
        holder = select(_c.id).where(or_(_c.sha256 == sha256, _c.thumbnail == sha256)).limit(1)
        return await self._value(holder) is not None
