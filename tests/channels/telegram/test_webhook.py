"""Updates that Telegram brings by itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.telegram import TelegramChannel
from tests.channels.telegram.conversations import ScriptedConversations
from tests.fakes.telegram_server import Refusal, TelegramServer

SECRET = "Secret_of-the-webhook"


@pytest.fixture
async def hooked(server: TelegramServer, channel: TelegramChannel) -> AsyncIterator[TelegramChannel]:
    """The channel behind an address that Telegram knows."""
    app = web.Application()
    channel.webhook_routes(app, "/telegram/webhook", SECRET)
    runner = web.AppRunner(app, handle_signals=False, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
    await channel.register_webhook(url, SECRET, asyncio.Event())
    yield channel
    await runner.cleanup()


async def test_update_is_kept_and_answered(
    server: TelegramServer, hooked: TelegramChannel, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    citizen.says("сәлем")
    assert await server.bring() == 200
    assert conversations.stored
    (heard,) = await citizen.hears()
    assert heard.text == "«сәлем»"


@pytest.mark.parametrize("secret", ["", "wrong", "құпия"])
async def test_nobody_else_can_speak_for_telegram(
    server: TelegramServer, hooked: TelegramChannel, conversations: ScriptedConversations, secret: str
) -> None:
    server.citizen().says("жалған")
    assert await server.bring(secret=secret) == 401
    assert not conversations.stored


async def test_update_that_could_not_be_kept_comes_again(
    server: TelegramServer, hooked: TelegramChannel, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.trouble = [ConnectionError()]
    citizen.says("қайта")
    assert await server.bring() == 503
    assert await server.bring() == 200
    assert (await citizen.hears())[0].text == "«қайта»"


async def test_unreadable_update_is_not_brought_for_ever(
    server: TelegramServer, hooked: TelegramChannel
) -> None:
    server.push(message={"message_id": "жоқ"})
    assert await server.bring() == 200
    assert not server.pending


@pytest.mark.parametrize("secret", ["", "with blank", "ә" * 4])
def test_webhook_without_a_proper_secret_is_not_opened(channel: TelegramChannel, secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        channel.webhook_routes(web.Application(), "/telegram/webhook", secret)


async def test_registering_is_tried_again(server: TelegramServer, channel: TelegramChannel) -> None:
    server.refuse("setWebhook", Refusal(500, "Internal Server Error"))
    await channel.register_webhook("http://127.0.0.1:9/x", SECRET, asyncio.Event())
    assert server.webhook == {"url": "http://127.0.0.1:9/x", "secret_token": SECRET}
