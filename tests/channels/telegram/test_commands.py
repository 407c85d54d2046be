"""The bot introduces itself in each language."""

from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.app.ports import Renderer
from bot.app.records import Rendered
from bot.channels.telegram.commands import MENU, introduce
from bot.i18n import CatalogueRenderer, load_catalogues
from dialogs.commands import COMMANDS
from dialogs.messages import msg
from dialogs.replies import Say
from tests.channels.telegram.conversations import KeyRenderer
from tests.fakes.telegram_server import Refusal, TelegramServer
from text.bilingual import LOCALES, Locale


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
    assert server.profile["description", ""] == "kk:telegram.description\n\nru:telegram.description"


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


async def test_our_own_words_are_not_cut(server: TelegramServer) -> None:
    renderer = CatalogueRenderer(load_catalogues())
    await _introduce(server, renderer)
    assert len(server.menus) == 3
    for (field, code), told in server.profile.items():
        words = [renderer.text(msg(f"telegram.{field}"), code or locale) for locale in LOCALES]
        joined = [" · ".join(dict.fromkeys(words)), "\n\n".join(dict.fromkeys(words)), words[0]]
        assert told in joined, f"telegram.{field} is too long for Telegram ({code or 'both'})"


async def test_what_is_too_long_in_two_languages_is_told_in_the_state_language(
    server: TelegramServer,
) -> None:
    class Wordy(KeyRenderer):
        def render(self, reply: Say, locale: Locale) -> Rendered:
            shown = super().render(reply, locale)
            return replace(shown, text=shown.text.ljust(63, "."))

    await _introduce(server, Wordy())
    assert server.profile["name", ""] == "kk:telegram.name".ljust(63, ".")
    assert server.profile["short_description", ""].startswith("kk:")
    assert "ru:" in server.profile["description", ""]
