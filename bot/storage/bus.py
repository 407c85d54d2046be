"""Tells open pages and workers what has just happened; whoever misses it finds it in the database."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from bot.storage.redis_link import LOST, RedisLink

log = structlog.get_logger()

BACKLOG = 256

_PREFIX = "komekshi:bus:"
_CONNECT_SECONDS = 1.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


class _Subscription:
    """A backlog that forgets the oldest when its reader lags. One that gives up waiting may come back."""

    def __init__(self) -> None:
        self._backlog: deque[tuple[str, str]] = deque(maxlen=BACKLOG)
        self._filled = asyncio.Event()

    def put(self, topic: str, message: str) -> None:
        self._backlog.append((topic, message))
        self._filled.set()

    def __aiter__(self) -> _Subscription:
        return self

    async def __anext__(self) -> tuple[str, Mapping[str, Any]]:
        while not self._backlog:
            self._filled.clear()
            await self._filled.wait()
        topic, message = self._backlog.popleft()
        return topic, json.loads(message)


class InProcessBus:
    """Within one process. Messages travel as JSON, so that nobody shares a mutable object."""

    def __init__(self) -> None:
        self._topics: dict[str, set[_Subscription]] = {}

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """To whoever listens now."""
        self.deliver(topic, json.dumps(message))

    def deliver(self, topic: str, message: str) -> None:
        """A message that is JSON already."""
        for subscription in self._topics.get(topic, ()):
            subscription.put(topic, message)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[tuple[str, Mapping[str, Any]]]]:
        """(topic, message) pairs from now on."""
        subscription = _Subscription()
        for topic in topics:
            self._topics.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            for topic in set(topics):
                listeners = self._topics[topic]
                listeners.discard(subscription)
                if not listeners:
                    del self._topics[topic]


class RedisBus:
    """Between processes. Each hears all topics over one connection: messages are few and small enough.

    While Redis is lost, they still reach the listeners of their own process. A new listener may also hear a
    message that was on its way already.
    """

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._own = InProcessBus()
        self._listening: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._pause = _FIRST_PAUSE_SECONDS

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Never raises because of a lost connection."""
        data = json.dumps(message)
        if self._link.usable:
            try:
                await self._link.client.publish(_PREFIX + topic, data)
            except LOST as error:
                self._link.failed(error)
            else:
                return
        self._own.deliver(topic, data)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[tuple[str, Mapping[str, Any]]]]:
        """(topic, message) pairs from now on; without waiting long for a Redis that is lost."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), name="redis-bus")
        with suppress(TimeoutError):
            async with asyncio.timeout(_CONNECT_SECONDS):
                await self._tried.wait()
        async with self._own.subscribe(*topics) as pairs:
            yield pairs

    async def close(self) -> None:
        """Stops listening; the link stays open."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - a listener that dies would silence every page
                self._link.failed(error)
            self._tried.set()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _hear(self) -> None:
        async with self._link.client.pubsub() as pubsub:
            await pubsub.psubscribe(_PREFIX + "*")
            async for heard in pubsub.listen():
                if heard["type"] == "psubscribe":
                    self._tried.set()
                    self._pause = _FIRST_PAUSE_SECONDS
                elif heard["type"] == "pmessage":
                    self._own.deliver(heard["channel"].decode()[len(_PREFIX) :], heard["data"].decode())
