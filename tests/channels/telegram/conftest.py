"""A Bot API server, scripted use cases and the channel between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest

from bot.channels.telegram import TelegramChannel
from dialogs.rules import Rules
from tests.channels.telegram.conversations import LIMIT, FixedClock, KeyRenderer, ScriptedConversations
from tests.fakes.telegram_server import TelegramServer


class Polling(Protocol):
    """Runs a channel that polls; at the end it is stopped and closed."""

    def __call__(self) -> AbstractAsyncContextManager[TelegramChannel]: ...


@pytest.fixture(autouse=True)
def _no_tls(no_tls_to_wait_for: None) -> None:
    """Each test closes a session."""


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def conversations() -> ScriptedConversations:
    return ScriptedConversations()


def build(server: TelegramServer, conversations: ScriptedConversations, token: str = "") -> TelegramChannel:
    """A channel that talks to the server."""
    channel = TelegramChannel(
        token or server.token,
        server.url,
        conversations,
        FixedClock(),
        Rules(attachment_bytes=LIMIT),
        conversations.fetch,
        renderer=KeyRenderer(),
        healthy=conversations.is_healthy,
        reachability=conversations.is_reachable,
        album_wait=0.05,
    )
    conversations.channel = channel.channel
    return channel


@pytest.fixture
async def channel(
    server: TelegramServer, conversations: ScriptedConversations
) -> AsyncIterator[TelegramChannel]:
    """Delivers only."""
    built = build(server, conversations)
    yield built
    await built.close()


@pytest.fixture
def polling(server: TelegramServer, conversations: ScriptedConversations) -> Polling:
    @asynccontextmanager
    async def run() -> AsyncIterator[TelegramChannel]:
        built, stop = build(server, conversations), asyncio.Event()
        task = asyncio.create_task(built.poll(stop))
        try:
            yield built
        finally:
            stop.set()
            await task
            await built.close()

    return run
