"""The registry: numbers without gaps, one writer at a time, its history. Search is in test_storage_registry.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals.appeal import Attachment
from appeals.decisions import Character, Decision
from appeals.lifecycle import Status
from appeals.steps import Extend, Register, Start
from bot.app.errors import NotFound, StaleState
from bot.app.ports import Storage, UnitOfWork
from bot.app.records import (
    AppealRecord,
    AppealStep,
    AttemptOutcome,
    DeliveryAttempt,
    Reminder,
    Watched,
)
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
        answer_files=(Attachment("f2", "акт.pdf", "application/pdf", 7, "cd" * 32),),
        decision=Decision.ACT_CANCELLED,
        character=Character.SATISFIED,
        executor_id="o1",
        reached_on=DAY,
        fix_until=DAY,
        fix_asked="Мекенжай керек",
        extended_on=DAY,
        hearing_on=DAY,
        hearing_where="10:00, 12-бөлме",
        decide_from=DAY,
        parent_id=made.id,
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
        await uow.appeals.prepare_numbers(2026)
        assert await uow.appeals.next_number(2026) == 3
        await uow.appeals.prepare_numbers(2028)
        assert [await uow.appeals.next_number(2028) for _ in range(250)] == list(range(1, 251))


async def test_parts_and_complaints_are_found_by_what_they_came_of(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow, appeal("whole"), appeal("part", parent_id="whole"), appeal("later", parent_id="whole")
        )
        assert [one.id for one in await uow.appeals.children("whole")] == ["part", "later"]
        assert await uow.appeals.children("part") == []


async def test_terms_that_end_are_found_page_by_page_until_they_were_told(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("last", due=DAY + timedelta(2), status=Status.EXTENDED),
            appeal("first", due=DAY, status=Status.REGISTERED),
            appeal("before", due=DAY - timedelta(1), status=Status.REGISTERED),
            appeal("after", due=DAY + timedelta(3), status=Status.REGISTERED),
            appeal("ended", due=DAY, status=Status.TERMINATED),
            appeal("told", due=DAY, status=Status.REGISTERED),
            appeal("moved", due=DAY + timedelta(1), status=Status.EXTENDED),
            appeal("unregistered"),
        )
        assert await uow.appeals.remind(Reminder("told", Watched.NEAR, DAY, NOW))
        assert not await uow.appeals.remind(Reminder("told", Watched.NEAR, DAY, NOW))
        assert await uow.appeals.remind(Reminder("moved", Watched.NEAR, DAY, NOW))

        async def ending(what: Watched, after: tuple[date, str] | None = None) -> list[str]:
            last = DAY + timedelta(2)
            found = await uow.appeals.ending(DAY, last, what=what, after=after, limit=2)
            return [one.id for one in found]

        assert await ending(Watched.NEAR) == ["first", "moved"]
        assert await ending(Watched.NEAR, (DAY + timedelta(1), "moved")) == ["last"]
        assert await ending(Watched.LAST) == ["first", "told"]


async def test_appeals_that_wait_for_the_citizen_are_watched_by_the_day_set(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("waits", status=Status.NEEDS_FIX, fix_until=DAY),
            appeal("mended", status=Status.FIXED, fix_until=DAY),
            appeal("later", status=Status.NEEDS_FIX, fix_until=DAY + timedelta(1)),
        )

        async def mending() -> list[str]:
            found = await uow.appeals.mending(DAY, DAY, what=Watched.FIX_ENDING, after=None, limit=9)
            return [one.id for one in found]

        assert await mending() == ["waits"]
        await uow.appeals.remind(Reminder("waits", Watched.FIX_ENDING, DAY, NOW))
        assert await mending() == []


async def test_what_nobody_registered_is_watched_by_the_moment_it_came(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("second", created_at=NOW),
            appeal("first", created_at=NOW - MINUTE),
            appeal("later", created_at=NOW + MINUTE),
            appeal("registered", created_at=NOW, status=Status.REGISTERED),
            appeal("elsewhere", created_at=NOW),
        )
        for appeal_id, outcome in (
            ("elsewhere", AttemptOutcome.DELIVERED),
            ("first", AttemptOutcome.POSTPONED),
        ):
            attempt = DeliveryAttempt(appeal_id, "webhook", appeal_id, "created", NOW, NOW, 1, outcome, 5)
            await uow.deliveries.log(attempt)

        async def unregistered() -> list[str]:
            found = await uow.appeals.unregistered(NOW, what=Watched.UNREGISTERED, limit=9)
            return [one.id for one in found]

        assert await unregistered() == ["first", "second"]
        await uow.appeals.remind(Reminder("first", Watched.UNREGISTERED, DAY, NOW))
        assert await unregistered() == ["second"]
        told = await uow.appeals.reminders(executor_id="nobody", unassigned=True, overdue=False, limit=9)
        assert [(reminder.what, one.id) for reminder, one in told] == [(Watched.UNREGISTERED, "first")]


async def test_what_nobody_registered_pushes_no_other_reminder_out(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(uow, appeal("late", due=DAY, status=Status.IN_PROGRESS), appeal("new"))
        await uow.appeals.remind(Reminder("late", Watched.OVERDUE, DAY, NOW))
        await uow.appeals.remind(Reminder("new", Watched.UNREGISTERED, DAY, NOW + MINUTE))
        told = await uow.appeals.reminders(executor_id="nobody", unassigned=True, overdue=True, limit=9)
        assert [one.id for _, one in told] == ["late", "new"]


async def test_reminders_go_to_whom_the_appeal_belongs_now(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("theirs", due=DAY, status=Status.IN_PROGRESS, executor_id="o1"),
            appeal("late", due=DAY, status=Status.IN_PROGRESS, executor_id="o2"),
            appeal("nobodys", due=DAY, status=Status.REGISTERED),
            appeal("ended", due=DAY, status=Status.ANSWERED, executor_id="o1"),
            appeal("extended", due=DAY + timedelta(9), status=Status.EXTENDED, executor_id="o1"),
        )
        for number, one in enumerate(("theirs", "nobodys", "ended", "extended")):
            await uow.appeals.remind(Reminder(one, Watched.NEAR, DAY, NOW + number * MINUTE))
        await uow.appeals.remind(Reminder("late", Watched.OVERDUE, DAY, NOW + 9 * MINUTE))
        await uow.appeals.remind(Reminder("late", Watched.SILENCE, DAY, NOW))

        async def told(executor_id: str, *, unassigned: bool = False, overdue: bool = False) -> list[str]:
            found = await uow.appeals.reminders(
                executor_id=executor_id, unassigned=unassigned, overdue=overdue, limit=9
            )
            return [f"{reminder.what.value} {one.id}" for reminder, one in found]

        assert await told("o1") == ["near theirs"]
        assert await told("o2") == ["overdue late"]
        assert await told("o3", unassigned=True) == ["near nobodys"]
        assert await told("o3", unassigned=True, overdue=True) == ["overdue late", "near nobodys"]


async def test_history_keeps_its_order(storage: Storage) -> None:
    steps = [
        AppealStep("a", NOW + MINUTE, "register", Status.REGISTERED, "o1", "№ 1", Register()),
        AppealStep("a", NOW, "start", Status.IN_PROGRESS, "o1", said=Start()),
        AppealStep("a", NOW, "file", Status.CREATED, "citizen"),
        AppealStep("a", NOW, "extend", Status.EXTENDED, "o1", "сараптама", Extend(DAY)),
    ]
    async with storage.write() as uow:
        await _stored(uow, appeal("a"), appeal("b"))
        for step in steps:
            await uow.appeals.add_step(step)
        assert await uow.appeals.steps("a") == steps
        assert await uow.appeals.steps("b") == []
