"""The widget in a real browser: what citizens see, hear from a screen reader, and survive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.app.records import Author, ShownButton
from dialogs.rules import Rules
from tests.channels.web.conftest import Web, build
from tests.chromium import CHROMIUM, PATIENCE, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@dataclass
class Stage:
    """A browser, the channel, and its address."""

    browser: Browser
    web: Web
    url: str
    trouble: list[str]
    contexts: list[BrowserContext]

    async def context(self, **options: Any) -> BrowserContext:
        settings = {"locale": "kk-KZ", "viewport": {"width": 420, "height": 760}, **options}
        self.contexts.append(await self.browser.new_context(**settings))
        return self.contexts[-1]

    async def page(
        self, path: str = "/widget/", context: BrowserContext | None = None, **options: Any
    ) -> Page:
        page = await (context or await self.context(**options)).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console",
            lambda line: self.trouble.append(line.text) if "Content Security" in line.text else None,
        )
        await page.goto(self.url + path)
        return page

    async def talk(self, path: str = "/widget/", **options: Any) -> Page:
        page = await self.page(path, **options)
        await page.locator(".choice").first.wait_for()
        return page

    @property
    def said(self) -> list[str]:
        return [m.text for m in list(self.web.assistant.talks.values())[-1].messages]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM)


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    port, host = unused_port(), unused_port()
    url = f"http://127.0.0.1:{port}"
    rules = replace(Rules(), attachment_bytes=1024 * 1024)
    built = build(public_url=url, rules=rules, allowed_origins=(f"http://127.0.0.1:{host}",))
    trouble: list[str] = []
    async with TestServer(built.app, port=port):
        stage = Stage(browser, built, url, trouble, [])
        yield stage
        for context in stage.contexts:
            await context.close()
    assert trouble == []


async def send(page: Any, text: str) -> None:
    await page.locator("#box").fill(text)
    await page.locator("#box").press("Enter")


# --- talking ---------------------------------------------------------------------------------


async def test_a_citizen_talks_and_nothing_said_becomes_markup(stage: Stage) -> None:
    page = await stage.talk()
    await page.locator("#box").fill("бірінші жол")
    await page.locator("#box").press("Shift+Enter")
    await page.keyboard.type("екінші жол")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.citizen .words")).to_have_text(
        "бірінші жол\nекінші жол", use_inner_text=True
    )
    await expect(page.locator(".row.citizen .tick")).to_have_attribute("aria-label", "Жіберілді")
    await send(page, "xss")
    answer = page.locator(".row.bot").last
    await expect(answer).to_contain_text("<img src=x onerror=window.hacked=1>")
    assert await answer.locator(".words img, .words script").count() == 0
    assert await page.evaluate("window.hacked") is None
    await expect(answer.locator("a")).to_have_attribute("href", "https://e.kz/")
    await expect(answer).to_have_attribute("data-ai", "true")
    await expect(page.locator(".machine")).to_have_text("Жасанды интеллект жауап береді")
    await expect(page.locator(".demo")).to_be_visible()
    await expect(page.locator("#human")).to_be_visible()


async def test_addresses_and_telephone_numbers_become_links(stage: Stage) -> None:
    page = await stage.talk()
    await send(page, "жауап қашан келеді")
    links = page.locator(".row.bot").last.locator("a")
    await expect(links).to_have_count(2)
    assert await links.evaluate_all(
        "nodes => nodes.map(node => [node.textContent, node.getAttribute('href')])"
    ) == [
        ["https://adilet.zan.kz/kaz/docs/K2000000350", "https://adilet.zan.kz/kaz/docs/K2000000350"],
        ["+7 7172 74 00 00", "tel:+77172740000"],
    ]


async def test_an_emergency_cannot_be_overlooked_and_calls_at_a_touch(stage: Stage) -> None:
    page = await stage.talk()
    await send(page, "газ иісі шығып тұр")
    bubble = page.locator(".tone-emergency")
    await expect(bubble.locator(".alert")).to_have_text("Шұғыл жағдай")
    phones = bubble.locator("a.phone")
    assert await phones.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))") == [
        "tel:104",
        "tel:112",
    ]
    await expect(phones.first).to_have_attribute("aria-label", "104 нөміріне қоңырау шалу")
    box = await phones.first.bounding_box()
    assert box is not None
    assert box["height"] >= 24


async def test_links_are_found_exactly(stage: Stage) -> None:
    page = await stage.page()
    found = await page.evaluate("""async () => {
        const { segments } = await import(document.querySelector('[href$="links.js"]').href);
        const pick = (text, urgent) => segments(text, urgent).filter(part => part.href).map(part => `${part.text}=${part.href}`);
        const cases = ["8 (701) 123-45-67.", "(https://a.kz/x?y=1).", "KM-2026-000112", "112, 103!", "№ 112-бап", "javascript:alert(1)",
                       "ЖСН 850101300112", "10:112", "https://", "8 701 123 45 678"];
        return { plain: cases.map(text => pick(text, false)), urgent: cases.map(text => pick(text, true)),
                 whole: cases.every(text => segments(text, true).map(part => part.text).join("") === text) };
    }""")
    assert found["whole"]
    assert found["plain"] == [
        ["8 (701) 123-45-67=tel:+77011234567"],
        ["https://a.kz/x?y=1=https://a.kz/x?y=1"],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
    ]
    assert found["urgent"][2:] == [[], ["112=tel:112", "103=tel:103"], [], [], [], [], [], []]


async def test_words_exist_in_both_languages(stage: Stage) -> None:
    page = await stage.page()
    words = await page.evaluate(
        "async () => (await import(document.querySelector('[href$=\"strings.js\"]').href)).WORDS"
    )
    assert words["kk"].keys() == words["ru"].keys()
    for key, text in words["kk"].items():
        assert text
        assert words["ru"][key]
        assert ("{n}" in text) == ("{n}" in words["ru"][key]), key


# --- buttons and input -----------------------------------------------------------------------


async def test_steps_change_in_place_and_answered_buttons_rest(stage: Stage) -> None:
    page = await stage.talk()
    await page.get_by_role("button", name="Жолданым беру").click()
    await expect(page.get_by_text("1-қадам")).to_be_visible()
    chosen = page.locator('.choice[data-button="form.step:1"]')
    await expect(chosen).to_have_attribute("aria-disabled", "true")
    await expect(chosen).to_have_attribute("aria-label", "Жолданым беру, таңдалды")
    for step in (2, 3):
        await page.locator(".choice", has_text="Әрі қарай").last.click()
        await expect(page.get_by_text(f"{step}-қадам")).to_be_visible()
    await expect(page.locator(".tone-step")).to_have_count(1)
    await expect(page.locator(".row.citizen")).to_have_count(0)
    await send(page, "мына жерде")
    await expect(page.locator('.choice[aria-disabled="false"]')).to_have_count(0)
    before = len(stage.said)
    await page.locator(".choice").first.dispatch_event("click")
    await asyncio.sleep(0.2)
    assert len(stage.said) == before
    await page.reload()
    await expect(chosen).to_have_class("choice chosen")


async def test_keyboard_focus_goes_on_when_a_step_is_replaced(stage: Stage) -> None:
    page = await stage.talk()
    await page.get_by_role("button", name="Жолданым беру").click()
    following = page.locator(".choice", has_text="Әрі қарай")
    await following.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2-қадам")).to_be_visible()
    assert await page.evaluate("document.activeElement.textContent.includes('2-қадам')")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Артқа"


async def test_the_place_button_is_there_only_when_a_place_is_asked(stage: Stage) -> None:
    context = await stage.context(
        geolocation={"latitude": 53.08, "longitude": 70.31}, permissions=["geolocation"]
    )
    page = await stage.talk(context=context)
    await expect(page.locator("#place")).to_be_hidden()
    await send(page, "мекенжай")
    await page.locator("#place").click()
    await expect(page.locator(".row.bot").last).to_contain_text("53.08 70.31")
    await expect(page.locator("#place")).to_be_hidden()
    await send(page, "байланыс")
    await expect(page.locator("#hint")).to_contain_text("+7 701")
    await expect(page.locator("#box")).to_have_attribute("inputmode", "tel")


async def test_a_refused_location_asks_for_words(stage: Stage) -> None:
    page = await stage.talk()
    await send(page, "мекенжай")
    await page.locator("#place").click()
    await expect(page.locator("#hint")).to_contain_text("Мекенжайды жазып жіберіңіз")


async def test_files_are_sent_and_too_large_ones_are_not(stage: Stage) -> None:
    page = await stage.talk()
    await page.locator("#file").set_input_files(
        {"name": "үй.txt", "mimeType": "text/plain", "buffer": b"abc"}
    )
    await expect(page.locator(".row.bot").last).to_contain_text("Қабылданды: үй.txt")
    await expect(page.locator(".row.citizen")).to_have_count(1)
    await page.locator("#file").set_input_files(
        {"name": "a.bin", "mimeType": "text/plain", "buffer": b"x" * (1024 * 1024 + 1)}
    )
    await expect(page.locator("#hint")).to_contain_text("1 МБ")
    assert len(stage.web.assistant.files) == 1


async def test_the_counter_appears_near_the_limit_and_stops_what_is_over(stage: Stage) -> None:
    page = await stage.talk()
    await page.locator("#box").fill("ә" * 3699)
    await expect(page.locator("#counter")).to_be_hidden()
    await page.locator("#box").fill("ә" * 3990)
    await expect(page.locator("#counter")).to_have_text("10 таңба қалды")
    await page.locator("#box").fill("ә" * 4003)
    await expect(page.locator("#counter")).to_contain_text("3 таңба артық")
    await page.locator("#box").press("Enter")
    await expect(page.locator(".row.citizen")).to_have_count(0)


async def test_the_language_changes_everywhere_and_is_remembered(stage: Stage) -> None:
    page = await stage.talk()
    await page.get_by_role("button", name="Русский").click()
    await expect(page.locator(".row.bot").last).to_contain_text("Здравствуйте")
    await expect(page.locator("html")).to_have_attribute("lang", "ru")
    await expect(page.locator(".machine")).to_have_text("Отвечает искусственный интеллект")
    await expect(page.locator("#box")).to_have_attribute("placeholder", "Напишите ваш вопрос…")
    await page.reload()
    await expect(page.locator(".machine")).to_have_text("Отвечает искусственный интеллект")


async def test_the_operator_is_one_press_away_and_looks_like_a_person(stage: Stage) -> None:
    page = await stage.talk()
    await page.locator("#human").click()
    await expect(page.locator(".row.bot").last).to_contain_text("Операторға қосамын")
    await stage.web.assistant.say("talk-1", "Сәлем, мен Айгүлмін", author=Author.OPERATOR, name="Айгүл С.")
    row = page.locator(".row.operator")
    await expect(row.locator(".author")).to_have_text("Айгүл С.")
    assert await row.get_attribute("data-ai") is None


# --- lines that break ------------------------------------------------------------------------


async def test_what_is_written_offline_is_kept_and_sent_when_the_line_is_back(stage: Stage) -> None:
    context = await stage.context()
    page = await stage.talk(context=context)
    await context.set_offline(True)
    await expect(page.locator("#link")).to_contain_text("Интернет байланысы жоқ")
    await send(page, "байланыссыз")
    await expect(page.locator(".row.citizen .failed")).to_be_visible()
    await expect(page.get_by_role("button", name="Қайта жіберу")).to_be_visible()
    await stage.web.assistant.say("talk-1", "Сіз жоқта келді", author=Author.OPERATOR)
    await context.set_offline(False)
    await expect(page.locator(".row.citizen .tick")).to_be_visible()
    await expect(page.locator(".row.operator")).to_have_count(1)
    await expect(page.locator("#link")).to_be_hidden()
    assert stage.said.count("байланыссыз") == 1


async def test_an_answer_lost_on_the_way_is_fetched_without_sending_twice(stage: Stage) -> None:
    page = await stage.page("/terms")
    lost = 0

    async def lose_first(route: Any) -> None:
        nonlocal lost
        if route.request.method == "POST" and lost == 0:
            lost += 1
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/messages", lose_first)
    await page.goto(stage.url + "/widget/")
    await page.locator(".choice").first.wait_for()
    await send(page, "бір рет")
    await expect(page.locator(".row.citizen .tick")).to_be_visible()
    await expect(page.locator(".row.bot")).to_have_count(2)
    await expect(page.locator(".row.citizen")).to_have_count(1)
    assert stage.said.count("бір рет") == 1


async def test_without_websockets_the_conversation_still_lives(stage: Stage) -> None:
    page = await stage.page("/terms")
    await page.route_web_socket("**/ws", lambda route: route.close(code=1011))
    await page.goto(stage.url + "/widget/")
    await page.locator(".choice").first.wait_for()
    await send(page, "жауап қашан келеді")
    await expect(page.locator(".tone-answer")).to_be_visible()
    await stage.web.assistant.say("talk-1", "Оператор жазды", author=Author.OPERATOR)
    await expect(page.locator(".row.operator")).to_be_visible()


async def test_a_refused_message_says_why_and_can_be_sent_again(stage: Stage) -> None:
    page = await stage.talk()
    await page.route(
        "**/messages",
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"status": 409, "code": "event_conflict", "detail": "Қайта жазыңыз."}',
        ),
    )
    await send(page, "сәлем")
    await expect(page.locator(".failed")).to_have_text("Қайта жазыңыз.")
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Қайта жіберу").click()
    await expect(page.locator(".row.citizen .tick")).to_be_visible()
    assert stage.said.count("сәлем") == 1


async def test_reload_and_other_tabs_show_the_same_conversation(stage: Stage) -> None:
    context = await stage.context()
    one = await stage.talk(context=context)
    two = await stage.talk(context=context)
    assert len(stage.web.assistant.talks) == 1
    await send(one, "бір")
    await expect(two.locator(".row.citizen .words")).to_have_text("бір")
    await one.locator("#box").fill("жазылмай қалған")
    await one.reload()
    await expect(one.locator(".row")).to_have_count(3)
    await expect(one.locator("#box")).to_have_value("жазылмай қалған")
    await one.locator("#fresh").click()
    await one.get_by_role("button", name="Иә, бастау").click()
    await expect(one.locator(".row")).to_have_count(1)
    await expect(two.locator(".row")).to_have_count(1)
    assert len(stage.web.assistant.talks) == 2


async def test_an_expired_conversation_gives_way_to_a_new_one_and_keeps_the_words(stage: Stage) -> None:
    page = await stage.talk()
    # Seen through the socket: one still to be opened would hear of the expiry before the citizen writes.
    await stage.web.assistant.say("talk-1", "Оператор жазды", author=Author.OPERATOR)
    await expect(page.locator(".row.operator")).to_be_visible()
    stage.web.assistant.talks["talk-1"].token = "expired"
    await send(page, "сақталсын")
    await expect(page.locator(".note", has_text="мерзімі өтті")).to_be_visible()
    await expect(page.locator(".row.citizen .tick")).to_be_visible()
    assert stage.said.count("сақталсын") == 1
    assert len(stage.web.assistant.talks) == 2


async def test_the_typing_sign_shows_while_an_answer_is_prepared(stage: Stage) -> None:
    page = await stage.talk()
    stage.web.assistant.delay = 0.8
    await send(page, "ойлан")
    await expect(page.locator("#typing")).to_be_visible()
    await expect(page.locator("#typing")).to_contain_text("жауап дайындап жатыр")
    await expect(page.locator(".row.bot")).to_have_count(2)
    await expect(page.locator("#typing")).to_be_hidden()


# --- embedding -------------------------------------------------------------------------------

HOST = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {url}; frame-src {url}"></head>
<body><h1>Сайт</h1><a href="#x" id="link">сілтеме</a>
<script async src="{url}/widget.js" data-title="Ауыл көмекшісі" data-position="left"></script></body></html>"""


@contextlib.asynccontextmanager
async def host_site(stage: Stage, port: int) -> AsyncIterator[str]:
    """Another site, strict as to scripts, with the widget on its page."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=HOST.format(url=stage.url, lang="ru"), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with TestServer(app, port=port):
        yield f"http://127.0.0.1:{port}/"


def allowed_port(stage: Stage, path: str = "/widget/") -> int:
    routes = [
        route
        for route in stage.web.app.router.routes()
        if route.resource and route.resource.canonical == path
    ]
    return int(routes[0].handler.__self__.options.allowed_origins[0].rsplit(":", 1)[1])


async def test_another_site_embeds_the_widget_with_one_script(stage: Stage) -> None:
    async with host_site(stage, allowed_port(stage)) as site:
        page = await (await stage.context(viewport={"width": 1200, "height": 800})).new_page()
        page.on("pageerror", lambda error: stage.trouble.append(str(error)))
        await page.goto(site)
        launcher = page.locator(".launcher")
        await expect(launcher).to_have_attribute("aria-label", "Открыть помощника")
        await page.evaluate("""() => { window.heard = [];
            for (const name of ["open", "close", "message", "unread", "conversation"]) {
                Komekshi.on(name, detail => heard.push(name));
                document.addEventListener(`komekshi:${name}`, event => heard.push(`dom:${name}`));
            } }""")
        await launcher.focus()
        await page.keyboard.press("Enter")
        frame = page.frame_locator("iframe")
        await expect(frame.locator("#title")).to_have_text("Ауыл көмекшісі")
        await expect(frame.locator(".row.bot")).to_contain_text("Здравствуйте")
        await expect(frame.locator("#box")).to_be_focused()
        await page.keyboard.type("сәлем")
        await page.keyboard.press("Enter")
        await expect(frame.locator(".row.bot")).to_have_count(2)
        await page.keyboard.press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()
        await expect(launcher).to_be_focused()
        await stage.web.assistant.say("talk-1", "Хабар", author=Author.OPERATOR)
        await expect(page.locator(".badge")).to_have_text("1")
        await expect(launcher).to_have_attribute("aria-label", "Открыть помощника, 1 новых сообщений")
        heard = await page.evaluate("heard")
        assert heard[:2] == ["open", "dom:open"]
        assert {"conversation", "message", "unread", "close", "dom:unread"} <= set(heard)
        assert await page.evaluate("localStorage.length") == 1
        await page.evaluate("Komekshi.toggle(); Komekshi.setLocale('kk')")
        await expect(page.locator(".badge")).to_be_hidden()
        await expect(frame.locator(".machine")).to_have_text("Жасанды интеллект жауап береді")
        await page.evaluate("Komekshi.reset()")
        await expect(frame.locator(".row")).to_have_count(1)
        await page.reload()
        await expect(page.frame_locator("iframe").locator(".row")).to_have_count(1)


async def test_a_site_that_is_not_allowed_gets_no_frame(stage: Stage) -> None:
    async with host_site(stage, unused_port()) as site:
        page = await (await stage.context()).new_page()
        await page.goto(site)
        await page.locator(".launcher").click()
        await asyncio.sleep(0.6)
        assert stage.web.assistant.talks == {}


async def test_a_strangers_messages_to_the_frame_are_ignored(stage: Stage) -> None:
    page = await stage.page("/")
    await page.locator(".launcher").click()
    frame = page.frame_locator("iframe")
    await frame.locator(".row").wait_for()
    await frame.locator("html").evaluate("() => window.postMessage({komekshi: 1, type: 'reset'}, '*')")
    await page.evaluate("window.postMessage({komekshi: 1, type: 'close'}, '*')")
    await asyncio.sleep(0.3)
    assert len(stage.web.assistant.talks) == 1
    await expect(page.locator("iframe")).to_be_visible()


async def test_on_a_phone_the_panel_covers_the_page_and_closing_gives_it_back(stage: Stage) -> None:
    page = await stage.page("/", viewport={"width": 360, "height": 680}, has_touch=True, is_mobile=True)
    await page.locator(".launcher").click()
    frame = page.frame_locator("iframe")
    await frame.locator(".row").wait_for()
    box = await page.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 680}
    assert await page.evaluate("document.querySelector('main').inert")
    await frame.locator("#close").click()
    await expect(page.locator(".launcher")).to_be_focused()
    assert not await page.evaluate("document.querySelector('main').inert")
    assert await page.evaluate("document.documentElement.style.overflow") == ""


# --- for everybody ---------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_conversation(stage: Stage, scheme: Any) -> None:
    page = await stage.talk(color_scheme=scheme, reduced_motion="reduce")
    for text in ("жауап қашан келеді", "түбіртек", "газ иісі шығып тұр", "мекенжай"):
        await send(page, text)
        await expect(page.locator(".row.citizen .tick").last).to_be_visible()
    await stage.web.assistant.say(
        "talk-1", "Сәлем", author=Author.OPERATOR, name="Айгүл", buttons=(ShownButton("Иә", "a.b"),)
    )
    await stage.web.assistant.say("talk-1", "Күйі өзгерді", tone="notice")
    await page.locator("#box").fill("ә" * 4001)
    await expect(page.locator(".row.operator")).to_be_visible()
    await page.locator(".row").nth(2).wait_for()
    assert await violations(page) == []
    await page.locator("#fresh").click()
    assert await violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_the_pages(stage: Stage, scheme: Any) -> None:
    page = await stage.page("/", color_scheme=scheme, viewport={"width": 1200, "height": 900})
    for path in ("/?lang=kk", "/terms?lang=ru", "/status?lang=kk"):
        await page.goto(stage.url + path)
        assert await violations(page) == [], path
    await page.locator("#reference").fill("KM-2026-000123")
    await page.locator("#secret").fill("нет")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []
    await page.locator("#secret").fill("7ACD EFGH JK")
    await page.keyboard.press("Enter")
    await expect(page.locator(".found")).to_be_visible()
    assert await violations(page) == []
    stage.web.desk.answer = "Жылу қосылды."
    await page.locator("#reference").fill("KM-2026-000123")
    await page.locator("#secret").fill("7ACDEFGHJK")
    await page.keyboard.press("Enter")
    await page.locator("#word").fill("Рақмет")
    await page.get_by_label("4", exact=True).check()
    assert await violations(page) == []
    await page.locator("[action*=rate] button").click()
    await expect(page.get_by_role("status")).to_be_visible()
    assert await violations(page) == []


async def test_a_receipt_is_saved_from_the_conversation(stage: Stage) -> None:
    page = await stage.talk()
    await send(page, "түбіртек")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Талонды жүктеп алу (PDF)").click()
    download = await saved.value
    assert download.suggested_filename == "talon-KM-2026-000123.pdf"
    assert (await download.path()).read_bytes().startswith(b"%PDF-")


async def test_whoever_disagrees_on_the_status_page_goes_on_in_the_conversation(stage: Stage) -> None:
    page = await stage.page("/widget/?lang=kk&complain=KM-2026-000123", locale="kk-KZ")
    await expect(page.locator(".words", has_text="complain|KM-2026-000123")).to_have_count(1)
    assert "complain" not in page.url
    await page.reload()
    await page.locator(".choice").first.wait_for()
    await expect(page.locator(".words", has_text="complain|KM-2026-000123")).to_have_count(1)


async def test_nothing_is_cut_off_at_320_pixels(stage: Stage) -> None:
    page = await stage.talk(viewport={"width": 320, "height": 640}, locale="ru-RU")
    await send(page, "х" * 200)
    await expect(page.locator(".row.citizen .tick")).to_be_visible()
    for path in ("", "/", "/terms", "/status"):
        if path:
            await page.goto(stage.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth <= 320"), path
    await page.goto(stage.url + "/widget/")
    await page.locator(".choice").first.wait_for()
    small = await page.evaluate("""() => [...document.querySelectorAll("button, a, textarea")]
        .filter(node => node.offsetParent && (node.offsetWidth < 24 || node.offsetHeight < 24)).map(node => node.outerHTML.slice(0, 90))""")
    assert small == []
    assert await page.evaluate(
        "document.querySelector('#log').scrollWidth <= document.querySelector('#log').clientWidth"
    )


async def test_everything_is_reached_by_keyboard_and_focus_is_seen(stage: Stage) -> None:
    page = await stage.talk()
    await page.locator("#title").focus()
    order = []
    for _ in range(14):
        await page.keyboard.press("Tab")
        seen = await page.evaluate("""() => { const node = document.activeElement, box = node.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
            const style = getComputedStyle(node);
            return [node.id || node.dataset.button || node.dataset.locale || node.dataset.text,
                    style.outlineStyle !== "none" && (node.contains(top) || top.contains(node))]; }""")
        assert seen[1], seen
        order.append(seen[0])
        if seen[0] == "status":
            break
    assert order == [
        "fresh",
        "kk",
        "ru",
        "human",
        "log",
        "form.step:1",
        "menu.questions",
        "status.open",
        "attach",
        "box",
        "send",
        "terms",
        "status",
    ]


async def test_screen_readers_hear_new_messages_once(stage: Stage) -> None:
    page = await stage.talk()
    log = page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await page.evaluate("""() => { window.added = [];
        const note = (node) => node.classList.contains("row") && added.push(node.textContent);
        new MutationObserver(list => list.forEach(change => change.addedNodes.forEach(note)))
            .observe(document.getElementById("list"), {childList: true}); }""")
    await send(page, "жауап қашан келеді")
    await expect(page.locator(".tone-answer")).to_be_visible()
    await page.get_by_role("button", name="Көмектесті", exact=True).click()
    await expect(page.locator(".row.bot")).to_have_count(3)
    assert len(await page.evaluate("added")) == 3


async def test_without_javascript_the_page_says_where_to_go(stage: Stage) -> None:
    page = await stage.page("/widget/?lang=ru", java_script_enabled=False)
    await expect(page.locator("noscript p")).to_be_visible()
    await page.goto(stage.url + "/?lang=ru")
    await expect(page.locator("noscript p")).to_be_visible()
