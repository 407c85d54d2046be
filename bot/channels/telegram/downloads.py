"""Fetches what a citizen sent as a file; Telegram gives a name for it first, then the bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import aclosing

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest

from appeals.appeal import Attachment

log = structlog.get_logger()

TIME_LIMIT = 60.0
ATTEMPTS = 3
Accepted = tuple[Attachment | None, str]
Keep = Callable[[AsyncIterable[bytes]], Awaitable[Accepted]]
"""Keeps a file while it arrives, or says why not; begun anew with each attempt."""


async def fetch(bot: Bot, file_id: str, keep: Keep, *, pause: float = 1.0) -> Accepted:
    """What `keep` made of the file; refused as `size` or `unavailable` when Telegram does not give it."""
    try:
        async with asyncio.timeout(TIME_LIMIT):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    async with aclosing(_stream(bot, file_id)) as chunks:
                        return await keep(chunks)
                except TelegramBadRequest as error:
                    return None, "size" if "too big" in error.message else "unavailable"
                except (TelegramAPIError, ClientDecodeError, aiohttp.ClientError) as error:
                    # The error itself is not logged: the file's address holds the token.
                    log.warning("telegram.file_failed", error=type(error).__name__, attempt=attempt)
                    await asyncio.sleep(pause * attempt)
    except TimeoutError:
        log.warning("telegram.file_failed", error="TimeoutError")
    return None, "unavailable"


async def _stream(bot: Bot, file_id: str) -> AsyncGenerator[bytes, None]:
    file = await bot.get_file(file_id)
    url = bot.session.api.file_url(bot.token, file.file_path or "")
    async with aclosing(bot.session.stream_content(url, timeout=int(TIME_LIMIT))) as stream:
        async for chunk in stream:
            yield chunk
