"""The writer behind a socket: a client that does not read is cut off, and holds up nobody."""

from __future__ import annotations

import asyncio
import base64
import socket
from contextlib import closing

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.live import LiveSocket, open_sockets
from tests.servers import HANGS_SECONDS

HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(b'0123456789abcdef').decode()}\r\n\r\n"
)


async def test_a_client_that_does_not_read_is_cut_off() -> None:
    ended = asyncio.Event()

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.WebSocketResponse(compress=False)
        await response.prepare(request)
        async with LiveSocket(request, response, backlog=4, patience=0.2) as live:
            try:
                while True:
                    await live.put("x" * 500_000)
            except (ConnectionResetError, asyncio.CancelledError):
                ended.set()
                raise

    app = web.Application()
    app.router.add_get("/", flood)
    async with TestServer(app) as server:
        # Not asyncio's connection: that one reads by itself.
        with closing(socket.create_connection((server.host, server.port))) as client:
            client.sendall(HANDSHAKE.encode())
            async with asyncio.timeout(HANGS_SECONDS):
                await ended.wait()


async def test_an_application_has_one_register_of_sockets() -> None:
    app = web.Application()
    assert open_sockets(app) is open_sockets(app)
    assert app.on_shutdown.count(open_sockets(app).close_all) == 1
