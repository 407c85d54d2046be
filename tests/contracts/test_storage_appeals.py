"""The registry: numbers without gaps, one writer at a time, its history. Search is in test_storage_registry.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals.lifecycle import Status
from bot.app.errors import NotFound, StaleState
from bot.app.ports import Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep
from tests.contracts.samples import MINUTE, NOW, appeal, stored_conversation

DAY = date(2026, 12, 1)


async def _stored(uow: UnitOfWork, *made: AppealRecord) -> None:
    await stored_conversation(uow)
    for one in made:
        await uow.appeals.add(one)


async def test_an_appeal_comes_back_as_it_was(storage: Storage) -> None:
    made = appeal()
    registered = replace(
        appeal(),
        status=Status.REGISTERED,
        number="ЖТ-2026-1",
        registered_on=DAY,
        due=DAY,
        due_article="76-бап",
        answer="Жылу берілді",
        near_due_told=True,
    )
    async with storage.write() as uow:
        await _stored(uow, made, registered)
        await uow.commit()
    async with storage.read() as uow:
        assert await uow.appeals.get(made.id) == replace(made, version=1)
        assert await uow.appeals.find_by_reference(registered.reference) == replace(registered, version=1)
        assert await uow.appeals.find_by_reference("KM-1999-000001") is None
        with pytest.raises(NotFound):
            await uow.appeals.get("unknown")
        newest_first = [replace(registered, version=1), replace(made, version=1)]
        assert await uow.appeals.of_conversation("c1", 9) == newest_first
        assert await uow.appeals.of_conversation("c1", 1) == newest_first[:1]


async def test_a_second_save_of_the_same_version_is_stale(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(uow, appeal("a"))
        read = await uow.appeals.get("a")
        saved = await uow.appeals.save(replace(read, status=Status.REGISTERED))
        assert saved == replace(read, status=Status.REGISTERED, version=read.version + 1)
        assert await uow.appeals.get("a") == saved
        with pytest.raises(StaleState):
            await uow.appeals.save(replace(read, status=Status.WITHDRAWN))


async def test_numbers_count_from_one_each_year_without_gaps(storage: Storage) -> None:
    async with storage.write() as uow:
        assert [await uow.appeals.next_number(2026) for _ in range(2)] == [1, 2]
        assert await uow.appeals.next_number(2027) == 1
        await uow.commit()
    async with storage.write() as uow:
        assert await uow.appeals.next_number(2026) == 3
    async with storage.write() as uow:
        assert await uow.appeals.next_number(2026) == 3


async def test_reminders_are_due_within_the_days_open_and_not_told(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("last", due=DAY + timedelta(2), status=Status.EXTENDED),
            appeal("first", due=DAY, status=Status.REGISTERED),
            appeal("before", due=DAY - timedelta(1), status=Status.REGISTERED),
            appeal("after", due=DAY + timedelta(3), status=Status.REGISTERED),
            appeal("ended", due=DAY, status=Status.TERMINATED),
            appeal("told", due=DAY, status=Status.REGISTERED, near_due_told=True),
            appeal("unregistered"),
        )
        found = await uow.appeals.due_between(DAY, DAY + timedelta(2))
        assert [one.id for one in found] == ["first", "last"]


async def test_history_keeps_its_order(storage: Storage) -> None:
    steps = [
        AppealStep("a", NOW + MINUTE, "register", Status.REGISTERED, "o1", "№ 1"),
        AppealStep("a", NOW, "start", Status.IN_PROGRESS, "o1"),
    ]
    async with storage.write() as uow:
        await _stored(uow, appeal("a"), appeal("b"))
        for step in steps:
            await uow.appeals.add_step(step)
        assert await uow.appeals.steps("a") == steps
        assert await uow.appeals.steps("b") == []
