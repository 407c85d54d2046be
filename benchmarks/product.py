"""Messages answered and appeals filed through the use cases, as channels hand them over."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.figures import Figure, Wanted, timed_at_once, together
from bot.app.selection import Selection
from bot.bootstrap import Product, build, keep_for_good, load_knowledge, new_id
from bot.settings import Settings
from bot.storage import open_storage
from dialogs.events import ButtonPressed, CitizenEvent, Language, Parse, UserSaid
from dialogs.model import Knowledge
from tests.servers import postgresql, redis

STORIES = (
    "Бурабай ауданы Щучинск қаласында үш күннен бері жылу жоқ, балалар тоңып отыр",
    "Здравствуйте, на улице Абылай хана в Щучинске третью неделю не горят фонари",
    "жолданым қанша күнде қаралады",
    "когда придёт ответ на обращение",
    "kalai otinish beremin",
)
AT_ONCE = 32
MESSAGES = 400
FILED_ALONE, FILED_AT_ONCE = 60, 300
HEAT = Parse("topic.UTIL.HEAT", 0.95, (("topic.UTIL.HEAT", 0.95),), language=Language("kk", 0.99, "cyrl"))


class Understands:
    """Understanding without its cost: what is measured is our side."""

    ready = True

    async def parse(self, text: str) -> Parse | None:
        return HEAT


class Citizens:
    """Some who talk, and some who have only to confirm."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._talking: list[str] = []
        self._filing: list[str] = []

    async def prepare(self, filing: int) -> None:
        """`filing` of them will confirm."""
        self._talking = [await self._opened() for _ in range(AT_ONCE)]
        self._filing = [await self._ready_to_confirm(number) for number in range(filing)]

    async def talk(self, number: int) -> None:
        """The next message of one of them."""
        await self._say(self._talking[number % AT_ONCE], number)

    async def confirm(self, number: int) -> None:
        """The appeal of that number is filed."""
        await self._press(self._filing[number], "filing.confirm")

    async def _opened(self) -> str:
        return (await self._product.conversations.open("web", "kk")).conversation_id

    async def _ready_to_confirm(self, number: int) -> str:
        conversation = await self._opened()
        await self._say(conversation, number * len(STORIES))
        for button in ("filing.start", "filing.agree", "filing.synthetic"):
            await self._press(conversation, button)
        return conversation

    async def _exchange(self, conversation: str, event: CitizenEvent) -> None:
        await self._product.conversations.exchange(conversation, event, "d")

    async def _press(self, conversation: str, button: str) -> None:
        await self._exchange(conversation, ButtonPressed(new_id(), datetime.now(UTC), button))

    async def _say(self, conversation: str, number: int) -> None:
        # No two messages alike, or what is remembered of one would answer for the next.
        story = f"{STORIES[number % len(STORIES)]} {number}"
        await self._exchange(conversation, UserSaid(new_id(), datetime.now(UTC), story))


async def on_sqlite(knowledge: Knowledge) -> list[Figure]:
    """The embedded product: one process, every commit on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        async with build(settings, understanding=Understands(), knowledge=knowledge) as built:
            keep_for_good()
            citizens = Citizens(built)
            await citizens.prepare(FILED_ALONE + FILED_AT_ONCE)
            return [
                await timed_at_once("sqlite: a message answered, one at a time", 100, 1, citizens.talk),
                await timed_at_once(
                    f"sqlite: a message answered, {AT_ONCE} at once",
                    *(MESSAGES, AT_ONCE, citizens.talk, Wanted(a_second=60)),
                ),
                await timed_at_once(
                    "sqlite: an appeal confirmed, one at a time",
                    *(FILED_ALONE, 1, citizens.confirm, Wanted(p95=50)),
                ),
                await timed_at_once(
                    f"sqlite: an appeal confirmed, {AT_ONCE} at once",
                    *(FILED_AT_ONCE, AT_ONCE, lambda number: citizens.confirm(FILED_ALONE + number)),
                ),
            ]


async def on_postgresql(_: Knowledge) -> list[Figure]:
    """As it is run for many: a process a core, on PostgreSQL with every commit on the disk, and Redis."""
    processes = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    with postgresql(durable=True) as database, redis() as shared:
        with ProcessPoolExecutor(
            processes, context, initializer=_share_barrier, initargs=(barrier,)
        ) as workers:
            loop = asyncio.get_running_loop()
            parts = [loop.run_in_executor(workers, _load, database, shared) for _ in range(processes)]
            talked, filed = zip(*await asyncio.gather(*parts), strict=True)
        async with open_storage(database, str) as storage, storage.read() as work:
            (stored,) = await work.appeals.counts([Selection()], processes * FILED_AT_ONCE + 1)
    if stored != processes * FILED_AT_ONCE:
        raise RuntimeError(f"{stored} appeals were filed, not {processes * FILED_AT_ONCE}")
    at_once = f"{AT_ONCE} at once in {processes} processes"
    return [
        together(f"postgresql: messages, {at_once}", talked, Wanted(a_second=60)),
        together(f"postgresql: appeals, {at_once}", filed, Wanted(a_second=100)),
    ]


_barrier: Barrier


def _share_barrier(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - a process of the pool has no other place for it
    _barrier = barrier


def _load(database: str, shared: str) -> tuple[Figure, Figure]:
    """One process's part of both, begun when all are ready."""

    async def run() -> tuple[Figure, Figure]:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(
                data_dir=Path(folder), database_url=database, redis_url=shared, secret_key="benchmark"
            )
            knowledge = load_knowledge(settings)
            async with build(settings, understanding=Understands(), knowledge=knowledge) as built:
                keep_for_good()
                citizens = Citizens(built)
                await citizens.prepare(FILED_AT_ONCE)
                parts: Sequence[tuple[int, Callable[[int], Awaitable[None]]]] = (
                    (MESSAGES, citizens.talk),
                    (FILED_AT_ONCE, citizens.confirm),
                )
                figures = []
                for times, call in parts:
                    await asyncio.to_thread(_barrier.wait)
                    figures.append(await timed_at_once("", times, AT_ONCE // (os.cpu_count() or 1), call))
                return figures[0], figures[1]

    return asyncio.run(run())
