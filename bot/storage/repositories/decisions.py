"""Reasons of turns, for the citizen's right to know and for reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, insert, select

from bot.app.records import DecisionRecord
from bot.storage.repositories.repository import Repository
from bot.storage.tables import decisions

_c = decisions.c
_ADD = insert(decisions)
_COLUMNS = [column for column in _c if column is not _c.id]


class Decisions(Repository):
    """One row a turn."""

    async def add(self, decision: DecisionRecord) -> None:
        """The reasons of one turn."""
        await self._run(
            _ADD,
            {
                "conversation_id": decision.conversation_id,
                "event_id": decision.event_id,
                "at": decision.at,
                "outcome": decision.outcome,
                "route": decision.route,
                "label": decision.label,
                "confidence": decision.confidence,
                "words": list(decision.words),
                "language": decision.language,
            },
        )

    async def of_conversation(self, conversation_id: str, limit: int) -> Sequence[DecisionRecord]:
        """Newest first."""
        rows = await self._rows(
            select(*_COLUMNS).where(_c.conversation_id == conversation_id).order_by(_c.id.desc()).limit(limit)
        )
        return [_decision(row) for row in rows]

    async def erase(self, conversation_id: str) -> None:
        """All of the conversation."""
        await self._run(delete(decisions).where(_c.conversation_id == conversation_id))

    async def of_event(self, conversation_id: str, event_id: str) -> DecisionRecord | None:
        """The first reason of the turn of that event."""
        row = await self._first(
            select(*_COLUMNS)
            .where(_c.conversation_id == conversation_id, _c.event_id == event_id)
            .order_by(_c.id)
            .limit(1)
        )
        return None if row is None else _decision(row)

    async def outcomes(self, since: datetime) -> Mapping[str, int]:
        """outcome -> turns, from `since` on."""
        rows = await self._rows(
            select(_c.outcome, func.count().label("turns")).where(_c.at >= since).group_by(_c.outcome)
        )
        return {row["outcome"]: row["turns"] for row in rows}


def _decision(row: RowMapping) -> DecisionRecord:
    return DecisionRecord(**{**row, "words": tuple(row["words"])})
