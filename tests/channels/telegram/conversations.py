"""Use cases with a script: they keep an inbox as the real ones do, and say what the test wants said."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from appeals.appeal import Attachment
from bot.app.errors import EventConflict, NotFound
from bot.app.ports import Channel
from bot.app.records import Address, Author, Delivered, Document, Message, Rendered, ShownButton
from dialogs.events import CitizenEvent, UserSaid
from dialogs.messages import Msg
from dialogs.replies import Say
from text.bilingual import LOCALES, Locale

NOW = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
LIMIT = 1000
JPEG = b"\xff\xd8\xff" + b"0" * 200


def a_message(text: str = "Сәлем", **more: object) -> Message:
    """A message of the assistant's."""
    message = Message("c501", 1, Author.BOT, text, NOW, "kk")
    return replace(message, **more)  # type: ignore[arg-type]


def echo(event: CitizenEvent) -> Sequence[Message]:
    """Says citizens' words back."""
    return (a_message(f"«{event.text}»"),) if isinstance(event, UserSaid) else ()


class FixedClock:
    """Stands still."""

    def now(self) -> datetime:
        return NOW


class KeyRenderer:
    """Shows keys in place of words, so that tests do not hang on a wording."""

    def render(self, reply: Say, locale: Locale) -> Rendered:
        locales = LOCALES if reply.bilingual else (locale,)
        words: Callable[[Msg], str] = lambda named: " · ".join(f"{code}:{named.key}" for code in locales)  # noqa: E731
        buttons = tuple(
            ShownButton(words(button.label), button.action, button.arg) for button in reply.buttons
        )
        return Rendered("\n\n".join(map(words, reply.paragraphs)), buttons)


@dataclass
class ScriptedConversations:
    """What the channel calls. `answer` is the script; `stored` and `worked` are what a test looks at."""

    answer: Callable[[CitizenEvent], Sequence[Message]] = echo
    channel: Channel | None = None
    stored: dict[tuple[str, str], str] = field(default_factory=dict)
    worked: list[tuple[str, CitizenEvent]] = field(default_factory=list)
    locales: dict[str, Locale | None] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    healthy: bool = True
    rounds: int = 0
    reached: list[tuple[Address, bool]] = field(default_factory=list)
    delivered: dict[str, Delivered] = field(default_factory=dict)
    _waiting: dict[str, list[CitizenEvent]] = field(default_factory=lambda: defaultdict(list))
    _seq: int = 0

    async def at_address(self, address: Address, locale: Locale | None = None) -> str:
        conversation_id = f"c{address.external_id}"
        self.locales.setdefault(conversation_id, locale)
        return conversation_id

    async def receive(self, conversation_id: str, event: CitizenEvent, digest: str) -> bool:
        if self.trouble:
            raise self.trouble.pop(0)
        known = self.stored.setdefault((conversation_id, event.id), digest)
        if known != digest:
            raise EventConflict(event.id)
        pending = self._waiting[conversation_id]
        if any(event.id == other.id for other in [*pending, *(other for _, other in self.worked)]):
            return False
        pending.append(event)
        return True

    async def process(self, conversation_id: str) -> None:
        pending = self._waiting[conversation_id]
        self.rounds += 1
        while pending:
            if conversation_id in self.hold:
                await self.hold[conversation_id].wait()
            event = pending.pop(0)
            self.worked.append((conversation_id, event))
            for message in self.answer(event):
                await self.say(conversation_id, message)

    async def say(self, conversation_id: str, message: Message) -> None:
        assert self.channel is not None
        self._seq += 1
        numbered = replace(message, conversation_id=conversation_id, seq=self._seq)
        last = self.delivered.get(conversation_id)
        sent = await self.channel.deliver(Address("telegram", conversation_id[1:]), numbered, last)
        self.delivered[conversation_id] = Delivered(sent, message.ask, message.replaces)

    async def accept_file(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]:
        content = b"".join([chunk async for chunk in chunks])
        if len(content) > LIMIT:
            return None, "size"
        if not content.startswith(JPEG[:3]):
            return None, "type"
        self.files.append((name, content))
        return Attachment(f"f{len(self.files)}", name, "image/jpeg", len(content), "0" * 64), ""

    async def fetch(self, conversation_id: str, document_id: str) -> Document:
        if document_id not in self.documents:
            raise NotFound(document_id)
        return self.documents[document_id]

    async def is_healthy(self) -> bool:
        return self.healthy

    async def is_reachable(self, address: Address, reachable: bool) -> None:
        self.reached.append((address, reachable))

    @property
    def events(self) -> list[CitizenEvent]:
        """What was worked, in order."""
        return [event for _, event in self.worked]
