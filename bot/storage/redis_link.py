"""The way to Redis, whose loss may cost neither messages nor time: the process's own memory stands in."""

from __future__ import annotations

import time
from types import TracebackType

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger()

# A Redis on the same network answers in a millisecond; a longer wait would be felt by every citizen.
_ANSWER_SECONDS = 1.0
_PAUSE_SECONDS = 1.0
_TOLD_EVERY_SECONDS = 60.0

LOST = (RedisError, OSError)


class RedisLink:
    """One client for all uses. After a failure Redis is not asked again for a second."""

    def __init__(self, client: Redis) -> None:
        self.client = client
        self._quiet_until = 0.0
        self._tell_from = 0.0

    async def __aenter__(self) -> RedisLink:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def usable(self) -> bool:
        """Whether it is worth asking."""
        return time.monotonic() >= self._quiet_until

    def failed(self, error: Exception) -> None:
        """Remember the failure; said in the log once a minute."""
        now = time.monotonic()
        self._quiet_until = now + _PAUSE_SECONDS
        if now >= self._tell_from:
            self._tell_from = now + _TOLD_EVERY_SECONDS
            log.warning("redis.lost", code=type(error).__name__)

    async def healthy(self) -> bool:
        """Whether Redis answers."""
        try:
            await self.client.ping()
        except LOST as error:
            self.failed(error)
            return False
        return True

    async def close(self) -> None:
        """Closes all connections."""
        await self.client.aclose()


def open_redis(url: str, *, answer_seconds: float = _ANSWER_SECONDS) -> RedisLink:
    """A link to `redis://…`; connects at first use. One that has not answered in time is lost. Raises ValueError."""
    return RedisLink(
        Redis.from_url(
            url,
            socket_timeout=answer_seconds,
            socket_connect_timeout=answer_seconds,
            retry=Retry(NoBackoff(), 0),
        )
    )
