"""Runs every benchmark and prints one table. Absolute figures depend on the machine; compare runs of one machine."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from benchmarks import language, registry
from benchmarks.figures import HEAD, Figure, timed, timed_at_once
from bot.app.selection import Selection
from bot.bootstrap import build, load_knowledge, new_id
from bot.settings import Settings
from dialogs import emergency
from dialogs.engine import Engine
from dialogs.events import ButtonPressed, CitizenEvent, Language, Parse, UserSaid
from dialogs.model import DialogState, Knowledge
from faq.rank import Ranker
from tests.servers import NotInstalledError, postgresql

STORIES = (
    "Бурабай ауданы Щучинск қаласында үш күннен бері жылу жоқ, балалар тоңып отыр",
    "Здравствуйте, на улице Абылай хана в Щучинске третью неделю не горят фонари",
    "жолданым қанша күнде қаралады",
    "когда придёт ответ на обращение",
    "kalai otinish beremin",
)
AT_ONCE = 32
FILED_ALONE, FILED_AT_ONCE = 60, 320
HEAT = Parse("topic.UTIL.HEAT", 0.95, (("topic.UTIL.HEAT", 0.95),), language=Language("kk", 0.99, "cyrl"))


class Understands:
    """Understanding without its cost: what is measured is our side."""

    ready = True

    async def parse(self, text: str) -> Parse | None:
        return HEAT


def core(knowledge: Knowledge) -> Iterator[Figure]:
    """The pure parts, one core."""
    engine, ranker, now = Engine(knowledge), Ranker(knowledge.faq), datetime(2026, 11, 20, 7, tzinfo=UTC)
    said = [UserSaid(str(n), now, story, HEAT) for n, story in enumerate(STORIES)]
    yield timed("engine: a story guided", 500, lambda n: engine.step(DialogState(), said[n % len(said)]))
    yield timed("emergency words: a message", 1000, lambda n: emergency.detect(STORIES[n % len(STORIES)]))
    yield timed("emergency words: 100 000 characters", 5, lambda _: emergency.detect("газ па? " * 12_500))
    yield timed("faq: word search", 300, lambda n: ranker.rank(STORIES[n % len(STORIES)]))
    yield timed(
        "territory: places in a message",
        500,
        lambda n: knowledge.domain.territory.search(STORIES[n % len(STORIES)]),
    )


async def product(knowledge: Knowledge, name: str, settings: Settings) -> list[Figure]:
    """Messages answered and appeals filed through the use cases, in one process; each is committed twice."""
    async with build(settings, understanding=Understands(), knowledge=knowledge) as built:

        async def exchange(conversation: str, event: CitizenEvent) -> None:
            await built.conversations.exchange(conversation, event, "d")

        async def press(conversation: str, button: str) -> None:
            await exchange(conversation, ButtonPressed(new_id(), datetime.now(UTC), button))

        async def say(conversation: str, number: int) -> None:
            # No two messages alike, or what is remembered of one would answer for the next.
            story = f"{STORIES[number % len(STORIES)]} {number}"
            await exchange(conversation, UserSaid(new_id(), datetime.now(UTC), story))

        async def opened() -> str:
            return (await built.conversations.open("web", "kk")).conversation_id

        async def ready_to_confirm(number: int) -> str:
            conversation = await opened()
            await say(conversation, number * len(STORIES))
            for button in ("filing.start", "filing.agree", "filing.synthetic"):
                await press(conversation, button)
            return conversation

        talking = [await opened() for _ in range(AT_ONCE)]
        filing = [await ready_to_confirm(number) for number in range(FILED_ALONE + FILED_AT_ONCE)]

        async def message(number: int) -> None:
            await say(talking[number % AT_ONCE], number)

        async def confirm(number: int) -> None:
            await press(filing[number], "filing.confirm")

        async def confirm_of_the_rest(number: int) -> None:
            await confirm(FILED_ALONE + number)

        figures = [
            await timed_at_once(f"{name}: a message answered, one at a time", 100, 1, message),
            await timed_at_once(f"{name}: a message answered, {AT_ONCE} at once", 400, AT_ONCE, message),
            await timed_at_once(f"{name}: an appeal confirmed, one at a time", FILED_ALONE, 1, confirm),
            await timed_at_once(
                f"{name}: an appeal confirmed, {AT_ONCE} at once", FILED_AT_ONCE, AT_ONCE, confirm_of_the_rest
            ),
        ]
        async with built.storage.read() as work:
            stored = await work.appeals.count(Selection(), FILED_ALONE + FILED_AT_ONCE + 1)
        if stored != FILED_ALONE + FILED_AT_ONCE:
            raise RuntimeError(f"{stored} appeals were filed, not {FILED_ALONE + FILED_AT_ONCE}")
        return figures


async def on_sqlite(knowledge: Knowledge) -> list[Figure]:
    """The embedded product."""
    with tempfile.TemporaryDirectory() as folder:
        return await product(knowledge, "sqlite", Settings(data_dir=Path(folder)))


async def on_postgresql(knowledge: Knowledge) -> list[Figure]:
    """A PostgreSQL of its own, with the durability of its defaults left out: what is measured is our side."""
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        settings = Settings(data_dir=Path(folder), database_url=url, secret_key="benchmark")
        return await product(knowledge, "postgresql", settings)


async def understanding() -> list[Figure]:
    """The understanding service over HTTP, as the bot asks it."""
    nlu = Path(__file__).parent.parent / "nlu"
    port = "5105"
    process = await asyncio.create_subprocess_exec(
        str(nlu / ".venv/bin/python"),
        "-m",
        "citizen_nlu.serve",
        cwd=nlu,
        stdout=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": f"{nlu.parent}:{nlu}", "NLU_PORT": port, "OMP_NUM_THREADS": "1"},
    )
    try:
        async with aiohttp.ClientSession() as session:
            began = time.perf_counter()
            async with asyncio.timeout(60):
                while True:
                    try:
                        async with session.get(f"http://127.0.0.1:{port}/status") as answer:
                            if answer.status == 200:
                                break
                    except aiohttp.ClientError:
                        await asyncio.sleep(0.05)
            start = Figure(
                "nlu: start until ready", ((time.perf_counter() - began) * 1000,), time.perf_counter() - began
            )

            async def parse(number: int) -> None:
                text = f"{STORIES[number % len(STORIES)]} {number}"
                async with session.post(
                    f"http://127.0.0.1:{port}/model/parse", json={"text": text}
                ) as answer:
                    await answer.read()

            await timed_at_once("warm", 50, 1, parse)
            memory = (
                int((Path("/proc") / str(process.pid) / "statm").read_text().split()[1]) * 4096 // 1024**2
            )
            return [
                start,
                await timed_at_once(f"nlu: parse, one at a time ({memory} MB)", 400, 1, parse),
                await timed_at_once("nlu: parse, 8 at once", 400, 8, parse),
            ]
    finally:
        process.terminate()
        await process.wait()


def main() -> int:
    """Print the table as the figures come."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "appeals", type=int, nargs="?", default=registry.USUAL, help="size of the registry searched"
    )
    size = parser.parse_args().appeals
    print(HEAD)
    knowledge = load_knowledge(Settings())
    for figure in core(knowledge):
        print(figure, flush=True)
    parts: tuple[Callable[[], Coroutine[object, object, list[Figure]]], ...] = (
        lambda: on_sqlite(knowledge),
        lambda: on_postgresql(knowledge),
        lambda: registry.run(size, show_plans=False),
        understanding,
    )
    for part in parts:
        try:
            for figure in asyncio.run(part()):
                print(figure, flush=True)
        except NotInstalledError as missing:
            print(f"skipped: {missing} is not installed")
    print(f"The registry was searched at {size:_} appeals; `make bench APPEALS=1000000` takes a million.")
    print("\nlanguage detection, per cent of messages right:")
    return language.main()


if __name__ == "__main__":
    sys.exit(main())
