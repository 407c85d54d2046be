"""Both sides of what processes share: in one process, and through a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app.ports import EventBus, Lock, RateLimiter
from bot.storage import (
    InProcessBus,
    InProcessLimiter,
    InProcessLock,
    RedisBus,
    RedisLimiter,
    RedisLink,
    RedisLock,
    open_redis,
)
from tests.servers import HANGS_SECONDS


@pytest.fixture(params=["in-process", pytest.param("redis", marks=pytest.mark.redis)])
def shared_by(request: pytest.FixtureRequest) -> str | None:
    """None for one process, or the URL of an empty Redis: the test runs on both."""
    return str(request.getfixturevalue("redis_url")) if request.param == "redis" else None


@pytest.fixture
async def link(shared_by: str | None) -> AsyncIterator[RedisLink | None]:
    """The link to Redis, if it is to be used."""
    if shared_by is None:
        yield None
        return
    async with open_redis(shared_by, answer_seconds=HANGS_SECONDS) as opened:
        yield opened


@pytest.fixture
def lock(link: RedisLink | None) -> Lock:
    """Either lock."""
    return InProcessLock() if link is None else RedisLock(link)


@pytest.fixture
def limiter(link: RedisLink | None) -> RateLimiter:
    """Either limiter."""
    return InProcessLimiter() if link is None else RedisLimiter(link)


@pytest.fixture
async def bus(link: RedisLink | None) -> AsyncIterator[EventBus]:
    """Either bus."""
    if link is None:
        yield InProcessBus()
        return
    opened = RedisBus(link)
    yield opened
    await opened.close()
