"""The registry's page: what it shows, filters without scripts, addresses without names, the table to take along."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals.lifecycle import Status
from appeals.steps import Register, Withdraw
from bot.app.records import Role
from bot.console import registry as pages
from tests.console.scene import APPLICATION, Scene, furnish

LIST = "/console/appeals"


async def test_the_registry_shows_terms_in_days_and_words(scene: Scene) -> None:
    await furnish(scene)
    page = await (await scene.signed_in()).text(LIST)
    for words in (
        '<span class="pill bad">просрочено на 3 рабочих дня</span>',
        '<span class="pill pressing">осталось 2 рабочих дня</span>',
        '<span class="pill good">осталось 15 рабочих дней</span>',
        "после регистрации",
        "17.11.2026",
        "учебное",
        "Жалоба",
        "Найдено: 4",
        '<span class="count bad">1</span>',
    ):
        assert words in page


async def test_an_appeal_not_registered_on_its_day_says_so(scene: Scene) -> None:
    await scene.appeal()
    assert "после регистрации" in await (await scene.signed_in()).text(LIST)
    scene.clock.pass_time(timedelta(days=1))
    visitor = await scene.signed_in()
    page = await visitor.text(LIST)
    assert '<span class="pill bad">не зарегистрировано в срок</span>' in page
    assert "после регистрации" not in page
    await scene.product.sweeps.watch_terms()
    assert "Не зарегистрировано в срок" in await visitor.text("/console/reminders")


async def test_filters_narrow_and_their_address_can_be_kept(scene: Scene) -> None:
    ids = await furnish(scene)
    visitor = await scene.signed_in()
    answer = await visitor.post(f"{LIST}/search", {"status": "created", "topic": "UTIL", "kind": ""})
    assert answer.headers["Location"] == f"{LIST}?status=created&topic=UTIL"
    page = await visitor.text(answer.headers["Location"])
    assert ids["appeal"] in page
    assert ids["late"] not in page
    overdue = await visitor.text(f"{LIST}?view=overdue")
    assert ids["late"] in overdue
    assert ids["appeal"] not in overdue
    assert ids["appeal"] in await visitor.text(f"{LIST}?status=nonsense&due_from=x&place=1&after=2~&order=up")


async def test_words_are_looked_for_and_stand_in_no_address(scene: Scene) -> None:
    ids = await furnish(scene)
    visitor = await scene.signed_in()
    await visitor.get(LIST)
    answer = await visitor.post(f"{LIST}/search", {"words": "Мысал отопление"})
    address = answer.headers["Location"]
    assert re.fullmatch(rf"{LIST}\?words=[0-9a-f]{{32}}", address)
    page = await visitor.text(address)
    assert ids["appeal"] in page
    assert 'value="Мысал отопление"' in page
    another = await scene.signed_in("berik")
    assert (await another.get(address)).status == 404
    nothing = await visitor.post(f"{LIST}/search", {"words": "qwerty"})
    assert "По этим условиям ничего не нашлось" in await visitor.text(nothing.headers["Location"])


async def test_a_place_is_found_by_its_name_and_an_unknown_one_is_told(scene: Scene) -> None:
    conversation = await scene.talk()
    there = await scene.appeal(conversation, draft=replace(APPLICATION, place="117020100"))
    elsewhere = await scene.appeal(conversation, draft=replace(APPLICATION, place="710000000"))
    visitor = await scene.signed_in()
    await visitor.get(LIST)
    answer = await visitor.post(f"{LIST}/search", {"place": "Бурабай ауданында"})
    page = await visitor.text(answer.headers["Location"])
    assert there.id in page
    assert elsewhere.id not in page
    assert 'value="Акмолинская область, Бурабайский район"' in page
    refused = await visitor.post(f"{LIST}/search", {"place": "Атлантида", "status": "created"})
    assert refused.status == 422
    told = await refused.text()
    assert "Такого места не нашлось" in told
    assert 'value="Атлантида"' in told


async def test_pages_lead_forth_and_back(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SHOWN", 2)
    conversation = await scene.talk()
    ids = {(await scene.appeal(conversation)).id for _ in range(5)}
    visitor = await scene.signed_in()

    async def walk(relation: str, path: str) -> tuple[list[str], str]:
        seen: list[str] = []
        while True:
            page = await visitor.text(path)
            seen += re.findall(r'href="/console/appeals/([0-9a-f]{32})\?', page)
            link = re.search(rf'rel="{relation}" href="([^"]+)"', page)
            if link is None:
                return seen, path
            path = link[1].replace("&amp;", "&")

    there, last = await walk("next", f"{LIST}?status=created")
    assert set(there) == ids
    assert len(there) == 5
    back, _ = await walk("prev", last)
    assert set(back) == ids


async def test_the_table_to_take_along_names_nobody(scene: Scene) -> None:
    ids = await furnish(scene)
    await scene.appeal(body_name="=1+1")
    visitor = await scene.signed_in()
    answer = await visitor.get(f"{LIST}.csv?view=open")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    content = (await answer.read()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 5
    assert rows[0]["Срок"] == "2026-11-17"
    assert rows[0]["Вид"] == "Жалоба"
    assert "'=1+1" in {row["Орган"] for row in rows}
    for personal in ("Мысал", "900101300017", "77010000000", "Абылай", ids["late"]):
        assert personal not in content
    empty = await visitor.get(f"{LIST}.csv?topic=NONE")
    assert (await empty.read()).decode("utf-8-sig").startswith("Номер;")


async def test_both_languages_have_a_page_for_nothing(scene: Scene) -> None:
    visitor = await scene.signed_in()
    assert "Открытых обращений нет" in await visitor.text(LIST)
    await visitor.post("/console/language", {"locale": "kk", "next": LIST})
    assert "Мерзімі өткен жолданым жоқ" in await visitor.text(f"{LIST}?view=overdue")


async def test_several_appeals_are_assigned_at_once_and_what_cannot_be_is_said(scene: Scene) -> None:
    executor = await scene.account("erlan", Role.EXECUTOR, name="Ерлан Тілеуов")
    conversation = await scene.talk()
    ready = [(await scene.appeal(conversation, status=Status.REGISTERED)).id for _ in range(2)]
    fresh = (await scene.appeal(conversation)).id
    ended = (await scene.appeal(conversation, status=Status.ANSWERED)).id
    visitor = await scene.signed_in("registrar", Role.REGISTRAR)
    page = await visitor.text(f"{LIST}?view=unassigned")
    assert all(f'name="appeal" value="{each} 1"' in page for each in (*ready, fresh))
    assert "Ерлан Тілеуов – открытых нет" in page
    assert " checked" not in page
    everything = re.search(r'href="([^"]+)">Отметить все 3 на этой странице', page)
    assert everything
    page = await visitor.text(everything[1].replace("&amp;", "&"))
    assert page.count('form="assign" checked') == 3
    nobody = await visitor.post(f"{LIST}/assign", {"executor": "nobody", "appeal": f"{fresh} 1"})
    assert nobody.status == 422
    assert (await scene.stored(fresh)).status is Status.CREATED
    stale = (await scene.appeal(conversation)).id
    await scene.product.desk.act(await scene.account("other", Role.REGISTRAR), stale, Register())
    form = {"executor": executor.id, "back": "view=unassigned&evil=1"}
    answer = await visitor.client.post(
        f"{LIST}/assign",
        data=[
            ("csrf", visitor.csrf),
            *form.items(),
            *(("appeal", f"{each} 1") for each in (*ready, fresh, ended, stale, ready[0])),
        ],
        headers={"Origin": visitor.origin},
        allow_redirects=False,
    )
    assert answer.headers["Location"] == f"{LIST}?view=unassigned&assigned=3&refused=2"
    told = await visitor.text(answer.headers["Location"])
    assert "Назначено обращений: 3" in told
    assert "Не назначено: 2" in told
    assert not any(f'value="{each}"' in told for each in (*ready, fresh))
    assert (await scene.stored(fresh)).number, "a new one is registered first"
    assert [(await scene.stored(each)).executor_id for each in ready] == [executor.id] * 2
    assert (await scene.stored(stale)).executor_id is None, "it has changed since it was chosen"
    theirs = await (await scene.signed_in("erlan", Role.EXECUTOR)).text(f"{LIST}?view=mine")
    assert "Найдено: 3" in theirs
    assert 'id="assign"' not in theirs


async def test_assigning_that_broke_off_after_registering_goes_on_when_the_form_is_sent_again(
    scene: Scene,
) -> None:
    executor = await scene.account("erlan", Role.EXECUTOR)
    registrar = await scene.account("registrar", Role.REGISTRAR)
    fresh = (await scene.appeal(await scene.talk())).id
    visitor = await scene.signed_in("registrar", Role.REGISTRAR)
    await visitor.text(LIST)
    await scene.product.desk.act(registrar, fresh, Register(), seen=1)
    form = {"executor": executor.id, "appeal": f"{fresh} 1"}
    for _ in range(2):
        answer = await visitor.post(f"{LIST}/assign", form)
        assert answer.headers["Location"] == f"{LIST}?assigned=1&refused=0"
    async with scene.product.storage.read() as work:
        taken = [step.action for step in await work.appeals.steps(fresh)]
    assert taken[-2:] == ["register", "assign"]


async def test_from_one_appeal_to_the_next_and_back_without_losing_the_place(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ABOVE", 1)
    monkeypatch.setattr(pages, "SHOWN", 3)
    executor = await scene.account("erlan", Role.EXECUTOR, name="Ерлан Тілеуов")
    conversation = await scene.talk()
    days = [date(2026, 11, 23 + n) for n in range(5)]
    ids = [
        (
            await scene.appeal(
                conversation, status=Status.IN_PROGRESS, executor_id=executor.id, due=day, due_article="76"
            )
        ).id
        for day in reversed(days)
    ][::-1]
    await scene.appeal(conversation, status=Status.IN_PROGRESS, due=days[1])
    visitor = await scene.signed_in("erlan", Role.EXECUTOR)
    assert (await visitor.get("/console/")).headers["Location"] == LIST
    page = await visitor.text(LIST)
    assert re.findall(r'<tr id="a-([0-9a-f]{32})">', page) == ids[:3], (
        "their own open ones, the most urgent first"
    )

    def address(relation: str, page: str) -> str:
        found = re.search(rf'{relation}[^>]*href="([^"]+)"', page)
        return found[1].replace("&amp;", "&") if found else ""

    path, seen = re.search(r'<th scope="row"[^>]*><a href="([^"]+)"', page)[1].replace("&amp;", "&"), []  # type: ignore[index]
    while path:
        page = await visitor.text(path)
        seen.append(path.partition("?")[0].rpartition("/")[2])
        path = address('rel="next"', page)
    assert seen == ids
    answer = await visitor.post(
        address('rel="prev"', page).replace("?", "/answer?", 1),
        {"decision": "favourable_act.satisfied", "answer": "Тепло дали 21 ноября."},
    )
    done = await visitor.text(answer.headers["Location"])
    assert f"{ids[4]}?at=" in address('class="onward"><a class="button primary"', done)
    assert f"{ids[2]}?at=" in address('rel="prev"', done)
    back, _, anchor = address('class="crumbs"[^>]*>\\s*<a', done).partition("#")
    assert anchor == f"a-{ids[3]}"
    listed = await visitor.text(back)
    assert re.findall(r'<tr id="a-([0-9a-f]{32})">', listed) == [ids[2], ids[4]]
    assert 'rel="prev"' in listed
    for odd in ("at=x", "at=2026-11-24~1&words=none", "at=&view=mine"):
        assert "rel=" not in re.sub(
            r'rel="(icon|stylesheet|noopener)"', "", await visitor.text(f"{LIST}/{ids[0]}?{odd}")
        )


async def test_an_executor_is_offered_the_views_of_their_own_work(scene: Scene) -> None:
    executor = await scene.account("erlan", Role.EXECUTOR)
    conversation = await scene.talk()
    mine = await scene.appeal(
        conversation, status=Status.IN_PROGRESS, executor_id=executor.id, due=date(2026, 11, 20)
    )
    visitor = await scene.signed_in("erlan", Role.EXECUTOR)
    page = await visitor.text(f"{LIST}?view=today")
    assert mine.id in page
    views = re.findall(r'href="/console/appeals\?view=(\w+)"', page)
    assert views == ["open", "today", "soon", "overdue", "waiting", "fixed", "changed"]
    assert 'name="executor"' not in page
    scene.clock.pass_time(timedelta(days=3))
    await scene.product.desk.act(await scene.account("head", Role.SUPERVISOR), mine.id, Withdraw())
    other = await scene.appeal(conversation, status=Status.IN_PROGRESS, executor_id=executor.id)
    visitor = await scene.signed_in("erlan", Role.EXECUTOR)
    page = await visitor.text(f"{LIST}?view=changed")
    assert mine.id in page
    assert "Head · " in page, "what was done, by whom and when"
    assert other.id in page, "on Monday what came on Friday is new, too"
    scene.clock.pass_time(timedelta(days=1))
    visitor = await scene.signed_in("erlan", Role.EXECUTOR)
    page = await visitor.text(f"{LIST}?view=changed")
    assert mine.id in page
    assert other.id not in page
