"""The applicant's data by a page of our own: one address, one use, one draft; nothing of it in chat, log or database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.app.records import Address, Author
from bot.bootstrap import Product, build, new_id, web_application
from bot.settings import Settings
from dialogs.events import ButtonPressed, UserSaid
from dialogs.model import Mode, Office
from tests.factories import NOON, FakeClock, ScriptedNlu, parse, shipped_knowledge
from text.bilingual import Bilingual

STORY = "Щучинск қаласында үш күннен бері жылу жоқ, шара қолдануды сұраймын"
GIVEN = {
    "full_name": "Сынақов Мысал Үлгіұлы",
    "iin": "900101300007",
    "phone": "8 701 000 00 00",
    "postal_address": "Щучинск, Абай көшесі, 1",
}
OFFICE = Office(
    Mode.DESK,
    Bilingual("Әкімдік", "Акимат"),
    "050540000006",
    "https://komekshi.example.kz",
    reachable=True,
)
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def product(data_dir: Path, clock: FakeClock, nlu: ScriptedNlu) -> AsyncIterator[Product]:
    nlu.known[STORY] = parse("topic.UTIL.HEAT")
    settings = Settings(data_dir=data_dir, public_url=OFFICE.public_url)
    known = replace(shipped_knowledge(), office=OFFICE)
    async with build(settings, clock=clock, understanding=nlu, knowledge=known) as built:
        yield built


@pytest.fixture
async def client(product: Product) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_application(product))) as running:
        yield running


async def press(product: Product, conversation: str, *buttons: str) -> None:
    for button in buttons:
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, button), "d")


async def asked_for_page(product: Product, chat: str = "501") -> tuple[str, str]:
    """A Telegram conversation whose citizen asked for the page, and the page's path."""
    conversation = await product.conversations.at_address(Address("telegram", chat), "kk")
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, STORY), "d")
    await press(product, conversation, "filing.start", "applicant.page")
    return conversation, await link(product, conversation)


async def link(product: Product, conversation: str) -> str:
    said = await product.conversations.messages(conversation)
    (url,) = [button.url for button in said[-1].buttons if button.url]
    assert url.startswith("https://komekshi.example.kz/page?key=")
    return url.removeprefix("https://komekshi.example.kz")


async def send(client: Client, path: str, answers: dict[str, str]) -> ClientResponse:
    key = path.partition("key=")[2]
    return await client.post("/page", data={"key": key, **answers}, allow_redirects=False)


async def test_what_is_given_on_the_page_goes_into_the_draft_and_not_into_the_chat(
    product: Product, client: Client
) -> None:
    conversation, path = await asked_for_page(product)
    shown = await client.get(path)
    assert shown.status == 200
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"
    assert "<script" not in (html := await shown.text())
    assert re.findall(r'<input id="(\w+)"', html) == list(GIVEN)
    taken = await send(client, path, GIVEN)
    assert (taken.status, taken.headers["Location"]) == (303, "page/done?lang=kk")
    assert (await client.get("/page/done?lang=kk")).status == 200
    said = await product.conversations.messages(conversation)
    words = "\n".join(message.text for message in said)
    assert "С. М. Ү." in words
    for private in ("Сынақов", "900101300007", "Абай көшесі", "7010000000"):
        assert private not in words
    await press(product, conversation, "filing.confirm")
    async with product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
        consent = (await work.consents.of_conversation(conversation))[-1]
    person = appeal.draft.applicant
    assert (person.full_name, person.iin, person.phone) == (
        "Сынақов Мысал Үлгіұлы",
        "900101300007",
        "+77010000000",
    )
    assert (consent.channel, consent.given) == ("telegram", True)
    assert "Әкімдік, БСН 050540000006" in consent.text
    assert consent.text in [message.text.partition("\n\nТегіңізді, атыңызды, ЖСН")[0] for message in said]


async def test_what_does_not_fit_is_said_beside_the_field_and_the_page_stays_open(
    product: Product, client: Client
) -> None:
    _, path = await asked_for_page(product)
    refused = await send(client, path, {**GIVEN, "iin": "900101300008", "full_name": "<b>"})
    html = await refused.text()
    assert refused.status == 422
    assert 'id="iin-wrong"' in html
    assert 'id="full_name-wrong"' in html
    assert 'id="phone-wrong"' not in html
    assert 'value="&lt;b&gt;"' in html
    assert 'value="Щучинск, Абай көшесі, 1"' in html
    assert (await send(client, path, GIVEN)).status == 303


async def test_an_address_works_once_for_half_an_hour_and_only_the_newest(
    product: Product, client: Client, clock: FakeClock
) -> None:
    conversation, first = await asked_for_page(product)
    await press(product, conversation, "filing.back", "applicant.page")
    second = await link(product, conversation)
    assert (await client.get(first)).status == 410
    assert (await client.get("/page?key=nonsense")).status == 410
    assert (await client.get("/page?key=%D3%98")).status == 410
    assert (await send(client, second, GIVEN)).status == 303
    again = await send(client, second, {**GIVEN, "full_name": "Басқа Адам"})
    assert again.status == 410
    assert "қолданылып қойған" in await again.text()
    _, third = await asked_for_page(product, "502")
    clock.pass_time(timedelta(minutes=30))
    expired = await send(client, third, GIVEN)
    assert expired.status == 410
    assert "жарамсыз" in await expired.text()


async def test_an_address_dies_with_its_draft(product: Product, client: Client) -> None:
    conversation, path = await asked_for_page(product)
    await press(product, conversation, "filing.discard")
    assert (await client.get(path)).status == 410
    _, path = await asked_for_page(product, "503")
    assert (await client.get(path)).status == 200


async def test_guessing_is_slowed_down(product: Product, client: Client) -> None:
    for _ in range(product.rules.pages_per_minute):
        assert (await client.get("/page?key=guess")).status == 410
    refused = await client.get("/page?key=guess")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0


async def test_neither_database_nor_log_opens_the_page(
    product: Product, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation, path = await asked_for_page(product)
    key = path.partition("key=")[2]
    assert (await send(client, path, GIVEN)).status == 303
    async with product.storage.read() as work:
        stored = await work.messages.after(conversation, 0, 99)
    assert key not in repr(stored)
    database = b"".join(file.read_bytes() for file in product.settings.data_dir.glob("*.sqlite3*"))
    assert key.encode() not in database
    logged = "".join(capsys.readouterr())
    assert key not in logged
    assert "Сынақов" not in logged


async def test_what_was_sent_before_a_crash_reaches_the_draft_after_it(
    product: Product, client: Client, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, path = await asked_for_page(product)

    async def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(product.conversations), "process", killed)
        page = await product.pages.find(path.partition("key=")[2])
        with pytest.raises(SystemExit):
            await product.pages.give(page, GIVEN)
    clock.pass_time(timedelta(minutes=1))
    await product.sweeps.recover()
    lines = await product.conversations.messages(conversation)
    assert [line.author for line in lines[-2:]] == [Author.BOT, Author.BOT]
    assert "Тексеріп шығыңыз" in lines[-1].text
