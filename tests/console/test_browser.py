"""The console in a real Chromium: live updates, keys, drafts, cookies, accessibility."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from appeals.kinds import Kind
from appeals.lifecycle import Action, Status
from bot.app.records import ConsentRecord, Reminder, Role, Watched
from bot.bootstrap import new_id
from dialogs.events import FileSent
from dialogs.lifecycle import Phase
from tests.app.test_uploads import jpeg
from tests.chromium import CHROMIUM, violations
from tests.console.conftest import open_scene
from tests.console.scene import APPLICATION, SECRET_NOTE, furnish
from tests.console.stage import Stage
from tests.console.test_consents import WAITS
from tests.factories import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM)


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, tmp_path: Path, sqlite_url: str) -> AsyncIterator[Stage]:
    async with open_scene(tmp_path, sqlite_url) as scene:
        stage = Stage(browser, scene)
        yield stage
        for context in stage.contexts:
            await context.close()
    assert stage.trouble == []


async def settled(page: Page) -> None:
    """Scripts run and the wire is up."""
    await expect(page.locator("#wire")).to_have_text("На связи")


# --- signing in ------------------------------------------------------------------------------


async def test_chromium_keeps_the_bound_cookie_and_leads_through_the_first_change(stage: Stage) -> None:
    password = await stage.scene.product.accounts.first_administrator()
    context = await stage.context()
    page = await stage.page(context, "/console")
    await page.get_by_label("Логин").fill("admin")
    await page.get_by_label("Пароль").fill(password or "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Смена пароля")).to_be_visible()
    await page.get_by_label("Нынешний пароль").fill(password or "")
    for label in ("Новый пароль", "Новый пароль ещё раз"):
        await page.get_by_label(label, exact=True).fill("жеті рет өлшеп бір рет кес")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Пароль изменён")).to_be_visible()
    cookies = {cookie["name"]: cookie for cookie in await context.cookies()}
    assert cookies["__Host-komekshi"]["secure"]
    assert cookies["__Host-komekshi"]["httpOnly"]
    assert cookies["__Host-komekshi"]["sameSite"] == "Strict"
    await page.locator(".sections summary").click()
    await page.get_by_role("link", name="Учётные записи").click()
    await expect(page.get_by_text("Это вы")).to_be_visible()


# --- live ------------------------------------------------------------------------------------


async def test_what_a_citizen_writes_arrives_without_a_reload(stage: Stage) -> None:
    scene = stage.scene
    page = await stage.operator("aigerim")
    await settled(page)
    await expect(page.get_by_text("В очереди никого нет")).to_be_visible()
    await page.evaluate("() => { window.sameDocument = true; }")
    conversation = await scene.waiting()
    await expect(page.locator(".card")).to_have_count(1)
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await page.locator(".card").click()
    await settled(page)
    await page.evaluate("() => { window.sameDocument = true; }")
    await page.locator("#claim").click()
    await expect(page.locator("#say")).to_be_focused()
    await expect(page.locator(".phase")).to_contain_text("Ведёте вы")
    await page.locator("#say").fill("Первая строка")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("и вторая")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.operator .text")).to_have_text(
        "Первая строка\nи вторая", use_inner_text=True
    )
    await expect(page.locator("#say")).to_have_value("")
    await scene.says(conversation, "спасибо, жду")
    await expect(page.locator(".line.citizen .text").last).to_have_text("спасибо, жду")
    assert await page.locator("#lines .line").evaluate_all(
        "lines => new Set(lines.map(line => line.dataset.seq)).size === lines.length"
    )
    assert await page.evaluate("() => window.sameDocument")
    assert "Первая строка\nи вторая" in await scene.spoken(conversation)


async def test_a_colleague_sees_at_once_that_it_is_taken(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    slower = await stage.operator("berik", f"/console/conversations/{conversation}")
    await settled(slower)
    await stage.scene.product.handover.claim(await stage.scene.account("aigerim"), conversation)
    await expect(slower.locator(".locked")).to_contain_text("Диалог ведёт Aigerim")
    await expect(slower.locator("#claim")).to_have_count(0)
    await expect(slower.locator("#say")).to_have_count(0)


async def test_the_slower_of_two_clicks_is_told_who_was_quicker(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    page = await stage.operator("berik", f"/console/conversations/{conversation}")
    await settled(page)
    await page.route("**/parts/**", lambda route: route.abort())
    await stage.scene.product.handover.claim(await stage.scene.account("aigerim"), conversation)
    await page.locator("#claim").click()
    await expect(page.locator("#failed")).to_contain_text("Его уже взял оператор: Aigerim")
    await page.close()  # what this test cut off itself has been told by now
    stage.trouble.clear()


async def test_a_note_looks_internal_and_stays_so(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    page = await stage.operator("aigerim", f"/console/conversations/{conversation}")
    await settled(page)
    await page.keyboard.press("Alt+p")
    await expect(page.locator("#note")).to_be_focused()
    await page.keyboard.type(SECRET_NOTE)
    await page.keyboard.press("Enter")
    note = page.locator(".line.note")
    await expect(note).to_contain_text(SECRET_NOTE)
    await expect(note).to_contain_text("Внутренняя заметка")
    assert await note.evaluate("line => getComputedStyle(line).borderTopStyle") == "dashed"
    assert SECRET_NOTE not in "\n".join(await stage.scene.spoken(conversation))


async def test_a_lost_wire_is_told_and_comes_back_with_what_was_missed(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    context = await stage.context("aigerim")
    cut = []
    await context.route_web_socket(
        re.compile("/console/live"), lambda wire: cut.append((wire, wire.connect_to_server()))
    )
    page = await stage.page(context, f"/console/conversations/{conversation}")
    await settled(page)
    wire, _ = cut[0]
    await wire.close(code=1012)
    await expect(page.locator("#wire")).to_have_text(re.compile("Связь прервалась|На связи"))
    await stage.scene.says(conversation, "пока связи не было")
    await expect(page.locator(".line.citizen .text").last).to_have_text("пока связи не было")
    await settled(page)
    assert len(cut) >= 2


async def test_a_draft_survives_and_is_forgotten_at_sign_out(stage: Stage) -> None:
    scene = stage.scene
    conversation, other = await scene.waiting(), await scene.waiting()
    await scene.product.handover.claim(await scene.account("aigerim"), conversation)
    page = await stage.operator("aigerim", f"/console/conversations/{conversation}?tab=mine")
    await settled(page)
    await page.locator("#say").fill("не дописано")
    await page.goto(f"{scene.url}/console/conversations/{other}")
    await page.goto(f"{scene.url}/console/conversations/{conversation}")
    await expect(page.locator("#say")).to_have_value("не дописано")
    await page.locator(".tools .menu summary").click()
    await page.get_by_role("button", name="Выйти").click()
    await expect(page.get_by_role("heading", name="Консоль оператора")).to_be_visible()
    assert await page.evaluate("() => JSON.stringify(localStorage)") == "{}"


async def test_a_message_that_could_not_go_out_stays_in_the_box(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    await stage.scene.product.handover.claim(await stage.scene.account("aigerim"), conversation)
    page = await stage.operator("aigerim", f"/console/conversations/{conversation}")
    await settled(page)
    await page.route("**/say", lambda route: route.abort())
    await page.locator("#say").fill("важные слова")
    await page.keyboard.press("Enter")
    await expect(page.locator("#failed")).to_contain_text("Не отправлено")
    await expect(page.locator("#say")).to_have_value("важные слова")
    await page.unroute("**/say")
    await page.locator("#say").press("Enter")
    await expect(page.locator(".line.operator .text")).to_have_text("важные слова")
    stage.trouble.clear()


async def test_unread_words_of_ones_own_conversations_are_counted(stage: Stage) -> None:
    scene = stage.scene
    mine = await scene.waiting()
    await scene.product.handover.claim(await scene.account("aigerim"), mine)
    page = await stage.operator("aigerim", "/console/conversations?tab=mine")
    await settled(page)
    await expect(page.locator(".unread")).to_be_hidden()
    await scene.says(mine, "есть новости?")
    await expect(page.locator(".unread")).to_be_visible()
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await page.locator(".card").click()
    await expect(page).to_have_title(re.compile(r"^[^(]"))


async def test_signed_out_elsewhere_ends_an_open_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.ws.SESSION_CHECK", 0.1)
    page = await stage.operator("aigerim")
    await settled(page)
    await stage.scene.product.accounts.set_active(
        await stage.scene.account("admin", Role.ADMINISTRATOR), "id-aigerim", active=False
    )
    await expect(page.get_by_role("heading", name="Консоль оператора")).to_be_visible()


async def test_an_answer_under_way_outlives_the_session_and_leads_on_by_keys(stage: Stage) -> None:
    scene = stage.scene
    executor = await scene.account("erlan", Role.EXECUTOR)
    first, second = [
        await scene.appeal(
            status=Status.IN_PROGRESS, executor_id=executor.id, due=date(2026, 12, day), due_article="76"
        )
        for day in (1, 2)
    ]
    context = await stage.context("erlan", Role.EXECUTOR)
    page = await stage.page(context, "/console/appeals")
    await page.get_by_role("link", name=first.reference).click()
    text = page.locator("#answer-answer")
    await text.fill("Тепло дали 21 ноября, акт приложен.")
    await page.locator("#answer-decision").select_option("favourable_act.satisfied")
    await context.clear_cookies(name="__Host-komekshi")
    await page.get_by_role("button", name="Дать ответ", exact=True).click()
    await expect(page.get_by_role("heading", name="Консоль оператора")).to_be_visible()
    await expect(page.get_by_text("Написанный вами текст сохранён")).to_be_visible()
    stage.trouble.clear()  # the browser complains of the 401
    token, _ = await scene.session(executor)
    await context.add_cookies(
        [
            {
                "name": "__Host-komekshi",
                "value": token,
                "url": scene.url.replace("http:", "https:"),
                "secure": True,
            }
        ]
    )
    await page.goto(f"{scene.url}/console/appeals")
    await page.get_by_role("link", name=first.reference).click()
    await expect(text).to_have_value("Тепло дали 21 ноября, акт приложен.")
    await page.keyboard.press("Alt+KeyJ")
    await expect(page.get_by_role("heading", name=second.reference)).to_be_visible()
    await page.wait_for_load_state()  # the heading is there before the script that hears the keys
    await expect(text).to_have_value("")
    await page.keyboard.press("Alt+KeyK")
    await expect(page.get_by_role("heading", name=first.reference)).to_be_visible()
    await expect(text).to_have_value("Тепло дали 21 ноября, акт приложен.")
    await text.press("Control+Enter")
    await expect(page.get_by_role("link", name="К следующему обращению")).to_be_focused()
    await page.wait_for_function("() => !JSON.stringify(localStorage).includes('Тепло')")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=second.reference)).to_be_visible()
    assert (await scene.stored(first.id)).status is Status.ANSWERED


async def test_the_answer_is_written_beside_the_text_and_its_box_grows(stage: Stage) -> None:
    executor = await stage.scene.account("erlan", Role.EXECUTOR)
    appeal = await stage.scene.appeal(status=Status.IN_PROGRESS, executor_id=executor.id)
    page = await stage.page(await stage.context("erlan", Role.EXECUTOR), f"/console/appeals/{appeal.id}")
    await page.wait_for_load_state()  # the script that hears the keys
    await page.keyboard.press("Alt+Digit1")
    await expect(page.locator("#answer-decision")).to_be_focused()
    answer = page.locator("#answer-answer")
    for seen in (page.get_by_text("Три дня в доме нет отопления"), answer, page.locator(".moves .primary")):
        await expect(seen).to_be_in_viewport(ratio=1)
    before = await answer.bounding_box()
    await answer.fill("Тепло дали.\n" * 14)
    after = await answer.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"]


async def test_the_search_is_reached_by_its_key_in_any_layout(stage: Stage) -> None:
    await stage.scene.account("erlan", Role.EXECUTOR)
    page = await stage.page(await stage.context("erlan", Role.EXECUTOR), "/console/appeals")
    await page.wait_for_load_state()  # the script that hears the keys
    await page.keyboard.press("Alt+KeyF")
    await expect(page.get_by_role("searchbox", name="Поиск", exact=True)).to_be_focused()


async def test_what_is_typed_before_the_script_has_come_is_kept(stage: Stage) -> None:
    executor = await stage.scene.account("erlan", Role.EXECUTOR)
    appeal = await stage.scene.appeal(status=Status.IN_PROGRESS, executor_id=executor.id)
    page = await stage.page(await stage.context("erlan", Role.EXECUTOR), "/console/appeals")
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/appeals.js*", late)
    await page.goto(f"{stage.scene.url}/console/appeals/{appeal.id}", wait_until="commit")
    await page.locator("#answer-answer").fill("Тепло дали 21 ноября.")
    await page.locator("#answer-decision").select_option("favourable_act.satisfied")
    typed.set()
    await page.wait_for_function("() => JSON.stringify(localStorage).includes('Тепло')")
    await page.reload()
    await expect(page.locator("#answer-answer")).to_have_value("Тепло дали 21 ноября.")
    await expect(page.locator("#answer-decision")).to_have_value("favourable_act.satisfied")


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_menu_is_one_row_and_its_groups_open_without_scripts(stage: Stage, scripts: bool) -> None:
    context = await stage.context("admin", Role.ADMINISTRATOR, java_script_enabled=scripts)
    page = await stage.page(context, "/console/calendar")
    bar = await page.locator(".bar").bounding_box()
    assert bar
    assert bar["height"] < 70
    more = page.locator(".sections summary")
    await expect(more).to_have_text("Рабочие дни")
    await more.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Ключи к открытым данным").click()
    await expect(page.get_by_role("heading", name="Ключи к открытым данным")).to_be_visible()


async def test_a_table_shows_many_rows_and_every_button_on_an_ordinary_screen(stage: Stage) -> None:
    long = {"body_name": "Отдел жилищно-коммунального хозяйства, пассажирского транспорта и дорог"}
    for status in (Status.IN_PROGRESS, Status.FORWARDED, Status.EXTENDED):
        await stage.scene.appeal(status=status, **long)
    context = await stage.context("admin", Role.ADMINISTRATOR, viewport={"width": 1280, "height": 800})
    page = await stage.page(context, "/console/appeals?view=all")
    rows = page.locator(".registry tbody tr")
    await expect(rows).to_have_count(3)
    assert max(await rows.evaluate_all("all => all.map(row => row.getBoundingClientRect().height)")) < 110
    await page.goto(page.url.replace("appeals?view=all", "calendar"))
    assert await page.locator(".scroll").evaluate("table => table.scrollWidth <= table.clientWidth")


async def test_a_citizens_picture_is_seen_in_the_conversation(stage: Stage) -> None:
    conversation = await scene_files(stage, {"late": (await stage.scene.appeal()).id})
    page = await stage.operator("aigerim", f"/console/conversations/{conversation}?tab=all")
    picture = page.get_by_role("img", name="термометр.jpg")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 100


async def test_a_code_under_way_stays_while_others_write(stage: Stage) -> None:
    page = await stage.operator("aigerim", "/console/conversations?tab=all")
    await settled(page)
    await page.get_by_label("Код диалога").fill("AB")
    await stage.scene.waiting()
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await expect(page.locator("#code")).to_have_value("AB")
    await page.locator("#code").press("Enter")
    await expect(page.locator("#list")).to_contain_text("Диалога с таким кодом нет.")


async def test_an_open_appeal_says_that_it_has_changed(stage: Stage) -> None:
    appeal = await stage.scene.appeal()
    page = await stage.operator("aigerim", f"/console/appeals/{appeal.id}")
    await page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(e => e.name.includes('wire.js'))"
    )
    await expect(page.locator("#changed")).to_be_hidden()
    await stage.scene.product.bus.publish("appeals", {"appeal": "another"})
    for _ in range(100):
        await stage.scene.product.bus.publish("appeals", {"appeal": appeal.id})
        if await page.locator("#changed").is_visible():
            break
        await page.wait_for_timeout(100)
    await expect(page.locator("#changed")).to_contain_text("Это обращение только что изменилось")
    await stage.scene.product.bus.publish("appeals", {"appeal": appeal.id, "added": True})
    await expect(page.locator("#changed")).to_contain_text("Гражданин дополнил это обращение")
    await page.get_by_role("link", name="Обновить").click()
    await expect(page.locator("#changed")).to_be_hidden()


# --- keys ------------------------------------------------------------------------------------


async def test_a_whole_conversation_by_keys_in_any_layout(stage: Stage) -> None:
    scene = stage.scene
    first = await scene.waiting()
    scene.clock.pass_time(timedelta(minutes=1))
    second = await scene.waiting("Нет воды")
    page = await stage.operator("aigerim")
    await settled(page)
    for key, opened in (("Alt+KeyJ", first), ("Alt+KeyJ", second), ("Alt+KeyK", first)):
        await page.keyboard.press(key)
        await expect(page.locator("#panes")).to_have_attribute("data-open", opened)
        await settled(page)
    # A Russian layout: the key in the place of T gives another letter.
    await page.evaluate(
        "() => document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyT', key: 'е', altKey: true, bubbles: true}))"
    )
    await expect(page.locator("#say")).to_be_focused()
    await page.keyboard.press("Alt+KeyB")
    await expect(page.locator(".phase")).to_contain_text("Отвечает помощник")
    await page.keyboard.press("Alt+KeyT")
    await expect(page.locator(".phase")).to_contain_text("Ведёте вы")
    await page.keyboard.press("Alt+KeyE")
    await expect(page.get_by_role("button", name="Да, завершить")).to_be_focused()
    assert (await scene.conversation(first)).phase is Phase.WITH_OPERATOR, "closing asks first"
    await page.keyboard.press("Enter")
    await expect(page.locator(".phase")).to_contain_text("Завершён")
    await page.keyboard.press("Alt+KeyN")
    await expect(page.locator("#panes")).to_have_attribute("data-tab", "mine")


async def test_help_opens_by_its_key_closes_by_escape_and_keys_can_be_switched_off(stage: Stage) -> None:
    await stage.scene.waiting()
    page = await stage.operator("aigerim")
    await settled(page)
    await page.keyboard.press("Shift+Slash")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.get_by_label("Клавиши включены").uncheck()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("Shift+Slash")
    await page.keyboard.press("Alt+KeyJ")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator("#panes")).to_have_attribute("data-open", "")


async def test_the_tab_key_reaches_everything_in_order(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    page = await stage.operator("aigerim", f"/console/conversations/{conversation}")
    await settled(page)
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await expect(page.locator(".skip")).to_be_in_viewport()
    reached = []
    for _ in range(24):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("() => document.activeElement.textContent.trim().split('\\n')[0]"))
    for words in ("Диалоги", "Звук", "Қазақша", "Взять себе", "Ответ", "Заметка"):
        assert words in reached, reached


async def test_sound_and_notifications_are_off_until_asked_for(stage: Stage) -> None:
    page = await stage.operator("aigerim")
    await settled(page)
    for button in ("#sound", "#popups"):
        await expect(page.locator(button)).to_have_attribute("aria-pressed", "false")
    await page.locator("#sound").click()
    await page.reload()
    await settled(page)
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")


# --- without scripts ---------------------------------------------------------------------------


async def test_everything_works_without_scripts(stage: Stage) -> None:
    conversation = await stage.scene.waiting()
    page = await stage.operator("aigerim", java_script_enabled=False)
    await page.locator(".card").click()
    await page.get_by_role("button", name="Взять себе").click()
    await page.get_by_label("Ответ гражданину").fill("Здравствуйте")
    await page.get_by_role("button", name="Отправить").click()
    await expect(page.locator(".line.operator .text")).to_have_text("Здравствуйте")
    await page.locator("#close summary").click()
    await page.get_by_role("button", name="Да, завершить").click()
    await expect(page.get_by_text("Диалог завершён.", exact=True)).to_be_visible()
    assert (await stage.scene.conversation(conversation)).phase is Phase.CLOSED


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_guess_is_corrected_with_and_without_scripts(stage: Stage, scripts: bool) -> None:
    ids = await furnish(stage.scene)
    page = await stage.operator(
        "aigerim", f"/console/conversations/{ids['mine']}", java_script_enabled=scripts
    )
    line = page.locator(".line.citizen", has_text="Три дня нет отопления")
    await line.locator("summary").click()
    await expect(line).to_contain_text("Понято неверно")
    assert await page.locator("#labels option").count() > 100
    await line.get_by_label("Как надо было понять").fill("topic.UTIL.WATER")
    await line.get_by_role("button", name="Сохранить исправление").click()
    await expect(page.locator("#told")).to_contain_text("Исправление сохранено")
    async with stage.scene.product.storage.read() as work:
        assert await work.feedback.corrections() == [(["topic.UTIL.HEAT"], "topic.UTIL.WATER", 1)]


# --- accessibility -----------------------------------------------------------------------------


async def scene_files(stage: Stage, ids: dict[str, str]) -> str:
    """A conversation with a picture; a withdrawal, a consent and a reminder beside it."""
    scene = stage.scene
    conversation = await scene.talk("Три дня нет отопления, дома дети")
    sent = await scene.sent(conversation, "термометр.jpg", jpeg())
    event = FileSent(new_id(), scene.clock.now(), sent, "")
    await scene.product.conversations.exchange(conversation, event, "d")
    async with scene.product.storage.write() as work:
        await work.withdrawals.add(WAITS)
        await work.consents.add(
            ConsentRecord(conversation, "2026-11-2", True, "kk", NOON, "web", text="Келісім")
        )
        await work.appeals.remind(Reminder(ids["late"], Watched.OVERDUE, date(2026, 11, 17), NOON))
        await work.commit()
    return conversation


async def offering_every_step(stage: Stage) -> list[str]:
    """Appeals that together with the furniture's offer every step of the table."""
    made = [
        await stage.scene.appeal(
            status=status,
            registered_on=date(2026, 11, 19),
            due=date(2026, 12, 10),
            due_article="76 (1–2)",
            fix_until=date(2026, 11, 27),
            hearing_on=date(2026, 11, 19),
            draft=replace(APPLICATION, kind=Kind.APPLICATION),
        )
        for status in (
            Status.REGISTERED,
            Status.IN_PROGRESS,
            Status.NEEDS_FIX,
            Status.HEARING,
            Status.ANSWERED,
        )
    ]
    return [appeal.id for appeal in made]


@pytest.mark.parametrize(("scheme", "locale", "width"), [("light", "kk", 360), ("dark", "ru", 1440)])
async def test_every_page_is_accessible_and_fits(stage: Stage, scheme: str, locale: str, width: int) -> None:
    ids = await furnish(stage.scene)
    options = {"locale": locale, "color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    files = await scene_files(stage, ids)
    stranger = await stage.context(**options)
    operator = await stage.context("aigerim", **options)
    admin = await stage.context("admin", Role.ADMINISTRATOR, **options)
    pages = [
        (stranger, "sign-in"), (operator, "conversations"), (operator, f"conversations/{ids['mine']}?tab=mine"),
        (operator, f"conversations/{ids['urgent']}"), (operator, f"conversations/{ids['taken']}?tab=all&done=noted"),
        (operator, "appeals"), (operator, f"appeals/{ids['late']}"), (operator, f"appeals/{ids['appeal']}?done=start"),
        (operator, f"conversations/{files}?tab=all"), (operator, "appeals?view=changed"), (operator, "reminders"),
        (operator, "functions"), (admin, "accounts"), (admin, "overview"), (admin, "password"), (admin, "keys"),
        (admin, "deliveries"), (admin, "calendar"), (admin, "consents"),
        *((admin, f"appeals/{each}?at=2026-11-17~2026000000003&done=start") for each in await offering_every_step(stage)),
    ]  # fmt: skip
    found, offered = [], set[str]()
    for context, path in pages:
        page = await stage.page(context, f"/console/{path}")
        await page.evaluate(
            "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
        )
        offered |= set(
            await page.locator("summary[data-action]").evaluate_all(
                "all => all.map(each => each.dataset.action)"
            )
        )
        if "conversations" in path:
            await expect(page.locator("#wire")).to_be_attached()
        found += [(path, *each) for each in await violations(page)]
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
        await page.close()
    assert found == []
    assert offered == {action.value for action in Action}


async def test_the_open_help_is_accessible(stage: Stage) -> None:
    for scheme in ("light", "dark"):
        page = await stage.operator("aigerim", color_scheme=scheme)
        await page.locator("#help").click()
        assert await violations(page) == []


@pytest.mark.parametrize("width", [1024, 360])
async def test_on_narrow_screens_the_box_is_at_hand_and_the_context_below(stage: Stage, width: int) -> None:
    conversation = await stage.scene.waiting()
    await stage.scene.product.handover.claim(await stage.scene.account("aigerim"), conversation)
    page = await stage.operator(
        "aigerim", f"/console/conversations/{conversation}", viewport={"width": width, "height": 740}
    )
    await page.wait_for_load_state()  # the script goes to the last line first
    await expect(page.locator("#say")).to_be_in_viewport(ratio=1)
    await expect(page.locator(".line").last).to_be_in_viewport()
    box = await page.locator("#context").bounding_box()
    assert box
    assert box["height"] > 200
    await page.evaluate("() => scrollTo(0, 10_000)")
    understood = page.locator("#context").get_by_text("Как понял помощник")
    await expect(understood).to_be_in_viewport()
    await stage.scene.says(conversation, "Ответьте, пожалуйста")
    await expect(page.locator(".line").last).to_contain_text("Ответьте, пожалуйста")
    await expect(understood).to_be_in_viewport()  # what arrives pulls nobody away from reading
