"""The registry at size on a real PostgreSQL: `python -m benchmarks.registry [appeals] [--plans] [--database URL]`.

Fills a database with made-up appeals, then asks what a desk asks all day through the same use case, each time all that a
page of the console does: the rows with the last step of each, how many there are, the numbers beside the quick views, and
for those who assign how many appeals each executor has. `--plans` shows how PostgreSQL carries out each question.
`--database` keeps to one that may have been filled before, not one of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import multiprocessing
import os
import random
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Connection, Executable, Integer, Interval, bindparam, event, select, text
from sqlalchemy.schema import CreateIndex

from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import Status
from benchmarks.figures import HEAD, Figure, Wanted
from benchmarks.made_up import (
    COMPANIES,
    CONVERSATIONS,
    EXECUTORS,
    NAMES,
    SPAN,
    TODAY,
    MadeUp,
    company,
    executor,
    person,
)
from bot.app.records import Address, Conversation, Operator, Role
from bot.app.registry import Registry, Search, View
from bot.app.seal import Seal
from bot.app.selection import NO_DUE, Days, Order, Position
from bot.bootstrap import load_knowledge, new_id
from bot.settings import Settings
from bot.storage import SqlStorage, open_storage, upgrade
from bot.storage.repositories.appeals import row_of
from bot.storage.tables import appeals as table
from dialogs.model import DialogState, Knowledge
from tests.servers import postgresql
from text.bilingual import LOCALES

USUAL = 100_000
MADE = 50_000
"""Patterns made by the product's own code, at most: more appeals are put together from these."""
ROWS_AT_ONCE = 2500
SAMPLE = 200
NULL = r"\N"
SHOWN = 50
ROUNDS = 20
SEAL = Seal(b"benchmark")
CLERK = Operator("clerk", "clerk", "Үлгі", Role.SUPERVISOR, "")
ROLES = (CLERK, Operator(executor(0), "executor", "Үлгі", Role.EXECUTOR, ""))
"""One who sees all, as operators, registrars and administrators do, and one who sees what is assigned to them."""


# Of an appeal with the course of one and the words of another: what is its own.
OWN = {
    "id": "lpad(to_hex(turn * :made + seat), 32, '0')",
    "reference": "new_reference",
    "number": "CASE WHEN course.number IS NULL THEN NULL ELSE new_reference END",
    "ordinal": "course.ordinal + turn",
    "created_at": "course.created_at + turn * :step",
    "updated_at": "course.created_at + turn * :step",
    "terms": "ts_delete(words.terms, ARRAY[right(words.reference, 6), 'км' || translate(right(words.reference, 11), '-', '')])"
    " || array_to_tsvector(ARRAY[left(right(new_reference, 11), 4), right(new_reference, 6),"
    " 'км' || translate(right(new_reference, 11), '-', '')])",
}
COLUMNS = [column.name for column in table.c]
OF_THE_WORDS = {
    "draft",
    "body_name",
    "locale",
    "kind",
    "topic",
    "place",
    "body_id",
    "matter_street",
    "applicant_key",
}
PATTERNS = "CREATE UNLOGGED TABLE patterns (LIKE appeals, PRIMARY KEY (id))"
MULTIPLY = f"""
INSERT INTO appeals ({", ".join(COLUMNS)})
SELECT {", ".join(OWN.get(name, f"{'words' if name in OF_THE_WORDS else 'course'}.{name}") for name in COLUMNS)}
FROM generate_series(:first, :last) AS seat
JOIN patterns AS course ON course.id = lpad(to_hex(seat), 32, '0')
CROSS JOIN generate_series(0, :turns - 1) AS turn
JOIN patterns AS words ON words.id = lpad(to_hex((seat * 7919 + turn * 104729) % :made), 32, '0'),
    LATERAL (SELECT left(course.reference, 8) || lpad((right(course.reference, 6)::int + turn)::text, 6, '0')) AS new (new_reference)
ORDER BY seat, turn
"""
FIRST_STEPS = """
INSERT INTO appeal_steps (appeal_id, at, action, status, actor, note, said)
SELECT id, created_at, 'file', status, 'citizen', '', '{}' FROM appeals WHERE is_open
"""
SETTINGS = """
SELECT name, current_setting(name) FROM unnest(ARRAY['shared_buffers', 'effective_cache_size', 'autovacuum', 'jit']) AS name
UNION ALL SELECT 'appeals: pages vacuumed, per cent', round(100.0 * relallvisible / greatest(relpages, 1))::text
FROM pg_class WHERE relname = 'appeals'
"""


class Morning:
    """Nine o'clock of the day on which the made-up appeals end."""

    def now(self) -> datetime:
        """Aware, in Kazakhstan's time."""
        return datetime.combine(TODAY, datetime.min.time(), ALMATY) + timedelta(hours=9)


async def fill(storage: SqlStorage, amount: int, knowledge: Knowledge) -> None:
    """Patterns are made by the product's own code, the appeals by PostgreSQL out of them: each with the words of one and the
    course of another, stored in the order they came. Indexes afterwards."""
    turns = max(1, amount // MADE)
    made = amount // turns
    await _open_conversations(storage)
    async with storage.engine.begin() as connection:
        await connection.run_sync(_each_index, "drop")
        await connection.execute(text(PATTERNS))
    await _make_patterns(storage, made, turns)
    await _together(storage, _multiplications(made, turns), "parts of the appeals")
    async with storage.engine.begin() as connection:
        await connection.execute(text("DROP TABLE patterns"))
    # The one for words takes longer than all the others.
    indexes = sorted(table.indexes, key=lambda index: (index.name != "ix_appeals_terms", str(index.name)))
    await _together(storage, (CreateIndex(index) for index in indexes), "indexes")
    async with storage.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(FIRST_STEPS))
        await connection.execute(text("VACUUM ANALYZE appeals, appeal_steps"))
    await _verify(storage)


def _multiplications(made: int, turns: int) -> Iterator[Executable]:
    statement = text(MULTIPLY).bindparams(bindparam("step", SPAN / (made * turns), Interval))
    for name, value in (("made", made), ("turns", turns)):
        statement = statement.bindparams(bindparam(name, value, Integer))
    for first in range(0, made, ROWS_AT_ONCE):
        ends = {"first": first, "last": min(first + ROWS_AT_ONCE, made) - 1}
        yield statement.bindparams(*(bindparam(name, value, Integer) for name, value in ends.items()))


async def _together(storage: SqlStorage, deeds: Iterable[Executable], what: str) -> None:
    """In their order, as many at a time as there are processors."""
    waiting = deque(deeds)
    whole = len(waiting)

    async def work() -> None:
        while waiting:
            deed = waiting.popleft()
            async with storage.engine.begin() as connection:
                await connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
                await connection.execute(deed)
            progress(1 - len(waiting) / whole, f"{whole - len(waiting)} of {whole} {what}")

    await asyncio.gather(*(work() for _ in range(os.cpu_count() or 1)))


async def _make_patterns(storage: SqlStorage, made: int, turns: int) -> None:
    url = storage.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    stretches = [range(first, min(first + ROWS_AT_ONCE, made)) for first in range(0, made, ROWS_AT_ONCE)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context, initializer=_begin, initargs=(made, turns)) as makers:
        copies = [makers.submit(_make, url, stretch) for stretch in stretches]
        for number, copied in enumerate(map(asyncio.wrap_future, copies), 1):
            await copied
            progress(number / len(copies), f"{stretches[number - 1].stop:_} patterns made")


async def _verify(storage: SqlStorage) -> None:
    """What PostgreSQL has made has to be what the product would have stored."""
    newest = select(table).order_by(table.c.created_at.desc()).limit(SAMPLE)
    async with storage.engine.connect() as connection, storage.read() as work:
        for stored in (await connection.execute(newest)).mappings():
            expected = row_of(await work.appeals.get(stored["id"]), SEAL.of)
            terms = {term.strip("'") for term in stored["terms"].split()}
            wrong = {name for name in expected if name != "terms" and expected[name] != stored[name]}
            if wrong or not expected["terms"] <= terms:
                raise RuntimeError(
                    f"{stored['reference']} is not as the product stores it: {wrong or 'terms'}"
                )


async def _open_conversations(storage: SqlStorage) -> None:
    now = Morning().now()
    async with storage.write() as work:
        for number in range(CONVERSATIONS):
            name = f"{number:032x}"
            await work.conversations.add(
                Conversation(name, Address("web", name), DialogState(), now, now), None, None
            )
        await work.commit()


def progress(share: float, what: str) -> None:
    """A bar, in a terminal; what is printed for good goes elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if share >= 1 else ""
        print(f"\r[{'#' * int(share * 30):<30}] {what}", end=end, file=sys.stderr, flush=True)


_made_up: MadeUp


def _begin(amount: int, every: int) -> None:
    """What a maker needs for all its stretches."""
    global _made_up  # noqa: PLW0603 - a process of the pool has no other place for it
    _made_up = MadeUp(amount, load_knowledge(Settings()), every=every)


def _make(url: str, stretch: range) -> None:
    rows = [row_of(_made_up.appeal(number), SEAL.of) for number in stretch]

    async def copy() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.copy_to_table(
                "patterns", source=_lines(rows), columns=list(rows[0]), format="csv", null=NULL
            )
        finally:
            await connection.close()

    asyncio.run(copy())


def _each_index(connection: Connection, deed: str) -> None:
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        getattr(index, deed)(connection)


async def _lines(rows: list[dict[str, Any]]) -> AsyncIterator[bytes]:
    lines = io.StringIO()
    csv.writer(lines).writerows([_cell(value) for value in row.values()] for row in rows)
    yield lines.getvalue().encode()


def _cell(value: object) -> object:
    match value:
        case None:
            return NULL
        case _ if value == NO_DUE:
            return "infinity"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case frozenset():
            return " ".join(sorted(value))
        case _:
            return value


def questions(amount: int, draw: random.Random) -> Iterator[tuple[str, Search]]:
    """One round of what a desk asks."""
    first, last = NAMES[draw.choice(LOCALES)]
    who = person(draw.randrange(amount // 3), draw.choice(LOCALES))
    year, number = draw.choice((2024, 2025)), draw.randrange(1, amount // 5)
    begun = TODAY - timedelta(days=draw.randrange(40, 1000))
    month = Days(begun, begun + timedelta(days=30))
    newest = Order.RECEIVED
    yield "all open, by term", Search()
    yield "overdue", Search(view=View.OVERDUE)
    yield "due today", Search(view=View.TODAY)
    yield "due in three days", Search(view=View.SOON)
    yield "changed by others", Search(view=View.CHANGED)
    yield "new", Search(view=View.NEW)
    yield "waiting for the citizen", Search(view=View.WAITING)
    yield "nobody's", Search(view=View.UNASSIGNED)
    yield "of one executor", Search(executor=executor(draw.randrange(EXECUTORS)))
    yield "overdue, of one executor", Search(view=View.OVERDUE, executor=executor(draw.randrange(EXECUTORS)))
    yield "open, of one topic", Search(topic=draw.choice(("UTIL.HEAT", "ROAD.HOLES", "CITY", "SOC")))
    yield "reference", Search(words=f"KM-{year}-{number:06d}")
    yield "beginning of a reference", Search(words=f"км-{year}-{number:06d}"[:-2])
    yield "number alone", Search(words=f"{number:06d}")
    yield "ИИН", Search(words=who.iin)
    yield "telephone", Search(words=who.phone)
    yield "full name", Search(words=f"{draw.choice(last)} {draw.choice(first)}")
    yield "a surname, newest first", Search(words=draw.choice(last), order=newest)
    yield "a rare word", Search(words=company(draw.randrange(COMPANIES)))
    yield "a frequent word", Search(words=draw.choice(("жылу", "су", "отопление", "дорога", "балалар")))
    yield "a word of most, newest first", Search(words=draw.choice(("шара", "соседями")), order=newest)
    yield (
        "two words",
        Search(words=draw.choice(("қар тазалау", "ремонт дорог", "жылу балалар", "вывоз мусора"))),
    )
    yield "words of both languages", Search(words="жылу отопление")
    yield "a frequent word and a rare one", Search(words=f"жылу {company(draw.randrange(COMPANIES))}")
    yield "a word nobody wrote", Search(words=draw.choice(("бзықтыр", "щегловитый")))
    yield "word and topic", Search(words="көмек", topic=draw.choice(("UTIL.HEAT", "SOC", "EDU")))
    yield "word and place, newest first", Search(words="су", place="110000000", order=newest)
    yield (
        "word, open, of one executor",
        Search(View.OPEN, "жылу", executor=executor(draw.randrange(EXECUTORS))),
    )
    yield "name and street", Search(words=f"{draw.choice(last)} Абай {draw.randrange(1, 150)}")
    yield "village", Search(place="117055100", view=View.ALL)
    yield "district, open", Search(place="117000000")
    yield "region and kind", Search(place="110000000", kind=Kind.COMPLAINT, view=View.ALL)
    yield "topic and region, newest first", Search(View.ALL, topic="UTIL", place="350000000", order=newest)
    yield "seldom topic of a seldom place", Search(View.ALL, topic="CULT", place="632810000")
    yield "body and status", Search(body_id="education.city", status=Status.RETURNED)
    yield "a month", Search(received=month, view=View.ALL)
    yield "a month, newest first", Search(received=month, view=View.ALL, order=newest)
    yield "a word of a month", Search(words="көмек", received=month)
    yield (
        "term within a week, of a language",
        Search(due=Days(begun, begun + timedelta(days=7)), locale="ru", view=View.ALL),
    )
    yield "kind, language and channel", Search(View.ALL, kind=Kind.RESPONSE, locale="ru", channel="web")
    yield "everything, newest first", Search(view=View.ALL, order=newest)


def deep(draw: random.Random) -> Iterator[tuple[str, Search, Position]]:
    """Pages far behind the first."""
    day = TODAY - timedelta(days=draw.randrange(30, 1400))
    term, moment = Position(day, 0), Position(datetime.combine(day, datetime.min.time(), ALMATY), 0)
    newest = Order.RECEIVED
    yield "deep page: everything, by term", Search(View.ALL), term
    yield "deep page: everything, newest first", Search(View.ALL, order=newest), moment
    yield "deep page: a topic group", Search(View.ALL, topic="UTIL"), term
    yield "deep page: a frequent word", Search(words="жылу"), term
    yield "deep page: a frequent word, newest first", Search(words="отопление", order=newest), moment
    yield "deep page: a region, newest first", Search(View.ALL, place="110000000", order=newest), moment
    yield "deep page: a rare word", Search(words=company(draw.randrange(COMPANIES))), term


async def ask(registry: Registry, who: Operator, search: Search, after: Position | None = None) -> None:
    """What a page of the registry asks for."""
    shown = await registry.page(who, search, SHOWN, after=after, count=True)
    await registry.counts(who, [Search(view=view) for view in registry.views(who)])
    await registry.last_steps(shown.appeals)
    if who.role is Role.SUPERVISOR:
        await registry.workload(who)


def asked_by(
    who: Operator, amount: int, draw: random.Random
) -> Iterator[tuple[str, Search, Position | None]]:
    """All questions and deep pages, under names that tell the roles apart."""
    told = "" if who.role is Role.SUPERVISOR else f"{who.role.value}: "
    for name, search in questions(amount, draw):
        yield f"{told}{name}", search, None
    for name, search, after in deep(draw):
        yield f"{told}{name}", search, after


async def measure(registry: Registry, amount: int, rounds: int) -> list[Figure]:
    """Every question of every role in turn, `rounds` times over with other values; the slowest first."""
    spans: dict[str, list[float]] = {}
    draw = random.Random(7)
    for number in range(rounds):
        for who in ROLES:
            for name, search, after in asked_by(who, amount, draw):
                start = time.perf_counter()
                await ask(registry, who, search, after)
                spans.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        progress((number + 1) / rounds, f"{number + 1} of {rounds} rounds of {len(spans)} questions")
    every = [span for each in spans.values() for span in each]
    figures = [Figure(f"registry: {name}", tuple(each), sum(each) / 1000) for name, each in spans.items()]
    figures.sort(key=lambda figure: figure.p95, reverse=True)
    whole = f"registry: every question, {amount:_} appeals"
    return [Figure(whole, tuple(every), sum(every) / 1000, wanted=Wanted(p95=100)), *figures]


async def plans(storage: SqlStorage, registry: Registry, amount: int) -> None:
    """How PostgreSQL carries each question out, with times."""
    told: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, _x: object, _many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")):
            told.append((statement, values))

    await _print_settings(storage)
    event.listen(storage.reading.sync_engine, "before_cursor_execute", remember)
    for who in ROLES:
        for name, search, after in asked_by(who, amount, random.Random(7)):
            told.clear()
            await ask(registry, who, search, after)
            print(f"\n--- {name}: {_described(search)}")
            await _explain(storage, told)
    event.remove(storage.reading.sync_engine, "before_cursor_execute", remember)


async def _print_settings(storage: SqlStorage) -> None:
    """What an administrator sets: see docs/runbook.md."""
    async with storage.reading.connect() as connection:
        for name, value in await connection.execute(text(SETTINGS)):
            print(f"{name:<34}{value}")


async def _explain(storage: SqlStorage, asked: Sequence[tuple[str, Any]]) -> None:
    async with storage.reading.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        for statement, values in tuple(asked):
            rows = await driver.fetch(
                f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY ON) {statement}", *values
            )
            print("\n".join(row[0] for row in rows))


def _described(search: Search) -> str:
    shown: Mapping[str, object] = {
        name: value for name in Search.__slots__ if (value := getattr(search, name)) not in (None, "", Days())
    }
    return ", ".join(f"{name}={value}" for name, value in shown.items())


async def run(amount: int, *, rounds: int = ROUNDS, show_plans: bool = False, url: str = "") -> list[Figure]:
    """On the database at `url`, filled if it is empty; without one on a PostgreSQL of its own, gone afterwards."""
    knowledge = load_knowledge(Settings())
    with nullcontext(url) if url else postgresql() as address:
        async with open_storage(address, SEAL.of) as storage:
            await upgrade(storage.engine)
            registry = Registry(storage, knowledge, Morning(), new_id)
            if not (await registry.page(CLERK, Search(view=View.ALL), 1)).appeals:
                began = time.perf_counter()
                await fill(storage, amount, knowledge)
                print(f"{amount:_} made-up appeals stored in {time.perf_counter() - began:.0f} s", flush=True)
            await measure(registry, amount, 1)  # warm
            if show_plans:
                await plans(storage, registry, amount)
            return await measure(registry, amount, rounds)


def main() -> int:
    """Print the figures, and the plans if asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("appeals", type=int, nargs="?", default=USUAL)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", default="", metavar="URL")
    options = parser.parse_args()
    figures = asyncio.run(
        run(options.appeals, rounds=options.rounds, show_plans=options.plans, url=options.database)
    )
    print(HEAD)
    for figure in figures:
        print(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
