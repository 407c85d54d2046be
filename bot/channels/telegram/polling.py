"""Fetches updates from Telegram and confirms each once it is kept (aiogram's own loop confirms before)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.telegram.mapping import chat_of

log = structlog.get_logger()

KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update that are asked for."""
LONG_POLL = 25
SETTLE = 0.25
"""Seconds a fetched batch is waited for before new updates are asked for past it."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0

Take = Callable[[Update], Awaitable[bool]]


async def poll(bot: Bot, take: Take, stop: asyncio.Event) -> None:
    """Fetch until told to stop, or until Telegram refuses the token (logged as an error)."""
    window, pause, hooked = _Window(take), FIRST_PAUSE, True
    stopped = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            call = asyncio.create_task(_fetch(bot, window, hooked=hooked))
            await asyncio.wait({call, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                call.cancel()
                await asyncio.gather(call, return_exceptions=True)
                return
            try:
                window.add(call.result())
            except (TelegramUnauthorizedError, TelegramNotFound):
                log.error("telegram.token_refused")  # noqa: TRY400 - the code says it all
                return
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("telegram.poll_failed", error=type(error).__name__)
                asked = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
                await asyncio.wait({stopped}, timeout=max(pause, asked))
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause, hooked = FIRST_PAUSE, False
            await window.settle(SETTLE)
    finally:
        stopped.cancel()
        await window.close()


async def _fetch(bot: Bot, window: _Window, *, hooked: bool) -> list[Update]:
    if hooked:
        await bot.delete_webhook()
    wait = 0 if window.busy else LONG_POLL
    try:
        return await bot.get_updates(
            offset=window.next_offset(), timeout=wait, request_timeout=wait + 10, allowed_updates=KINDS
        )
    except ClientDecodeError as error:
        found = error.data.get("result") if isinstance(error.data, dict) else None
        if not isinstance(found, list):
            raise
        return [update for update in (_read(bot, raw) for raw in found) if update is not None]


def _read(bot: Bot, raw: dict[str, object]) -> Update | None:
    """One unreadable update must not hold up those that came with it: it is taken as one without content."""
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError:
        number = raw.get("update_id")
        log.error("telegram.update_unreadable", update=number)  # noqa: TRY400 - a trace would tell the text
        return Update(update_id=number) if isinstance(number, int) else None


class _Window:
    """Updates that were fetched and are not confirmed yet. Within a chat one is taken after the other."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._open: dict[int, asyncio.Task[None]] = {}
        self._last: dict[int, asyncio.Task[None]] = {}
        self._kept: set[int] = set()
        self._offset: int | None = None

    @property
    def busy(self) -> bool:
        return bool(self._open)

    def next_offset(self) -> int | None:
        """The number to ask from: all updates before it are kept, and asking confirms them."""
        if self._open:
            self._offset = min(self._open)
        elif self._kept:
            self._offset = max(self._kept) + 1
        if self._offset is not None:
            self._kept = {number for number in self._kept if number >= self._offset}
        return self._offset

    def add(self, updates: list[Update]) -> None:
        for update in sorted(updates, key=lambda update: update.update_id):
            number, chat_id = update.update_id, chat_of(update)
            if number in self._open or number in self._kept:
                continue
            task = asyncio.create_task(self._keep(update, self._last.get(chat_id)))
            self._open[number] = self._last[chat_id] = task

    async def settle(self, seconds: float) -> None:
        """Wait until all are kept, but no longer: a slow download in one chat must not hold up the others."""
        if self._open:
            await asyncio.wait(self._open.values(), timeout=seconds)

    async def close(self) -> None:
        """Let go of what is not kept yet; Telegram will give it again."""
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, update: Update, before: asyncio.Task[None] | None) -> None:
        number, chat_id = update.update_id, chat_of(update)
        task, pause = asyncio.current_task(), FIRST_PAUSE / 2
        try:
            if before is not None:
                await asyncio.wait({before})
            while not await self._take(update):
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            self._kept.add(number)
        finally:
            self._open.pop(number, None)
            if self._last.get(chat_id) is task:
                del self._last[chat_id]
