"""Terms watched: who is told what and when, and never twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from appeals import steps
from appeals.deadlines import registration_date
from appeals.lifecycle import Status
from bot.app.records import Operator, Role, Watched
from bot.app.terms import last_closing
from bot.bootstrap import Product, build
from bot.settings import Settings
from tests.app.test_desk import EXECUTOR, HEAD, HEATED, buttons, filed, said, stored, under_way
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge


async def reminded(product: Product, operator: Operator) -> list[Watched]:
    return [reminder.what for reminder, _ in await product.desk.reminders(operator)]


async def test_three_days_and_one_day_before_the_executor_is_told_once_each(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    await under_way(product, nlu)  # due on Friday 11 December
    told = {}
    for _ in range(22):
        told[clock.now().date()] = await product.sweeps.watch_terms() + await product.sweeps.watch_terms()
        clock.pass_time(timedelta(days=1))
    assert {day: count for day, count in told.items() if count} == {
        date(2026, 12, 8): 1,
        date(2026, 12, 10): 1,
    }
    assert await reminded(product, EXECUTOR) == [Watched.LAST, Watched.NEAR]
    assert await reminded(product, HEAD) == []


async def test_a_missed_day_is_made_up_for_and_a_restart_tells_nobody_again(
    data_dir: Path, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    async def run() -> int:
        async with build(
            Settings(data_dir=data_dir), clock=clock, understanding=nlu, knowledge=shipped_knowledge()
        ) as product:
            if clock.now().date() == date(2026, 11, 20):
                await under_way(product, nlu)
            return await product.sweeps.watch_terms()

    assert await run() == 0
    clock.pass_time(timedelta(days=19))
    assert [await run(), await run()] == [1, 0]


async def test_silence_goes_to_the_head_and_offers_the_citizen_a_complaint(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    clock.pass_time(timedelta(days=22))
    assert await product.sweeps.watch_terms() == 2
    assert await product.sweeps.watch_terms() == 0
    assert await reminded(product, HEAD) == [Watched.OVERDUE]
    told = await said(product, appeal)
    for words in ("2026 жылғы 11 желтоқсан", "91", "2027 жылғы 12 наурыз", "92"):
        assert words in told
    assert f"complain:{appeal.reference}" in await buttons(product, appeal)
    await product.desk.act(EXECUTOR, appeal.id, HEATED)
    assert await reminded(product, HEAD) == []


async def test_the_citizen_is_reminded_a_day_before_and_the_desk_when_nothing_came(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, steps.AskFix(date(2026, 11, 26)), "Мекенжай керек")
    clock.pass_time(timedelta(days=4))
    assert await product.sweeps.watch_terms() == 0
    clock.pass_time(timedelta(days=1))
    assert await product.sweeps.watch_terms() == 1
    assert "Мекенжай керек" in await said(product, appeal)
    assert f"appeal.add:{appeal.reference}" in await buttons(product, appeal)
    clock.pass_time(timedelta(days=2))
    assert await product.sweeps.watch_terms() == 1
    assert await reminded(product, EXECUTOR) == [Watched.UNFIXED]


async def test_reminders_follow_the_appeal_to_another_executor_and_unassigned_ones_to_who_assigns(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    executor = Operator("ex", "ex", "Ерлан", Role.EXECUTOR, "x")
    other = Operator("other", "other", "Тіркеуші", Role.REGISTRAR, "x")
    async with product.storage.write() as work:
        await work.operators.add(executor)
        await work.commit()
    appeal = await under_way(product, nlu)
    clock.pass_time(timedelta(days=18))
    await product.sweeps.watch_terms()
    assert await reminded(product, other) == []
    await product.desk.act(EXECUTOR, appeal.id, steps.Assign("ex"))
    assert await reminded(product, executor) == [Watched.NEAR]
    assert await reminded(product, EXECUTOR) == []
    await product.desk.act(HEAD, appeal.id, steps.Forward("Жол басқармасы"), "құзыреті сонда")
    assert (await stored(product, appeal)).status is Status.FORWARDED
    assert await reminded(product, executor) == []


async def test_who_registers_hears_of_an_appeal_that_nobody_registered_on_its_day(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await filed(product, nlu)  # on a Friday at noon
    worker = Operator("ex", "ex", "Ерлан", Role.EXECUTOR, "x")
    assert await product.sweeps.watch_terms() == 0
    clock.pass_time(timedelta(days=1))
    assert [await product.sweeps.watch_terms(), await product.sweeps.watch_terms()] == [1, 0]
    assert await reminded(product, EXECUTOR) == [Watched.UNREGISTERED]
    assert await reminded(product, worker) == []
    ((reminder, _),) = await product.desk.reminders(EXECUTOR)
    assert reminder.due == date(2026, 11, 20)
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    assert await reminded(product, EXECUTOR) == []


def test_what_came_after_hours_is_late_only_after_the_next_working_day() -> None:
    calendar = shipped_knowledge().calendar
    for days in range(400):
        today = date(2026, 11, 20) + timedelta(days=days)
        closed = last_closing(calendar, today)
        assert registration_date(closed, calendar) < today
        assert registration_date(closed + timedelta(minutes=1), calendar) >= today
