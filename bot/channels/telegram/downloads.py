"""Fetches what a citizen sent as a file; Telegram gives a name for it first, then the bytes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest

log = structlog.get_logger()

TIME_LIMIT = 30.0
ATTEMPTS = 3


class NotFetched(Exception):
    """`why` is `size` for a file over the limit, `unavailable` when Telegram does not give it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


async def fetch(bot: Bot, file_id: str, limit: int, *, pause: float = 1.0) -> bytes:
    """The file's bytes, at most `limit` of them. Raises NotFetched."""
    try:
        async with asyncio.timeout(TIME_LIMIT):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return await _once(bot, file_id, limit)
                except TelegramBadRequest as error:
                    raise NotFetched("size" if "too big" in error.message else "unavailable") from None
                except (TelegramAPIError, ClientDecodeError, aiohttp.ClientError) as error:
                    # The error itself is not logged: the file's address holds the token.
                    log.warning("telegram.file_failed", error=type(error).__name__, attempt=attempt)
                    await asyncio.sleep(pause * attempt)
    except TimeoutError:
        log.warning("telegram.file_failed", error="TimeoutError")
    raise NotFetched("unavailable")


async def _once(bot: Bot, file_id: str, limit: int) -> bytes:
    file = await bot.get_file(file_id)
    if not file.file_path or (file.file_size or 0) > limit:
        raise NotFetched("size")
    content = bytearray()
    url = bot.session.api.file_url(bot.token, file.file_path)
    async with aclosing(bot.session.stream_content(url, timeout=int(TIME_LIMIT))) as stream:
        async for chunk in stream:
            content += chunk
            if len(content) > limit:
                raise NotFetched("size")
    return bytes(content)
