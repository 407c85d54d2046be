"""An appeal signed by ЭЦП: only the applicant's own valid signature over exactly what was shown files it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from appeals import steps
from appeals.lifecycle import Status
from bot.app.records import AppealRecord
from bot.bootstrap import Product, new_id, web_application
from dialogs.events import AppealSigned, ButtonPressed, Started, UserSaid
from tests.app.signing import IIN, PERSON, STORY, appeals, asked_to_sign, at_the_preview, link, press, told
from tests.app.test_desk import EXECUTOR
from tests.factories import FakeClock
from tests.fakes.authority import OPENSSL, Authority, Key
from tests.fakes.ncanode import NcaNodeServer

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(signing_product: Product) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_application(signing_product))) as running:
        yield running


async def send(client: Client, key: str, cms: bytes) -> tuple[int, str]:
    answer = await client.post("/page", data={"key": key, "cms": base64.b64encode(cms).decode()})
    told = answer.content_type == "application/json"
    return answer.status, (await answer.json())["code"] if told else ""


async def test_a_signed_appeal_is_filed_at_once_and_keeps_its_proof(
    signing_product: Product,
    client: Client,
    authority: Authority,
    own: Key,
    capsys: pytest.CaptureFixture[str],
) -> None:
    conversation, key, text = await asked_to_sign(signing_product)
    shown = text.decode()
    for part in (
        *PERSON[:2],
        "+77010000000",
        PERSON[3],
        STORY,
        "Тұрғын үй",
        "Қоса берілген файл жоқ",
        "Күні:",
    ):
        assert part in shown
    html = await (await client.get(f"/page?key={key}")).text()
    assert f'<pre id="text" class="document" tabindex="0">{shown}</pre>' in html
    assert await appeals(signing_product, conversation) == 0
    cms = authority.sign(own, text)
    assert await send(client, key, cms) == (204, "")
    assert await send(client, key, cms) == (410, "")
    assert await appeals(signing_product, conversation) == 1
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
        kept = await work.signatures.of_appeal(appeal.id)
    assert kept is not None
    assert (kept.cms, kept.text, kept.signer) == (cms, shown, "СЫНАҚОВ МЫСАЛ")
    assert kept.verification["valid"] is True
    said = (await signing_product.conversations.messages(conversation))[-1].text
    assert appeal.reference in said
    assert "ЭЦҚ қойылған" in said
    logged = "".join(capsys.readouterr())
    assert not [private for private in (*PERSON, key, "СЫНАҚОВ") if private in logged]


async def test_an_appeal_may_be_filed_unsigned_and_says_so(signing_product: Product) -> None:
    conversation = await at_the_preview(signing_product)
    (offer,) = await press(signing_product, conversation, "filing.confirm")
    assert [button.action for button in offer.buttons][:2] == ["signature.page", "filing.unsigned"]
    assert "88-бап" in offer.text
    said = await press(signing_product, conversation, "filing.unsigned")
    assert "«қолтаңбасыз»" in said[-1].text
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
        assert await work.signatures.of_appeal(appeal.id) is None


async def last_said(product: Product, conversation: str) -> tuple[str, list[str]]:
    """What was said last, and what its buttons do."""
    said = await product.conversations.messages(conversation)
    return said[-1].text, [button.action for button in said[-1].buttons]


async def test_whoever_can_sign_hears_of_the_same_filed_before_ahead_of_the_offer_and_once(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    first, key, text = await asked_to_sign(signing_product)
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    assert await appeals(signing_product, first) == 1
    again = await at_the_preview(signing_product)
    await press(signing_product, again, "filing.confirm")
    told_of, actions = await last_said(signing_product, again)
    assert "64-бап" in told_of
    assert "filing.anyway" in actions
    assert not {"signature.page", "filing.unsigned"} & set(actions)
    await press(signing_product, again, "filing.anyway", "signature.page")
    key = (await link(signing_product, again)).partition("key=")[2]
    text = (await signing_product.pages.find(key)).text.encode()
    assert await appeals(signing_product, again) == 0
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    assert await appeals(signing_product, again) == 1


async def test_of_two_signed_at_once_the_second_is_filed_with_its_signature_when_the_citizen_says_so(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    first, key, text = await asked_to_sign(signing_product)
    second, other_key, other_text = await asked_to_sign(signing_product)
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    cms = authority.sign(own, other_text)
    assert await send(client, other_key, cms) == (204, "")
    assert await appeals(signing_product, first) == 1
    assert await appeals(signing_product, second) == 0
    told_of, actions = await last_said(signing_product, second)
    assert "64-бап" in told_of
    assert "filing.anyway" in actions
    await press(signing_product, second, "filing.anyway")
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(second, 9)
        kept = await work.signatures.of_appeal(appeal.id)
    assert kept is not None
    assert kept.cms == cms
    assert "ЭЦҚ қойылған" in (await last_said(signing_product, second))[0]


async def test_a_signed_draft_that_is_carried_is_signed_anew_and_filed_though_the_old_chat_is_erased(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    _, key, text = await asked_to_sign(signing_product)
    there, other_key, other_text = await asked_to_sign(signing_product)
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    assert await send(client, other_key, authority.sign(own, other_text)) == (204, "")
    await press(signing_product, there, "carry.ask")
    carried = (await link(signing_product, there)).partition("key=")[2]
    here = (await signing_product.conversations.open("web", "kk")).conversation_id
    opened = Started(new_id(), signing_product.clock.now(), None, carried)
    await signing_product.conversations.exchange(here, opened, "d")
    await press(signing_product, there, "data.erase_now")
    await press(signing_product, here, "filing.confirm", "filing.anyway", "signature.page")
    key = (await link(signing_product, here)).partition("key=")[2]
    text = (await signing_product.pages.find(key)).text.encode()
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    assert await appeals(signing_product, here) == 1


async def test_a_signature_does_not_go_with_other_words_than_those_signed(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    _, key, text = await asked_to_sign(signing_product)
    second, other_key, other_text = await asked_to_sign(signing_product)
    for page, shown in ((key, text), (other_key, other_text)):
        assert await send(client, page, authority.sign(own, shown)) == (204, "")
    await press(signing_product, second, "filing.edit:text")
    await told(signing_product, second, "Щучинск қаласында бес күннен бері жылу жоқ, балалар ауырып жатыр")
    await press(signing_product, second, "filing.confirm")
    assert "signature.page" in (await last_said(signing_product, second))[1]
    await press(signing_product, second, "filing.unsigned")
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(second, 9)
        assert await work.signatures.of_appeal(appeal.id) is None


async def test_two_of_the_same_filed_at_the_same_moment_do_not_both_go_in_unnoticed(
    signing_product: Product,
) -> None:
    both = [await at_the_preview(signing_product) for _ in range(2)]
    for conversation in both:
        await press(signing_product, conversation, "filing.confirm")
    await asyncio.gather(*(press(signing_product, one, "filing.unsigned") for one in both))
    filed = [await appeals(signing_product, one) for one in both]
    assert sorted(filed) == [0, 1]
    late = both[filed.index(0)]
    assert "64-бап" in (await last_said(signing_product, late))[0]
    said = await press(signing_product, late, "filing.anyway")
    assert "«қолтаңбасыз»" in said[-1].text


async def test_a_signature_that_does_not_hold_files_nothing_and_may_be_made_again(
    signing_product: Product, client: Client, authority: Authority, own: Key, tmp_path: Path
) -> None:
    conversation, key, text = await asked_to_sign(signing_product)
    stolen, other = authority.issue(IIN), authority.issue("850715400109")
    authority.revoked.add(stolen.serial)
    stranger = Authority(tmp_path / "stranger")
    cms = authority.sign(own, text)
    turned = cms.replace("жылу жоқ".encode(), "жылу бар".encode())
    assert turned != cms
    for wrong, why in (
        (b"no signature at all", "unreadable"),
        (authority.sign(own, text.replace("үш".encode(), "төрт".encode())), "altered"),
        (turned, "altered"),
        (authority.sign(own, text, other), "several"),
        (authority.sign(authority.issue(IIN, usage="AUTH"), text), "not_for_signing"),
        (authority.sign(authority.issue(IIN, days=0), text), "expired"),
        (authority.sign(stolen, text), "revoked"),
        (authority.sign(other, text), "other_person"),
        (stranger.sign(stranger.issue(IIN), text), "invalid"),
    ):
        assert await send(client, key, wrong) == (422, why)
    assert await appeals(signing_product, conversation) == 0
    assert await send(client, key, cms) == (204, "")
    assert await appeals(signing_product, conversation) == 1


async def test_a_verifier_in_trouble_loses_nothing(
    signing_product: Product, client: Client, node: NcaNodeServer, authority: Authority, own: Key
) -> None:
    conversation, key, text = await asked_to_sign(signing_product)
    cms = authority.sign(own, text)
    for trouble in (500, 429, "garbage", "[]", '{"valid": "yes", "signers": [], "data": ""}'):
        node.trouble = trouble
        assert await send(client, key, cms) == (503, "unavailable")
    assert await appeals(signing_product, conversation) == 0
    node.trouble = None
    assert await send(client, key, cms) == (204, "")


async def test_what_was_changed_in_the_chat_after_the_page_was_opened_is_not_filed(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    conversation, key, text = await asked_to_sign(signing_product)
    for button in ("filing.resume", "filing.change"):
        await press(signing_product, conversation, button)
    event = ButtonPressed(new_id(), signing_product.clock.now(), "filing.edit", "text")
    await signing_product.conversations.exchange(conversation, event, "d")
    said = UserSaid(new_id(), signing_product.clock.now(), "Щучинск қаласында бес күннен бері жылу жоқ")
    await signing_product.conversations.exchange(conversation, said, "d")
    assert await send(client, key, authority.sign(own, text)) == (204, "")
    assert await appeals(signing_product, conversation) == 0
    words = [message.text for message in await signing_product.conversations.messages(conversation)]
    assert any("После подписания обращение изменилось" in text for text in words[-2:])


async def test_a_signature_whose_conversation_is_erased_goes_too(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    conversation, key, text = await asked_to_sign(signing_product)
    await press(signing_product, conversation, "data.erase_now")
    assert await send(client, key, authority.sign(own, text)) == (410, "")
    async with signing_product.storage.read() as work:
        assert await work.signatures.of_conversation(conversation) == []


def signature_asked(product: Product) -> steps.AskFix:
    """Within four working days: certificates are made now, so the clock is not the one of other tests."""
    calendar = product.conversations.engine.knowledge.calendar
    return steps.AskFix(calendar.add(product.desk.today(), 4), ("signature",))


async def asked_for(product: Product, appeal: AppealRecord) -> str:
    """The key of the page where a filed appeal is signed."""
    event = ButtonPressed(new_id(), product.clock.now(), "signature.filed", appeal.reference)
    await product.conversations.exchange(appeal.conversation_id, event, "d")
    return (await link(product, appeal.conversation_id)).partition("key=")[2]


async def test_an_appeal_filed_already_is_signed_when_its_signature_is_asked_for(
    signing_product: Product, client: Client, authority: Authority, own: Key
) -> None:
    conversation = await at_the_preview(signing_product)
    await press(signing_product, conversation, "filing.confirm", "filing.unsigned")
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
    for step, note in (
        (steps.Register(), ""),
        (steps.Start(), ""),
        (signature_asked(signing_product), "Қол қойыңыз"),
    ):
        await signing_product.desk.act(EXECUTOR, appeal.id, step, note)
    assert "signature.filed" in (await last_said(signing_product, conversation))[1]
    key = await asked_for(signing_product, appeal)
    text = (await signing_product.pages.find(key)).text
    assert STORY in text
    # Whatever else is added first, the way to the signature stays open.
    await press(signing_product, conversation, f"appeal.add:{appeal.reference}")
    await told(signing_product, conversation, STORY)
    assert "signature.filed" in (await last_said(signing_product, conversation))[1]
    await press(signing_product, conversation, f"details.open:{appeal.reference}")
    assert "signature.filed" in (await last_said(signing_product, conversation))[1]
    key = await asked_for(signing_product, appeal)
    text = (await signing_product.pages.find(key)).text
    stranger = authority.issue("850715400109")
    assert await send(client, key, authority.sign(stranger, text.encode())) == (422, "other_person")
    assert await send(client, key, authority.sign(own, text.encode())) == (204, "")
    async with signing_product.storage.read() as work:
        kept = await work.signatures.of_appeal(appeal.id)
        fixed = await work.appeals.get(appeal.id)
        history = await work.appeals.steps(appeal.id)
    assert kept is not None
    assert (kept.text, fixed.status) == (text, Status.FIXED)
    assert (history[-1].actor, history[-1].note) == ("citizen", "Жолданымға ЭЦҚ қойылды.")
    said = (await signing_product.conversations.messages(conversation))[-1].text
    assert "ЭЦҚ қойылды" in said
    # One signature is enough: another that was under way, or is asked for by mistake, changes nothing.
    late = AppealSigned(new_id(), signing_product.clock.now(), "late", appeal.reference, kept.id)
    await signing_product.conversations.exchange(conversation, late, "d")
    said = (await signing_product.conversations.messages(conversation))[-1].text
    assert "бұрын қол қойылған" in said
    await press(signing_product, conversation, f"details.open:{appeal.reference}")
    assert "signature.filed" not in (await last_said(signing_product, conversation))[1]
    await signing_product.desk.act(EXECUTOR, appeal.id, signature_asked(signing_product), "Тағы")
    await press(signing_product, conversation, f"signature.filed:{appeal.reference}")
    last = (await signing_product.conversations.messages(conversation))[-1]
    assert "бұрын қол қойылған" in last.text
    assert not any(button.url for button in last.buttons)
    async with signing_product.storage.read() as work:
        assert await work.signatures.of_appeal(appeal.id) == kept


async def test_the_list_and_the_reminder_lead_to_the_signature_until_it_is_given(
    signing_product: Product, client: Client, authority: Authority, own: Key, clock: FakeClock
) -> None:
    conversation = await at_the_preview(signing_product)
    await press(signing_product, conversation, "filing.confirm", "filing.unsigned")
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
    asked = signature_asked(signing_product)
    for step, note in ((steps.Register(), ""), (steps.Start(), ""), (asked, "Қол қойыңыз")):
        await signing_product.desk.act(EXECUTOR, appeal.id, step, note)
    await press(signing_product, conversation, "status.open")
    assert "signature.filed" in (await last_said(signing_product, conversation))[1]
    clock.pass_time(asked.until - signing_product.desk.today())
    assert await signing_product.sweeps.watch_terms() == 1
    assert "signature.filed" in (await last_said(signing_product, conversation))[1]
    key = await asked_for(signing_product, appeal)
    text = (await signing_product.pages.find(key)).text
    assert await send(client, key, authority.sign(own, text.encode())) == (204, "")
    await press(signing_product, conversation, "status.open")
    assert "signature.filed" not in (await last_said(signing_product, conversation))[1]


async def test_for_another_person_the_signature_is_asked_for_on_paper(signing_product: Product) -> None:
    conversation = (await signing_product.conversations.open("web", "kk")).conversation_id
    await told(signing_product, conversation)
    await press(
        signing_product, conversation, "filing.start", "filing.skip", "filing.agree", "filing.as:another"
    )
    await told(signing_product, conversation, ", ".join(PERSON))
    await told(signing_product, conversation, "Сынақова Мысал, қызы")
    await press(signing_product, conversation, "filing.confirm")
    async with signing_product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
    asked = signature_asked(signing_product)
    for step, note in ((steps.Register(), ""), (steps.Start(), ""), (asked, "Қол қойыңыз")):
        await signing_product.desk.act(EXECUTOR, appeal.id, step, note)
    assert "signature.filed" not in (await last_said(signing_product, conversation))[1]
    said = (await signing_product.conversations.messages(conversation))[-1].text
    assert "осы жерде ЭЦҚ қою мүмкін емес" in said
