"""Counts attempts by key, in fixed windows that begin with the first attempt."""

from __future__ import annotations

import time
from datetime import timedelta

from bot.storage.redis_link import LOST, RedisLink

_PREFIX = "komekshi:limit:"
# Swept when there are twice as many keys as at the last sweep, and not below this number.
_SWEEP_FROM = 1024


class InProcessLimiter:
    """Within one process."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = _SWEEP_FROM

    async def hit(self, key: str, *, limit: int, window: timedelta) -> float | None:
        """Count one; None while within the limit, else the seconds until the next is allowed."""
        now = time.monotonic()
        count, ends = self._windows.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + window.total_seconds()
        self._windows[key] = count + 1, ends
        if len(self._windows) > self._sweep_at:
            self._windows = {k: w for k, w in self._windows.items() if w[1] > now}
            self._sweep_at = max(_SWEEP_FROM, 2 * len(self._windows))
        return None if count < limit else ends - now


class RedisLimiter:
    """Between processes; each counts for itself while Redis is lost."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._own = InProcessLimiter()

    async def hit(self, key: str, *, limit: int, window: timedelta) -> float | None:
        """Count one; None while within the limit, else the seconds until the next is allowed."""
        if self._link.usable:
            try:
                return await self._count(_PREFIX + key, limit, window)
            except LOST as error:
                self._link.failed(error)
        return await self._own.hit(key, limit=limit, window=window)

    async def _count(self, key: str, limit: int, window: timedelta) -> float | None:
        async with self._link.client.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, px=window, nx=True)
            pipeline.incr(key)
            pipeline.pttl(key)
            _, count, left = await pipeline.execute()
        return None if count <= limit else max(left, 1) / 1000
