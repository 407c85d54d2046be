"""Telegram in one piece, for the bootstrap: updates in by polling or webhook, messages out."""

from __future__ import annotations

import asyncio

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiohttp import web

from bot.app.ports import Channel, Clock, Renderer
from bot.channels.telegram import commands, polling, webhook
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.router import ALBUM_WAIT, Conversations, Healthy, Reachability, Router
from bot.channels.telegram.sender import Fetch, Sender
from dialogs.rules import Rules

log = structlog.get_logger()

TIME_LIMIT = 20.0
"""Seconds one call may take."""
GRACE = 5.0
NAMING_LIMIT = 5.0


def _bot(token: str, api_base: str, time_limit: float) -> Bot:
    api = TelegramAPIServer.from_base(api_base) if api_base else PRODUCTION
    return Bot(token, session=AiohttpSession(api=api, timeout=time_limit))


async def own_name(token: str, api_base: str) -> str:
    """The name of the token's bot, as in t.me/<name>; empty where Telegram does not tell it soon."""
    async with _bot(token, api_base, NAMING_LIMIT) as bot:
        try:
            return (await bot.get_me()).username or ""
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("telegram.name_not_told", error=type(error).__name__)
            return ""


class TelegramChannel:
    """Talks to the Bot API at `api_base` (empty: Telegram's own). TokenValidationError: that is no token."""

    def __init__(
        self,
        token: str,
        api_base: str,
        conversations: Conversations,
        clock: Clock,
        rules: Rules,
        fetch: Fetch,
        *,
        renderer: Renderer,
        healthy: Healthy,
        reachability: Reachability | None = None,
        album_wait: float = ALBUM_WAIT,
    ) -> None:
        self._bot = _bot(token, api_base, TIME_LIMIT)
        self._renderer = renderer
        self._router = Router(
            self._bot,
            conversations,
            clock,
            rules.attachment_bytes,
            renderer=renderer,
            healthy=healthy,
            reachability=reachability,
            album_wait=album_wait,
        )
        self._sender = Sender(self._bot, renderer, Pace(), fetch)

    @property
    def channel(self) -> Channel:
        """What the outbox delivers through."""
        return self._sender

    async def poll(self, stop: asyncio.Event) -> None:
        """Fetch updates until told to stop; the menu is set meanwhile."""
        introducing = asyncio.create_task(commands.introduce(self._bot, self._renderer))
        try:
            await polling.poll(self._bot, self._router.take, stop)
        finally:
            introducing.cancel()
            await asyncio.gather(introducing, return_exceptions=True)

    def webhook_routes(self, app: web.Application, path: str, secret: str) -> None:
        """Let Telegram bring updates to `path`. Raises ValueError without a proper secret."""
        webhook.add_route(app, path, secret, self._bot, self._router.take)

    async def register_webhook(self, url: str, secret: str, stop: asyncio.Event) -> None:
        """Tell Telegram the outside address of that path, and set the menu."""
        await webhook.register(self._bot, url, secret, stop)
        await commands.introduce(self._bot, self._renderer)

    async def close(self) -> None:
        """End begun work and give the connections back."""
        await self._router.close(GRACE)
        await self._bot.session.close()
