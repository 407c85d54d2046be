"""The register of consents, withdrawals answered in time, a copy of everything, erasure by kind."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app.errors import InvalidInput, NotPermitted, WrongAction
from bot.app.personal_data import Answer
from bot.app.records import AppealRecord, Operator, Role, WithdrawalState
from bot.bootstrap import Product, new_id, web_application
from dialogs.events import ButtonPressed
from tests.app.signing import appeals, at_the_preview, link, press
from tests.fakes.authority import OPENSSL

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
SUPERVISOR = Operator("s1", "sup", "Айгерім", Role.SUPERVISOR, "", must_change=False)
OPERATOR = Operator("o1", "op", "Ербол", Role.OPERATOR, "", must_change=False)
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def product(signing_product: Product) -> Product:
    return signing_product


@pytest.fixture
async def client(product: Product) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_application(product))) as running:
        yield running


async def filed(product: Product) -> tuple[str, AppealRecord]:
    conversation = await at_the_preview(product)
    await press(product, conversation, "filing.confirm", "filing.unsigned")
    async with product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
    return conversation, appeal


async def content(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def press_with(product: Product, conversation: str, action: str, arg: str) -> None:
    event = ButtonPressed(new_id(), product.clock.now(), action, arg)
    await product.conversations.exchange(conversation, event, "d")


async def test_a_withdrawal_in_the_chat_is_answered_in_the_chat_once_and_in_time(product: Product) -> None:
    conversation, _ = await filed(product)
    said = await press(product, conversation, "data.withdraw", "data.withdraw_yes")
    assert "15 жұмыс күні" in said[-1].text
    ((waiting,), answered) = await product.personal_data.withdrawals(SUPERVISOR)
    assert answered == []
    calendar = product.knowledge.calendar
    assert calendar.count(product.personal_data.today(), waiting.due) == 15
    with pytest.raises(InvalidInput):
        await product.personal_data.answer(SUPERVISOR, waiting.id, Answer.REFUSED, "жоқ")
    reason = "Жолданым қаралып жатыр, заңның 9-бабы бойынша келісімсіз өңделеді"
    await product.personal_data.answer(SUPERVISOR, waiting.id, Answer.REFUSED, reason)
    with pytest.raises(WrongAction):
        await product.personal_data.answer(SUPERVISOR, waiting.id, Answer.STOPPED, "")
    told = [message.text for message in await product.conversations.messages(conversation)]
    assert reason in told[-1]
    ((), (refused,)) = await product.personal_data.withdrawals(SUPERVISOR)
    assert (refused.state, refused.decided_by) == (WithdrawalState.REFUSED, "s1")


async def test_with_nothing_filed_nothing_is_left_to_be_done(product: Product) -> None:
    conversation = await at_the_preview(product)
    said = await press(product, conversation, "data.withdraw", "data.withdraw_yes")
    assert "15 жұмыс күні" not in said[-1].text
    assert (await product.personal_data.withdrawals(SUPERVISOR))[0] == []
    async with product.storage.read() as work:
        (asked,) = await work.withdrawals.of_conversation(conversation)
        given, withdrawn = await work.consents.of_conversation(conversation)
    assert asked.state is WithdrawalState.STOPPED
    assert (given.given, withdrawn.given) == (True, False)


async def test_the_desk_takes_a_withdrawal_and_the_register_finds_the_person(product: Product) -> None:
    conversation, appeal = await filed(product)
    for bad in (
        {"person": "", "contact": "тел", "reference": ""},
        {"person": "Сынақов", "contact": "", "reference": ""},
        {"person": "Сынақов", "contact": "тел", "reference": "KM-2026-999999"},
        {"person": "Сынақов", "contact": "тел", "reference": "бірдеңе"},
    ):
        with pytest.raises(InvalidInput):
            await product.personal_data.take_withdrawal(SUPERVISOR, **bad)
    taken = await product.personal_data.take_withdrawal(
        SUPERVISOR, person="Сынақов Мысал, куәлігі бойынша", contact="Абай 1", reference=appeal.reference
    )
    await product.personal_data.take_withdrawal(
        SUPERVISOR, person="Белгісіз Азамат", contact="+7 701", reference=""
    )
    for words in ("Сынақов", "900101300007", appeal.reference, conversation):
        found = await product.personal_data.register(SUPERVISOR, words)
        assert [(one.given, one.channel, one.actor) for one in found.consents] == [
            (False, "desk", "s1"),
            (True, "web", "citizen"),
        ]
        assert "ЖСН" in found.consents[1].text
    assert (await product.personal_data.register(SUPERVISOR, "Ешкімов")).consents == []
    await product.personal_data.answer(SUPERVISOR, taken.id, Answer.STOPPED, "")
    async with product.storage.read() as work:
        audit = [row.action for row in await work.audit.newest(9)]
    assert "withdrawal.stopped" in audit
    assert audit.count("consents.searched") == 5


async def test_only_supervisors_see_the_register(product: Product) -> None:
    for look in (
        product.personal_data.register(OPERATOR),
        product.personal_data.withdrawals(OPERATOR),
        product.personal_data.take_withdrawal(OPERATOR, person="Сынақов", contact="тел", reference=""),
        product.personal_data.answer(OPERATOR, "w", Answer.STOPPED, ""),
    ):
        with pytest.raises(NotPermitted):
            await look


async def test_the_citizen_gets_a_copy_of_everything_once(product: Product, client: Client) -> None:
    conversation, appeal = await filed(product)
    attachment, why = await product.conversations.accept_file(conversation, "Құжат.txt", content("жылу жоқ"))
    assert attachment is not None, why
    await press(product, conversation, "data.export")
    key = (await link(product, conversation)).partition("key=")[2]
    assert 'method="post"' in await (await client.get(f"/page?key={key}")).text()
    answer = await client.post("/page", data={"key": key})
    assert (answer.status, answer.content_type) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    told: dict[str, Any] = json.loads(archive.read("export.json"))
    assert told["format"] == "komekshi-export"
    assert told["appeals"][0]["reference"] == appeal.reference
    assert told["appeals"][0]["content"]["applicant"]["iin"] == "900101300007"
    assert told["consents"][0]["text"]
    assert {"messages", "reasons", "drafts", "files", "withdrawals", "wordings"} <= set(told)
    assert told["messages"]
    assert told["reasons"]
    (file,) = told["files"]
    assert "жылу жоқ".encode() in archive.read(file["path"])
    assert (await client.post("/page", data={"key": key})).status == 410


async def test_each_kind_of_data_can_be_erased_alone_and_filed_appeals_stay(product: Product) -> None:
    conversation, appeal = await filed(product)
    attachment, _ = await product.conversations.accept_file(conversation, "a.txt", content("мәтін мәтін"))
    assert attachment is not None
    await press_with(product, conversation, "data.erase_part", "files")
    async with product.storage.read() as work:
        assert await work.files.of_conversation(conversation) == []
        assert await work.messages.after(conversation, 0, 9)
        assert await work.decisions.of_conversation(conversation, 9)
    await press_with(product, conversation, "data.erase_part", "reasons")
    async with product.storage.read() as work:
        reasons = await work.decisions.of_conversation(conversation, 9)
    assert reasons == []
    await press_with(product, conversation, "data.erase_part", "messages")
    left = await product.conversations.messages(conversation)
    assert [message.text.partition(":")[0] for message in left] == ["Өшірілді"]
    assert await appeals(product, conversation) == 1
    async with product.storage.read() as work:
        assert (await work.appeals.get(appeal.id)).draft.applicant.iin == "900101300007"
        assert len(await work.consents.of_conversation(conversation)) == 1
