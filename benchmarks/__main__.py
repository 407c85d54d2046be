"""Runs every benchmark and prints one table. Absolute figures depend on the machine; compare runs of one machine."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from benchmarks import language, product, registry
from benchmarks.figures import HEAD, Figure, timed, timed_at_once
from benchmarks.product import HEAT, STORIES
from bot.bootstrap import load_knowledge
from bot.settings import Settings
from dialogs import emergency
from dialogs.engine import Engine
from dialogs.events import UserSaid
from dialogs.model import DialogState, Knowledge
from faq.rank import Ranker
from tests.servers import NotInstalledError


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
                    if process.returncode is not None:
                        raise NotInstalledError("a trained model")
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
        if process.returncode is None:
            process.terminate()
        await process.wait()


def main() -> int:
    """Print the table as the figures come; 1 where one is not what was wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "appeals", type=int, nargs="?", default=registry.USUAL, help="size of the registry searched"
    )
    size = parser.parse_args().appeals
    missed: list[str] = []

    def tell(figures: Iterable[Figure]) -> None:
        for figure in figures:
            print(figure, flush=True)
            if figure.missed:
                missed.append(figure.name)

    print(HEAD)
    knowledge = load_knowledge(Settings())
    tell(core(knowledge))
    parts: tuple[Callable[[], Coroutine[object, object, list[Figure]]], ...] = (
        lambda: product.on_sqlite(knowledge),
        lambda: product.on_postgresql(knowledge),
        lambda: registry.run(size),
        understanding,
    )
    for part in parts:
        try:
            tell(asyncio.run(part()))
        except NotInstalledError as absent:
            print(f"skipped: {absent} is not installed")
    print(f"\nThe registry was searched at {size:_} appeals; `make bench APPEALS=1000000` takes a million.")
    print("\nlanguage detection, per cent of messages right:")
    failed = language.main()
    for name in missed:
        print(f"MISSED: {name}")
    return 1 if missed else failed


if __name__ == "__main__":
    sys.exit(main())
