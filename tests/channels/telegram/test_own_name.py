"""Deep links lead to our own bot, or there are none."""

import pytest

from bot.bootstrap import without_a_strangers_name
from bot.channels.telegram import own_name
from bot.settings import Settings
from tests.fakes.telegram_server import Refusal, TelegramServer


def named(server: TelegramServer, name: str) -> Settings:
    return Settings(telegram_bot_token=server.token, telegram_api_base=server.url, telegram_bot_name=name)


@pytest.mark.parametrize("name", ["komekshi_test_bot", "@Komekshi_Test_Bot"])
async def test_the_name_of_the_tokens_bot_is_kept(server: TelegramServer, name: str) -> None:
    assert (await without_a_strangers_name(named(server, name))).telegram_link == name.removeprefix("@")


async def test_no_link_gives_the_key_to_a_draft_to_a_strangers_bot(server: TelegramServer) -> None:
    assert (await without_a_strangers_name(named(server, "komekshi_tset_bot"))).telegram_link == ""


async def test_the_product_starts_where_telegram_does_not_tell_the_name(server: TelegramServer) -> None:
    server.refuse("getMe", Refusal(500, "Internal Server Error"))
    assert await own_name(server.token, server.url) == ""
    unreachable = Settings(
        telegram_bot_token=server.token,
        telegram_api_base="http://127.0.0.1:9",
        telegram_bot_name="komekshi_bot",
    )
    assert await without_a_strangers_name(unreachable) == unreachable


async def test_without_a_name_nobody_is_asked(server: TelegramServer) -> None:
    await without_a_strangers_name(named(server, ""))
    assert not server.calls
