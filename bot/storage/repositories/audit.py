"""Who did what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from bot.app.records import AuditRow
from bot.storage.repositories.repository import Repository
from bot.storage.tables import audit

_c = audit.c


class Audit(Repository):
    """Only ever added to."""

    async def add(self, row: AuditRow) -> None:
        """One deed."""
        await self._run(
            insert(audit).values(
                at=row.at, actor=row.actor, action=row.action, subject=row.subject, detail=row.detail
            )
        )

    async def newest(self, limit: int) -> Sequence[AuditRow]:
        """Newest first."""
        rows = await self._rows(
            select(_c.at, _c.actor, _c.action, _c.subject, _c.detail).order_by(_c.id.desc()).limit(limit)
        )
        return [AuditRow(**row) for row in rows]
