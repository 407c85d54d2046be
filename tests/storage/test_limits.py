"""The in-process limiter does not grow with the number of callers it has ever seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage import InProcessLimiter

SHORT = timedelta(milliseconds=20)


async def test_keys_whose_window_is_over_are_swept() -> None:
    limiter = InProcessLimiter()
    for burst in range(5):
        for number in range(1000):
            await limiter.hit(f"{burst}-{number}", limit=1, window=SHORT)
        await asyncio.sleep(0.03)
    assert len(limiter._windows) <= 2048


async def test_keys_still_counted_are_not_swept() -> None:
    limiter = InProcessLimiter()
    assert await limiter.hit("kept", limit=1, window=timedelta(minutes=1)) is None
    for number in range(3000):
        await limiter.hit(str(number), limit=1, window=timedelta(0))
    assert await limiter.hit("kept", limit=1, window=timedelta(minutes=1)) is not None
