"""The console's live wire: it only says what has changed; pages fetch the change through the usual, checked routes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import WSMsgType, web

from bot.app.access import Operation, reach
from bot.app.records import Watched
from bot.app.terms import concerns
from bot.console.auth import check_origin
from bot.console.pages import words_of
from bot.console.parts import VISIT, console_of, operator_of
from bot.live import LiveSocket, open_sockets

HEARTBEAT = 25.0
"""Seconds between pings; a dead connection is noticed after half as many again."""
SESSION_CHECK = 30.0
"""Seconds until the end of a session reaches an open page."""
SESSION_OVER = 4401
LONGEST_FRAME = 1024
"""Browsers have nothing to say here but closing."""


async def live(request: web.Request) -> web.WebSocketResponse:
    """Tell an open page of every change, as long as its session lasts."""
    check_origin(request)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LONGEST_FRAME)
    await socket.prepare(request)
    console = console_of(request)
    async with (
        open_sockets(request.app).hold(request, socket) as wire,
        console.bus.subscribe("console", "appeals") as news,
    ):
        tasks = {
            asyncio.create_task(_tell(wire, news, request)),
            asyncio.create_task(_watch_session(request, wire)),
            asyncio.create_task(_await_end(socket)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return socket


async def _tell(
    wire: LiveSocket, news: AsyncIterator[tuple[str, Mapping[str, Any]]], request: web.Request
) -> None:
    operator, words = operator_of(request), words_of(request)
    await wire.put(json.dumps({"type": "ready"}))
    async for topic, message in news:
        if topic == "console":
            if not reach(operator, Operation.LIST_CONVERSATIONS):
                continue
            told = {"type": "conversation", "id": message["conversation"], "what": message["what"]}
        else:
            told = {"type": "appeal", "id": message["appeal"]}
            if message.get("added"):
                told["added"] = "citizen"
            what = message.get("what", "")
            if what and concerns(operator, Watched(what), message.get("executor", "")):
                told["told"] = words(f"watched.{what}")
        await wire.put(json.dumps(told, ensure_ascii=False))


async def _watch_session(request: web.Request, wire: LiveSocket) -> None:
    """Signed out elsewhere, locked, expired: the page must not go on listening."""
    token = request[VISIT].token
    while await console_of(request).accounts.session(token):  # noqa: ASYNC110 - nobody tells of an expiry
        await asyncio.sleep(SESSION_CHECK)
    await wire.close(SESSION_OVER, "session over")


async def _await_end(socket: web.WebSocketResponse) -> None:
    """Pongs are answered and the closing handshake is done by reading."""
    async for message in socket:
        if message.type is WSMsgType.ERROR:
            return
