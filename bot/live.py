"""One bounded queue and one writer task per WebSocket, so that a slow client holds up nobody but itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType

import structlog
from aiohttp import WSCloseCode, web

log = structlog.get_logger()

BACKLOG = 64
PATIENCE = 10.0
"""Seconds a client may take to make room before it is cut off; it comes back and resumes."""


class LiveSocket:
    """The sending half of a prepared WebSocket. Used as a context manager, which runs the writer task."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        *,
        backlog: int = BACKLOG,
        patience: float = PATIENCE,
    ) -> None:
        self._request = request
        self._socket = socket
        self._patience = patience
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(backlog)
        self._writer: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> LiveSocket:
        self._writer = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gone = True
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def put(self, text: str) -> None:
        """Send `text` in its turn. Raises ConnectionResetError when the client is gone or too slow."""
        if self._gone:
            raise ConnectionResetError("the socket is closed")
        try:
            async with asyncio.timeout(self._patience):
                await self._queue.put(text)
        except TimeoutError as error:
            self._abort("slow")
            raise ConnectionResetError("the client does not read") from error

    async def close(self, code: int, reason: str = "") -> None:
        """Send what waits, then close. Repeatable."""
        if self._gone:
            return
        self._gone = True
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(self._patience):
                await self._queue.put(None)
                if self._writer is not None:
                    await asyncio.wait({self._writer})
                await self._socket.close(code=code, message=reason.encode())

    async def _write(self) -> None:
        try:
            while (text := await self._queue.get()) is not None:
                async with asyncio.timeout(self._patience):
                    await self._socket.send_str(text)
        except TimeoutError:
            self._abort("slow")
        except ConnectionError:
            self._abort("gone")
        except UnicodeError:
            self._abort("unwritable")

    def _abort(self, why: str) -> None:
        if not self._gone:
            log.info("socket.cut", why=why)
        self._gone = True
        if self._request.transport is not None:
            self._request.transport.abort()


class OpenSockets:
    """All live sockets of an application: at shutdown each is closed with 1001, or it would wait for them."""

    def __init__(self) -> None:
        self._sockets: set[LiveSocket] = set()
        self._work: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._sockets)

    @contextlib.asynccontextmanager
    async def hold(self, request: web.Request, socket: web.WebSocketResponse) -> AsyncIterator[LiveSocket]:
        """A LiveSocket for as long as its handler runs."""
        async with LiveSocket(request, socket) as live:
            self._sockets.add(live)
            try:
                yield live
            finally:
                self._sockets.discard(live)

    def outlive(self, task: asyncio.Task[None]) -> None:
        """Let `task` end although its socket is gone and its handler may be cancelled; shutdown waits for it."""
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def close_all(self, _app: web.Application | None = None) -> None:
        """Tell every client that the server goes away, and let work under way end."""
        await asyncio.gather(
            *(live.close(WSCloseCode.GOING_AWAY, "restart") for live in tuple(self._sockets))
        )
        if self._work:
            await asyncio.wait(tuple(self._work), timeout=PATIENCE)


_OPEN_SOCKETS: web.AppKey[OpenSockets] = web.AppKey("open_sockets", OpenSockets)


def open_sockets(app: web.Application) -> OpenSockets:
    """The application's sockets. First called while it is set up; later calls give the same object."""
    if _OPEN_SOCKETS not in app:
        sockets = app[_OPEN_SOCKETS] = OpenSockets()
        app.on_shutdown.append(sockets.close_all)
    return app[_OPEN_SOCKETS]
