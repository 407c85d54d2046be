"""What the web channel is given: its settings, and the use cases it calls."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from appeals.appeal import Attachment
from bot.app.conversations import Opened
from bot.app.public_status import Addition, Arriving, Standing
from bot.app.records import Document, Message
from dialogs.events import CitizenEvent
from dialogs.rules import Rules
from text.bilingual import Bilingual, Locale


class WebConversations(Protocol):
    """The use cases of a conversation, as bot.app.conversations.Conversations has them."""

    async def open(self, channel: str, locale: Locale | None) -> Opened: ...
    async def authenticate(self, conversation_id: str, token: str) -> None: ...
    async def receive(self, conversation_id: str, event: CitizenEvent, digest: str) -> bool: ...
    async def process(self, conversation_id: str) -> None: ...
    async def exchange(
        self, conversation_id: str, event: CitizenEvent, digest: str
    ) -> tuple[Message, ...]: ...
    async def messages(
        self, conversation_id: str, after: int = 0, limit: int = 200
    ) -> tuple[Message, ...]: ...
    async def accept_file(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]:
        """The stored file, or None and a reason of FileRefused."""


Documents = Callable[[str, str], Awaitable[Document]]
"""(conversation id, document id) -> the file that came with a message. May raise NotFound."""


class WebStatus(Protocol):
    """The use cases of the status page, as bot.app.public_status.PublicStatus has them."""

    async def look_up(self, reference: str, secret: str, source: str) -> Standing | None: ...
    async def open(self, ticket: str) -> Standing: ...
    async def receipt(self, ticket: str) -> Document: ...
    async def file(self, ticket: str, file_id: str) -> Document: ...
    async def rate(self, ticket: str, score: int, word: str) -> Standing: ...
    async def add(self, ticket: str, text: str, kept: Sequence[str], arriving: Arriving) -> Addition: ...


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Settings of the channel.

    `public_url`: where citizens reach us, without a slash at the end. `allowed_origins`: sites that may embed
    the widget and call the interface, e.g. `https://akimat.example`; empty means our own pages only.
    `version`: the product's. `organisation`: who answers (None while nobody does, in demo mode).
    `ncalayer_url`: where the program that signs listens, on the citizen's own computer.
    """

    public_url: str
    rules: Rules
    demo: bool
    version: str
    organisation: Bilingual | None = None
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    ncalayer_url: str = "wss://127.0.0.1:13579/"
