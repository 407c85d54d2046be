"""Takes an update in: first it is kept, then it may be confirmed, then it is worked on in the background."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import structlog
from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Update

from appeals.appeal import Attachment
from bot.app.errors import EventConflict, NoRoom
from bot.app.ports import Clock, Renderer
from bot.app.records import Address
from bot.channels.telegram import downloads, mapping
from bot.channels.telegram.mapping import FileOffer, Ignored, Reason
from dialogs.events import CitizenEvent, FileSent
from dialogs.messages import Msg, msg
from dialogs.replies import say
from text.bilingual import Locale

log = structlog.get_logger()

CHANNEL = "telegram"
ATTEMPTS = 3
"""How often an update may fail while the storage is well before it is given up."""
TYPING_AFTER = 0.5
TYPING_EVERY = 4.5
"""Telegram shows «typing» for five seconds."""
ALBUM_WAIT = 1.0
"""Seconds after a file of an album in which the next one comes, if there is one."""
_REMEMBERED = 10_000


class Conversations(Protocol):
    """The use cases this channel calls, as bot.app.conversations.Conversations has them."""

    async def at_address(self, address: Address, locale: Locale | None = None) -> str: ...
    async def receive(self, conversation_id: str, event: CitizenEvent, digest: str) -> bool: ...
    async def process(self, conversation_id: str) -> None: ...
    async def accept_file(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]: ...


Healthy = Callable[[], Awaitable[bool]]
Reachability = Callable[[Address, bool], Awaitable[None]]
"""Told when a citizen blocks the bot (False) and lets it back in (True)."""


class Router:
    """One update at a time of each chat; chats do not wait for each other."""

    def __init__(
        self,
        bot: Bot,
        conversations: Conversations,
        clock: Clock,
        file_limit: int,
        *,
        renderer: Renderer,
        healthy: Healthy,
        reachability: Reachability | None = None,
        album_wait: float = ALBUM_WAIT,
    ) -> None:
        self._bot = bot
        self._album_wait = album_wait
        self._conversations = conversations
        self._clock = clock
        self._file_limit = file_limit
        self._renderer = renderer
        self._healthy = healthy
        self._reachability = reachability
        self._failures: dict[int, int] = {}
        self._groups: OrderedDict[int, None] = OrderedDict()
        self._working: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._albums: dict[str, asyncio.TimerHandle] = {}
        self._errands: set[asyncio.Task[None]] = set()

    async def take(self, update: Update) -> bool:
        """Whether the update may be confirmed: kept, or nothing can be made of it. False: try again later."""
        query = update.callback_query
        if query is not None and update.update_id not in self._failures:
            self._run(self._stop_spinner(query.id))
        try:
            await self._take(update)
        except Exception as error:  # noqa: BLE001 - whatever it is, the update is neither lost nor repeated for ever
            return await self._given_up(update, error)
        self._failures.pop(update.update_id, None)
        return True

    async def close(self, grace: float) -> None:
        """Let begun work end within `grace` seconds; what remains is recovered from the inbox."""
        for album in self._albums.values():
            album.cancel()
        tasks = {*self._working.values(), *self._errands}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self, update: Update) -> None:
        found = mapping.to_incoming(update, self._clock.now(), self._file_limit)
        if isinstance(found, Ignored):
            await self._ignore(found)
            return
        address = Address(CHANNEL, str(found.chat_id))
        conversation_id = await self._conversations.at_address(address, found.locale)
        if waiting := self._albums.pop(conversation_id, None):
            waiting.cancel()
        wait = 0.0
        try:
            for part in found.events:
                digest = mapping.digest_of(part)
                event = await self._fetched(conversation_id, part) if isinstance(part, FileOffer) else part
                wait = self._album_wait if isinstance(part, FileOffer) and part.album else 0.0
                await self._keep(conversation_id, event, digest)
        finally:
            self._schedule(conversation_id, found.chat_id, wait)

    async def _keep(self, conversation_id: str, event: CitizenEvent, digest: str) -> None:
        try:
            await self._conversations.receive(conversation_id, event, digest)
        except EventConflict:
            # Telegram numbers anew after a quiet week, and each bot by itself: this is another update.
            renamed = replace(event, id=f"{event.id}:{digest[:16]}")
            await self._conversations.receive(conversation_id, renamed, digest)

    async def _fetched(self, conversation_id: str, offer: FileOffer) -> FileSent:
        attachment, refused = None, "size"
        if offer.size is None or offer.size <= self._file_limit:
            keep = partial(self._conversations.accept_file, conversation_id, offer.name)
            attachment, refused = await downloads.fetch(self._bot, offer.file_id, keep)
        return FileSent(offer.id, offer.at, attachment, refused, offer.caption, offer.album)

    async def _ignore(self, ignored: Ignored) -> None:
        log.info("telegram.ignored", reason=ignored.reason.value)
        if ignored.reason is Reason.GROUP and ignored.chat_id not in self._groups:
            self._groups[ignored.chat_id] = None
            if len(self._groups) > _REMEMBERED:
                self._groups.popitem(last=False)
            self._run(self._tell(ignored.chat_id, msg("telegram.groups")))
        elif ignored.reason in (Reason.BLOCKED, Reason.RETURNED) and self._reachability is not None:
            address = Address(CHANNEL, str(ignored.chat_id))
            await self._reachability(address, ignored.reason is Reason.RETURNED)

    async def _given_up(self, update: Update, error: Exception) -> bool:
        number, attempt = update.update_id, self._failures.get(update.update_id, 0)
        if not isinstance(error, NoRoom) and await self._is_storage_well():
            attempt += 1
        log.warning("telegram.update_failed", update=number, error=type(error).__name__, attempt=attempt)
        if attempt < ATTEMPTS:
            self._failures[number] = attempt
            return False
        self._failures.pop(number, None)
        log.error("telegram.update_dropped", update=number, error=type(error).__name__)
        chat_id = mapping.chat_of(update)
        if chat_id > 0:
            self._run(self._tell(chat_id, msg("telegram.not_taken")))
        return True

    async def _is_storage_well(self) -> bool:
        try:
            return await self._healthy()
        except Exception:  # noqa: BLE001 - no answer is an answer
            return False

    # --- in the background -------------------------------------------------------------------

    def _schedule(self, conversation_id: str, chat_id: int, wait: float = 0.0) -> None:
        """Work soon; of an album only when the rest has had time to arrive, for it is answered once."""
        if wait:
            again = partial(self._schedule, conversation_id, chat_id)
            self._albums[conversation_id] = asyncio.get_running_loop().call_later(wait, again)
            return
        self._albums.pop(conversation_id, None)
        if conversation_id in self._working:
            self._again.add(conversation_id)
            return
        self._working[conversation_id] = asyncio.create_task(self._work(conversation_id, chat_id))

    async def _work(self, conversation_id: str, chat_id: int) -> None:
        typing = asyncio.create_task(self._type(chat_id))
        try:
            while True:
                self._again.discard(conversation_id)
                await self._conversations.process(conversation_id)
                if conversation_id not in self._again:
                    return
        except Exception as error:  # noqa: BLE001 - the event is kept, a sweep comes back to it
            log.warning("telegram.process_failed", conversation=conversation_id, error=type(error).__name__)
        finally:
            typing.cancel()
            del self._working[conversation_id]
            self._again.discard(conversation_id)

    async def _type(self, chat_id: int) -> None:
        await asyncio.sleep(TYPING_AFTER)
        while True:
            try:
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
            except (TelegramAPIError, ClientDecodeError) as error:
                log.info("telegram.typing_failed", error=type(error).__name__)
                return
            await asyncio.sleep(TYPING_EVERY)

    async def _stop_spinner(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("telegram.query_not_answered", error=type(error).__name__)

    async def _tell(self, chat_id: int, what: Msg) -> None:
        words = self._renderer.render(say(what, bilingual=True), "kk")
        try:
            await self._bot.send_message(chat_id, words.text)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("telegram.not_told", error=type(error).__name__)

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
