"""The registry at size on a real PostgreSQL: `python -m benchmarks.registry [appeals] [--plans]`.

Fills a database of its own with made-up appeals, then asks what a desk asks all day through the same use case. `--plans`
shows how PostgreSQL carries out each question.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, event, text

from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import Status
from benchmarks.figures import HEAD, Figure
from benchmarks.made_up import CONVERSATIONS, NAMES, TODAY, appeals, person
from bot.app.records import Address, Conversation, Operator, Role
from bot.app.registry import Registry, Search, View
from bot.app.seal import Seal
from bot.app.selection import Days, Order, Position
from bot.bootstrap import load_knowledge, new_id
from bot.settings import Settings
from bot.storage import SqlStorage, open_storage, upgrade
from bot.storage.repositories.appeals import row_of
from bot.storage.tables import appeals as table
from dialogs.model import DialogState, Knowledge
from tests.servers import postgresql

USUAL = 100_000
ROWS_AT_ONCE = 5000
SHOWN = 50
ROUNDS = 30
SEAL = Seal(b"benchmark")
CLERK = Operator("clerk", "clerk", "Үлгі", Role.SUPERVISOR, "")


class Morning:
    """Nine o'clock of the day on which the made-up appeals end."""

    def now(self) -> datetime:
        """Aware, in Kazakhstan's time."""
        return datetime.combine(TODAY, datetime.min.time(), ALMATY) + timedelta(hours=9)


async def fill(storage: SqlStorage, amount: int, knowledge: Knowledge) -> None:
    """Rows by COPY, indexes afterwards: minutes in place of hours."""
    now = Morning().now()
    async with storage.write() as work:
        for number in range(CONVERSATIONS):
            name = f"{number:032x}"
            await work.conversations.add(
                Conversation(name, Address("web", name), DialogState(), now, now), None, None
            )
        await work.commit()
    made_up = appeals(amount, knowledge.domain, knowledge.calendar)
    async with storage.engine.begin() as connection:
        await connection.run_sync(_each_index, "drop")
        driver: Any = (await connection.get_raw_connection()).driver_connection
        while rows := [row_of(appeal, SEAL.of) for appeal in islice(made_up, ROWS_AT_ONCE)]:
            await driver.copy_to_table("appeals", source=_lines(rows), columns=list(rows[0]), format="csv")
        await connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        await connection.run_sync(_each_index, "create")
    async with storage.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE appeals"))


def _each_index(connection: Connection, deed: str) -> None:
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        getattr(index, deed)(connection)


async def _lines(rows: list[dict[str, Any]]) -> AsyncIterator[bytes]:
    lines = io.StringIO()
    csv.writer(lines).writerows([_cell(value) for value in row.values()] for row in rows)
    yield lines.getvalue().encode()


def _cell(value: object) -> object:
    match value:
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case frozenset():
            return " ".join(sorted(value))
        case _:
            return value


def questions(amount: int, draw: random.Random) -> Iterator[tuple[str, Search]]:
    """One round of what a desk asks."""
    locale = draw.choice(("kk", "ru"))
    first, last = NAMES[locale]
    who = person(draw.randrange(amount // 3), draw.choice(("kk", "ru")))
    year, number = draw.choice((2024, 2025)), draw.randrange(1, amount // 4)
    begun = TODAY - timedelta(days=draw.randrange(40, 1000))
    yield "all open, by term", Search()
    yield "overdue", Search(view=View.OVERDUE)
    yield "due in three days", Search(view=View.SOON)
    yield "new", Search(view=View.NEW)
    yield "waiting for the citizen", Search(view=View.WAITING)
    yield "open, of one topic", Search(topic=draw.choice(("UTIL.HEAT", "ROAD.HOLES", "CITY", "SOC")))
    yield "reference", Search(words=f"KM-{year}-{number:06d}")
    yield "beginning of a reference", Search(words=f"км-{year}-{number:06d}"[:-2])
    yield "number alone", Search(words=f"{number:06d}")
    yield "ИИН", Search(words=who.iin)
    yield "telephone", Search(words=who.phone)
    yield "full name", Search(words=f"{draw.choice(last)} {draw.choice(first)}")
    yield "a surname, newest first", Search(words=draw.choice(last), order=Order.RECEIVED)
    yield "a frequent word", Search(words=draw.choice(("жылу", "су", "отопление", "дорога", "балалар")))
    yield (
        "a frequent word, newest first",
        Search(words=draw.choice(("көмек", "соседями")), order=Order.RECEIVED),
    )
    yield (
        "two words",
        Search(words=draw.choice(("қар тазалау", "ремонт дорог", "жылу көмек", "вывоз мусора"))),
    )
    yield "words of both languages", Search(words="жылу отопление")
    yield "word and topic", Search(words="көмек", topic=draw.choice(("UTIL.HEAT", "SOC", "EDU")))
    yield "name and street", Search(words=f"{draw.choice(last)} Абай {draw.randrange(1, 150)}")
    yield "village", Search(place="117055100", view=View.ALL)
    yield "district, open", Search(place="117000000")
    yield "region and kind", Search(place="110000000", kind=Kind.COMPLAINT, view=View.ALL)
    yield (
        "topic and region, newest first",
        Search(topic="UTIL", place="350000000", view=View.ALL, order=Order.RECEIVED),
    )
    yield "body and status", Search(body_id="education.city", status=Status.RETURNED)
    yield "a month", Search(received=Days(begun, begun + timedelta(days=30)), view=View.ALL)
    yield (
        "a month, newest first",
        Search(received=Days(begun, begun + timedelta(days=30)), view=View.ALL, order=Order.RECEIVED),
    )
    yield (
        "term within a week, of a language",
        Search(due=Days(begun, begun + timedelta(days=7)), locale="ru", view=View.ALL),
    )
    yield "everything, newest first", Search(view=View.ALL, order=Order.RECEIVED)


async def ask(registry: Registry, search: Search, after: Position | None = None) -> None:
    """What a page of the registry asks for: the rows, and how many there are."""
    await registry.page(CLERK, search, SHOWN, after=after)
    await registry.counts(CLERK, [search])


async def measure(registry: Registry, amount: int) -> list[Figure]:
    """Every question in turn, ROUNDS times over with other values, and pages from the middle of everything."""
    spans: dict[str, list[float]] = {}
    draw = random.Random(7)
    for _ in range(ROUNDS):
        asked: list[tuple[str, Search, Position | None]] = [(*each, None) for each in questions(amount, draw)]
        somewhere = Position(TODAY - timedelta(days=draw.randrange(30, 1000)), 0)
        asked.append(("a page from the middle", Search(view=View.ALL), somewhere))
        for name, search, after in asked:
            start = time.perf_counter()
            await ask(registry, search, after)
            spans.setdefault(name, []).append((time.perf_counter() - start) * 1000)
    figures = [Figure(f"registry: {name}", tuple(each), sum(each) / 1000) for name, each in spans.items()]
    every = tuple(span for each in spans.values() for span in each)
    return [*figures, Figure(f"registry: all of these, of {amount:_} appeals", every, sum(every) / 1000)]


async def plans(storage: SqlStorage, registry: Registry, amount: int) -> None:
    """How PostgreSQL carries each question out, with times."""
    told: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, _x: object, _many: bool) -> None:
        if statement.startswith("SELECT"):
            told.append((statement, values))

    event.listen(storage.engine.sync_engine, "before_cursor_execute", remember)
    for name, search in questions(amount, random.Random(7)):
        told.clear()
        await ask(registry, search)
        asked = told.copy()
        print(f"\n--- {name}: {_described(search)}")
        async with storage.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for statement, values in asked:
                rows = await driver.fetch(
                    f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) {statement}", *values
                )
                print("\n".join(row[0] for row in rows))


def _described(search: Search) -> str:
    shown: Mapping[str, object] = {
        name: value for name in Search.__slots__ if (value := getattr(search, name)) not in (None, "", Days())
    }
    return ", ".join(f"{name}={value}" for name, value in shown.items())


async def run(amount: int, *, show_plans: bool) -> list[Figure]:
    """On a PostgreSQL of its own, gone afterwards."""
    knowledge = load_knowledge(Settings())
    with postgresql() as url:
        async with open_storage(url, SEAL.of) as storage:
            await upgrade(storage.engine)
            began = time.perf_counter()
            await fill(storage, amount, knowledge)
            print(f"{amount:_} made-up appeals stored in {time.perf_counter() - began:.0f} s", flush=True)
            registry = Registry(storage, knowledge, Morning(), new_id)
            await measure(registry, 1000)  # warm
            if show_plans:
                await plans(storage, registry, amount)
            return await measure(registry, amount)


def main() -> int:
    """Print the figures, and the plans if asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("appeals", type=int, nargs="?", default=USUAL)
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    figures = asyncio.run(run(options.appeals, show_plans=options.plans))
    print(HEAD)
    for figure in figures:
        print(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
