"""One appeal and the steps of its life; the registry is in test_registry.py."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals.appeal import Attachment, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Action, Status
from appeals.matters import Matter
from bot.app.desk import Step
from tests.console.scene import APPLICATION, COMPLAINT, Scene


async def test_an_appeal_shows_what_the_code_asks_for(scene: Scene) -> None:
    conversation = await scene.talk()
    complaint = await scene.appeal(
        conversation,
        draft=replace(COMPLAINT, applicant=replace(COMPLAINT.applicant, postal_address=None)),
    )
    page = await (await scene.signed_in()).text(f"/console/appeals/{complaint.id}")
    for words in (
        "АППК, ст. 63",
        "АППК, ст. 93",
        "900101300017",
        "Үлгіұлы Мысал",
        "Без ЭЦП",
        "Вымышленные учебные данные",
        "02.11.2026",
        "Ответ от 2 ноября",
        "Требуется по закону, не указано",
        "Отдел ЖКХ акимата",
    ):
        assert words in page
    plain = await (await scene.signed_in()).text(f"/console/appeals/{(await scene.appeal(conversation)).id}")
    assert "АППК, ст. 93" not in plain


async def test_registering_gives_the_lawful_term_and_tells_the_citizen(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "Если зарегистрировать сегодня, срок ответа – 11.12.2026 (АППК, статья 76 (1–2))" in page
    answer = await visitor.post(f"/console/appeals/{appeal.id}/register")
    assert answer.headers["Location"] == f"/console/appeals/{appeal.id}?done=register"
    stored = await scene.stored(appeal.id)
    assert (stored.status, stored.due) == (Status.REGISTERED, date(2026, 12, 11))
    told = await visitor.text(answer.headers["Location"])
    assert "Обращение зарегистрировано, гражданину сообщено" in told
    assert "Aigerim" in told[told.index('class="history"') :]
    assert appeal.reference in (await scene.spoken(appeal.conversation_id))[-1]


async def test_an_answer_without_words_is_refused_beside_the_field_and_keeps_the_rest(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    refused = await visitor.post(
        f"/console/appeals/{appeal.id}/answer", {"answer": "да", "note": "важная приписка"}
    )
    page = await refused.text()
    assert refused.status == 422
    assert "Напишите гражданину ответ словами" in page
    assert 'aria-describedby="answer-answer-wrong"' in page
    assert "важная приписка</textarea>" in page
    text = "Подача тепла восстановлена 21 ноября."
    assert (await visitor.post(f"/console/appeals/{appeal.id}/answer", {"answer": text})).status == 303
    assert (await scene.stored(appeal.id)).status is Status.ANSWERED
    ended = await visitor.text(f"/console/appeals/{appeal.id}")
    assert text in ended
    assert "действий больше нет" in ended
    assert text in "\n".join(await scene.spoken(appeal.conversation_id))


async def test_forwarding_needs_the_body_and_the_reason(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "Перенаправить до 25.11.2026: 3 рабочих дня" in page
    assert '<datalist id="bodies"><option value="' in page
    for form, told in (
        ({"to_body": "Акимат области"}, "Напишите причину"),
        ({"note": "Не наша компетенция"}, "Укажите, в какой орган"),
    ):
        answer = await visitor.post(f"/console/appeals/{appeal.id}/forward", form)
        assert answer.status == 422
        assert told in await answer.text()
    form = {"to_body": "Акимат Акмолинской области", "note": "Вопрос решает область"}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/forward", form)).status == 303
    assert (await scene.stored(appeal.id)).body_name == "Акимат Акмолинской области"


async def test_an_extension_keeps_to_the_two_months(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert 'min="2026-12-12" max="2027-01-20"' in page
    late = await visitor.post(
        f"/console/appeals/{appeal.id}/extend", {"until": "2027-03-01", "note": "экспертиза"}
    )
    assert late.status == 422
    assert "не позже самого позднего дня" in await late.text()
    form = {"until": "2027-01-20", "note": "Нужна экспертиза сетей"}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/extend", form)).status == 303
    assert (await scene.stored(appeal.id)).due == date(2027, 1, 20)


async def test_a_complaints_term_cannot_be_extended(scene: Scene) -> None:
    appeal = await scene.appeal(draft=COMPLAINT)
    visitor = await scene.signed_in()
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "Срок рассмотрения жалобы не продлевается" in page
    assert "/extend" not in page
    refused = await visitor.post(
        f"/console/appeals/{appeal.id}/extend", {"until": "2027-01-10", "note": "нужно"}
    )
    assert refused.status == 409


@pytest.mark.parametrize(
    ("step", "status"),
    [("ask_fix", Status.NEEDS_FIX), ("return", Status.RETURNED), ("terminate", Status.TERMINATED)],
)
async def test_steps_against_the_citizen_need_a_reason(scene: Scene, step: str, status: Status) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    assert (await visitor.post(f"/console/appeals/{appeal.id}/{step}")).status == 422
    assert (
        await visitor.post(f"/console/appeals/{appeal.id}/{step}", {"note": "Нет почтового адреса"})
    ).status == 303
    assert (await scene.stored(appeal.id)).status is status
    assert "Нет почтового адреса" in (await scene.spoken(appeal.conversation_id))[-1]


async def test_what_a_colleague_did_meanwhile_is_told(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await scene.product.desk.act(await scene.account("berik"), appeal.id, Step(Action.REGISTER))
    answer = await visitor.post(f"/console/appeals/{appeal.id}/register")
    assert answer.status == 409
    assert "Сейчас так нельзя" in await answer.text()
    assert (await visitor.post(f"/console/appeals/{appeal.id}/nonsense")).status == 404


async def test_files_of_an_appeal_are_its_own(scene: Scene) -> None:
    conversation = await scene.talk()
    own, other = [await scene.file(conversation, f"{name}.jpg", name.encode()) for name in ("own", "other")]
    attached = Attachment(own.id, own.name, own.media_type, own.size, own.sha256)
    appeal = await scene.appeal(conversation, draft=replace(APPLICATION, attachments=(attached,)))
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "own.jpg" in page
    assert "other.jpg" not in page
    answer = await visitor.client.get(f"/console/appeals/{appeal.id}/files/{own.id}")
    assert (await answer.read(), answer.headers["Content-Type"]) == (b"own", "application/octet-stream")
    assert (await visitor.client.get(f"/console/appeals/{appeal.id}/files/{other.id}")).status == 404


async def test_today_and_over_are_said_so(scene: Scene) -> None:
    appeal = await scene.appeal(status=Status.IN_PROGRESS, due=date(2026, 11, 20), due_article="76 (1–2)")
    visitor = await scene.signed_in()
    assert "сегодня последний день" in await visitor.text("/console/appeals")
    scene.clock.pass_time(timedelta(hours=12))
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "срок истёк" in page


async def test_appeals_about_the_same_problem_are_counted_and_found(scene: Scene) -> None:
    visitor = await scene.signed_in("aigerim")
    matter = Matter("UTIL.HEAT", "117020100")
    draft = Draft(Kind.REPORT, matter.topic, place=matter.place, text="Нет отопления")
    made = [await scene.appeal(draft=draft, matter=matter) for _ in range(3)]
    page = await visitor.text(f"/console/appeals/{made[0].id}")
    assert "ещё 2 обращения" in page
    link = re.search(r'href="(/console/appeals\?view=all[^"]+)"', page)
    assert link
    listed = await visitor.text(link[1].replace("&amp;", "&"))
    assert all(appeal.reference in listed for appeal in made)
    alone = await scene.appeal(
        matter=Matter("ROAD.LOCAL", matter.place), draft=replace(draft, topic="ROAD.LOCAL")
    )
    page = await visitor.text(f"/console/appeals/{alone.id}")
    assert "ещё 0 обращений" in page
    assert "view=all&amp;topic" not in page
    assert "О том же" not in await visitor.text(f"/console/appeals/{(await scene.appeal()).id}")
