"""The bot's name, descriptions and menu in each language; only what differs is set, for Telegram counts."""

from __future__ import annotations

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from bot.app.ports import Renderer
from dialogs.messages import Msg, msg
from dialogs.replies import Button, say
from text.bilingual import LOCALES, Locale

log = structlog.get_logger()

MENU = (
    Button(msg("telegram.command_new"), "new"),
    Button(msg("telegram.command_status"), "status"),
    Button(msg("telegram.command_help"), "help"),
    Button(msg("telegram.command_language"), "language"),
    Button(msg("telegram.command_human"), "human"),
    Button(msg("telegram.command_back"), "back"),
    Button(msg("telegram.command_cancel"), "cancel"),
    Button(msg("telegram.command_settings"), "settings"),
    Button(msg("telegram.command_start"), "start"),
)
"""What the menu button shows; the action is the command."""
NAME_LIMIT, SHORT_LIMIT, DESCRIPTION_LIMIT = 64, 120, 512


async def introduce(bot: Bot, renderer: Renderer) -> None:
    """Tell Telegram who the bot is. It works without: trouble is only logged."""
    locales: tuple[Locale | None, ...] = (None, *LOCALES)
    for locale in locales:
        try:
            await _introduce(bot, _Words(renderer, locale), locale or "")
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("telegram.not_introduced", language=locale or "default", error=type(error).__name__)


async def _introduce(bot: Bot, words: _Words, code: str) -> None:
    scope, menu = BotCommandScopeAllPrivateChats(), words.menu()
    name = words.line(msg("telegram.name"))[:NAME_LIMIT]
    short = words.line(msg("telegram.short_description"))[:SHORT_LIMIT]
    long = words.text(msg("telegram.description"))[:DESCRIPTION_LIMIT]
    if _pairs(await bot.get_my_commands(scope, code)) != _pairs(menu):
        await bot.set_my_commands(menu, scope, code)
    if (await bot.get_my_name(code)).name != name:
        await bot.set_my_name(name, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)


class _Words:
    """Words in one language, or in both for those whose language we do not speak."""

    def __init__(self, renderer: Renderer, locale: Locale | None) -> None:
        self._renderer = renderer
        self._locale: Locale = locale or "kk"
        self._both = locale is None

    def menu(self) -> list[BotCommand]:
        shown = self._renderer.render(say(buttons=MENU, bilingual=self._both), self._locale)
        return [BotCommand(command=button.action, description=button.label) for button in shown.buttons]

    def line(self, named: Msg) -> str:
        reply = say(buttons=(Button(named, "line"),), bilingual=self._both)
        return self._renderer.render(reply, self._locale).buttons[0].label

    def text(self, named: Msg) -> str:
        return self._renderer.render(say(named, bilingual=self._both), self._locale).text


def _pairs(menu: list[BotCommand]) -> list[tuple[str, str]]:
    # What Telegram answers is bound to the bot, so it never equals what was made here.
    return [(command.command, command.description) for command in menu]
