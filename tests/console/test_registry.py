"""The registry's page: what it shows, filters without scripts, addresses without names, the table to take along."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from appeals.lifecycle import Status
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
            seen += re.findall(r'href="/console/appeals/([0-9a-f]{32})"', page)
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
    unregistered = (await scene.appeal(conversation)).id
    visitor = await scene.signed_in("registrar", Role.REGISTRAR)
    page = await visitor.text(f"{LIST}?view=unassigned")
    assert all(f'name="appeal" value="{each}"' in page for each in (*ready, unregistered))
    form = {"executor": executor.id, "back": "view=unassigned&evil=1"}
    answer = await visitor.client.post(
        f"{LIST}/assign",
        data=[
            ("csrf", visitor.csrf),
            *form.items(),
            *(("appeal", each) for each in (*ready, unregistered, ready[0])),
        ],
        headers={"Origin": visitor.origin},
        allow_redirects=False,
    )
    assert answer.headers["Location"] == f"{LIST}?view=unassigned&assigned=2&refused=1"
    told = await visitor.text(answer.headers["Location"])
    assert "Назначено обращений: 2" in told
    assert "Не назначено: 1" in told
    assert unregistered in told
    assert not any(f'value="{each}"' in told for each in ready)
    assert [(await scene.stored(each)).executor_id for each in ready] == [executor.id] * 2
    theirs = await (await scene.signed_in("erlan", Role.EXECUTOR)).text(f"{LIST}?view=mine")
    assert "Найдено: 2" in theirs
    assert "Ерлан Тілеуов" in theirs
    assert 'id="assign"' not in theirs
    nobody = await visitor.post(f"{LIST}/assign", {"executor": "nobody", "appeal": ready[0]})
    assert nobody.status == 422
