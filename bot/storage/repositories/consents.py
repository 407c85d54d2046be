"""Who agreed to which text when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from bot.storage.repositories.repository import Repository
from bot.storage.tables import consents
from text.bilingual import Locale


class Consents(Repository):
    """Only ever added to: giving and withdrawing are both facts."""

    async def add(
        self, conversation_id: str, version: str, *, given: bool, locale: Locale, at: datetime
    ) -> None:
        """`version` names the text that was shown."""
        await self._run(
            insert(consents).values(
                conversation_id=conversation_id, version=version, given=given, locale=locale, at=at
            )
        )

    async def of_conversation(self, conversation_id: str) -> Sequence[tuple[str, bool, datetime]]:
        """(version, given, when), oldest first."""
        c = consents.c
        rows = await self._rows(
            select(c.version, c.given, c.at).where(c.conversation_id == conversation_id).order_by(c.id)
        )
        return [(row["version"], row["given"], row["at"]) for row in rows]
