"""Who follows which common matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, insert, or_, select

from appeals.matters import Matter
from bot.app.records import Follow
from bot.storage.repositories.repository import Repository
from bot.storage.tables import matter_follows

_c = matter_follows.c


class Follows(Repository):
    """A street compares with the same and with none named; an empty one compares with all."""

    async def add(self, follow: Follow) -> Follow:
        """The one that is kept: a conversation follows a matter once."""
        known = _c.conversation_id == follow.conversation_id, *_exactly(follow.matter)
        found = await self._first(select(matter_follows).where(*known))
        if found is not None:
            return _follow(found)
        values = {"id": follow.id, "conversation_id": follow.conversation_id, "since": follow.since}
        await self._run(insert(matter_follows).values(**values, **asdict(follow.matter)))
        return follow

    async def of_conversation(self, conversation_id: str) -> Sequence[Follow]:
        """The longest followed first."""
        rows = await self._rows(
            select(matter_follows).where(_c.conversation_id == conversation_id).order_by(_c.since, _c.id)
        )
        return [_follow(row) for row in rows]

    async def of_matter(self, matter: Matter, filed_at: datetime) -> Sequence[Follow]:
        """Those an appeal about that matter, filed then, concerns."""
        wanted = [_c.topic == matter.topic, _c.place == matter.place, _c.since <= filed_at]
        if matter.street:
            wanted.append(or_(_c.street == matter.street, _c.street == ""))
        rows = await self._rows(select(matter_follows).where(*wanted).order_by(_c.id))
        return [_follow(row) for row in rows]

    async def end(self, conversation_id: str, follow_id: str) -> None:
        """Nothing happens when there is none."""
        await self._run(
            delete(matter_follows).where(_c.conversation_id == conversation_id, _c.id == follow_id)
        )


def _exactly(matter: Matter) -> tuple[ColumnElement[bool], ...]:
    return _c.topic == matter.topic, _c.place == matter.place, _c.street == matter.street


def _follow(row: RowMapping) -> Follow:
    matter = Matter(row["topic"], row["place"], row["street"])
    return Follow(row["id"], row["conversation_id"], matter, row["since"])
