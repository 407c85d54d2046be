"""The registry: numbers without gaps, one writer at a time, search in whatever letters, stable pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals.appeal import Draft
from appeals.lifecycle import Status
from bot.app.errors import NotFound, StaleState
from bot.app.ports import Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep
from tests.contracts.samples import MINUTE, NOW, appeal, draft, stored_conversation

DAY = date(2026, 12, 1)


async def _stored(uow: UnitOfWork, *made: AppealRecord) -> None:
    await stored_conversation(uow)
    for one in made:
        await uow.appeals.add(one)


async def _found(
    uow: UnitOfWork,
    words: str = "",
    *,
    status: Status | None = None,
    overdue_on: date | None = None,
    limit: int = 99,
    after: str | None = None,
) -> list[str]:
    found = await uow.appeals.search(
        status=status, words=words, overdue_on=overdue_on, limit=limit, after=after
    )
    return [one.id for one in found]


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


async def test_words_are_found_in_whatever_letters(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("heat", number="ЖТ-77", body_name="Энергетика басқармасы"),
            appeal("road", draft=draft(text="Көшеде шұңқыр 100% бар"), body_name="Жол басқармасы"),
            appeal("bare", draft=Draft(), body_name=""),
        )
        assert await _found(uow, "тонып") == ["heat"]
        assert await _found(uow, "ТОҢЫП балалар") == ["heat"]
        assert await _found(uow, "тоңып шұңқыр") == []
        assert await _found(uow, "улги отиниш") == ["heat", "road"]
        assert await _found(uow, "энергетика") == ["heat"]
        assert await _found(uow, "жт-77") == ["heat"]
        assert await _found(uow, "0%") == ["road"]
        assert await _found(uow, "_") == []
        assert await _found(uow, "  ") == ["heat", "road", "bare"]


async def test_a_reference_is_found_however_it_is_written(storage: Storage) -> None:
    one, other = appeal("one"), appeal("other")
    other = replace(other, draft=draft(text=f"Бұған дейінгі {one.reference} бойынша"))
    async with storage.write() as uow:
        await _stored(uow, one, other)
        assert await _found(uow, one.reference) == ["one"]
        assert await _found(uow, one.reference.lower().replace("km", "км").replace("-", " ")) == ["one"]
        assert await _found(uow, other.reference[3:]) == ["other"]


async def test_what_is_saved_is_searched_by_its_new_words(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(uow, appeal("a"))
        await uow.appeals.save(replace(await uow.appeals.get("a"), number="ЖТ-2026-55"))
        assert await _found(uow, "жт-2026-55") == ["a"]


async def test_pages_go_by_due_date_then_reference_and_miss_nothing(storage: Storage) -> None:
    dues = [DAY, None, DAY + timedelta(1), DAY, None, DAY, DAY - timedelta(1)]
    made = [appeal(due=due) for due in dues]
    async with storage.write() as uow:
        await _stored(uow, *made)
        expected = [
            one.id for one in sorted(made, key=lambda one: (one.due is None, one.due or DAY, one.reference))
        ]
        assert await _found(uow) == expected
        paged: list[str] = []
        while page := await _found(uow, limit=2, after=paged[-1] if paged else None):
            paged += page
        assert paged == expected
        with pytest.raises(NotFound):
            await _found(uow, after="unknown")


async def test_pages_stay_stable_while_appeals_arrive(storage: Storage) -> None:
    made = [appeal(due=DAY) for _ in range(3)]
    async with storage.write() as uow:
        await _stored(uow, *made)
        first = await _found(uow, limit=2)
        await uow.appeals.add(appeal("urgent", due=DAY - timedelta(9)))
        assert await _found(uow, limit=2, after=first[-1]) == [made[2].id]


async def test_status_and_overdue_narrow_the_list(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("late", due=DAY - timedelta(1), status=Status.IN_PROGRESS),
            appeal("today", due=DAY, status=Status.IN_PROGRESS),
            appeal("answered", due=DAY - timedelta(1), status=Status.ANSWERED),
            appeal("new"),
        )
        assert await _found(uow, status=Status.IN_PROGRESS) == ["late", "today"]
        assert await _found(uow, overdue_on=DAY) == ["late"]
        assert await _found(uow, overdue_on=DAY, status=Status.ANSWERED) == []


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
