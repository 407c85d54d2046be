"""A lock has one holder, gives up in time, and does not outlive its lifetime."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.app.ports import Lock

LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.2)


async def test_one_holder_at_a_time(lock: Lock) -> None:
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with lock.hold("c1", lifetime=LONG, wait=LONG):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 1


async def test_who_waits_too_long_is_told_so(lock: Lock) -> None:
    async with lock.hold("c1", lifetime=LONG, wait=LONG):
        started = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            async with lock.hold("c1", lifetime=LONG, wait=SHORT):
                pytest.fail("two holders")
        assert asyncio.get_running_loop().time() - started < 5


async def test_a_free_lock_is_had_without_waiting(lock: Lock) -> None:
    async with lock.hold("c1", lifetime=LONG, wait=timedelta(0)):
        with pytest.raises(TimeoutError):
            async with lock.hold("c1", lifetime=LONG, wait=timedelta(0)):
                pytest.fail("two holders")


async def test_different_keys_do_not_wait_for_each_other(lock: Lock) -> None:
    async with (
        lock.hold("c1", lifetime=LONG, wait=timedelta(0)),
        lock.hold("c2", lifetime=LONG, wait=timedelta(0)),
    ):
        pass


async def test_a_holder_that_fails_lets_go(lock: Lock) -> None:
    with pytest.raises(ZeroDivisionError):
        async with lock.hold("c1", lifetime=LONG, wait=SHORT):
            raise ZeroDivisionError
    async with lock.hold("c1", lifetime=LONG, wait=timedelta(0)):
        pass


async def test_a_cancelled_holder_and_a_cancelled_waiter_let_go(lock: Lock) -> None:
    async def hold() -> None:
        async with lock.hold("c1", lifetime=LONG, wait=LONG):
            await asyncio.sleep(30)

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.05)
    waiter = asyncio.create_task(hold())
    await asyncio.sleep(0.05)
    for task in (waiter, holder):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with lock.hold("c1", lifetime=LONG, wait=SHORT):
        pass


async def test_a_holder_that_outlives_its_lifetime_loses_the_lock(lock: Lock) -> None:
    async with lock.hold("c1", lifetime=SHORT, wait=timedelta(0)), lock.hold("c1", lifetime=LONG, wait=LONG):
        assert await _try(lock) == "taken"
    assert await _try(lock) == "free"


async def test_the_next_holder_keeps_the_lock_when_a_late_one_lets_go(lock: Lock) -> None:
    async with AsyncExitStack() as late:
        await late.enter_async_context(lock.hold("c1", lifetime=SHORT, wait=timedelta(0)))
        async with lock.hold("c1", lifetime=LONG, wait=LONG):
            await late.aclose()
            assert await _try(lock) == "taken"
    assert await _try(lock) == "free"


async def _try(lock: Lock) -> str:
    try:
        async with lock.hold("c1", lifetime=LONG, wait=timedelta(0)):
            return "free"
    except TimeoutError:
        return "taken"
