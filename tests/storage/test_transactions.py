"""What is not committed did not happen, whoever fails, is cancelled or killed."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, StatementError

from bot.app.errors import StaleState
from bot.app.ports import Storage
from bot.storage import SqlStorage, open_storage
from bot.storage.engine import parse_url
from tests import servers
from tests.contracts.samples import NOW, SEAL, conversation, message, stored_conversation

ROOT = Path(__file__).parents[2]

# A worker that has committed one turn and written another when it is killed.
_ONE_TURN_AND_A_HALF = """
import asyncio, sys
from bot.storage import open_storage
from tests.contracts.samples import SEAL, appeal, message, outbox_row, stored_conversation

async def turn(uow, name):
    await stored_conversation(uow, name)
    await uow.appeals.next_number(2026)
    await uow.appeals.add(appeal(name, conversation_id=name))
    await uow.messages.add([message(1, conversation_id=name)])
    await uow.outbox.add([outbox_row(name)])

async def main(url):
    async with open_storage(url, SEAL.of) as storage:
        async with storage.write() as uow:
            await turn(uow, "whole")
            await uow.commit()
        async with storage.write() as uow:
            await turn(uow, "half")
            sys.stdout.write("ready\\n")
            sys.stdout.flush()
            await asyncio.sleep(60)

asyncio.run(main(sys.argv[1]))
"""


async def test_a_killed_process_loses_nothing_committed_and_leaves_nothing_else(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ONE_TURN_AND_A_HALF, database_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(servers.HANGS_SECONDS):
        assert await process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async with open_storage(database_url, SEAL.of) as storage:
        async with storage.read() as uow:
            assert await uow.conversations.find("whole") is not None
            assert await uow.conversations.find("half") is None
            assert [one.id for one in await uow.appeals.of_conversation("whole", 9)] == ["whole"]
            assert await uow.appeals.of_conversation("half", 9) == []
            assert len(await uow.messages.after("whole", 0, 9)) == 1
            assert await uow.messages.after("half", 0, 9) == []
            assert await uow.outbox.pending() == 1
        async with storage.write() as uow:
            assert await uow.appeals.next_number(2026) == 2


async def test_a_failure_rolls_back(storage: Storage) -> None:
    async def fail() -> None:
        async with storage.write() as uow:
            await stored_conversation(uow)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with storage.write() as uow:
        assert await uow.conversations.find("c1") is None


async def test_what_follows_a_commit_needs_another(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.commit()
        await uow.messages.add([message(1)])
    async with storage.read() as uow:
        assert await uow.conversations.find("c1") is not None
        assert await uow.messages.after("c1", 0, 9) == []


async def test_a_cancelled_writer_rolls_back_and_lets_others_write(storage: Storage) -> None:
    written = asyncio.Event()

    async def work() -> None:
        async with storage.write() as uow:
            await stored_conversation(uow)
            written.set()
            while True:
                await uow.messages.after("c1", 0, 9)

    task = asyncio.create_task(work())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(servers.HANGS_SECONDS), storage.write() as uow:
        assert await uow.conversations.find("c1") is None
        await stored_conversation(uow)
        await uow.commit()


async def test_a_reader_cannot_write(storage: Storage) -> None:
    async with storage.read() as uow:
        with pytest.raises(DBAPIError):
            await uow.conversations.add(conversation(), None, None)
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.commit()


async def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(storage: Storage) -> None:
    async with storage.write() as writer:
        await stored_conversation(writer)
        async with asyncio.timeout(servers.HANGS_SECONDS), storage.read() as reader:
            assert await reader.conversations.find("c1") is None
        await writer.commit()
        async with storage.read() as reader:
            assert await reader.conversations.find("c1") is not None


async def test_a_time_without_a_zone_is_refused(storage: Storage) -> None:
    async with storage.write() as uow:
        with pytest.raises(StatementError, match="zone"):
            await stored_conversation(uow, created_at=NOW.replace(tzinfo=None))


async def test_health_is_whether_the_database_answers(storage: SqlStorage) -> None:
    assert await storage.healthy()
    async with storage.write():
        assert await storage.healthy()


async def test_a_database_that_is_not_there_is_not_healthy(tmp_path: Path) -> None:
    port = servers.free_port()
    async with open_storage(f"postgresql+asyncpg://nobody@127.0.0.1:{port}/none", SEAL.of) as storage:
        assert not await storage.healthy()
    (tmp_path / "storage.db").mkdir()
    threads = set(threading.enumerate())
    async with open_storage(f"sqlite+aiosqlite:///{tmp_path}/storage.db", SEAL.of) as storage:
        assert not await storage.healthy()
    # The driver leaves the thread of a connection that failed to end by itself, and it still needs our loop.
    while set(threading.enumerate()) - threads:  # noqa: ASYNC110 - it sets no event
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///x.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://h/x",
        "mysql://h/x",
    ],
)
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="give"):
        parse_url(url)


@pytest.mark.postgres
async def test_a_deadlock_is_stale_state(postgres_storage: SqlStorage) -> None:
    async with postgres_storage.write() as uow:
        for name in ("c1", "c2"):
            await stored_conversation(uow, name)
        await uow.commit()
    both_hold_one = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> str:
        try:
            async with postgres_storage.write() as uow:
                for name in (first, second):
                    found = await uow.conversations.find(name)
                    assert found is not None
                    await uow.conversations.save(replace(found, last_seq=1))
                    if name == first:
                        await both_hold_one.wait()
                await uow.commit()
        except StaleState:
            return "stale"
        return "saved"

    assert sorted(await asyncio.gather(cross("c1", "c2"), cross("c2", "c1"))) == ["saved", "stale"]


@pytest.mark.postgres
async def test_a_lost_connection_is_stale_state_and_the_next_transaction_has_a_new_one(
    postgres_storage: SqlStorage,
) -> None:
    async def lose() -> None:
        async with postgres_storage.engine.connect() as other:
            await other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    async def write() -> None:
        async with postgres_storage.write() as uow:
            await stored_conversation(uow)
            await lose()
            await uow.commit()

    async def read() -> None:
        async with postgres_storage.read() as uow:
            await uow.conversations.find("c1")
            await lose()
            await uow.conversations.find("c1")

    for cut_off in (write, read):
        with pytest.raises(StaleState):
            await cut_off()
    async with postgres_storage.write() as uow:
        await stored_conversation(uow)
        await uow.commit()


async def test_a_second_process_that_keeps_sqlite_locked_is_stale_state(sqlite_url: str) -> None:
    async with open_storage(sqlite_url, SEAL.of) as one, open_storage(sqlite_url, SEAL.of) as other:
        async with other.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA busy_timeout=50")
        async with one.write() as uow:
            await stored_conversation(uow)
            with pytest.raises(StaleState):
                async with other.write() as rival:
                    await stored_conversation(rival, "c2")
