"""The one-time pages as citizens see them: in Chromium, the signature with an NCALayer on the same computer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright, expect

from appeals import steps
from appeals.lifecycle import Status
from bot.app.records import Address
from bot.bootstrap import Product, web_application, web_options
from bot.channels.web import assets as web_assets
from tests.app.signing import PERSON, appeals, asked_to_sign, at_the_preview, link, press, told
from tests.app.test_desk import EXECUTOR, under_way
from tests.app.test_public_status import secret_of
from tests.app.test_uploads import jpeg
from tests.chromium import CHROMIUM, violations
from tests.factories import ScriptedNlu
from tests.fakes.authority import OPENSSL, Authority, Key
from tests.fakes.ncalayer import NcaLayerServer, recorded
from tests.fakes.ncanode import NcaNodeServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed"),
]
PHONE = {"width": 360, "height": 740}
SITE_CSS = web_assets.FOLDER / "site/site.css"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM)


async def opened(browser: Browser, url: str, trouble: list[str], **options: Any) -> Page:
    context = await browser.new_context(
        locale="kk-KZ", ignore_https_errors=True, **{"viewport": {"width": 420, "height": 760}, **options}
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: trouble.append(line.text) if "Content Security" in line.text else None)
    await page.goto(url)
    return page


async def test_the_page_signs_with_ncalayer_and_says_what_to_do_when_it_cannot(
    signing_product: Product, browser: Browser, authority: Authority, own: Key, node: NcaNodeServer
) -> None:
    trouble: list[str] = []
    conversation, key, text = await asked_to_sign(signing_product)
    async with NcaLayerServer(authority, own) as layer:
        options = replace(web_options(signing_product), ncalayer_url=layer.url)
        async with TestServer(web_application(signing_product, options)) as server:
            page = await opened(browser, str(server.make_url(f"/page?key={key}")), trouble)
            assert await violations(page) == []
            assert await page.locator("#text").text_content() == text.decode()

            async def sign(state: str) -> None:
                await page.locator("#sign").click()
                await expect(page.locator(f'[data-state="{state}"]')).to_be_visible()
                assert await page.locator("[data-state]:visible").count() == 1

            for mood, state in (
                ("old", "old_layer"),
                ("outdated", "old_layer"),
                ("cancelled", "cancelled"),
                ("failing", "layer_failed"),
            ):
                layer.mood = mood
                await sign(state)
            layer.mood = "dropping"
            await sign("layer_failed")
            layer.mood, layer.instead, layer.lists = "ok", b"something else", True
            await sign("altered")
            layer.lists = False
            layer.instead, layer.filters, layer.key = b"", False, authority.issue("850715400109")
            await sign("other_person")
            layer.filters = True
            await sign("cancelled")
            layer.key, node.trouble = own, 500
            await sign("unavailable")
            node.trouble = None
            assert await appeals(signing_product, conversation) == 0
            assert await violations(page) == []
            await sign("done")
            async with page.expect_download() as download:
                await page.locator("#save-cms").click()
            assert (await download.value).suggested_filename == "appeal.txt.cms"
            path = await (await download.value).path()
            assert authority.vouches(path.read_bytes(), signing_product.clock.now())
            assert await violations(page) == []
        assert layer.faults == []
    asked = recorded("ncalayer_request")
    asked["args"]["data"] = base64.b64encode(text).decode()
    asked["args"]["signerParams"]["iin"] = own.iin
    assert layer.asked[-1] == asked
    assert await appeals(signing_product, conversation) == 1
    assert trouble == []


async def test_without_ncalayer_the_page_says_how_to_get_it(
    signing_product: Product, browser: Browser
) -> None:
    trouble: list[str] = []
    _, key, _ = await asked_to_sign(signing_product)
    options = replace(web_options(signing_product), ncalayer_url="wss://127.0.0.1:9/")
    async with TestServer(web_application(signing_product, options)) as server:
        page = await opened(browser, str(server.make_url(f"/page?key={key}")), trouble)
        await page.locator("#sign").click()
        await expect(page.get_by_text("NCALayer жауап бермейді")).to_be_visible()
        await expect(page.locator("#sign")).to_be_enabled()
    assert trouble == []


async def test_the_applicants_page_works_without_javascript_on_a_phone(
    signing_product: Product, browser: Browser
) -> None:
    conversation = await signing_product.conversations.at_address(Address("telegram", "501"), "kk")
    await told(signing_product, conversation)
    await press(signing_product, conversation, "filing.start", "filing.skip", "applicant.page")
    path = (await link(signing_product, conversation)).partition("example.kz")[2]
    async with TestServer(web_application(signing_product)) as server:
        seeing = await opened(browser, str(server.make_url(path)), [])
        assert await violations(seeing) == []
        page = await opened(browser, str(server.make_url(path)), [], java_script_enabled=False)
        await page.locator("#full_name").fill(PERSON[0])
        await page.get_by_role("button", name="Жіберу").click()
        await expect(page.locator("#phone-wrong")).to_be_visible()
        await expect(page.locator("#full_name")).to_have_value(PERSON[0])
        for name, value in zip(("iin", "phone", "postal_address"), PERSON[1:], strict=True):
            await page.locator(f"#{name}").fill(value)
        await page.get_by_role("button", name="Жіберу").click()
        await expect(page.get_by_role("heading", name="Қабылданды")).to_be_visible()
        assert "key=" not in page.url
        await page.goto(str(server.make_url(path)))
        await expect(page.get_by_role("heading", name="қолданылып")).to_be_visible()


async def test_an_appeal_is_completed_on_the_status_page_without_javascript_on_a_phone(
    product: Product, nlu: ScriptedNlu, browser: Browser
) -> None:
    appeal = await under_way(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, steps.AskFix(date(2026, 11, 27)), "Үй нөмірін жазыңыз")
    secret = await secret_of(product, appeal)
    async with TestServer(web_application(product)) as server:
        page = await opened(
            browser, str(server.make_url("/status")), [], java_script_enabled=False, viewport=PHONE
        )
        await page.locator("#reference").fill(appeal.reference)
        await page.locator("#secret").fill(secret)
        await page.get_by_role("button", name="Жағдайын көру").click()
        await page.locator("#text").fill("12 үй\n7 пәтер")
        picture = {"name": "үй.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        program = {"name": "карта.svg", "mimeType": "image/svg+xml", "buffer": b"<svg><script>"}
        await page.locator("#files").set_input_files([picture, program])
        await page.get_by_role("button", name="Жіберу", exact=True).click()
        await expect(page.locator("#add-wrong")).to_contain_text("карта.svg")
        await expect(page.locator("#text")).to_have_value("12 үй\n7 пәтер")
        await expect(page.get_by_label("үй.jpg")).to_be_checked()
        await expect(page.get_by_role("alert")).to_be_in_viewport()
        await page.get_by_role("button", name="Жіберу", exact=True).click()
        await expect(page.get_by_role("status")).to_contain_text("2026 жылғы 11 желтоқсан")
        await expect(page.get_by_role("status")).to_contain_text("үй.jpg")
        seeing = await browser.new_page(viewport=PHONE)  # axe needs JavaScript
        await seeing.set_content(await page.content())
        await seeing.add_style_tag(content=SITE_CSS.read_text())
        assert await violations(seeing) == []
        assert await seeing.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    dossier = await product.desk.open(EXECUTOR, appeal.id)
    assert dossier.appeal.status is Status.FIXED
    assert dossier.steps[-1].note == "12 үй\n7 пәтер"


async def test_a_link_takes_the_draft_into_the_widget_of_another_browser(
    signing_product: Product, browser: Browser
) -> None:
    trouble: list[str] = []
    there = await at_the_preview(signing_product)
    await press(signing_product, there, "carry.ask")
    path = (await link(signing_product, there)).partition("example.kz")[2]
    async with TestServer(web_application(signing_product)) as server:
        url = str(server.make_url(path))
        plain = await opened(browser, url, [], java_script_enabled=False, viewport=PHONE)
        await expect(plain.get_by_role("heading", name="Жолданымды жалғастыру")).to_be_visible()
        await expect(plain.get_by_role("link", name="Осы браузерде жалғастыру")).to_be_visible()
        page = await opened(browser, url, trouble, viewport=PHONE)
        assert await violations(page) == []
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        await page.get_by_role("link", name="Осы браузерде жалғастыру").click()
        card = page.locator(".row.bot", has_text="Тексеріп шығыңыз")
        await expect(card).to_contain_text(PERSON[0])
        await expect(page.locator(".row.bot", has_text="осы чатқа көшті")).to_be_visible()
        assert "carry" not in page.url
        await page.reload()
        await expect(card).to_be_visible()
        await expect(page.locator(".row", has_text="уже здесь")).to_have_count(0)
        await card.get_by_role("button", name="Растап").click()
        await expect(page.locator(".row.bot", has_text="Қол қо")).to_be_visible()
        await page.goto(url)
        await expect(page.get_by_role("heading", name="қолданылып қойған")).to_be_visible()
        assert await violations(page) == []
    said = await signing_product.conversations.messages(there)
    assert "браузерге көшті" in said[-1].text
    assert trouble == []
