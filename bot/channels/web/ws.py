"""The live socket of a conversation: acknowledges what the citizen sends, and tells everything that is said.

Nothing is missed and nothing doubled: the bus only wakes the socket; what is sent is read from storage, after
the last sequence number sent. Protocol: docs/ws-protocol.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from bot.app.errors import AppError
from bot.app.ports import EventBus
from bot.channels.web import problems, protocol
from bot.channels.web.intake import Intake
from bot.live import LiveSocket, OpenSockets
from text.bilingual import Locale

log = structlog.get_logger()

_ECHO = 64
"""Characters of a refused id that are sent back."""

HELLO_SECONDS = 10.0
HEARTBEAT_SECONDS = 25.0
REREAD_SECONDS = 15.0
"""Storage is looked at so often even if the bus is silent: it owes nobody anything."""
PAGE = 200


async def serve(
    request: web.Request, intake: Intake, bus: EventBus, sockets: OpenSockets, locale: Locale
) -> web.WebSocketResponse:
    """Run one client's socket until either side ends it."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=protocol.BODY_BYTES)
    await socket.prepare(request)
    async with sockets.hold(request, socket) as live:
        try:
            hello = await _greeted(socket)
            await intake.conversations.authenticate(hello.conversation_id, hello.token)
            await _Visit(hello.conversation_id, hello.after, socket, live, intake, locale).run(bus, sockets)
        except protocol.BadFrame as error:
            await live.close(WSCloseCode.POLICY_VIOLATION, str(error))
        except AppError as error:
            await _refuse(live, error, locale)
        except ConnectionResetError:
            pass
        except Exception:
            log.exception("socket.failed")
            await live.close(WSCloseCode.INTERNAL_ERROR, "internal")
    return socket


async def _greeted(socket: web.WebSocketResponse) -> protocol.Hello:
    try:
        message = await socket.receive(HELLO_SECONDS)
    except TimeoutError as error:
        raise protocol.BadFrame("no hello") from error
    if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
        raise ConnectionResetError
    frame = protocol.decode(message.data) if message.type is WSMsgType.TEXT else None
    if not isinstance(frame, protocol.Hello):
        raise protocol.BadFrame("hello is expected first")
    return frame


async def _refuse(live: LiveSocket, error: AppError, locale: Locale) -> None:
    try:
        await live.put(protocol.encode("refused", id=None, problem=problems.problem(error, locale)))
    except ConnectionResetError:
        return
    await live.close(WSCloseCode.POLICY_VIOLATION, error.code)


@dataclass(slots=True)
class _Visit:
    """One client in one conversation. `last` is the sequence number up to which everything was sent."""

    conversation_id: str
    last: int
    socket: web.WebSocketResponse
    live: LiveSocket
    intake: Intake
    locale: Locale
    news: asyncio.Event = field(default_factory=asyncio.Event)
    work: asyncio.Event = field(default_factory=asyncio.Event)
    accepted: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    leaving: bool = False

    async def run(self, bus: EventBus, sockets: OpenSockets) -> None:
        # Subscribed before the first look at storage: what is said in between wakes us.
        async with bus.subscribe(f"conversation:{self.conversation_id}") as wakes:
            helpers = [
                asyncio.create_task(self._guarded(step)) for step in (self._listen(wakes), self._deliver())
            ]
            worker = asyncio.create_task(self._guarded(self._work()))
            sockets.outlive(worker)
            try:
                await self._read()
            finally:
                for helper in helpers:
                    helper.cancel()
                # What was acknowledged is worked off even though the client has gone.
                self.leaving = True
                self.work.set()
                await asyncio.gather(*helpers, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                raise protocol.BadFrame("text frames are expected")
            match protocol.decode(message.data):
                case protocol.Said(body):
                    await self._receive(body)
                case protocol.Ping():
                    await self.live.put(protocol.encode("pong"))
                case protocol.Hello():
                    raise protocol.BadFrame("hello came twice")

    async def _receive(self, body: Mapping[str, Any]) -> None:
        try:
            event, new = await self.intake.receive(self.conversation_id, body)
        except AppError as error:
            identity = str(body.get("id", ""))[:_ECHO].encode("ascii", "replace").decode()
            refusal = problems.problem(error, self.locale)
            await self.live.put(protocol.encode("refused", id=identity, problem=refusal))
            return
        await self.live.put(protocol.encode("ack", id=event.id, repeated=not new))
        self.accepted.append(event.id)
        self.work.set()

    async def _work(self) -> None:
        while True:
            await self.work.wait()
            self.work.clear()
            if self.accepted:
                identities, self.accepted = self.accepted, []
                await self.intake.conversations.process(self.conversation_id)
                self.finished += identities
                self.news.set()
            elif self.leaving:
                return

    async def _listen(self, wakes: AsyncIterator[tuple[str, Mapping[str, Any]]]) -> None:
        async for _ in wakes:
            self.news.set()

    async def _deliver(self) -> None:
        await self.live.put(protocol.encode("ready", conversation=self.conversation_id, after=self.last))
        while True:
            self.news.clear()
            # Taken before storage is read, so that a turn's messages come before its "done".
            finished, self.finished = self.finished, []
            await self._tell_new()
            for identity in finished:
                await self.live.put(protocol.encode("done", id=identity))
            try:
                async with asyncio.timeout(REREAD_SECONDS):
                    await self.news.wait()
            except TimeoutError:
                continue

    async def _tell_new(self) -> None:
        while page := await self.intake.conversations.messages(self.conversation_id, self.last, PAGE):
            for message in page:
                await self.live.put(protocol.encode("message", message=protocol.message_json(message)))
                self.last = message.seq
            if len(page) < PAGE:
                return

    async def _guarded(self, step: Awaitable[None]) -> None:
        try:
            await step
        except ConnectionResetError:
            return
        except Exception:
            log.exception("socket.failed", conversation=self.conversation_id)
            await self.live.close(WSCloseCode.INTERNAL_ERROR, "internal")
