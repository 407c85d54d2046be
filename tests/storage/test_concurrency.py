"""Many at once: one writer of a version wins, deliveries are claimed once and in order, nobody waits long."""

from __future__ import annotations

import asyncio
import statistics
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app.errors import StaleState
from bot.app.ports import Storage
from bot.storage import SqlStorage
from tests import servers
from tests.contracts.samples import (
    MINUTE,
    NOW,
    appeal,
    conversation,
    message,
    outbox_row,
    stored_conversation,
)


async def _prepare(storage: Storage, *names: str) -> None:
    async with storage.write() as uow:
        for name in names:
            await stored_conversation(uow, name)
        await uow.commit()


async def test_of_two_writers_who_read_the_same_version_one_is_stale(storage: Storage) -> None:
    await _prepare(storage, "c1")
    both_have_read = asyncio.Barrier(2)

    async def write(name: str) -> str:
        async with storage.read() as uow:
            found = await uow.conversations.find("c1")
        assert found is not None
        await both_have_read.wait()
        try:
            async with storage.write() as uow:
                await uow.conversations.save(replace(found, holder=name, last_seq=1))
                await uow.messages.add([message(1, text=name)])
                await uow.commit()
        except StaleState:
            return "stale"
        return name

    answers = await asyncio.gather(write("o1"), write("o2"))
    assert sorted(answers)[1] == "stale"
    async with storage.read() as uow:
        left = await uow.conversations.find("c1")
        assert left is not None
        assert left.holder == sorted(answers)[0]
        assert [one.text for one in await uow.messages.after("c1", 0, 9)] == [left.holder]


async def test_writers_who_try_again_all_succeed(storage: Storage) -> None:
    await _prepare(storage, "c1")

    async def speak(text: str) -> None:
        while True:
            try:
                async with storage.write() as uow:
                    found = await uow.conversations.find("c1")
                    assert found is not None
                    saved = await uow.conversations.save(replace(found, last_seq=found.last_seq + 1))
                    await uow.messages.add([message(saved.last_seq, text=text)])
                    await uow.commit()
            except StaleState:
                continue
            return

    await asyncio.gather(*(speak(str(n)) for n in range(8)))
    async with storage.read() as uow:
        said = await uow.messages.after("c1", 0, 99)
    assert [one.seq for one in said] == list(range(1, 9))
    assert {one.text for one in said} == {str(n) for n in range(8)}


async def test_the_same_event_arriving_at_once_is_stored_once(storage: Storage) -> None:
    await _prepare(storage, "c1")

    async def receive() -> bool:
        async with storage.write() as uow:
            row = await uow.inbox.add("c1", "e1", {}, "d", NOW)
            await asyncio.sleep(0)
            await uow.commit()
            return row is not None

    assert sum(await asyncio.gather(*(receive() for _ in range(8)))) == 1


async def test_an_event_is_worked_off_once(storage: Storage) -> None:
    await _prepare(storage, "c1")
    async with storage.write() as uow:
        row = await uow.inbox.add("c1", "e1", {}, "d", NOW)
        await uow.commit()
    assert row is not None

    async def finish(row_id: int) -> bool:
        async with storage.write() as uow:
            finished = await uow.inbox.finish(row_id)
            await uow.commit()
            return finished

    assert sum(await asyncio.gather(*(finish(row.id) for _ in range(8)))) == 1


async def test_an_address_is_given_to_one_of_many(storage: Storage) -> None:
    async def open_one(name: str) -> bool:
        async with storage.write() as uow:
            made = replace(conversation(name), address=conversation("shared").address)
            added = await uow.conversations.add(made, None, None)
            await uow.commit()
            return added

    assert sum(await asyncio.gather(*(open_one(f"c{n}") for n in range(8)))) == 1


async def test_references_are_unique_and_those_of_failed_filings_are_given_again(storage: Storage) -> None:
    await _prepare(storage, "c1")

    async def file(number: int) -> None:
        async with storage.write() as uow:
            given = await uow.appeals.next_number(2026)
            await uow.appeals.add(appeal(f"x{number}", reference=f"KM-2026-{given:06d}"))
            if number % 3 or number > 12:
                await uow.commit()

    await asyncio.gather(*(file(n) for n in range(12)))
    for number in range(13, 17):
        await file(number)
    async with storage.read() as uow:
        filed = await uow.appeals.of_conversation("c1", 99)
    assert sorted(one.reference for one in filed) == [f"KM-2026-{n:06d}" for n in range(1, 13)]


@pytest.mark.postgres
async def test_who_files_waits_for_nobody_else(postgres_storage: SqlStorage) -> None:
    write = postgres_storage.write
    async with write() as uow:
        await uow.appeals.prepare_numbers(2026)
        assert await uow.appeals.next_number(2026) == 1
        await uow.commit()
    async with write() as first, write() as second, write() as third:
        assert [await uow.appeals.next_number(2026) for uow in (first, second, third)] == [2, 3, 4]
        await second.commit()
    async with write() as uow:
        assert [await uow.appeals.next_number(2026) for _ in range(3)] == [2, 4, 5]


async def test_workers_never_share_a_row_and_keep_the_order_of_each_stream(storage: Storage) -> None:
    streams, length = 6, 5
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row(f"{s}-{n}", f"s{s}") for n in range(length) for s in range(streams)])
        await uow.commit()
    delivered: dict[str, list[str]] = defaultdict(list)
    at_work: set[str] = set()

    async def work() -> None:
        while True:
            async with storage.write() as uow:
                rows = await uow.outbox.claim(NOW, MINUTE, 2)
                await uow.commit()
            for row in rows:
                assert row.stream not in at_work
                assert row.attempts == 1
                at_work.add(row.stream)
            await asyncio.sleep(0)
            for row in rows:
                delivered[row.stream].append(row.id)
                at_work.remove(row.stream)
                async with storage.write() as uow:
                    await uow.outbox.done(row.id)
                    await uow.commit()
            if not rows:
                async with storage.read() as uow:
                    if await uow.outbox.pending() == 0:
                        return

    async with asyncio.timeout(servers.HANGS_SECONDS):
        await asyncio.gather(*(work() for _ in range(4)))
    assert delivered == {f"s{s}": [f"{s}-{n}" for n in range(length)] for s in range(streams)}


async def test_a_row_whose_worker_died_is_claimed_again_after_its_lease(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1")])
        await uow.commit()
    for minutes, expected in ((0, 1), (0.9, 0), (1, 1)):
        async with storage.write() as uow:
            rows = await uow.outbox.claim(NOW + minutes * MINUTE, timedelta(minutes=1), 9)
            await uow.commit()
        assert len(rows) == expected


@pytest.mark.postgres
async def test_a_worker_passes_by_what_another_is_just_claiming(postgres_storage: SqlStorage) -> None:
    async with postgres_storage.write() as uow:
        await uow.outbox.add([outbox_row("r1", "s1"), outbox_row("r2", "s1"), outbox_row("r3", "s2")])
        await uow.commit()
    async with (
        postgres_storage.write() as one,
        asyncio.timeout(servers.HANGS_SECONDS),
        postgres_storage.write() as other,
    ):
        assert [row.id for row in await one.outbox.claim(NOW, MINUTE, 1)] == ["r1"]
        assert [row.id for row in await other.outbox.claim(NOW, MINUTE, 9)] == ["r3"]


async def test_thirty_two_writers_on_sqlite_wait_about_as_long_as_each_other(
    sqlite_storage: SqlStorage,
) -> None:
    names = [f"c{n}" for n in range(32)]
    await _prepare(sqlite_storage, *names)
    took: list[float] = []
    clock = asyncio.get_running_loop().time

    async def turn(name: str, number: int) -> None:
        started = clock()
        async with sqlite_storage.write() as uow:
            found = await uow.conversations.find(name)
            assert found is not None
            await uow.conversations.save(replace(found, last_seq=number))
            await uow.outbox.add([outbox_row(f"{name}-{number}-{n}", name) for n in range(3)])
            await uow.commit()
        took.append(clock() - started)

    async def talk(name: str) -> None:
        for number in range(5):
            await turn(name, number)

    await asyncio.gather(*(talk(name) for name in names))
    # Without the queue before SQLite's own lock the longest wait is some 600 times the median.
    assert max(took) < 6 * statistics.median(took)
