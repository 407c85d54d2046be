"""Conversations in the console: the list, one holder, words and notes, live parts."""

from __future__ import annotations

import asyncio
import html
import json
import re

import pytest
from aiohttp import WSMsgType

from appeals.steps import Register
from bot.app.records import Author, LearningSample, Role, code_of
from bot.bootstrap import new_id
from dialogs.events import ButtonPressed
from dialogs.lifecycle import Phase
from tests.console.scene import SECRET_NOTE, Scene, furnish
from tests.factories import ScriptedNlu, parse
from tests.servers import HANGS_SECONDS

JSON = {"Accept": "application/json"}


async def test_the_queue_shows_urgent_ones_first_with_reason_and_waiting_time(scene: Scene) -> None:
    ids = await furnish(scene)
    page = await (await scene.signed_in()).text("/console/conversations")
    assert page.index(ids["urgent"]) < page.index(ids["waiting"])
    assert ids["mine"] not in page
    for words in ("Срочно", "Опасность: насилие", "Гражданин позвал оператора", "12 мин", "Сайт", "русский"):
        assert words in page


async def test_tabs_show_ones_own_and_all(scene: Scene) -> None:
    ids = await furnish(scene)
    visitor = await scene.signed_in("aigerim")
    mine = await visitor.text("/console/conversations?tab=mine")
    assert ids["mine"] in mine
    assert ids["taken"] not in mine
    everything = await visitor.text("/console/conversations?tab=all")
    assert all(ids[name] in everything for name in ("urgent", "waiting", "taken", "mine"))
    assert "Ведёт Берік Оспанов" in everything


async def test_older_conversations_are_a_page_away(scene: Scene) -> None:
    ids = [await scene.talk() for _ in range(2)]
    visitor = await scene.signed_in()
    async with scene.product.storage.read() as work:
        newest = (await work.conversations.find(ids[0])).updated_at  # type: ignore[union-attr]
    page = await visitor.text(
        f"/console/conversations?tab=all&before={newest.isoformat().replace('+', '%2B')}"
    )
    assert not [each for each in ids if each in page]
    assert ids[0] in await visitor.text("/console/conversations?tab=all&before=nonsense")


async def test_a_conversation_is_found_by_the_code_in_a_colleagues_note(scene: Scene) -> None:
    wanted, other = [await scene.talk() for _ in range(2)]
    visitor = await scene.signed_in()
    found = await visitor.text(f"/console/conversations?tab=all&code=%20{code_of(wanted)}")
    assert wanted in found
    assert other not in found
    assert f'value="{code_of(wanted)}"' in found
    unknown = await visitor.text("/console/conversations?tab=all&code=zzzzzz")
    assert "Диалога с таким кодом нет." in unknown
    assert wanted not in unknown


async def test_taking_over_works_as_a_plain_form(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    answer = await visitor.post(f"/console/conversations/{conversation}/claim")
    assert answer.headers["Location"] == f"/console/conversations/{conversation}?done=claimed"
    page = await visitor.text(answer.headers["Location"])
    assert "Вы взяли диалог себе" in page
    assert 'action="/console/conversations/' + conversation + '/say"' in page
    assert (await scene.conversation(conversation)).holder == "id-aigerim"


async def test_second_operator_is_told_who_was_quicker(scene: Scene) -> None:
    conversation = await scene.waiting()
    first, second = await scene.signed_in("aigerim"), await scene.signed_in("berik")
    answers = await asyncio.gather(
        *(visitor.post(f"/console/conversations/{conversation}/claim", **JSON) for visitor in (first, second))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    problem = await next(answer for answer in answers if answer.status == 409).json()
    holder = (await scene.conversation(conversation)).state.operator
    assert problem["code"] == "taken_by"
    assert holder in problem["detail"]
    loser = first if holder == "Berik" else second
    page = await loser.text(f"/console/conversations/{conversation}?tab=all")
    assert f"Диалог ведёт {holder}" in page
    assert "/claim" not in page
    assert "/say" not in page


async def test_plain_form_of_the_slower_one_gets_a_page(scene: Scene) -> None:
    conversation = await scene.waiting()
    first, second = await scene.signed_in("aigerim"), await scene.signed_in("berik")
    await first.post(f"/console/conversations/{conversation}/claim")
    answer = await second.post(
        f"/console/conversations/{conversation}/claim",
        Referer=f"{scene.url}/console/conversations/{conversation}",
    )
    page = await answer.text()
    assert answer.status == 409
    assert "Его уже взял оператор: Aigerim" in page
    assert f'href="/console/conversations/{conversation}"' in page


async def test_words_reach_the_citizen_and_notes_do_not(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/conversations/{conversation}/claim")
    assert (
        await visitor.post(f"/console/conversations/{conversation}/note", {"text": SECRET_NOTE})
    ).status == 303
    assert (
        await visitor.post(f"/console/conversations/{conversation}/say", {"text": "Слушаю вас"})
    ).status == 303
    spoken = await scene.spoken(conversation)
    assert "Слушаю вас" in spoken
    assert SECRET_NOTE not in "\n".join(spoken)
    page = await visitor.text(f"/console/conversations/{conversation}")
    note = page[page.index('class="line note"') :]
    assert SECRET_NOTE in note
    assert "Внутренняя заметка" in note


async def test_whoever_does_not_hold_it_may_note_but_not_speak(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    refused = await visitor.post(
        f"/console/conversations/{conversation}/say", {"text": "Здравствуйте"}, **JSON
    )
    assert (refused.status, (await refused.json())["code"]) == (403, "not_permitted")
    assert (
        await visitor.post(f"/console/conversations/{conversation}/note", {"text": "позвонить"}, **JSON)
    ).status == 200
    assert "Здравствуйте" not in await scene.spoken(conversation)


@pytest.mark.parametrize("text", ["", "   ", "я" * 4001])
async def test_empty_and_endless_words_are_refused_with_a_reason(scene: Scene, text: str) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/conversations/{conversation}/claim")
    answer = await visitor.post(f"/console/conversations/{conversation}/say", {"text": text}, **JSON)
    problem = await answer.json()
    assert (answer.status, problem["field"]) == (422, "text")
    assert "4000" in problem["detail"]


@pytest.mark.parametrize(("step", "phase"), [("hand-back", Phase.BOT), ("close", Phase.CLOSED)])
async def test_the_holder_releases_a_conversation(scene: Scene, step: str, phase: Phase) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/conversations/{conversation}/claim")
    assert (await visitor.post(f"/console/conversations/{conversation}/{step}")).status == 303
    assert (await scene.conversation(conversation)).phase is phase


async def test_a_supervisor_may_release_what_another_holds(scene: Scene) -> None:
    conversation = await scene.waiting()
    holder, other = await scene.signed_in("aigerim"), await scene.signed_in("berik")
    superior = await scene.signed_in("dana", Role.SUPERVISOR)
    await holder.post(f"/console/conversations/{conversation}/claim")
    assert "/hand-back" not in await other.text(f"/console/conversations/{conversation}")
    assert (await other.post(f"/console/conversations/{conversation}/hand-back")).status == 403
    assert "/hand-back" in await superior.text(f"/console/conversations/{conversation}")
    assert (await superior.post(f"/console/conversations/{conversation}/hand-back")).status == 303


async def test_what_the_state_forbids_is_not_offered_and_refused(scene: Scene) -> None:
    conversation = await scene.talk()
    visitor = await scene.signed_in("dana", Role.SUPERVISOR)
    page = await visitor.text(f"/console/conversations/{conversation}")
    assert "/close" not in page
    assert "/claim" in page
    refused = await visitor.post(f"/console/conversations/{conversation}/close", **JSON)
    assert (refused.status, (await refused.json())["code"]) == (409, "wrong_action")


async def test_the_context_tells_how_the_assistant_understood(scene: Scene) -> None:
    ids = await furnish(scene)
    page = await (await scene.signed_in()).text(f"/console/conversations/{ids['mine']}")
    context = page[page.index('id="context"') :]
    for words in ("Тема: ", "94 %", "отопления", "Подвёл к обращению", "KM-2026-000001", "после регистрации"):
        assert words in context


async def _agrees(scene: Scene, conversation_id: str) -> None:
    event = ButtonPressed(new_id(), scene.product.clock.now(), "learning.yes")
    await scene.product.conversations.exchange(conversation_id, event, "d")


async def _samples(scene: Scene) -> list[LearningSample]:
    async with scene.product.storage.read() as work:
        return list(await work.samples.waiting(exported=False))


async def _misunderstood(scene: Scene) -> tuple[str, str]:
    """A conversation, and the number of the message understood as another topic."""
    nlu = scene.product.understanding
    assert isinstance(nlu, ScriptedNlu)
    text = "Меня зовут Айгуль, 3 дня нет отопления"
    nlu.known[text] = parse("topic.UTIL.WATER", 0.9, "ru")
    conversation = await scene.talk(text)
    page = await (await scene.signed_in()).text(f"/console/conversations/{conversation}")
    found = re.search(r'name="seq" value="(\d+)"', page)
    assert found
    return conversation, found[1]


async def test_without_consent_a_correction_is_only_counted(scene: Scene) -> None:
    conversation, seq = await _misunderstood(scene)
    visitor = await scene.signed_in()
    page = await visitor.text(f"/console/conversations/{conversation}")
    assert "текст не сохранится" in page
    label = re.search(r'<option value="(Тема: [^"]*Отопление[^"]*)">', page)
    assert label
    answer = await visitor.post(
        f"/console/conversations/{conversation}/correct", {"seq": seq, "label": html.unescape(label[1])}
    )
    assert "Исправление сохранено" in await visitor.text(answer.headers["Location"])
    assert await _samples(scene) == []
    async with scene.product.storage.read() as work:
        assert await work.feedback.corrections() == [(["topic.UTIL.WATER"], "topic.UTIL.HEAT", 1)]
        row = next(row for row in await work.audit.newest(5) if row.action == "conversation.corrected")
    assert (row.actor, row.subject) == ("id-aigerim", conversation)
    assert row.detail.endswith("topic.UTIL.WATER → topic.UTIL.HEAT")


async def test_with_consent_the_wording_is_kept_without_name_and_number(scene: Scene) -> None:
    conversation, seq = await _misunderstood(scene)
    await _agrees(scene, conversation)
    visitor = await scene.signed_in()
    assert "без чисел и имён" in await visitor.text(f"/console/conversations/{conversation}")
    form = {"seq": seq, "label": "topic.UTIL.HEAT"}
    assert (await visitor.post(f"/console/conversations/{conversation}/correct", form, **JSON)).status == 200
    (sample,) = await _samples(scene)
    assert sample.text == "Меня зовут •, 0 дня нет отопления"
    assert (sample.source, sample.chosen, sample.language) == ("operator", "topic.UTIL.HEAT", "ru")
    await scene.product.conversations.exchange(
        conversation, ButtonPressed(new_id(), scene.product.clock.now(), "data.erase_now"), "d"
    )
    assert await _samples(scene) == []


async def test_only_a_citizens_understood_message_takes_a_known_label(scene: Scene) -> None:
    conversation, seq = await _misunderstood(scene)
    visitor = await scene.signed_in()
    path = f"/console/conversations/{conversation}/correct"
    for form, status in (
        ({"seq": seq, "label": "тема, которой нет"}, 422),
        ({"seq": seq}, 422),
        ({"seq": "1", "label": "other"}, 404),
        ({"seq": "999", "label": "other"}, 404),
        ({"seq": "x", "label": "other"}, 404),
    ):
        assert (await visitor.post(path, form, **JSON)).status == status, form
    novice = await scene.signed_in("novice", must_change=True)
    assert (await novice.post(path, {"seq": seq, "label": "other"}, **JSON)).status == 403
    async with scene.product.storage.read() as work:
        assert await work.feedback.corrections() == []


async def test_every_look_at_a_conversation_is_audited(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.text(f"/console/conversations/{conversation}")
    async with scene.product.storage.read() as work:
        row = (await work.audit.newest(1))[0]
    assert (row.actor, row.action, row.subject) == ("id-aigerim", "conversation.read", conversation)


async def test_a_look_past_the_page_is_audited_too(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.get(f"/console/parts/conversations/{conversation}?after=0")
    async with scene.product.storage.read() as work:
        row = (await work.audit.newest(1))[0]
    assert (row.actor, row.action, row.subject) == ("id-aigerim", "conversation.read", conversation)


async def test_a_citizens_file_can_only_be_saved(scene: Scene) -> None:
    conversation, other = await scene.waiting(), await scene.waiting()
    file = await scene.file(conversation, 'фото "1".html', b"<script>alert(1)</script>")
    visitor = await scene.signed_in()
    answer = await visitor.client.get(f"/console/conversations/{conversation}/files/{file.id}")
    assert await answer.read() == b"<script>alert(1)</script>"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="____ _1_.html"; ')
    assert disposition.endswith("filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE%20%221%22.html")
    assert (await visitor.get(f"/console/conversations/{other}/files/{file.id}")).status == 404


async def test_markup_of_a_citizen_stays_text(scene: Scene) -> None:
    conversation = await scene.waiting("<script>alert(1)</script> нет воды")
    page = await (await scene.signed_in()).text(f"/console/conversations/{conversation}")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_unknown_pages_and_conversations_are_told_plainly(scene: Scene) -> None:
    visitor = await scene.signed_in()
    for path in ("/console/conversations/none", "/console/nothing", "/console/appeals/none"):
        answer = await visitor.get(path)
        assert answer.status == 404
        assert "Не найдено" in await answer.text()


async def test_the_console_begins_with_conversations(scene: Scene) -> None:
    visitor = await scene.signed_in()
    for path in ("/console", "/console/"):
        assert (await visitor.get(path)).headers["Location"] == "/console/conversations"


# --- live ------------------------------------------------------------------------------------


async def test_parts_bring_only_what_is_new(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    first = await (await visitor.get(f"/console/parts/conversations/{conversation}", **JSON)).json()
    await scene.says(conversation, "вы ещё здесь?")
    part = await (
        await visitor.get(f"/console/parts/conversations/{conversation}?after={first['seq']}", **JSON)
    ).json()
    assert part["seq"] > first["seq"]
    assert "вы ещё здесь?" in part["messages"]
    assert "Три дня" not in part["messages"]
    assert part["state"] == first["state"] == "queued:claim:"
    listed = await (await visitor.get(f"/console/parts/conversations?open={conversation}", **JSON)).json()
    assert (listed["waiting"], listed["mine"]) == (1, {})
    assert 'aria-current="true"' in listed["html"]


async def test_the_wire_tells_what_changed_and_nothing_more(scene: Scene) -> None:
    visitor = await scene.signed_in()
    async with visitor.client.ws_connect("/console/live", headers={"Origin": visitor.origin}) as socket:
        assert (await socket.receive_json(timeout=HANGS_SECONDS)) == {"type": "ready"}
        conversation = await scene.waiting("секретные слова")
        heard = [await socket.receive_json(timeout=HANGS_SECONDS) for _ in range(3)]
        assert {"type": "conversation", "id": conversation, "what": "queued"} in heard
        assert "секретные" not in json.dumps(heard, ensure_ascii=False)
        await scene.product.bus.publish("appeals", {"appeal": "a1"})
        assert await socket.receive_json(timeout=HANGS_SECONDS) == {"type": "appeal", "id": "a1"}


async def test_the_wire_ends_with_the_session(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.ws.SESSION_CHECK", 0.02)
    visitor = await scene.signed_in()
    async with visitor.client.ws_connect("/console/live", headers={"Origin": visitor.origin}) as socket:
        await socket.receive_json(timeout=HANGS_SECONDS)
        await visitor.post("/console/sign-out")
        assert (await socket.receive(timeout=HANGS_SECONDS)).type is WSMsgType.CLOSE
        assert socket.close_code == 4401


async def test_a_note_is_an_internal_line_in_storage(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    await visitor.post(f"/console/conversations/{conversation}/note", {"text": SECRET_NOTE})
    async with scene.product.storage.read() as work:
        lines = await work.messages.after(conversation, 0, 100, notes=True)
    assert [line.author for line in lines if line.text == SECRET_NOTE] == [Author.NOTE]


@pytest.mark.parametrize("kind", ["say", "note"])
async def test_words_sent_five_times_are_taken_once_and_other_words_from_the_same_form_too(
    scene: Scene, kind: str
) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    path = f"/console/conversations/{conversation}"
    await visitor.post(f"{path}/claim")
    once = re.findall(r'name="once" value="([^"]+)"', await visitor.text(path))[kind == "note"]
    form = {"text": "Проверьте, пожалуйста, батареи", "once": once}
    answers = await asyncio.gather(*(visitor.post(f"{path}/{kind}", form) for _ in range(5)))
    assert [answer.status for answer in answers] == [303] * 5
    # The way back in a browser brings the old form for new words.
    await visitor.post(f"{path}/{kind}", {"text": "И ещё одно", "once": once})
    page = await visitor.text(path)
    assert (
        page.count(
            '<p class="text" lang="ru">Проверьте, пожалуйста, батареи' if kind == "say" else "батареи</p>"
        )
        == 1
    )
    assert page.count("И ещё одно") == 1


async def test_words_that_were_not_taken_stand_in_their_box_again(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor, berik = await scene.signed_in(), await scene.signed_in("berik")
    path = f"/console/conversations/{conversation}"
    await visitor.post(f"{path}/claim")
    words = "я" * 4001
    refused = await visitor.post(f"{path}/say", {"text": words})
    assert (refused.status, f"{words}</textarea>" in await refused.text()) == (422, True)
    refused = await berik.post(f"{path}/say", {"text": "Здравствуйте, это Берик"})
    page = await refused.text()
    assert (refused.status, "<blockquote>Здравствуйте, это Берик" in page) == (403, True)


async def test_words_from_a_page_of_an_earlier_session_are_given_back(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    path, operator = f"/console/conversations/{conversation}", await scene.account()
    await visitor.post(f"{path}/claim")
    current, visitor.csrf = visitor.csrf, "of the session before"
    form = {"text": "Ответ со старой страницы", "by": operator.id}
    page = await (await visitor.post(f"{path}/say", form)).text()
    assert "Ваш текст сохранён" in page
    assert f'action="{path}/say"' in page
    assert "Ответ со старой страницы" not in await scene.spoken(conversation)
    visitor.csrf = current
    again = await visitor.post(f"{path}/say", {**form, "unsent": "1"})
    assert "Ответ со старой страницы</textarea>" in await again.text()
    assert "Ответ со старой страницы" not in await scene.spoken(conversation), "only shown"


async def test_pages_hear_that_a_citizen_added_to_an_appeal_in_the_chat(scene: Scene) -> None:
    conversation = await scene.talk()
    appeal = await scene.appeal(conversation)
    registrar = await scene.account()
    await scene.product.desk.act(registrar, appeal.id, Register())
    visitor = await scene.signed_in()
    async with visitor.client.ws_connect("/console/live", headers={"Origin": visitor.origin}) as socket:
        await socket.receive_json(timeout=5)
        press = ButtonPressed(new_id(), scene.clock.now(), "appeal.add", appeal.reference)
        await scene.product.conversations.exchange(conversation, press, "d")
        await scene.says(conversation, "Подъезд третий, домофон не работает")
        heard = [await socket.receive_json(timeout=5) for _ in range(3)]
    assert {"type": "appeal", "id": appeal.id, "added": "citizen"} in heard
    assert "домофон" not in json.dumps(heard, ensure_ascii=False)
