"""Days moved by hand: checked, in force at once and everywhere, and no registered term changes without a person."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from appeals.calendar import MovedDays
from appeals.lifecycle import Status
from bot.app.errors import InvalidInput, NotFound, NotPermitted
from bot.app.records import AppealRecord, AppealStep, Operator, Role
from bot.bootstrap import Product
from tests.contracts.samples import appeal
from tests.factories import FakeClock
from tests.servers import HANGS_SECONDS

HEAD = Operator("o9", "head", "Басшы", Role.SUPERVISOR, "")
CLERK = Operator("o8", "clerk", "Маман", Role.OPERATOR, "")
FREE, WORKING = date(2026, 12, 4), date(2026, 11, 28)
"""A Friday and a Saturday within the term of an appeal of 20 November."""
ACT = "Қаулы № 1, 23.11.2026"


async def registered_today(product: Product) -> AppealRecord:
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    made = appeal(
        conversation_id=conversation,
        status=Status.IN_PROGRESS,
        registered_on=date(2026, 11, 20),
        due=date(2026, 12, 11),
        due_article="76 (1–2)",
    )
    async with product.storage.write() as work:
        await work.appeals.add(made)
        await work.appeals.add_step(
            AppealStep(made.id, product.clock.now(), "register", Status.REGISTERED, "o9")
        )
        await work.commit()
    return made


async def test_a_swap_is_in_force_at_once_and_until_it_is_withdrawn(product: Product) -> None:
    calendar = product.knowledge.calendar
    assert calendar.is_working(FREE)
    await product.working_days.add(HEAD, FREE, WORKING, ACT, "https://adilet.zan.kz/kaz/docs/P2600000001")
    assert not calendar.is_working(FREE)
    assert calendar.is_working(WORKING)
    entry = (await product.working_days.entries(CLERK))[0]
    assert (entry.swap.act, entry.in_force, entry.change and entry.change.actor) == (ACT, True, "o9")
    await product.working_days.withdraw(HEAD, FREE, WORKING)
    assert calendar.is_working(FREE)
    with pytest.raises(NotFound):
        await product.working_days.withdraw(HEAD, FREE, WORKING)
    await product.working_days.add(HEAD, FREE, WORKING, ACT, "")
    assert not calendar.is_working(FREE)
    async with product.storage.read() as work:
        deeds = [(row.action, row.subject, row.detail) for row in await work.audit.newest(3)]
    assert deeds[0] == ("calendar.swap_added", "2026-12-04/2026-11-28", ACT)
    assert deeds[1][0] == "calendar.swap_withdrawn"


async def test_a_shipped_swap_can_be_withdrawn_and_put_back(product: Product) -> None:
    shipped, calendar = product.knowledge.domain.moved_days.swaps[-1], product.knowledge.calendar
    await product.working_days.withdraw(HEAD, shipped.free, shipped.working)
    assert not calendar.is_working(shipped.working)
    await product.working_days.add(HEAD, shipped.free, shipped.working, shipped.act, "")
    assert calendar.is_working(shipped.working)


@pytest.mark.parametrize(
    ("free", "working", "act", "link", "field"),
    [
        (None, WORKING, ACT, "", "free"),
        (FREE, date(2050, 1, 1), ACT, "", "working"),
        (FREE, FREE, ACT, "", "swap_same"),
        (WORKING, date(2026, 11, 29), ACT, "", "swap_weekend"),
        (date(2026, 12, 16), WORKING, ACT, "", "swap_weekend"),
        (FREE, date(2026, 12, 3), ACT, "", "swap_working"),
        (date(2025, 1, 3), WORKING, ACT, "", "swap_twice"),
        (FREE, WORKING, " ", "", "act"),
        (FREE, WORKING, ACT, "javascript:alert(1)", "link"),
    ],
)
async def test_what_is_no_swap_is_refused_by_name(
    product: Product, free: date | None, working: date, act: str, link: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        await product.working_days.add(HEAD, free, working, act, link)
    assert error.value.field == field


async def test_only_keepers_change_the_days(product: Product) -> None:
    with pytest.raises(NotPermitted):
        await product.working_days.add(CLERK, FREE, WORKING, ACT, "")
    with pytest.raises(NotPermitted):
        await product.working_days.withdraw(CLERK, FREE, WORKING)
    with pytest.raises(NotPermitted):
        await product.working_days.move_terms(CLERK, FREE, WORKING, [])


async def test_registered_terms_move_only_when_a_person_says_so_and_the_citizen_hears(
    product: Product, clock: FakeClock
) -> None:
    registered = await registered_today(product)
    clock.pass_time(timedelta(hours=1))
    sunday = date(2026, 11, 29)
    await product.working_days.add(HEAD, date(2026, 12, 30), sunday, ACT, "")
    async with product.storage.read() as work:
        assert (await work.appeals.get(registered.id)).due == registered.due
    (moved,) = await product.working_days.moved_terms(HEAD, date(2026, 12, 30), sunday)
    assert moved.appeal.id == registered.id
    assert registered.due is not None
    assert product.knowledge.calendar.count(date(2026, 11, 20), moved.due) == 15
    assert moved.due < registered.due
    days = (date(2026, 12, 30), sunday)
    assert await product.working_days.move_terms(HEAD, *days, ["another"]) == 0
    assert await product.working_days.move_terms(HEAD, *days, [registered.id]) == 1
    assert await product.working_days.move_terms(HEAD, *days, [registered.id]) == 0
    assert await product.working_days.moved_terms(HEAD, *days) == []
    async with product.storage.read() as work:
        assert (await work.appeals.get(registered.id)).due == moved.due
        assert (await work.appeals.steps(registered.id))[-1].action == "recount"
    said = await product.conversations.messages(registered.conversation_id)
    assert ACT in said[-1].text
    assert f"{moved.due:%d.%m.%Y}" in said[-1].text
    clock.pass_time(timedelta(hours=1))
    await product.working_days.withdraw(HEAD, *days)
    (back,) = await product.working_days.moved_terms(HEAD, *days)
    assert back.due == registered.due


async def test_a_swap_outside_the_term_moves_nothing(product: Product, clock: FakeClock) -> None:
    await registered_today(product)
    clock.pass_time(timedelta(hours=1))
    await product.working_days.add(HEAD, FREE, WORKING, ACT, "")
    assert await product.working_days.moved_terms(HEAD, FREE, WORKING) == []


async def test_another_process_hears_of_a_change(product: Product) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(product.working_days.watch(stop))
    await asyncio.sleep(0)
    calendar, days = product.knowledge.calendar, product.working_days
    await days.add(HEAD, FREE, WORKING, ACT, "")
    days.calendar.become(days.count(days.shipped, MovedDays()))
    assert calendar.is_working(FREE)
    await product.bus.publish("calendar", {})
    async with asyncio.timeout(HANGS_SECONDS):
        while calendar.is_working(FREE):  # noqa: ASYNC110 - the other task works on a thread
            await asyncio.sleep(0)
    stop.set()
    await watching
