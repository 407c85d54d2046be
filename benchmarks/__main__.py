"""Runs every benchmark and prints one table. Absolute figures depend on the machine; compare runs of one machine."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from benchmarks import language
from benchmarks.figures import HEAD, Figure, timed, timed_at_once
from bot.bootstrap import build, load_knowledge, new_id
from bot.settings import Settings
from dialogs import emergency
from dialogs.engine import Engine
from dialogs.events import ButtonPressed, Event, Language, Parse, UserSaid
from dialogs.model import DialogState, Knowledge
from faq.rank import Ranker

STORIES = (
    "Бурабай ауданы Щучинск қаласында үш күннен бері жылу жоқ, балалар тоңып отыр",
    "Здравствуйте, на улице Абылай хана в Щучинске третью неделю не горят фонари",
    "жолданым қанша күнде қаралады",
    "когда придёт ответ на обращение",
    "kalai otinish beremin",
)
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


async def product(knowledge: Knowledge) -> list[Figure]:
    """Messages and filed appeals through the use cases, on SQLite, every one committed twice."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        async with build(settings, understanding=Understands(), knowledge=knowledge) as built:
            opened = [(await built.conversations.open("web", "kk")).conversation_id for _ in range(32)]

            async def exchange(conversation: str, event: Event) -> None:
                await built.conversations.exchange(conversation, event, "d")  # type: ignore[arg-type]

            async def message(number: int) -> None:
                await exchange(
                    opened[number % 32], UserSaid(new_id(), datetime.now(UTC), STORIES[number % len(STORIES)])
                )

            async def confirm(number: int) -> float:
                conversation = (await built.conversations.open("web", "kk")).conversation_id
                await exchange(conversation, UserSaid(new_id(), datetime.now(UTC), STORIES[0]))
                for button in ("filing.start", "filing.agree", "filing.synthetic"):
                    await exchange(conversation, ButtonPressed(new_id(), datetime.now(UTC), button))
                start = time.perf_counter()
                await exchange(conversation, ButtonPressed(new_id(), datetime.now(UTC), "filing.confirm"))
                return (time.perf_counter() - start) * 1000

            alone = await timed_at_once("sqlite: a message answered, one at a time", 100, 1, message)
            crowd = await timed_at_once("sqlite: a message answered, 32 at once", 400, 32, message)
            began = time.perf_counter()
            filed = [await confirm(number) for number in range(40)]
            return [
                alone,
                crowd,
                Figure("sqlite: an appeal confirmed and filed", tuple(filed), time.perf_counter() - began),
            ]


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
    print(HEAD)
    knowledge = load_knowledge(Settings())
    for figure in core(knowledge):
        print(figure, flush=True)
    for work in (product(knowledge), understanding()):
        for figure in asyncio.run(work):
            print(figure, flush=True)
    print("\nlanguage detection, per cent of messages right:")
    return language.main()


if __name__ == "__main__":
    sys.exit(main())
