"""Conversations, their state, the queue for a person, and the citizens' tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, RowMapping, Select, and_, bindparam, func, or_, select, update

from bot.app.errors import StaleState
from bot.app.records import Address, Conversation, InboxRow
from bot.storage.repositories.inbox import FINISH
from bot.storage.repositories.repository import Repository, together
from bot.storage.tables import conversations, inbox, messages
from dialogs.lifecycle import Phase
from dialogs.model import DialogState

_c = conversations.c
_FIND = select(conversations).where(_c.id == bindparam("conversation"))
_WAITING = (
    select(conversations, *(column.label(f"inbox_{column.name}") for column in inbox.c))
    .join(inbox, inbox.c.conversation_id == _c.id)
    .where(_c.id == bindparam("conversation"), inbox.c.done.is_(False))
    .order_by(inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
_SAVE = update(conversations).where(_c.id == bindparam("conversation"), _c.version == bindparam("known"))
_SAVE_AND_FINISH = together(_SAVE, FINISH)
_TOKEN_EXPIRES = select(_c.token_expires).where(
    _c.id == bindparam("conversation"),
    _c.token_hash == bindparam("hash"),
    _c.token_expires > bindparam("now"),
)
_waits = _c.phase == Phase.QUEUED.value
_waits_since = func.coalesce(_c.queued_at, _c.updated_at)


class Conversations(Repository):
    """`add` stores version 1: find the conversation again before saving it in the same transaction."""

    async def exists(self, conversation_id: str) -> bool:
        """Without reading its state."""
        return await self._value(select(_c.id).where(_c.id == conversation_id)) is not None

    async def find(self, conversation_id: str) -> Conversation | None:
        """By id."""
        row = await self._first(_FIND, {"conversation": conversation_id})
        return None if row is None else _conversation(row)

    async def find_waiting(
        self, conversation_id: str, limit: int
    ) -> tuple[Conversation, Sequence[InboxRow]] | None:
        """With the next events to work on, in the order of their arrival; None when there are none."""
        rows = await self._rows(_WAITING, {"conversation": conversation_id, "most": limit})
        if not rows:
            return None
        events = [
            InboxRow(**{column.name: row[f"inbox_{column.name}"] for column in inbox.c}) for row in rows
        ]
        return _conversation(rows[0]), events

    async def find_by_address(self, address: Address) -> Conversation | None:
        """By channel and the channel's own id."""
        return await self._one(
            select(conversations).where(_c.channel == address.channel, _c.external_id == address.external_id)
        )

    async def add(
        self, conversation: Conversation, token_hash: str | None, token_expires: datetime | None
    ) -> bool:
        """False when the address is taken already."""
        statement = (
            self._insert(conversations)
            .values(
                id=conversation.id,
                channel=conversation.address.channel,
                external_id=conversation.address.external_id,
                created_at=conversation.created_at,
                version=1,
                token_hash=token_hash,
                token_expires=token_expires,
                **_changeable(conversation),
            )
            .on_conflict_do_nothing(index_elements=[_c.channel, _c.external_id])
        )
        return (await self._run(statement)).rowcount == 1

    async def save(self, conversation: Conversation, *, finished: int | None = None) -> Conversation:
        """Raises StaleState when the stored version is another one."""
        known, new = conversation.version, conversation.version + 1
        values = {
            "conversation": conversation.id,
            "known": known,
            "version": new,
            **_changeable(conversation),
        }
        if finished is None:
            changed = await self._run(_SAVE, values)
        else:
            changed = await self._run_together(_SAVE_AND_FINISH, values, {"row": finished})
        if changed.rowcount != 1:
            raise StaleState(conversation.id)
        return replace(conversation, version=new)

    async def token_expires(self, conversation_id: str, token_hash: str, now: datetime) -> datetime | None:
        """When it expires, if it is the conversation's token and has not expired yet."""
        values = {"conversation": conversation_id, "hash": token_hash, "now": now}
        expires: datetime | None = await self._value(_TOKEN_EXPIRES, values)
        return expires

    async def keep_token(self, conversation_id: str, token_hash: str, until: datetime) -> None:
        """Let the conversation's token live on, if it is still this one."""
        own = and_(_c.id == conversation_id, _c.token_hash == token_hash)
        await self._run(update(conversations).where(own).values(token_expires=until))

    async def queue(self) -> Sequence[Conversation]:
        """Urgent first, then the longest waiting."""
        return await self._many(
            select(conversations).where(_waits).order_by(_c.urgent.desc(), _waits_since, _c.id)
        )

    async def position(self, conversation_id: str) -> int:
        """1 = next; 0 when it does not wait."""
        own = await self._first(
            select(_c.urgent, _waits_since.label("since")).where(_c.id == conversation_id, _waits)
        )
        if own is None:
            return 0
        same_rank = and_(
            _c.urgent == own["urgent"],
            or_(
                _waits_since < own["since"],
                and_(_waits_since == own["since"], _c.id <= conversation_id),
            ),
        )
        ahead = same_rank if own["urgent"] else or_(_c.urgent.is_(True), same_rank)
        return int(await self._value(select(func.count()).select_from(conversations).where(_waits, ahead)))

    async def held_by(self, operator_id: str) -> Sequence[Conversation]:
        """Newest change first."""
        return await self._many(
            select(conversations).where(_c.holder == operator_id).order_by(_c.updated_at.desc(), _c.id)
        )

    async def recent(
        self, *, phase: Phase | None, limit: int, before: datetime | None = None, code: str = ""
    ) -> Sequence[Conversation]:
        """By last change, newest first; with a code those that are called so (`code_of`), in any case of its letters."""
        wanted: list[ColumnElement[bool]] = []
        if code:
            wanted.append(_c.id.endswith(code.lower(), autoescape=True))
        if phase is not None:
            wanted.append(_c.phase == phase.value)
        if before is not None:
            wanted.append(_c.updated_at < before)
        return await self._many(
            select(conversations).where(*wanted).order_by(_c.updated_at.desc(), _c.id).limit(limit)
        )

    async def waiting_since(self, before: datetime) -> Sequence[str]:
        """Longest waiting first."""
        return await self._values(
            select(_c.id)
            .where(_waits, _waits_since < before, _c.wait_offered.is_(False))
            .order_by(_waits_since, _c.id)
        )

    async def idle_since(self, before: datetime, limit: int) -> Sequence[str]:
        """Longest idle first; not those without any message, for there is nothing left to erase."""
        anything = select(messages.c.seq).where(messages.c.conversation_id == _c.id).exists()
        return await self._values(
            select(_c.id).where(_c.updated_at < before, anything).order_by(_c.updated_at, _c.id).limit(limit)
        )

    async def _one(self, statement: Select[Any]) -> Conversation | None:
        row = await self._first(statement)
        return None if row is None else _conversation(row)

    async def _many(self, statement: Select[Any]) -> list[Conversation]:
        return [_conversation(row) for row in await self._rows(statement)]


def _changeable(conversation: Conversation) -> dict[str, Any]:
    return {
        "state": conversation.state.to_json(),
        "phase": conversation.phase.value,
        "updated_at": conversation.updated_at,
        "last_seq": conversation.last_seq,
        "holder": conversation.holder,
        "queued_at": conversation.queued_at,
        "urgent": conversation.urgent,
        "reason": conversation.reason,
        "summary": conversation.summary,
        "contact": conversation.contact,
        "wait_offered": conversation.wait_offered,
        "unreachable": conversation.unreachable,
    }


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        id=row["id"],
        address=Address(row["channel"], row["external_id"]),
        state=DialogState.from_json(row["state"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        last_seq=row["last_seq"],
        holder=row["holder"],
        queued_at=row["queued_at"],
        urgent=row["urgent"],
        reason=row["reason"],
        summary=row["summary"],
        contact=row["contact"],
        wait_offered=row["wait_offered"],
        unreachable=row["unreachable"],
    )
