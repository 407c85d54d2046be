"""Migrations make exactly the tables the code knows, and take them away again, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from appeals.lifecycle import Status
from appeals.steps import Start
from bot.app.records import Role
from bot.app.selection import Order, Selection
from bot.storage import migrate, open_storage, upgrade
from bot.storage.engine import migrating_engine
from bot.storage.tables import metadata
from tests.contracts.samples import SEAL, appeal, message, stored_conversation
from tests.servers import HANGS_SECONDS


async def _tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda c: inspect(c).get_table_names())
    return {name for name in names if not name.startswith("appeal_terms")}  # SQLite's for full text search


async def test_up_check_down_and_up_again(empty_database_url: str) -> None:
    async with open_storage(empty_database_url, SEAL.of) as storage:
        await upgrade(storage.engine)
        await upgrade(storage.engine)
        await migrate.run(storage.engine, command.check)
        assert await _tables(storage.engine) == {*metadata.tables, "alembic_version"}
        await migrate.run(storage.engine, lambda config: command.downgrade(config, "base"))
        assert await _tables(storage.engine) - {"sqlite_sequence"} == {"alembic_version"}
        await upgrade(storage.engine)
        await migrate.run(storage.engine, command.check)


async def test_check_notices_a_difference(empty_database_url: str) -> None:
    async with open_storage(empty_database_url, SEAL.of) as storage:
        await upgrade(storage.engine)
        async with storage.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE audit ADD COLUMN extra TEXT"))
        with pytest.raises(CommandError):
            await migrate.run(storage.engine, command.check)


async def test_several_processes_may_migrate_at_once(empty_database_url: str) -> None:
    async def start() -> None:
        async with open_storage(empty_database_url, SEAL.of) as storage:
            await upgrade(storage.engine)

    await asyncio.gather(*(start() for _ in range(4)))
    async with open_storage(empty_database_url, SEAL.of) as storage:
        await migrate.run(storage.engine, command.check)


async def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    def fail(config: object) -> None:
        command.upgrade(config, "head")  # type: ignore[arg-type]
        raise ZeroDivisionError

    async with open_storage(empty_database_url, SEAL.of) as storage:
        with pytest.raises(ZeroDivisionError):
            await migrate.run(storage.engine, fail)
        assert await _tables(storage.engine) == set()


async def test_sqlite_can_copy_a_table_that_others_refer_to(sqlite_url: str) -> None:
    async with open_storage(sqlite_url, SEAL.of) as storage:
        async with storage.write() as uow:
            await stored_conversation(uow)
            await uow.messages.add([message(1)])
            await uow.commit()

        def alter(connection: sa.Connection) -> None:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("conversations") as batch:
                batch.alter_column("summary", existing_type=sa.Text(), nullable=True)

        migrating = migrating_engine(storage.engine)
        async with migrating.begin() as connection:
            await connection.run_sync(alter)
        await migrating.dispose()
        async with storage.read() as uow:
            assert await uow.messages.after("c1", 0, 9) == [message(1)]


async def test_a_migration_may_not_leave_rows_that_refer_to_nothing(sqlite_url: str) -> None:
    async with open_storage(sqlite_url, SEAL.of) as storage:
        async with storage.write() as uow:
            await stored_conversation(uow)
            await uow.messages.add([message(1)])
            await uow.commit()

        def lose(config: object) -> None:
            connection = config.attributes["connection"]  # type: ignore[attr-defined]
            connection.execute(text("DELETE FROM conversations"))

        with pytest.raises(RuntimeError):
            await migrate.run(storage.engine, lose)
        async with storage.read() as uow:
            assert await uow.conversations.find("c1") is not None


async def test_the_desk_takes_over_what_was_there(empty_database_url: str) -> None:
    async with open_storage(empty_database_url, SEAL.of) as storage:
        await migrate.run(storage.engine, lambda config: command.upgrade(config, "0009"))
        async with storage.engine.begin() as connection:
            for statement in BEFORE_THE_DESK:
                await connection.execute(text(statement))
        await upgrade(storage.engine)
        await migrate.run(storage.engine, command.check)
        async with storage.read() as uow:
            appeal, history = await uow.appeals.get("a1"), await uow.appeals.steps("a1")
            assert (appeal.status, appeal.executor_id, appeal.answer_files) == (Status.IN_PROGRESS, None, ())
            assert [(step.action, step.said) for step in history] == [("start", Start())]
            accounts = await uow.operators.all()
        assert all(account.post is None for account in accounts)
        roles = {account.login: account.role for account in accounts}
        assert roles == {"o": Role.REGISTRAR, "s": Role.SUPERVISOR, "a": Role.ADMINISTRATOR}
        await migrate.run(storage.engine, lambda config: command.downgrade(config, "0009"))
        async with storage.engine.connect() as connection:
            assert (
                await connection.execute(text("SELECT role FROM operators WHERE login = 'o'"))
            ).scalar() == "operator"


async def test_numbers_go_on_where_they_were(empty_database_url: str) -> None:
    async with open_storage(empty_database_url, SEAL.of) as storage:
        await migrate.run(storage.engine, lambda config: command.upgrade(config, "0016"))
        async with storage.engine.begin() as connection:
            await connection.execute(
                text("INSERT INTO appeal_numbers (year, last) VALUES (2025, 3), (2026, 41)")
            )
        await upgrade(storage.engine)
        async with storage.write() as uow:
            assert [await uow.appeals.next_number(2026) for _ in range(2)] == [42, 43]
            await uow.commit()
        async with storage.engine.begin() as connection:  # as a filing that failed gives its number back
            await connection.execute(text("INSERT INTO appeal_free_numbers (year, number) VALUES (2026, 42)"))
        await migrate.run(storage.engine, lambda config: command.downgrade(config, "0016"))
        async with storage.engine.connect() as connection:
            last = await connection.execute(text("SELECT year, last FROM appeal_numbers ORDER BY year"))
            assert [tuple(row) for row in last] == [(2025, 3), (2026, 43)]


@pytest.mark.postgres
async def test_appeals_are_filed_while_the_next_revision_builds_its_indexes(empty_postgres_url: str) -> None:
    async with open_storage(empty_postgres_url, SEAL.of) as storage:
        await migrate.run(storage.engine, lambda config: command.upgrade(config, "0015"))
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'"
        )
        async with storage.write() as slow:
            await stored_conversation(slow)
            await slow.appeals.add(appeal("slow"))
            upgrading = asyncio.create_task(upgrade(storage.engine))
            async with asyncio.timeout(HANGS_SECONDS), storage.reading.connect() as connection:
                while not (await connection.execute(waiting)).scalar():
                    await asyncio.wait([upgrading], timeout=0.01)
                    assert not upgrading.done()
            async with (
                storage.engine.begin() as quick
            ):  # an index built within a transaction would not let it in
                await quick.execute(text("SET LOCAL lock_timeout = '1min'"))
                await quick.execute(text("UPDATE appeals SET version = 2 WHERE false"))
            await slow.commit()
        await upgrading
        await migrate.run(storage.engine, command.check)
        async with storage.read() as uow:
            assert [one.id for one in await uow.appeals.search(Selection("тоңып"), Order.DUE, 9)] == ["slow"]


@pytest.mark.postgres
async def test_an_index_that_was_given_up_halfway_is_built_again(empty_postgres_url: str) -> None:
    async with open_storage(empty_postgres_url, SEAL.of) as storage:
        await migrate.run(storage.engine, lambda config: command.upgrade(config, "0015"))
        async with storage.write() as uow:
            await stored_conversation(uow)
            await uow.appeals.add(appeal("a"))
            await uow.commit()
        async with storage.engine.begin() as connection:
            await connection.execute(text("CREATE INDEX ix_appeals_terms_next ON appeals (id)"))
            await connection.execute(
                text(
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_appeals_terms_next'::regclass"
                )
            )
        await upgrade(storage.engine)
        await migrate.run(storage.engine, command.check)
        await migrate.run(storage.engine, lambda config: command.downgrade(config, "0015"))
        await upgrade(storage.engine)
        async with storage.read() as uow:
            assert [one.id for one in await uow.appeals.search(Selection("тоңып"), Order.DUE, 9)] == ["a"]


BEFORE_THE_DESK = (
    "INSERT INTO conversations (id, channel, external_id, state, phase, created_at, updated_at, version, last_seq,"
    " urgent, reason, summary, contact, wait_offered, unreachable) VALUES ('c1', 'web', 'c1', '{}', 'bot',"
    " '2026-11-20 07:00:00', '2026-11-20 07:00:00', 1, 0, false, '', '', '', false, false)",
    "INSERT INTO appeals (id, reference, secret_hash, conversation_id, draft, body_name, locale, status, synthetic,"
    " consent_version, created_at, updated_at, version, due, near_due_told,"
    " ordinal, channel, due_sort, is_open, terms, terms_version) VALUES ('a1',"
    " 'KM-2026-000001', '', 'c1', '{}', '', 'kk', 'in_progress', true, '', '2026-11-20 07:00:00',"
    " '2026-11-20 07:00:00', 1, '2026-12-11', true, 2026000000001, 'web', '2026-12-11', true, '', 0)",
    "INSERT INTO appeal_steps (appeal_id, at, action, status, actor, note) VALUES ('a1', '2026-11-20 07:00:00',"
    " 'start', 'in_progress', 'o', '')",
    *(
        f"INSERT INTO operators (id, login, name, role, password_hash, must_change, active)"
        f" VALUES ('{role[0]}', '{role[0]}', '', '{role}', '', false, true)"
        for role in ("operator", "supervisor", "administrator")
    ),
)


def test_migrations_are_one_line_of_revisions() -> None:
    scripts = ScriptDirectory(str(migrate.FOLDER))
    revisions: Sequence[object] = list(scripts.walk_revisions())
    assert len(scripts.get_heads()) == 1
    assert len(revisions) == len(list((migrate.FOLDER / "versions").glob("*.py")))
