"""A draft goes on elsewhere: whole, once, with its files and its consent; both sides and the operators know where it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app.carrying import CARRIED
from bot.app.records import Address, Author, code_of
from bot.bootstrap import Product, build, new_id, web_application
from bot.settings import Settings
from dialogs.events import FileSent, Started
from dialogs.model import Form
from tests.app.crashes import Disk, covered, walk
from tests.app.signing import IIN, OFFICE, PERSON, STORY, at_the_preview, press, told
from tests.app.test_uploads import accept, jpeg
from tests.factories import FakeClock, ScriptedNlu, parse, shipped_knowledge

OPEN_OFFICE = replace(OFFICE, signature=False, telegram="komekshi_bot")
BOT = "https://t.me/komekshi_bot?start="
PAGE = "https://komekshi.example.kz/page?key="
PATIENCE = timedelta(minutes=1)
Client = TestClient[web.Request, web.Application]


def running(folder: Path, clock: FakeClock, **settings: Any) -> AbstractAsyncContextManager[Product]:
    nlu = ScriptedNlu()
    nlu.known[STORY] = parse("topic.UTIL.HEAT")
    return build(
        Settings(
            data_dir=folder,
            public_url=OFFICE.public_url,
            telegram_bot_token="1:a",
            telegram_bot_name=OPEN_OFFICE.telegram,
            **settings,
        ),
        clock=clock,
        understanding=nlu,
        knowledge=replace(shipped_knowledge(), office=OPEN_OFFICE),
    )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def product(request: pytest.FixtureRequest, data_dir: Path, clock: FakeClock) -> AsyncIterator[Product]:
    settings = {}
    if request.param == "postgres":
        settings = {"database_url": request.getfixturevalue("postgres_url"), "secret_key": "k" * 40}
    async with running(data_dir, clock, **settings) as built:
        yield built


@pytest.fixture
async def client(product: Product) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_application(product))) as running_client:
        yield running_client


async def ready(product: Product) -> str:
    """A conversation in the widget at the preview of an appeal with a photo."""
    conversation = await at_the_preview(product)
    photo, refused = await accept(product, conversation, "пеш.jpg", jpeg())
    assert not refused
    await product.conversations.exchange(conversation, FileSent(new_id(), product.clock.now(), photo), "d")
    return conversation


async def key_of(product: Product, conversation: str, button: str = "carry.ask") -> str:
    """The key of the link that is made there."""
    said = await press(product, conversation, button)
    page, *bot = [button.url for button in said[-1].buttons if button.url]
    key = page.removeprefix(PAGE)
    assert bot in ([], [f"{BOT}{key}"])
    return key


async def elsewhere(product: Product, chat: str = "") -> str:
    """Another conversation: in another browser, or in Telegram."""
    if chat:
        return await product.conversations.at_address(Address("telegram", chat), "ru")
    return (await product.conversations.open("web", "ru")).conversation_id


async def opens(product: Product, conversation: str, key: str) -> str:
    """What the assistant says when the link is opened there."""
    event = Started(new_id(), product.clock.now(), None, key)
    said = await product.conversations.exchange(conversation, event, "d")
    return "\n".join(message.text for message in said)


async def form_in(product: Product, conversation: str) -> Form | None:
    async with product.storage.read() as work:
        found = await work.conversations.find(conversation)
    assert found
    return found.state.unfinished


async def said_in(product: Product, conversation: str) -> str:
    return "\n".join(message.text for message in await product.conversations.messages(conversation))


async def test_a_draft_goes_on_in_another_browser_as_it_was_left(product: Product) -> None:
    there = await ready(product)
    before = await form_in(product, there)
    key = await key_of(product, there)
    here = await elsewhere(product)
    shown = await opens(product, here, key)
    for words in (
        "перенесено сюда: Отопление и горячая вода (город Щучинск)",
        STORY,
        PERSON[0],
        "пеш.jpg",
        "Проверьте",
    ):
        assert words in shown
    after = await form_in(product, here)
    assert before
    assert after
    (photo,) = after.draft.attachments
    assert replace(after.draft, attachments=()) == replace(before.draft, attachments=())
    assert (after.step, after.visited, after.skipped) == (before.step, before.visited, before.skipped)
    assert await form_in(product, there) is None
    left = (await product.conversations.messages(there))[-1]
    assert "браузерге көшті" in left.text
    assert [button.id for button in left.buttons] == ["human.ask", "menu.open"]
    # What is erased there stays here.
    await press(product, there, "data.erase_now")
    await press(product, here, "filing.confirm")
    async with product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(here, 9)
        assert not await work.appeals.of_conversation(there, 9)
        (file,) = await work.files.of_conversation(here)
        assert not await work.files.of_conversation(there)
    assert appeal.draft.applicant.iin == IIN
    assert appeal.draft.attachments == (photo,)
    assert (photo.id, photo.sha256) == (file.id, file.sha256)
    assert (await product.files.get(file.sha256))[:3] == b"\xff\xd8\xff"


async def test_the_consent_comes_along_word_for_word_and_operators_see_where_from(product: Product) -> None:
    there, here = await ready(product), await elsewhere(product)
    await opens(product, here, await key_of(product, there))
    async with product.storage.read() as work:
        (given,) = await work.consents.of_conversation(there)
        (carried,) = await work.consents.of_conversation(here)
        (row, *_) = await work.audit.newest(1)
        notes = [
            line.text
            for conversation in (there, here)
            for line in await work.messages.after(conversation, 0, 99, notes=True)
            if line.author is Author.NOTE
        ]
    assert carried.text
    assert (carried.text, carried.version, carried.locale) == (given.text, given.version, given.locale)
    assert (carried.given, carried.actor) == (True, CARRIED)
    assert (row.actor, row.action, row.subject, row.detail) == ("citizen", "draft.carried", there, here)
    assert [code_of(here) in notes[0], code_of(there) in notes[1]] == [True, True]
    assert code_of(there) not in await said_in(product, here)
    assert "data.withdraw" in [
        button.id for message in await press(product, here, "data.open") for button in message.buttons
    ]


async def test_in_telegram_the_border_is_agreed_to_first_and_nothing_given_is_repeated(
    product: Product,
) -> None:
    there, chat = await ready(product), await elsewhere(product, "501")
    shown = await opens(product, chat, await key_of(product, there))
    assert "нужно отдельное согласие" in shown
    await press(product, chat, "filing.agree")
    said = await said_in(product, chat)
    assert "С. М." in said
    for private in (*PERSON[:2], "7010000000", "Абай көшесі, 1"):
        assert private not in said
    async with product.storage.read() as work:
        consents = await work.consents.of_conversation(chat)
    assert [(one.channel, one.actor) for one in consents] == [("telegram", "citizen")]
    assert "Telegram-ға көшті" in await said_in(product, there)
    # And back again: Telegram's consent holds in a browser, too.
    back = await elsewhere(product)
    assert PERSON[0] in await opens(product, back, await key_of(product, chat))
    async with product.storage.read() as work:
        waiting = await work.outbox.pending()
    assert waiting > 0, "the chat in Telegram is told"
    assert "Обращение перенесено в браузер" in await said_in(product, chat)


async def test_a_link_works_once_and_says_so(product: Product, clock: FakeClock) -> None:
    there, first, second = await ready(product), await elsewhere(product), await elsewhere(product)
    await press(product, there, "language.set:ru")
    key = await key_of(product, there)
    assert "уже здесь" in await opens(product, there, key)
    assert await form_in(product, there)
    await opens(product, first, key)
    assert "уже здесь" in await opens(product, first, key), "pressed twice"
    assert "уже сработала" in await opens(product, second, key)
    assert "не действует" in await opens(product, second, "0" * 64)
    assert await form_in(product, first)
    assert await form_in(product, second) is None
    async with product.storage.read() as work:
        assert len(await work.audit.newest(9)) == 1
    key = await key_of(product, first)
    clock.pass_time(product.rules.carry_lifetime)
    assert "не действует" in await opens(product, second, key)
    assert await form_in(product, first)


async def test_a_link_is_bound_to_its_draft(product: Product) -> None:
    there, here = await ready(product), await elsewhere(product)
    key = await key_of(product, there)
    await press(product, there, "filing.resume", "filing.confirm")
    assert "не действует" in await opens(product, here, key), "filed meanwhile"
    await told(product, there)
    await press(product, there, "filing.start", "filing.cancel")
    old = await key_of(product, there)
    new = await key_of(product, there)
    assert old != new
    assert "не действует" in await opens(product, here, old)
    await press(product, there, "filing.discard:UTIL.HEAT")
    assert "не действует" in await opens(product, here, new)
    assert await form_in(product, here) is None


async def test_a_link_for_another_draft_costs_the_first_one_nothing(product: Product) -> None:
    there, first, second = await ready(product), await elsewhere(product), await elsewhere(product)
    one = await key_of(product, there)
    await told(product, there)
    await press(product, there, "filing.start", "filing.fresh")
    other = await key_of(product, there)
    assert "перенесено сюда" in await opens(product, second, other)
    assert "перенесено сюда" in await opens(product, first, one)
    forms = [await form_in(product, place) for place in (first, second, there)]
    assert [form.draft.applicant.iin if form else "" for form in forms] == [IIN, None, ""]


async def test_opened_in_two_places_at_once_it_goes_to_one(product: Product) -> None:
    there, places = await ready(product), [await elsewhere(product) for _ in range(4)]
    key = await key_of(product, there)
    await asyncio.gather(*(opens(product, place, key) for place in places))
    forms = [await form_in(product, place) for place in (there, *places)]
    assert len([form for form in forms if form]) == 1


async def test_opened_while_it_is_filed_it_is_filed_or_carried(product: Product) -> None:
    there, here = await ready(product), await elsewhere(product)
    key = await key_of(product, there)
    await press(product, there, "filing.resume")
    await asyncio.gather(press(product, there, "filing.confirm"), opens(product, here, key))
    async with product.storage.read() as work:
        filed = len(await work.appeals.of_conversation(there, 9))
    assert filed + (await form_in(product, here) is not None) == 1
    assert await form_in(product, there) is None


async def test_guessing_is_slowed_down(product: Product) -> None:
    there, here = await ready(product), await elsewhere(product)
    key = await key_of(product, there)
    for _ in range(product.rules.pages_per_minute):
        assert "не действует" in await opens(product, here, "a" * 64)
    assert "Слишком много попыток" in await opens(product, here, key)
    assert await form_in(product, here) is None


async def test_neither_database_nor_log_opens_a_draft(
    product: Product, capsys: pytest.CaptureFixture[str]
) -> None:
    there, here = await ready(product), await elsewhere(product)
    key = await key_of(product, there)
    await product.conversations.receive(here, Started("e1", product.clock.now(), None, key), "d")
    async with product.storage.read() as work:
        row = await work.inbox.find(here, "e1")
        lines = await work.messages.after(there, 0, 99, notes=True)
    assert row
    digest = row.payload["payload"]
    assert key not in repr((row, lines))
    other = await elsewhere(product)
    assert "не действует" in await opens(product, other, digest), "a digest is no key"
    await told(product, other, f"/start {digest}")
    assert await form_in(product, other) is None
    await product.conversations.process(here)
    assert await form_in(product, here)
    assert key not in "".join(capsys.readouterr())


async def test_the_page_moves_nothing_and_shows_nothing_of_the_draft(
    product: Product, client: Client
) -> None:
    there, here = await ready(product), await elsewhere(product)
    key = await key_of(product, there)
    assert (await client.post("/page", data={"key": key})).status == 405, "no page of ours sends that"
    answer = await client.get(f"/page?key={key}")
    html = await answer.text()
    assert answer.status == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert f'href="widget/?lang=kk#carry={key}"' in html
    assert f'href="{BOT}{key}"' in html
    assert "<script" not in html
    assert "бір рет қана қолданылады" in html
    assert "осында" not in html, "a button leads to Telegram, too"
    assert not [private for private in (STORY, *PERSON) if private in html]
    assert await form_in(product, there)
    await opens(product, here, key)
    gone = await client.get(f"/page?key={key}&lang=ru")
    assert gone.status == 410
    assert "уже сработала" in await gone.text()


async def test_other_keys_carry_nothing(product: Product, client: Client) -> None:
    chat, here = await elsewhere(product, "501"), await elsewhere(product)
    await told(product, chat)
    await press(product, chat, "filing.start", "filing.skip", "applicant.page")
    said = await product.conversations.messages(chat)
    (url,) = [button.url for button in said[-1].buttons if button.url]
    applicants = url.removeprefix(PAGE)
    assert "не действует" in await opens(product, here, applicants)
    key = await key_of(product, chat)
    answer = await client.post("/page", data={"key": key, "full_name": PERSON[0]})
    assert answer.status == 405
    assert (await client.get(f"/page?key={applicants}")).status == 200, "a link costs nothing"
    # The other way round: another of its pages costs the link nothing.
    await press(product, chat, "filing.resume", "applicant.page")
    assert "перенесено сюда" in await opens(product, here, key)


# --- killed between any two steps -------------------------------------------------------------


@dataclass
class Opens:
    """A citizen who opens the link in Telegram, and again as long as nothing was answered."""

    there: str = ""
    here: str = ""
    key: str = ""
    clock: FakeClock = field(default_factory=FakeClock)

    def anew(self) -> Self:
        return replace(self, clock=FakeClock())

    def started(self, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Product]:
        return running(folder, self.clock, **settings)

    def tick(self) -> None:
        self.clock.pass_time(PATIENCE)

    async def prepare(self, product: Product) -> None:
        self.there, self.here = await ready(product), await elsewhere(product, "501")
        self.key = await key_of(product, self.there)

    async def go_on(self, product: Product) -> None:
        event = Started("opens", self.clock.now(), None, self.key)
        assert await product.conversations.exchange(self.here, event, "d"), (
            "what was acknowledged is answered"
        )
        await product.sweeps.recover()


async def test_killed_at_any_point_the_draft_is_in_one_place_and_both_are_told_once(
    disk: Disk, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    async for world, killer, product in walk(disk, Opens()):
        here = f"point {killer.at}: {killer.where or 'not killed'}"
        points.append(killer.where)
        assert await form_in(product, world.there) is None, here
        moved = await form_in(product, world.here)
        assert moved, here
        (photo,) = moved.draft.attachments
        async with product.storage.read() as work:
            assert [file.id for file in await work.files.of_conversation(world.here)] == [photo.id], here
            assert len(await work.audit.newest(9)) == 1, here
            assert not await work.inbox.conversations_with_pending(world.clock.now() + PATIENCE, 9), here
        assert (await said_in(product, world.there)).count("Telegram-ға көшті") == 1, here
        assert (await said_in(product, world.here)).count("Обращение перенесено сюда") == 1, here
    assert points.pop() == ""
    assert set(points) == {"before a commit", "after a commit"}
    record_property("walked", covered(points))
