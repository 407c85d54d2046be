"""The register of consents and the withdrawals that wait, as supervisors see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.app.carrying import CARRIED
from bot.app.records import ConsentRecord, Role, Withdrawal
from dialogs.events import CommandGiven
from tests.console.scene import Scene
from tests.factories import NOON

SUPERVISOR = ("daniyar", Role.SUPERVISOR)
WAITS = Withdrawal("w1", None, "desk", NOON, date(2026, 12, 11), "Сынақов <b>Мысал", "Абай 1")


async def furnished(scene: Scene) -> str:
    product = scene.product
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await product.conversations.exchange(conversation, CommandGiven("e1", NOON, "help"), "d")
    async with product.storage.write() as work:
        await work.withdrawals.add(WAITS)
        text = "Дербес деректерді өңдеуге келісім"
        await work.consents.add(ConsentRecord(conversation, "2026-11-2", True, "kk", NOON, "web", text=text))
        await work.commit()
    return conversation


async def test_a_supervisor_searches_and_answers_in_time(scene: Scene) -> None:
    conversation = await furnished(scene)
    visitor = await scene.signed_in(*SUPERVISOR)
    page = await visitor.text("/console/consents")
    for part in ("Сынақов &lt;b&gt;Мысал", "11.12.2026", "Дербес деректерді өңдеуге келісім", "Осталось 15"):
        assert part.casefold() in page.casefold()
    found = await (await visitor.post("/console/consents/search", {"q": conversation})).text()
    assert "2026-11-2" in found
    none = await (await visitor.post("/console/consents/search", {"q": "KM-2026-000777"})).text()
    assert "Согласий не найдено" in none
    refused = await visitor.post("/console/consents/withdrawals/w1", {"answer": "refused", "reason": "нет"})
    assert refused.status == 422
    assert "Напишите причину" in await refused.text()
    done = await visitor.post("/console/consents/withdrawals/w1", {"answer": "stopped", "reason": ""})
    assert done.headers["Location"] == "/console/consents?done=withdrawal_answered"
    assert "Прекращена" in await visitor.text("/console/consents?done=withdrawal_answered")
    again = await visitor.post("/console/consents/withdrawals/w1", {"answer": "stopped"})
    assert again.status == 409
    assert (await visitor.post("/console/consents/withdrawals/w1", {"answer": "maybe"})).status == 404


async def test_a_consent_that_came_along_with_a_draft_is_told_apart(scene: Scene) -> None:
    conversation = await furnished(scene)
    async with scene.product.storage.write() as work:
        (given,) = await work.consents.of_conversation(conversation)
        await work.consents.add(replace(given, actor=CARRIED))
        await work.commit()
    page = await (await scene.signed_in(*SUPERVISOR)).text("/console/consents")
    assert page.count("Перенесено с черновиком") == 1


async def test_a_withdrawal_that_came_elsewhere_is_taken_or_explained_beside_its_field(scene: Scene) -> None:
    visitor = await scene.signed_in(*SUPERVISOR)
    form = {"person": "Сынақов Мысал", "contact": "Абай 1", "reference": "KM-2026-000777"}
    refused = await visitor.post("/console/consents/withdrawals", form)
    page = await refused.text()
    assert refused.status == 422
    assert "Такого обращения нет" in page
    assert 'value="Абай 1"' in page
    assert (await visitor.post("/console/consents/withdrawals", {**form, "reference": ""})).status == 303
    assert "Сынақов Мысал" in await visitor.text("/console/consents?done=withdrawal_taken")


async def test_operators_have_no_register(scene: Scene) -> None:
    visitor = await scene.signed_in("aigerim")
    assert (await visitor.get("/console/consents")).status == 403
    assert "/console/consents" not in await visitor.text("/console/conversations")
