"""Takes updates that Telegram brings by itself; the answer is given once an update is kept."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from http import HTTPStatus

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from bot.channels.telegram.polling import FIRST_PAUSE, KINDS, LONGEST_PAUSE, Take

log = structlog.get_logger()

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def add_route(app: web.Application, path: str, secret: str, bot: Bot, take: Take) -> None:
    """Answer Telegram at `path`. Raises ValueError without a proper secret: anybody could speak for it.

    aiogram's own handler is not used: it answers an update it cannot read with 500, so that Telegram
    repeats it, logs what was in it, and closes the bot's connections while answers are being delivered.
    """
    if not _SECRET.fullmatch(secret):
        raise ValueError("the webhook's secret must have 1 to 256 of the signs A-Z a-z 0-9 _ -")

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not secrets.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            log.warning("telegram.webhook_refused")
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            update = Update.model_validate(json.loads(await request.read()), context={"bot": bot})
        except (ValidationError, ValueError):
            log.error("telegram.update_unreadable")  # noqa: TRY400 - a trace would tell the text
            return web.Response()
        return web.Response(status=HTTPStatus.OK if await take(update) else HTTPStatus.SERVICE_UNAVAILABLE)

    app.router.add_post(path, handle)


async def register(bot: Bot, url: str, secret: str, stop: asyncio.Event) -> None:
    """Tell Telegram where to bring updates; tried until it takes it, refuses the token, or `stop` is set."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS)
        except TelegramUnauthorizedError:
            log.error("telegram.token_refused")  # noqa: TRY400 - the code says it all
            return
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("telegram.webhook_not_set", error=type(error).__name__)
        else:
            log.info("telegram.webhook_set")
            return
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({waiting}, timeout=pause)
        waiting.cancel()
        pause = min(pause * 2, LONGEST_PAUSE)
