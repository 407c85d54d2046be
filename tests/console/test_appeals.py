"""One appeal and the steps of its life; the registry is in test_registry.py."""

from __future__ import annotations

import asyncio
import html
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from aiohttp import FormData
from PIL import Image

from appeals import steps
from appeals.appeal import Attachment, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.matters import Matter
from bot.app.records import Role
from tests.console.scene import APPLICATION, COMPLAINT, Scene
from tests.factories import NOON
from text.bilingual import Bilingual

PASSWORD = "correct horse battery"


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
        "Без подписи",
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
    assert "Если зарегистрировать сегодня, срок ответа – 11.12.2026 (АППК, статья 76, части 1–2)" in page
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
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    form = {"decision": "favourable_act.satisfied", "answer": "да", "note": "важная приписка"}
    refused = await visitor.post(f"/console/appeals/{appeal.id}/answer", form)
    page = await refused.text()
    assert refused.status == 422
    assert "Напишите гражданину ответ словами" in page
    assert 'aria-describedby="answer-answer-wrong term-answer"' in page
    assert "важная приписка</textarea>" in page
    assert '<option value="favourable_act.satisfied" selected>' in page
    none = await visitor.post(f"/console/appeals/{appeal.id}/answer", {"answer": "Ответ по существу дела."})
    assert "Выберите решение из списка" in await none.text()
    text = "Подача тепла восстановлена 21 ноября."
    assert (
        await visitor.post(f"/console/appeals/{appeal.id}/answer", {**form, "answer": text})
    ).status == 303
    assert (await scene.stored(appeal.id)).status is Status.ANSWERED
    ended = await visitor.text(f"/console/appeals/{appeal.id}")
    assert text in ended
    assert "благоприятный административный акт – удовлетворено" in ended
    assert "Принять жалобу" in ended
    assert text in "\n".join(await scene.spoken(appeal.conversation_id))


async def test_a_refusal_before_the_citizen_could_object_says_from_when_it_is_possible(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    refusal = {"decision": "burdensome_act.refused", "answer": "Средств в бюджете района на 2026 год нет."}
    page = await (await visitor.post(f"/console/appeals/{appeal.id}/answer", refusal)).text()
    assert 'id="answer-waiver-wrong"' in page
    heard = {"on": "2026-11-27", "where": "Щучинск, Абылай хан 34", "preliminary": "Отказать: средств нет."}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/hearing", heard)).status == 303
    early = await visitor.post(f"/console/appeals/{appeal.id}/answer", refusal)
    page = await early.text()
    assert early.status == 422
    assert "25.11.2026" in re.findall(r'<p class="wrong" id="answer-decision-wrong">([^<]*)', page)[0]
    assert refusal["answer"] in page


async def test_what_is_wrong_with_a_field_the_page_does_not_show_stands_on_top(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    page = await (await visitor.post(f"/console/appeals/{appeal.id}/assign", {"executor": "nobody"})).text()
    assert re.search(r'role="alert"><strong>[^<]+</strong> <span>[^<]+', page)


async def test_files_go_with_an_answer(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    form = FormData(
        quote_fields=False,
        fields={
            "csrf": visitor.csrf,
            "seen": await visitor.seen(f"/console/appeals/{appeal.id}"),
            "decision": "favourable_act.satisfied",
            "answer": "Акт приложен к ответу.",
        },
    )
    form.add_field("files", "Акт обследования".encode(), filename="акт.txt", content_type="text/plain")
    form.add_field("files", b"", filename="", content_type="application/octet-stream")
    answer = await visitor.client.post(
        f"/console/appeals/{appeal.id}/answer",
        data=form,
        allow_redirects=False,
        headers={"Origin": visitor.origin},
    )
    assert answer.status == 303
    stored = await scene.stored(appeal.id)
    assert [file.name for file in stored.answer_files] == ["акт.txt"]
    assert "акт.txt" in (await scene.spoken(appeal.conversation_id))[-1]
    file = await visitor.client.get(f"/console/appeals/{appeal.id}/files/{stored.answer_files[0].id}")
    assert await file.read() == "Акт обследования".encode()


async def test_forwarding_needs_the_body_and_the_reason(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "Передать до 25.11.2026: 3 рабочих дня" in page
    assert '<datalist id="bodies"><option value="' in page
    for form, told in (
        ({"body": "Акимат области"}, "Напишите причину"),
        ({"note": "Не наша компетенция"}, "Укажите, в какой орган"),
    ):
        answer = await visitor.post(f"/console/appeals/{appeal.id}/forward", form)
        assert answer.status == 422
        assert told in await answer.text()
    form = {"body": "Акимат Акмолинской области", "note": "Вопрос решает область"}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/forward", form)).status == 303
    assert (await scene.stored(appeal.id)).body_name == "Акимат Акмолинской области"


async def test_an_extension_keeps_to_the_two_months(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert 'min="2026-12-14" max="2027-01-20"' in page
    late = await visitor.post(
        f"/console/appeals/{appeal.id}/extend", {"until": "2027-03-01", "note": "экспертиза"}
    )
    assert late.status == 422
    assert "Выберите день с 14.12.2026 по 20.01.2027" in await late.text()
    form = {"until": "2027-01-20", "note": "Нужна экспертиза сетей"}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/extend", form)).status == 303
    assert (await scene.stored(appeal.id)).due == date(2027, 1, 20)


async def test_the_page_names_the_post_of_who_took_a_step(scene: Scene) -> None:
    appeal, registrar = await scene.appeal(), await scene.account("aigerim", name="Айгерім Сейітова")
    await scene.product.accounts.change_post(
        await scene.account("admin", Role.ADMINISTRATOR),
        registrar.id,
        Bilingual("Бас маман", "Главный специалист"),
    )
    await scene.product.desk.act(registrar, appeal.id, steps.Register())
    page = await (await scene.signed_in("dana", Role.SUPERVISOR)).text(f"/console/appeals/{appeal.id}")
    assert "Айгерім Сейітова, Главный специалист" in page


async def test_a_complaint_names_who_considers_it(scene: Scene) -> None:
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    name = scene.product.knowledge.domain.bodies.get(COMPLAINT.body_id).name.ru
    complaint = await scene.appeal(draft=replace(COMPLAINT, place="117020100"), body_name=name)
    page = await visitor.text(f"/console/appeals/{complaint.id}")
    assert "Жалобу на этот орган обычно рассматривает" in page
    nameless = replace(
        COMPLAINT, place="117020100", topic="SOC.ALLOW", body_id="citizens_corporation.district"
    )
    page = await visitor.text(f"/console/appeals/{(await scene.appeal(draft=nameless)).id}")
    assert "обычно рассматривает" not in page
    assert "Жалобу рассматривает вышестоящий орган или вышестоящее должностное лицо" in page
    page = await visitor.text(f"/console/appeals/{(await scene.appeal(draft=APPLICATION)).id}")
    assert "рассматривает" not in page


async def test_a_complaints_term_cannot_be_extended(scene: Scene) -> None:
    appeal = await scene.appeal(draft=COMPLAINT)
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    for step in ("register", "start"):
        await visitor.post(f"/console/appeals/{appeal.id}/{step}")
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    assert "Срок рассмотрения жалобы не продлевается" in page
    assert "/extend" not in page
    refused = await visitor.post(
        f"/console/appeals/{appeal.id}/extend", {"until": "2027-01-10", "note": "нужно"}
    )
    assert refused.status == 409
    assert "Срок рассмотрения жалобы не продлевается" in await refused.text()


@pytest.mark.parametrize(
    ("step", "form", "status"),
    [
        ("ask_fix", {"until": "2026-11-27", "lacking": "applicant.postal_address"}, Status.NEEDS_FIX),
        ("return", {"ground": "insulting"}, Status.RETURNED),
        ("terminate", {"ground": "court_act"}, Status.TERMINATED),
    ],
)
async def test_steps_against_the_citizen_need_a_reason(
    scene: Scene, step: str, form: dict[str, str], status: Status
) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    for lacking in (form, {"note": "Нет почтового адреса"}):
        assert (await visitor.post(f"/console/appeals/{appeal.id}/{step}", lacking)).status == 422
    full = {**form, "note": "Нет почтового адреса"}
    assert (await visitor.post(f"/console/appeals/{appeal.id}/{step}", full)).status == 303
    assert (await scene.stored(appeal.id)).status is status
    assert "Нет почтового адреса" in (await scene.spoken(appeal.conversation_id))[-1]


async def test_what_is_due_stands_on_top_and_what_is_closed_says_why(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    await visitor.post(f"/console/appeals/{appeal.id}/register")
    form = {"until": "2026-11-27", "note": "Нет почтового адреса"}
    await visitor.post(f"/console/appeals/{appeal.id}/ask_fix", form)
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    for words in ("Гражданин дополняет", "27.11.2026", "Ответить", "11.12.2026", "сейчас нельзя"):
        assert words in page
    assert "Срок для дополнения – до 27.11.2026" in page
    assert page.index("Гражданин дополняет") < page.index("<strong>Ответить</strong>")


async def test_the_operator_reads_no_person_and_takes_no_step(scene: Scene) -> None:
    story = "Три дня нет отопления, звоните +7 701 000 00 00 или пишите mysal@example.kz"
    appeal = await scene.appeal(draft=replace(APPLICATION, text=story))
    page = await (await scene.signed_in("saule", Role.OPERATOR)).text(f"/console/appeals/{appeal.id}")
    assert "Данные заявителя скрыты" in page
    assert "Три дня нет отопления" in page
    for personal in ("900101300017", "701 000 00 00", "mysal@example.kz"):
        assert personal not in page
    assert "Для вашей роли действий с этим обращением нет" in page


async def test_reminders_are_listed(scene: Scene) -> None:
    appeal = await scene.appeal(
        status=Status.IN_PROGRESS,
        due=date(2026, 11, 24),
        due_article="76 (1–2)",
        executor_id="id-erlan",
    )
    await scene.product.sweeps.watch_terms()
    page = await (await scene.signed_in("erlan", Role.EXECUTOR)).text("/console/reminders")
    assert appeal.reference in page
    assert "До конца срока 3 рабочих дня или меньше" in page
    assert appeal.reference not in await (await scene.signed_in("other", Role.EXECUTOR)).text(
        "/console/reminders"
    )


async def test_after_forwarding_an_executor_is_told_so_and_not_that_the_appeal_is_closed_to_them(
    scene: Scene,
) -> None:
    executor = await scene.signed_in("erlan", Role.EXECUTOR)
    appeal = await scene.appeal(status=Status.REGISTERED, registered_on=NOON.date(), number="KM")
    registrar = await scene.account("aigerim")
    await scene.product.desk.act(registrar, appeal.id, steps.Assign("id-erlan"))
    form = {"body": "Аким города Щучинска", "note": "Дорога на балансе города"}
    answer = await executor.post(f"/console/appeals/{appeal.id}/forward", form)
    assert answer.status == 303
    assert "Обращение перенаправлено" in await executor.text(answer.headers["Location"])


async def test_forwarding_pressed_twice_by_an_executor_is_taken_once_and_told_alike(scene: Scene) -> None:
    executor = await scene.signed_in("erlan", Role.EXECUTOR)
    appeal = await scene.appeal(status=Status.REGISTERED, registered_on=NOON.date(), number="KM")
    path = f"/console/appeals/{appeal.id}"
    await scene.product.desk.act(await scene.account("aigerim"), appeal.id, steps.Assign("id-erlan"))
    form = {
        "body": "Аким города Щучинска",
        "note": "Дорога на балансе города",
        "seen": await executor.seen(path),
    }
    answers = await asyncio.gather(*(executor.post(f"{path}/forward", form) for _ in range(3)))
    answers.append(await executor.post(f"{path}/forward", form))
    assert [answer.status for answer in answers] == [303] * 4
    assert "Обращение перенаправлено" in await executor.text(answers[-1].headers["Location"])
    async with scene.product.storage.read() as work:
        assert [step.action for step in await work.appeals.steps(appeal.id)][1:] == ["assign", "forward"]
    # What is not the step just taken stays closed to whoever has the appeal no more.
    elsewhere = {**form, "body": "Акимат области"}
    assert (await executor.post(f"{path}/forward", elsewhere)).status == 403
    assert (await executor.post(f"{path}/ask_fix", {**form, "until": "2026-11-27"})).status == 403
    assert (await executor.get(path)).status == 403
    other = await scene.signed_in("other", Role.EXECUTOR)
    assert (await other.post(f"{path}/forward", form)).status == 403


async def test_assigning_to_whoever_has_it_tells_the_citizen_nothing_new(scene: Scene) -> None:
    registrar = await scene.signed_in()
    await scene.account("erlan", Role.EXECUTOR)
    appeal = await scene.appeal(status=Status.REGISTERED, registered_on=NOON.date(), number="KM")
    path, form = f"/console/appeals/{appeal.id}/assign", {"executor": "id-erlan"}
    assert [(await registrar.post(path, form)).status for _ in range(3)] == [303, 303, 303]
    said = await scene.spoken(appeal.conversation_id)
    assert sum("Назначен сотрудник" in text for text in said) == 1


async def test_what_a_colleague_did_meanwhile_is_told(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.signed_in()
    await scene.product.desk.act(await scene.account("berik"), appeal.id, steps.Register())
    answer = await visitor.post(f"/console/appeals/{appeal.id}/register")
    assert answer.status == 409
    assert "Сейчас так нельзя" in await answer.text()
    assert "Сейчас можно: Поручить исполнителю" in await answer.text()
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


async def test_pictures_are_seen_small_and_voices_are_heard_in_the_page(scene: Scene) -> None:
    conversation = await scene.talk()
    picture, voice = [
        await scene.sent(conversation, name, content)
        for name, content in (
            ("шұңқыр.jpg", jpeg()),
            ("voice", b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead"),
        )
    ]
    appeal = await scene.appeal(conversation, draft=replace(APPLICATION, attachments=(picture, voice)))
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/appeals/{appeal.id}")
    files = f"/console/appeals/{appeal.id}/files"
    assert f'<img src="{files}/{picture.id}/thumbnail"' in page
    assert f'<audio controls preload="none" src="{files}/{voice.id}/shown"' in page
    for address, media_type in (
        (f"{picture.id}/thumbnail", "image/jpeg"),
        (f"{picture.id}/shown", "image/jpeg"),
        (f"{voice.id}/shown", "audio/ogg"),
    ):
        shown = await visitor.client.get(f"{files}/{address}")
        assert (shown.status, shown.headers["Content-Type"]) == (200, media_type)
        assert shown.headers["Content-Disposition"] == "inline"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert (await visitor.client.get(f"{files}/{voice.id}/thumbnail")).status == 404
    text = await scene.sent(conversation, "t.txt", b"words")
    told = await scene.appeal(conversation, draft=replace(APPLICATION, attachments=(text,)))
    saved = await visitor.client.get(f"/console/appeals/{told.id}/files/{text.id}/shown")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("L", (640, 480)).save(out, "JPEG")
    return out.getvalue()


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
    assert "ещё 0" not in page
    assert "view=all&amp;topic" not in page
    assert "О том же" not in await visitor.text(f"/console/appeals/{(await scene.appeal()).id}")


async def test_a_step_decided_by_what_has_changed_meanwhile_is_refused_and_nothing_written_is_lost(
    scene: Scene,
) -> None:
    appeal, first, second = await scene.appeal(), await scene.signed_in(), await scene.signed_in("berik")
    path = f"/console/appeals/{appeal.id}"
    await first.post(f"{path}/register")
    seen = await second.seen(path)
    forward = {"body": "Акимат Акмолинской области", "note": "Вопрос решает область"}
    assert (await first.post(f"{path}/forward", {**forward, "seen": seen})).status == 303
    late = {"until": "2026-11-27", "note": "Укажите номер дома", "seen": seen}
    refused = await second.post(f"{path}/ask_fix", late)
    page = await refused.text()
    assert refused.status == 409
    meanwhile = page[page.index('id="meanwhile"') : page.index('class="two"')]
    for told in ("Aigerim", "Вопрос решает область", "Акимат Акмолинской области"):
        assert told in meanwhile
    assert "Регистрация" not in meanwhile, "that was seen"
    assert "Укажите номер дома" in page
    assert f'action="{path}/ask_fix' not in page or "Укажите номер дома</textarea>" in page
    stored = await scene.stored(appeal.id)
    assert (stored.status, stored.fix_until) == (Status.FORWARDED, None)


async def test_words_for_a_step_that_is_not_possible_any_more_are_shown_to_be_copied(scene: Scene) -> None:
    appeal, first, second = await scene.appeal(), await scene.signed_in(), await scene.signed_in()
    path = f"/console/appeals/{appeal.id}"
    for step in ("register", "start"):
        await first.post(f"{path}/{step}")
    seen = await second.seen(path)
    answer = {"decision": "favourable_act.satisfied", "answer": "Тепло вернули 20 ноября.", "seen": seen}
    assert (await first.post(f"{path}/answer", answer)).status == 303
    words = "Мой ответ, который писался полчаса."
    refused = await second.post(f"{path}/answer", {**answer, "answer": words})
    page = await refused.text()
    assert refused.status == 409
    assert f"<blockquote>{words}</blockquote>" in page
    foreign = await (await scene.signed_in("berik")).post(f"{path}/answer", {**answer, "answer": words})
    assert (foreign.status, f"<blockquote>{words}</blockquote>" in await foreign.text()) == (403, True)
    assert (await scene.stored(appeal.id)).answer == "Тепло вернули 20 ноября."


async def test_the_same_step_sent_five_times_is_taken_once(scene: Scene) -> None:
    appeal, visitor = await scene.appeal(), await scene.signed_in()
    path = f"/console/appeals/{appeal.id}"
    for step in ("register", "start"):
        await visitor.post(f"{path}/{step}")
    part = {
        "body": "Отдел ЖКХ",
        "part": "Ремонт дороги у дома решает другой отдел.",
        "note": "Не наша часть",
        "seen": await visitor.seen(path),
    }
    answers = await asyncio.gather(*(visitor.post(f"{path}/forward_part", part) for _ in range(5)))
    assert [answer.status for answer in answers] == [303] * 5
    async with scene.product.storage.read() as work:
        assert len(await work.appeals.children(appeal.id)) == 1


async def test_a_form_that_does_not_say_what_was_seen_is_refused(scene: Scene) -> None:
    appeal, visitor = await scene.appeal(), await scene.signed_in()
    for written in ("", "1", "x.1", "1.1.1"):
        refused = await visitor.post(f"/console/appeals/{appeal.id}/register", {"seen": written})
        assert refused.status == 409
    assert (await scene.stored(appeal.id)).status is Status.CREATED


async def test_an_answer_that_came_after_the_session_is_there_again_after_signing_in(scene: Scene) -> None:
    appeal, visitor = await scene.appeal(), await scene.signed_in()
    path, words = f"/console/appeals/{appeal.id}", "Ответ, который писался полчаса. <b>"
    for step in ("register", "start"):
        await visitor.post(f"{path}/{step}")
    operator = await scene.account()
    form = {"decision": "favourable_act.satisfied", "answer": words, "by": operator.id}
    form["seen"] = await visitor.seen(path)
    scene.clock.pass_time(timedelta(hours=13))
    late = await visitor.post(f"{path}/answer", form)
    page = await late.text()
    assert late.status == 401
    unsent = re.search(r'name="unsent" value="([^"]+)"', page)
    assert unsent
    sign_in = re.search(r'name="csrf" value="([^"]+)"', page)
    assert sign_in
    visitor.csrf = sign_in[1]
    await scene.give_password(operator, PASSWORD)
    data = {"login": operator.login, "password": PASSWORD, "unsent": html.unescape(unsent[1])}
    wrong = await visitor.post("/console/sign-in", {**data, "password": "nothing like it"})
    assert unsent[0] in await wrong.text(), "a wrong password loses nothing"
    back = await visitor.post("/console/sign-in", data)
    page = await back.text()
    assert "Ваш текст сохранён" in page
    assert "&lt;b&gt;</blockquote>" in page
    fields = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', page))
    visitor.csrf = fields.pop("csrf")
    form_again = await visitor.post(
        f"{path}/answer", {name: html.unescape(told) for name, told in fields.items()}
    )
    page = await form_again.text()
    assert "писался полчаса. &lt;b&gt;</textarea>" in page
    assert '<option value="favourable_act.satisfied" selected>' in page
    assert (await scene.stored(appeal.id)).answer is None, "only shown"


async def test_words_of_somebody_else_are_not_shown_to_whoever_signs_in_next(scene: Scene) -> None:
    visitor, other = await scene.visitor(), await scene.account("berik")
    await scene.give_password(other, PASSWORD)
    await visitor.get("/console/sign-in")
    unsent = {"to": "/console/appeals/x/answer", "fields": {"answer": ["тайна"], "by": ["id-aigerim"]}}
    for told in (json.dumps(unsent), "[]", '{"to": "https://evil.example", "fields": {}}'):
        data = {"login": other.login, "password": PASSWORD, "unsent": told}
        answer = await visitor.post("/console/sign-in", data)
        assert (answer.status, "тайна" in await answer.text()) == (303, False)
        visitor.client.session.cookie_jar.clear()
        await visitor.get("/console/sign-in")


async def test_the_addressee_stands_in_the_officials_language_unless_it_was_written_by_hand(
    scene: Scene,
) -> None:
    domain = scene.product.knowledge.domain
    place = next(one for one in domain.territory.search("Бурабай", limit=5) if one.place)
    body = domain.bodies.find("housing_utilities.district")
    assert body
    name = domain.bodies.name(body, place.place)
    assert name.kk != name.ru
    draft = replace(APPLICATION, body_id=body.id, place=place.place.code)
    kazakh = await scene.appeal(draft=draft, body_name=name.kk, locale="kk")
    by_hand = await scene.appeal(draft=draft, body_name="Ауданның бір бөлімі", locale="kk")
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/appeals/{kazakh.id}")
    assert f'<dd><span class="own">{name.ru}</span>' in page
    assert "Ауданның бір бөлімі" in await visitor.text(f"/console/appeals/{by_hand.id}")
    assert name.ru in await visitor.text("/console/appeals")
    await visitor.post("/console/language", {"locale": "kk", "next": "/console/appeals"})
    assert f'<dd><span class="own">{name.kk}</span>' in await visitor.text(f"/console/appeals/{kazakh.id}")
