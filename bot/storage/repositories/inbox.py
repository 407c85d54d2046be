"""Acknowledged events: each is stored once and worked off in order of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.app.errors import NotFound
from bot.app.records import InboxRow
from bot.storage.repositories.repository import Repository, in_both
from bot.storage.tables import inbox

_c = inbox.c
_ADD = in_both(
    lambda insert: (
        insert(inbox)
        .on_conflict_do_nothing(index_elements=[_c.conversation_id, _c.event_id])
        .returning(_c.id)
    )
)
FINISH = update(inbox).where(_c.id == bindparam("row"), _c.done.is_(False)).values(done=True, payload={})


class Inbox(Repository):
    """Rows are numbered as they arrive; a finished one keeps id and digest, so that a repetition is known."""

    async def add(
        self,
        conversation_id: str,
        event_id: str,
        payload: Mapping[str, Any],
        digest: str,
        at: datetime,
    ) -> InboxRow | None:
        """None when (conversation, event id) is there already. Raises NotFound for an unknown conversation."""
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "event_id": event_id,
            "payload": dict(payload),
            "digest": digest,
            "received_at": at,
            "done": False,
        }
        try:
            row_id = await self._value(_ADD[self._dialect], values)
        except IntegrityError as error:  # the one reference a row has is to its conversation
            raise NotFound(conversation_id) from error
        return None if row_id is None else InboxRow(row_id, **values)

    async def find(self, conversation_id: str, event_id: str) -> InboxRow | None:
        """By the channel's id of the event."""
        row = await self._first(
            select(inbox).where(_c.conversation_id == conversation_id, _c.event_id == event_id)
        )
        return None if row is None else InboxRow(**row)

    async def finish(self, row_id: int) -> bool:
        """Mark done and forget the payload; False when it was done already."""
        return (await self._run(FINISH, {"row": row_id})).rowcount == 1

    async def forget(self, conversation_id: str) -> None:
        """The done rows of the conversation."""
        await self._run(delete(inbox).where(_c.conversation_id == conversation_id, _c.done.is_(True)))

    async def conversations_with_pending(self, before: datetime, limit: int) -> Sequence[str]:
        """Longest waiting first."""
        return await self._values(
            select(_c.conversation_id)
            .where(_c.done.is_(False), _c.received_at < before)
            .group_by(_c.conversation_id)
            .order_by(func.min(_c.id))
            .limit(limit)
        )
