"""Delivers what was said to a Telegram chat, and tells the outbox in its own words what went wrong."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.methods import SendDocument, TelegramMethod
from aiogram.types import BufferedInputFile

from bot.app.errors import (
    ChannelError,
    ChannelUnavailable,
    MessageRefused,
    NotFound,
    RateLimited,
    RecipientGone,
)
from bot.app.ports import Renderer
from bot.app.records import Address, Author, Delivered, Document, Message
from bot.channels.telegram import mapping
from bot.channels.telegram.pacing import Pace
from dialogs.messages import msg
from dialogs.replies import Button, Say, say
from text.bilingual import Locale

log = structlog.get_logger()

_CONTACT = Button(msg("telegram.give_contact_button"), "ask.contact")
_PLACE = Button(msg("telegram.give_place_button"), "ask.place")
_ASKS = {
    "contact": say(msg("telegram.give_contact"), buttons=(_CONTACT,)),
    "place": say(msg("telegram.give_place"), buttons=(_PLACE,)),
}
"""Keyboards that Telegram has for an answer, with the words around them."""
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid")
_REMEMBERED = 10_000
Fetch = Callable[[str, str], Awaitable[Document]]
"""(conversation id, document id) -> the document. Raises NotFound."""
T = TypeVar("T")


class Sender:
    """The `Channel` of Telegram. At least once: an answer that got lost on the way back is sent again.

    Within one process a message whose first parts went out goes on with the next one when it is tried again.
    """

    def __init__(self, bot: Bot, renderer: Renderer, pace: Pace, fetch: Fetch) -> None:
        self._bot = bot
        self._fetch = fetch
        self._renderer = renderer
        self._pace = pace
        self._gone_out: OrderedDict[tuple[str, int], list[int]] = OrderedDict()

    async def deliver(self, to: Address, message: Message, last: Delivered | None) -> str:
        """The ids of the messages, joined by commas; a keyboard that asks is the last of them.

        Raises RecipientGone, RateLimited, ChannelUnavailable, MessageRefused.
        """
        if message.author not in (Author.BOT, Author.OPERATOR):
            raise MessageRefused(f"a line of {message.author.value} is not for the citizen")
        chat_id = int(to.external_id)
        wait = self._pace.shut_for(chat_id)
        if wait:
            raise RateLimited(wait)
        prompt = self._prompt(message.ask, message.locale) if chat_id > 0 else None
        try:
            methods = mapping.to_methods(message, chat_id, prompt)
            shown = _in_place_of(message, last)
            edit = mapping.to_edit(message, chat_id, shown) if shown else None
        except ValueError as error:
            raise MessageRefused(str(error)) from error
        gone_out = self._started((message.conversation_id, message.seq))
        if not gone_out:
            await self._take_keyboard_away(chat_id, last)
            if edit is not None and await self._edited(chat_id, edit):
                gone_out.append(edit.message_id or 0)
        for method in methods[len(gone_out) :]:
            gone_out.append((await self._call(chat_id, method)).message_id)
        document = await self._document(message, chat_id)
        if document is not None:
            await self._call(chat_id, document)
        self._gone_out.pop((message.conversation_id, message.seq), None)
        return ",".join(map(str, gone_out))

    async def _document(self, message: Message, chat_id: int) -> SendDocument | None:
        if message.attachment_id is None or message.author is not Author.BOT:
            return None
        try:
            found = await self._fetch(message.conversation_id, message.attachment_id)
        except NotFound:
            log.warning("telegram.document_gone", conversation=message.conversation_id, seq=message.seq)
            return None
        return SendDocument(chat_id=chat_id, document=BufferedInputFile(found.content, found.name))

    def _prompt(self, ask: str, locale: Locale) -> mapping.Prompt | None:
        reply: Say | None = _ASKS.get(ask)
        if reply is None:
            return None
        shown = self._renderer.render(reply, locale)
        return mapping.Prompt(shown.text, shown.buttons[0].label)

    def _started(self, key: tuple[str, int]) -> list[int]:
        while len(self._gone_out) >= _REMEMBERED:
            self._gone_out.popitem(last=False)
        return self._gone_out.setdefault(key, [])

    async def _take_keyboard_away(self, chat_id: int, last: Delivered | None) -> None:
        """The asking keyboard hangs on its own message and goes with it when the next step comes."""
        if last is None or last.ask not in _ASKS:
            return
        question, _, keyboard = last.external_id.rpartition(",")
        if not question:
            return
        try:
            await self._bot.delete_message(chat_id, int(keyboard))
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("telegram.keyboard_stays", error=type(error).__name__)

    async def _edited(self, chat_id: int, edit: TelegramMethod[T]) -> bool:
        """False when Telegram will not show it there (too old, deleted, unchanged): it is sent anew then."""
        try:
            await self._call(chat_id, edit)
        except MessageRefused:
            return False
        return True

    async def _call(self, chat_id: int, method: TelegramMethod[T]) -> T:
        await self._pace.turn(chat_id)
        try:
            return await self._bot(method)
        except (TelegramAPIError, ClientDecodeError) as error:
            if isinstance(error, TelegramRetryAfter):
                self._pace.shut_out(chat_id, error.retry_after)
            # Not chained: a client's error may tell the address, which holds the token.
            raise _translated(error) from None


def _in_place_of(message: Message, last: Delivered | None) -> int | None:
    """The id of the one message this one may be shown in place of."""
    if last is None or not (message.replaces and last.replaceable and last.external_id.isdecimal()):
        return None
    return int(last.external_id)


def _translated(error: TelegramAPIError | ClientDecodeError) -> ChannelError:
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return RateLimited(seconds)
        case TelegramForbiddenError() | TelegramMigrateToChat():
            return RecipientGone(type(error).__name__)
        case TelegramBadRequest(message=why) if any(words in why.casefold() for words in _NOBODY_THERE):
            return RecipientGone(why)
        case TelegramBadRequest(message=why):
            return MessageRefused(why)
        case TelegramEntityTooLarge():
            return MessageRefused("too large")
        case _:
            return ChannelUnavailable(type(error).__name__)
