"""Keeps two turns of one conversation from doing the same work twice; row versions keep them correct."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog
from redis.asyncio.lock import Lock
from redis.exceptions import LockError

from bot.storage.redis_link import LOST, RedisLink

log = structlog.get_logger()

_PREFIX = "komekshi:lock:"
_LOOK_AGAIN_SECONDS = 0.02


class _Hold:
    """Ends once, by itself or when its lifetime is over."""

    def __init__(self, lock: asyncio.Lock, lifetime: timedelta) -> None:
        self._lock: asyncio.Lock | None = lock
        self._expiry = asyncio.get_running_loop().call_later(lifetime.total_seconds(), self._expire)

    def _expire(self) -> None:
        log.warning("lock.outlived")
        self.end()

    def end(self) -> None:
        self._expiry.cancel()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class InProcessLock:
    """Between the tasks of one process; first come, first served."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, key: str, *, lifetime: timedelta, wait: timedelta) -> AsyncIterator[None]:
        """Raises TimeoutError when it is not had within `wait`."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with asyncio.timeout(wait.total_seconds()):
            await lock.acquire()
        hold = _Hold(lock, lifetime)
        try:
            yield
        finally:
            hold.end()


class RedisLock:
    """Between processes. Tasks of one queue among themselves first, and do only that while Redis is lost."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._own = InProcessLock()

    @asynccontextmanager
    async def hold(self, key: str, *, lifetime: timedelta, wait: timedelta) -> AsyncIterator[None]:
        """Raises TimeoutError when it is not had within `wait`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait.total_seconds()
        async with self._own.hold(key, lifetime=wait + lifetime, wait=wait):
            lock = await self._acquire(key, lifetime, max(0.0, until - loop.time()))
            try:
                yield
            finally:
                if lock is not None:
                    await self._release(lock)

    async def _acquire(self, key: str, lifetime: timedelta, wait: float) -> Lock | None:
        if not self._link.usable:
            return None
        lock = self._link.client.lock(
            _PREFIX + key,
            timeout=lifetime.total_seconds(),
            sleep=_LOOK_AGAIN_SECONDS,
            blocking_timeout=wait,
            thread_local=False,
        )
        try:
            had = await lock.acquire()
        except LOST as error:
            self._link.failed(error)
            return None
        if not had:
            raise TimeoutError
        return lock

    async def _release(self, lock: Lock) -> None:
        try:
            await lock.release()
        except LockError:
            log.warning("lock.outlived")
        except LOST as error:
            self._link.failed(error)
