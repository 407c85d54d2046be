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
    name = words.within(NAME_LIMIT, msg("telegram.name"), " · ")
    short = words.within(SHORT_LIMIT, msg("telegram.short_description"), " · ")
    long = words.within(DESCRIPTION_LIMIT, msg("telegram.description"), "\n\n")
    if _pairs(await bot.get_my_commands(scope, code)) != _pairs(menu):
        await bot.set_my_commands(menu, scope, code)
    if (await bot.get_my_name(code)).name != name:
        await bot.set_my_name(name, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)


class _Words:
    """Words in one language, or in both (the state language first) for those whose language is another."""

    def __init__(self, renderer: Renderer, locale: Locale | None) -> None:
        self._renderer = renderer
        self._locales: tuple[Locale, ...] = (locale,) if locale else LOCALES

    def menu(self) -> list[BotCommand]:
        reply = say(buttons=MENU, bilingual=len(self._locales) > 1)
        shown = self._renderer.render(reply, self._locales[0])
        return [BotCommand(command=button.action, description=button.label) for button in shown.buttons]

    def within(self, limit: int, named: Msg, separator: str) -> str:
        """The words in each language; in the first alone where all are too long for Telegram."""
        texts = dict.fromkeys(self._renderer.render(say(named), locale).text for locale in self._locales)
        joined = separator.join(texts)
        return joined if len(joined) <= limit else next(iter(texts))[:limit]


def _pairs(menu: list[BotCommand]) -> list[tuple[str, str]]:
    # What Telegram answers is bound to the bot, so it never equals what was made here.
    return [(command.command, command.description) for command in menu]
