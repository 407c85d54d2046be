"""What was said, as it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.app.errors import NotFound, StaleState
from bot.app.records import Author, Delivered, Message, ShownButton
from bot.storage.repositories.repository import Repository
from bot.storage.tables import messages

_c = messages.c
_ADD = insert(messages)
_OF_EVENT = (
    select(messages)
    .where(
        _c.conversation_id == bindparam("conversation"),
        _c.event_id == bindparam("event"),
        _c.author.in_([Author.BOT.value, Author.OPERATOR.value]),
    )
    .order_by(_c.seq)
)


class Messages(Repository):
    """A message is written once; only the channel's own id of it is added later."""

    async def add(self, messages_: Sequence[Message]) -> None:
        """Raises StaleState when one of the numbers is taken: somebody else spoke in between."""
        if not messages_:
            return
        try:
            await self._run(_ADD, [_row(message) for message in messages_])
        except IntegrityError as error:
            raise StaleState(messages_[0].conversation_id) from error

    async def after(
        self, conversation_id: str, seq: int, limit: int, *, notes: bool = False
    ) -> Sequence[Message]:
        """Those with a larger seq, in order. Notes only where asked for."""
        wanted = [_c.conversation_id == conversation_id, _c.seq > seq]
        if not notes:
            wanted.append(_c.author != Author.NOTE.value)
        rows = await self._rows(select(messages).where(*wanted).order_by(_c.seq).limit(limit))
        return [_message(row) for row in rows]

    async def of_event(self, conversation_id: str, event_id: str) -> Sequence[Message]:
        """What the assistant or operators said in the turn of that event."""
        rows = await self._rows(_OF_EVENT, {"conversation": conversation_id, "event": event_id})
        return [_message(row) for row in rows]

    async def has_event(self, conversation_id: str, event_id: str) -> bool:
        """Whether that event has left any line."""
        of_it = (_c.conversation_id == conversation_id, _c.event_id == event_id)
        return await self._value(select(_c.seq).where(*of_it).limit(1)) is not None

    async def get(self, conversation_id: str, seq: int) -> Message:
        """Raises NotFound."""
        row = await self._first(select(messages).where(_c.conversation_id == conversation_id, _c.seq == seq))
        if row is None:
            raise NotFound(f"{conversation_id} {seq}")
        return _message(row)

    async def erase(self, conversation_id: str) -> int:
        """All of the conversation."""
        return (await self._run(delete(messages).where(_c.conversation_id == conversation_id))).rowcount

    async def set_external_id(self, conversation_id: str, seq: int, external_id: str) -> None:
        """The channel's own id, known once it is delivered."""
        await self._run(
            update(messages)
            .where(_c.conversation_id == conversation_id, _c.seq == seq)
            .values(external_id=external_id)
        )

    async def last_delivered(self, conversation_id: str, before_seq: int) -> Delivered | None:
        """The last message before `before_seq` that has an external id; replaceable right before it only (notes apart)."""
        earlier = (_c.conversation_id == conversation_id, _c.seq < before_seq)
        last = select(func.max(_c.seq)).where(*earlier, _c.author != Author.NOTE.value).scalar_subquery()
        row = await self._first(
            select(_c.external_id, _c.ask, and_(_c.replaces, _c.seq == last).label("replaceable"))
            .where(*earlier, _c.external_id.is_not(None))
            .order_by(_c.seq.desc())
            .limit(1)
        )
        return None if row is None else Delivered(row["external_id"], row["ask"], bool(row["replaceable"]))


def _row(message: Message) -> dict[str, Any]:
    return {
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "author": message.author.value,
        "text": message.text,
        "at": message.at,
        "locale": message.locale,
        "event_id": message.event_id,
        "buttons": [[button.label, button.action, button.arg] for button in message.buttons],
        "ask": message.ask,
        "tone": message.tone,
        "replaces": message.replaces,
        "name": message.name,
        "attachment_id": message.attachment_id,
    }


def _message(row: RowMapping) -> Message:
    return Message(
        conversation_id=row["conversation_id"],
        seq=row["seq"],
        author=Author(row["author"]),
        text=row["text"],
        at=row["at"],
        locale=row["locale"],
        event_id=row["event_id"],
        buttons=tuple(ShownButton(*button) for button in row["buttons"]),
        ask=row["ask"],
        tone=row["tone"],
        replaces=row["replaces"],
        name=row["name"],
        attachment_id=row["attachment_id"],
    )
