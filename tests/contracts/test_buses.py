"""A bus tells whoever listens now, in order, and never lets a slow listener hold up anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.app.ports import EventBus
from bot.storage.bus import BACKLOG
from tests.servers import HANGS_SECONDS

Pairs = AsyncIterator[tuple[str, Mapping[str, Any]]]


async def _next(pairs: Pairs, seconds: float = HANGS_SECONDS) -> tuple[str, Mapping[str, Any]]:
    async with asyncio.timeout(seconds):
        return await anext(pairs)


async def test_subscribers_hear_their_topics_in_order(bus: EventBus) -> None:
    async with bus.subscribe("console", "conversation:1") as pairs, bus.subscribe("console") as others:
        await bus.publish("conversation:1", {"seq": 1})
        await bus.publish("conversation:2", {"seq": 9})
        await bus.publish("console", {"what": "queued", "сөз": ["жылу", None, 1.5]})
        assert await _next(pairs) == ("conversation:1", {"seq": 1})
        assert await _next(pairs) == ("console", {"what": "queued", "сөз": ["жылу", None, 1.5]})
        assert (await _next(others))[0] == "console"


async def test_nobody_hears_what_was_said_before_or_after(bus: EventBus) -> None:
    await bus.publish("console", {"n": 0})
    async with bus.subscribe("console") as witness:
        async with bus.subscribe("console") as pairs:
            await bus.publish("console", {"n": 1})
            assert await _next(pairs) == await _next(witness) == ("console", {"n": 1})
        await bus.publish("console", {"n": 2})
        await _next(witness)
        async with bus.subscribe("console") as pairs:
            await bus.publish("console", {"n": 3})
            assert await _next(pairs) == ("console", {"n": 3})


async def test_a_topic_named_twice_is_heard_once(bus: EventBus) -> None:
    async with bus.subscribe("console", "console") as pairs:
        await bus.publish("console", {"n": 1})
        await bus.publish("console", {"n": 2})
        assert [(await _next(pairs))[1]["n"] for _ in range(2)] == [1, 2]


async def test_a_lagging_subscriber_loses_the_oldest(bus: EventBus) -> None:
    async with bus.subscribe("lag") as pairs, bus.subscribe("end") as end:
        for number in range(BACKLOG + 10):
            await bus.publish("lag", {"n": number})
        await bus.publish("end", {})
        await _next(end)
        heard = [(await _next(pairs))[1]["n"] for _ in range(BACKLOG)]
        assert heard == list(range(10, BACKLOG + 10))


async def test_who_gave_up_waiting_may_come_back(bus: EventBus) -> None:
    async with bus.subscribe("console") as pairs:
        with pytest.raises(TimeoutError):
            await _next(pairs, 0.01)
        await bus.publish("console", {"n": 1})
        assert await _next(pairs) == ("console", {"n": 1})


async def test_publishing_with_nobody_there_is_fine(bus: EventBus) -> None:
    await bus.publish("console", {"n": 1})
