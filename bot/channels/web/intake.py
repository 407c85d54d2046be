"""The gate every citizen's event passes, whichever way of the web it came: limits, decoding, use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app.errors import TooMany
from bot.app.ports import Clock, RateLimiter
from bot.app.records import Message
from bot.channels.web import protocol
from bot.channels.web.options import WebConversations
from dialogs.events import CitizenEvent
from dialogs.rules import Rules

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a citizen sends, checked and handed on. Raises AppError only."""

    conversations: WebConversations
    limiter: RateLimiter
    clock: Clock
    rules: Rules

    async def receive(self, conversation_id: str, body: Mapping[str, Any]) -> tuple[CitizenEvent, bool]:
        """Keep the event; acknowledgeable then. False: it came before."""
        event, digest = await self._read(conversation_id, body)
        return event, await self.conversations.receive(conversation_id, event, digest)

    async def exchange(self, conversation_id: str, body: Mapping[str, Any]) -> tuple[Message, ...]:
        """Keep the event, work it, and give what was said."""
        event, digest = await self._read(conversation_id, body)
        return await self.conversations.exchange(conversation_id, event, digest)

    async def upload(
        self, conversation_id: str, identity: str, upload: protocol.Upload, caption: str
    ) -> tuple[Message, ...]:
        """Tell of a file that was kept or refused, and give what was said about it."""
        event, digest = protocol.file_event(identity, self.clock.now(), upload, caption)
        return await self.conversations.exchange(conversation_id, event, digest)

    async def count_message(self, conversation_id: str) -> None:
        """One more message of this conversation. Raises TooMany."""
        await self._count(f"web.message:{conversation_id}", self.rules.messages_per_minute, _MINUTE)

    async def count_opening(self, source_ip: str) -> None:
        """One more conversation from this address. Raises TooMany."""
        await self._count(f"web.open:{source_ip}", self.rules.conversations_per_hour, _HOUR)

    async def _count(self, key: str, limit: int, window: timedelta) -> None:
        wait = await self.limiter.hit(key, limit=limit, window=window)
        if wait is not None:
            raise TooMany(wait)

    async def _read(self, conversation_id: str, body: Mapping[str, Any]) -> tuple[CitizenEvent, str]:
        await self.count_message(conversation_id)
        return protocol.citizen_event(body, self.clock.now(), self.rules.message_limit)
