"""The registry as people ask it: views, filters, pages, what is audited, what is taken out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from appeals.kinds import Kind
from appeals.lifecycle import Status
from bot.app.errors import NotFound
from bot.app.records import AppealRecord, Operator, Role
from bot.app.registry import Search, View
from bot.app.selection import Days, Order
from bot.bootstrap import Product
from tests.contracts.samples import appeal, draft, stored_conversation
from tests.factories import FakeClock

REGISTRAR = Operator("o1", "aigul", "Айгүл", Role.SUPERVISOR, "")
TODAY = date(2026, 11, 20)
"""A Friday."""
IIN = "900101300017"


async def stored(product: Product, *made: AppealRecord) -> None:
    async with product.storage.write() as work:
        await stored_conversation(work)
        await work.operators.add(REGISTRAR)
        for one in made:
            await work.appeals.add(one)
        await work.commit()


async def found(product: Product, view: View | None = None, **asked: Any) -> list[str]:
    page = await product.registry.page(REGISTRAR, Search(view=view, **asked), 50)
    assert page.before is None
    assert page.after is None
    return [one.id for one in page.appeals]


async def test_each_view_answers_its_question(product: Product) -> None:
    running = Status.IN_PROGRESS
    await stored(
        product,
        appeal("new"),
        appeal("late", status=running, due=TODAY - timedelta(1)),
        appeal("today", status=running, due=TODAY),
        appeal("wednesday", status=running, due=date(2026, 11, 25)),
        appeal("thursday", status=running, due=date(2026, 11, 26)),
        appeal("fix", status=Status.NEEDS_FIX, due=date(2026, 12, 20)),
        appeal("ended", status=Status.ANSWERED, due=TODAY - timedelta(9)),
    )
    assert await found(product, View.NEW) == ["new"]
    assert await found(product, View.OVERDUE) == ["late"]
    assert await found(product, View.SOON) == ["today", "wednesday"]
    assert await found(product, View.WAITING) == ["fix"]
    assert await found(product) == ["late", "today", "wednesday", "thursday", "fix", "new"]
    assert (await found(product, View.ALL))[0] == "ended"
    assert await found(product, status=Status.ANSWERED) == ["ended"]
    assert await found(product, View.NEW, status=Status.ANSWERED) == []
    assert await found(product, View.OVERDUE, due=Days(TODAY - timedelta(3), None)) == ["late"]
    assert await found(product, View.OVERDUE, due=Days(TODAY, None)) == []
    assert await product.registry.counts(REGISTRAR, [Search(), Search(view=View.ALL)]) == [6, 7]
    for limit in (3, 50):
        assert (await product.registry.page(REGISTRAR, Search(), limit, count=True)).number == 6
    assert (await product.registry.page(REGISTRAR, Search(), 3)).number is None


async def test_words_look_everywhere_and_persons_numbers_are_read(product: Product) -> None:
    person = replace(draft().applicant, iin=IIN, phone="+77010000000")
    await stored(
        product,
        appeal("open", draft=draft(applicant=person)),
        appeal("ended", status=Status.ANSWERED, draft=draft(text="Көшеде жарық жоқ")),
    )
    assert await found(product, words="көше жарығы") == ["ended"]
    assert await found(product, words=f" {IIN[:6]} {IIN[6:]}") == ["open"]
    assert await found(product, words="8 (701) 000-00-00 тоңып") == ["open"]
    assert await found(product, words="+7 701 000 00 01") == []


async def test_a_group_of_topics_and_an_area_hold_what_is_below(product: Product) -> None:
    await stored(
        product,
        appeal("heat", draft=draft(topic="UTIL.HEAT", place="117020100")),
        appeal("snow", draft=draft(topic="CITY.SNOW", place="110000000")),
        appeal("inquiry", draft=draft(topic="CITY.SNOW", place=None, kind=Kind.INQUIRY)),
    )
    assert await found(product, topic="UTIL") == ["heat"]
    assert await found(product, topic="CITY.SNOW", kind=Kind.INQUIRY) == ["inquiry"]
    assert await found(product, place="117000000") == ["heat"]
    assert await found(product, place="110000000") == ["heat", "snow"]


@pytest.mark.parametrize("order", Order)
async def test_pages_know_their_neighbours(product: Product, order: Order) -> None:
    made = [appeal(due=TODAY + timedelta(n)) for n in range(5)]
    await stored(product, *made)
    ask = Search(order=order)
    expected = [one.id for one in (made if order is Order.DUE else made[::-1])]
    first = await product.registry.page(REGISTRAR, ask, 2)
    second = await product.registry.page(REGISTRAR, ask, 2, after=first.after)
    third = await product.registry.page(REGISTRAR, ask, 2, after=second.after)
    assert [one.id for page in (first, second, third) for one in page.appeals] == expected
    assert (first.before, third.after) == (None, None)
    back = await product.registry.page(REGISTRAR, ask, 2, before=third.before)
    assert back == second
    assert await product.registry.page(REGISTRAR, ask, 2, before=second.before) == first


async def test_a_search_by_words_is_audited_without_them_and_only_its_own(
    product: Product, clock: FakeClock
) -> None:
    await stored(product)
    kept = await product.registry.keep_words(REGISTRAR, f"Иванов {IIN}")
    assert await product.registry.kept_words(REGISTRAR, kept) == f"Иванов {IIN}"
    with pytest.raises(NotFound):
        await product.registry.kept_words(replace(REGISTRAR, id="o2"), kept)
    async with product.storage.read() as work:
        row = (await work.audit.newest(1))[0]
    assert (row.action, row.actor, row.subject) == ("registry.searched", "o1", kept)
    assert "Иванов" not in str(row)
    clock.pass_time(timedelta(days=1, minutes=1))
    assert await product.sweeps.forget_searches() == 1
    with pytest.raises(NotFound):
        await product.registry.kept_words(REGISTRAR, kept)


async def test_an_export_brings_everything_and_is_audited(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.registry.EXPORTED_AT_ONCE", 2)
    await stored(product, *(appeal() for _ in range(5)))
    ask = Search(words="тоңып", locale="kk")
    stretches = [len(stretch) async for stretch in product.registry.export(REGISTRAR, ask)]
    assert stretches == [2, 2, 1]
    async with product.storage.read() as work:
        row = (await work.audit.newest(1))[0]
    assert (row.action, row.detail) == ("registry.exported", "locale=kk, order=due")


async def test_old_search_terms_are_renewed_by_the_worker(product: Product) -> None:
    await stored(product, appeal())
    assert await product.sweeps.reindex_appeals() == 0
