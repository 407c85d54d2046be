"""A rate limit counts by key, says how long to wait, and forgets."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.app.ports import RateLimiter

MINUTE = timedelta(minutes=1)
SHORT = timedelta(seconds=0.2)


async def test_hits_within_the_limit_are_allowed_and_the_next_is_told_when(limiter: RateLimiter) -> None:
    for _ in range(3):
        assert await limiter.hit("10.0.0.1", limit=3, window=MINUTE) is None
    wait = await limiter.hit("10.0.0.1", limit=3, window=MINUTE)
    assert wait is not None
    assert 0 < wait <= 60


async def test_keys_are_counted_apart(limiter: RateLimiter) -> None:
    assert await limiter.hit("a", limit=1, window=MINUTE) is None
    assert await limiter.hit("b", limit=1, window=MINUTE) is None
    assert await limiter.hit("a", limit=1, window=MINUTE) is not None


async def test_after_the_time_told_it_is_allowed_again(limiter: RateLimiter) -> None:
    while (wait := await limiter.hit("a", limit=1, window=SHORT)) is None:
        """On a busy machine the window is over before the next hit, now and then."""
    assert wait <= SHORT.total_seconds()
    await asyncio.sleep(wait + 0.02)
    assert await limiter.hit("a", limit=1, window=SHORT) is None


async def test_hits_at_once_are_all_counted(limiter: RateLimiter) -> None:
    answers = await asyncio.gather(*(limiter.hit("a", limit=10, window=MINUTE) for _ in range(30)))
    assert sum(answer is None for answer in answers) == 10
