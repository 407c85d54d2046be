"""Without Redis the product tells and counts within each process, and works; with Redis back it recovers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.storage import RedisBus, RedisLimiter, RedisLink, RedisLock, open_redis
from tests import servers

pytestmark = pytest.mark.redis

LONG = timedelta(seconds=30)


class Server:
    """A Redis that can be stopped and started on the same port."""

    def __init__(self) -> None:
        self.port = servers.free_port()
        self._running = ExitStack()

    def start(self) -> str:
        return self._running.enter_context(servers.redis(self.port))

    def stop(self) -> None:
        self._running.close()


def _patient(url: str) -> RedisLink:
    """A link that takes a busy machine's Redis for a slow one, and only one that is stopped for lost."""
    return open_redis(url, answer_seconds=servers.HANGS_SECONDS)


@pytest.fixture
def server(redis_server: str) -> Iterator[Server]:
    """One of this test's own, running."""
    made = Server()
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def link(server: Server) -> AsyncIterator[RedisLink]:
    """A link to it."""
    async with _patient(f"redis://127.0.0.1:{server.port}/0") as opened:
        yield opened


async def _until(ready: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(servers.HANGS_SECONDS):
        while not await ready():  # noqa: ASYNC110 - a server in another process sets no event of ours
            await asyncio.sleep(0.05)


async def _recovered(link: RedisLink) -> None:
    async def works() -> bool:
        return await link.healthy() and link.usable

    await _until(works)


async def test_a_lock_goes_on_without_redis_and_still_parts_the_tasks_of_one_process(
    server: Server, link: RedisLink
) -> None:
    lock = RedisLock(link)
    async with lock.hold("c1", lifetime=LONG, wait=LONG):
        server.stop()
    async with lock.hold("c1", lifetime=LONG, wait=LONG):
        with pytest.raises(TimeoutError):
            async with lock.hold("c1", lifetime=LONG, wait=timedelta(seconds=0.05)):
                pytest.fail("two holders")
    server.start()
    await _recovered(link)
    async with lock.hold("c1", lifetime=LONG, wait=LONG):
        assert await link.client.exists("komekshi:lock:c1")


async def test_a_lock_released_after_its_lifetime_is_no_error(link: RedisLink) -> None:
    lock = RedisLock(link)
    with capture_logs() as logs:
        async with lock.hold("c1", lifetime=timedelta(seconds=0.05), wait=LONG):
            await asyncio.sleep(0.1)
    assert [entry["event"] for entry in logs] == ["lock.outlived"]


async def test_two_processes_exclude_each_other(server: Server, link: RedisLink) -> None:
    async with _patient(f"redis://127.0.0.1:{server.port}/0") as another:
        one, other = RedisLock(link), RedisLock(another)
        async with one.hold("c1", lifetime=LONG, wait=LONG):
            with pytest.raises(TimeoutError):
                async with other.hold("c1", lifetime=LONG, wait=timedelta(seconds=0.05)):
                    pytest.fail("two holders")
        async with other.hold("c1", lifetime=LONG, wait=LONG):
            pass


async def test_a_limiter_counts_by_process_without_redis(server: Server, link: RedisLink) -> None:
    limiter = RedisLimiter(link)
    assert await limiter.hit("a", limit=1, window=LONG) is None
    server.stop()
    assert await limiter.hit("a", limit=1, window=LONG) is None
    assert await limiter.hit("a", limit=1, window=LONG) is not None


async def test_a_bus_reaches_its_own_process_without_redis_and_all_again_later(
    server: Server, link: RedisLink
) -> None:
    bus = RedisBus(link)
    async with bus.subscribe("console") as pairs:
        await bus.publish("console", {"n": 1})
        assert (await anext(pairs))[1] == {"n": 1}
        server.stop()
        await bus.publish("console", {"n": 2})
        async with asyncio.timeout(servers.HANGS_SECONDS):
            assert (await anext(pairs))[1] == {"n": 2}
        url = server.start()
        async with _patient(url) as another, asyncio.timeout(servers.HANGS_SECONDS):
            await _recovered(link)
            await _until(lambda: another.client.publish("komekshi:bus:console", b'{"n": 3}'))
            assert (await anext(pairs))[1] == {"n": 3}
    await bus.close()


async def test_the_bus_connects_processes(server: Server, link: RedisLink) -> None:
    async with _patient(f"redis://127.0.0.1:{server.port}/0") as another:
        bus = RedisBus(link)
        async with bus.subscribe("console") as pairs, asyncio.timeout(servers.HANGS_SECONDS):
            await RedisBus(another).publish("console", {"сөз": "жылу"})
            assert await anext(pairs) == ("console", {"сөз": "жылу"})
        await bus.close()


async def test_nothing_hangs_or_raises_where_redis_never_was() -> None:
    async with (
        asyncio.timeout(servers.HANGS_SECONDS),
        open_redis(f"redis://127.0.0.1:{servers.free_port()}/0") as link,
    ):
        assert not await link.healthy()
        bus = RedisBus(link)
        async with bus.subscribe("console") as pairs:
            await bus.publish("console", {"n": 1})
            assert (await anext(pairs))[1] == {"n": 1}
        async with RedisLock(link).hold("c1", lifetime=LONG, wait=LONG):
            pass
        assert await RedisLimiter(link).hit("a", limit=1, window=LONG) is None
        await bus.close()
        await bus.close()


async def test_a_loss_is_logged_once_a_minute(server: Server, link: RedisLink) -> None:
    server.stop()
    with capture_logs() as logs:
        for _ in range(3):
            assert not await link.healthy()
    assert [(entry["event"], entry["code"]) for entry in logs] == [("redis.lost", "ConnectionError")]


async def test_a_redis_that_does_not_answer_costs_one_wait_and_not_one_for_each_message() -> None:
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with listener, open_redis(f"redis://127.0.0.1:{port}/0", answer_seconds=0.1) as link:
        limiter = RedisLimiter(link)
        for number in range(50):
            assert await limiter.hit(f"k{number}", limit=1, window=LONG) is None
    assert 1 <= asked <= 5  # on a machine that takes seconds for fifty of them, now and then again
