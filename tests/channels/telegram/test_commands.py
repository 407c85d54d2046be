"""The bot introduces itself in each language."""

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.app.ports import Renderer
from bot.channels.telegram.commands import MENU, introduce
from bot.i18n import CatalogueRenderer, load_catalogues
from dialogs.commands import COMMANDS
from dialogs.messages import msg
from tests.channels.telegram.conversations import KeyRenderer
from tests.fakes.telegram_server import Refusal, TelegramServer
from text.bilingual import LOCALES


async def _introduce(server: TelegramServer, renderer: Renderer) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    async with Bot(server.token, session=session) as bot:
        await introduce(bot, renderer)


async def test_menu_names_and_descriptions_are_set_for_each_language(server: TelegramServer) -> None:
    await _introduce(server, KeyRenderer())
    assert set(server.menus) == {("all_private_chats", code) for code in ("", "kk", "ru")}
    kazakh = server.menus["all_private_chats", "kk"]
    assert kazakh[0] == {"command": "new", "description": "kk:telegram.command_new"}
    assert server.menus["all_private_chats", ""][0]["description"].endswith("ru:telegram.command_new")
    assert server.profile["name", "ru"] == "ru:telegram.name"
    assert server.profile["description", ""] == "kk:telegram.description · ru:telegram.description"


async def test_what_is_set_already_is_not_set_again(server: TelegramServer) -> None:
    await _introduce(server, KeyRenderer())
    server.calls.clear()
    await _introduce(server, KeyRenderer())
    assert not [call.method for call in server.calls if call.method.startswith("set")]


@pytest.mark.parametrize("refusal", [Refusal(429, "Too Many Requests", 900), Refusal(500, "Internal")])
async def test_trouble_stops_nobody(server: TelegramServer, refusal: Refusal) -> None:
    server.refuse("getMyCommands", refusal)
    await _introduce(server, KeyRenderer())
    assert set(server.menus) == {("all_private_chats", "kk"), ("all_private_chats", "ru")}


def test_every_command_of_the_menu_is_understood() -> None:
    assert all(COMMANDS[button.action] == button.action for button in MENU)


async def test_our_own_words_fit_as_they_are(server: TelegramServer) -> None:
    renderer = CatalogueRenderer(load_catalogues())
    await _introduce(server, renderer)
    assert len(server.menus) == 3
    for (field, code), told in server.profile.items():
        words = [
            renderer.text(msg(f"telegram.{field}"), locale) for locale in LOCALES if code in ("", locale)
        ]
        assert all(word in told for word in words), (
            f"telegram.{field} is too long for Telegram ({code or 'both'})"
        )
