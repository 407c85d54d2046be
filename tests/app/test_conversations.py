"""One message from arrival to answer: idempotent, ordered, never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.app.errors import EventConflict, NotFound, NotPermitted
from bot.app.records import Author
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, Event, UserSaid
from dialogs.lifecycle import Phase
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

HEAT = "Щучинск қаласында үш күннен бері жылу жоқ"


def said(text: str, id_: str | None = None) -> UserSaid:
    return UserSaid(id_ or new_id(), NOON, text)


def pressed(action: str, arg: str = "") -> ButtonPressed:
    return ButtonPressed(new_id(), NOON, action, arg)


async def start(product: Product) -> str:
    return (await product.conversations.open("web", "kk")).conversation_id


async def test_opening_says_welcome_and_its_token_opens_this_conversation_only(product: Product) -> None:
    opened, other = (
        await product.conversations.open("web", "ru"),
        await product.conversations.open("web", "kk"),
    )
    messages = await product.conversations.messages(opened.conversation_id)
    assert [message.author for message in messages] == [Author.BOT]
    assert "искусственный интеллект" in messages[0].text
    await product.conversations.authenticate(opened.conversation_id, opened.token)
    with pytest.raises(NotPermitted):
        await product.conversations.authenticate(other.conversation_id, opened.token)
    with pytest.raises(NotFound):
        await product.conversations.authenticate("no such", opened.token)


async def test_token_expires(product: Product, clock: FakeClock) -> None:
    opened = await product.conversations.open("web", "ru")
    clock.pass_time(product.rules.conversation_token)
    with pytest.raises(NotPermitted):
        await product.conversations.authenticate(opened.conversation_id, opened.token)


async def test_a_token_in_use_outlasts_its_lifetime(product: Product, clock: FakeClock) -> None:
    """An appeal under way can take longer; a token nobody uses still ends."""
    opened, lifetime = await product.conversations.open("web", "ru"), product.rules.conversation_token
    for _ in range(4):
        clock.pass_time(lifetime * 0.7)
        await product.conversations.authenticate(opened.conversation_id, opened.token)
    clock.pass_time(lifetime)
    with pytest.raises(NotPermitted):
        await product.conversations.authenticate(opened.conversation_id, opened.token)


async def test_same_event_twice_gets_the_same_answer_and_leaves_one_line(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation, event = await start(product), said(HEAT)
    first = await product.conversations.exchange(conversation, event, "d")
    again = await product.conversations.exchange(conversation, event, "d")
    assert first == again
    lines = await product.conversations.messages(conversation)
    assert [message.text for message in lines if message.author is Author.CITIZEN] == [HEAT]
    with pytest.raises(EventConflict):
        await product.conversations.exchange(conversation, replace(event, text="басқа"), "other digest")


async def test_many_at_once_are_worked_one_by_one_in_order_of_arrival(product: Product) -> None:
    conversation = await start(product)
    events = [said(f"сұрақ {number}") for number in range(12)]
    for event in events:
        await product.conversations.receive(conversation, event, "d")
    await asyncio.gather(*(product.conversations.process(conversation) for _ in range(5)))
    lines = await product.conversations.messages(conversation)
    assert [line.text for line in lines if line.author is Author.CITIZEN] == [event.text for event in events]
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    for event in events:
        assert (
            len([line for line in lines if line.event_id == event.id and line.author is Author.CITIZEN]) == 1
        )


async def test_what_a_stopped_process_had_acknowledged_is_worked_by_the_sweep(
    product: Product, clock: FakeClock
) -> None:
    conversation = await start(product)
    await product.conversations.receive(conversation, said("рақмет"), "d")
    assert await product.sweeps.recover() == 0
    clock.pass_time(product.rules.wait_offer)
    assert await product.sweeps.recover() == 1
    assert (await product.conversations.messages(conversation))[-1].author is Author.BOT


async def test_a_bug_in_one_turn_is_told_honestly_and_the_next_message_is_answered(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await start(product)
    engine_step = type(product.conversations.engine).step

    def broken(self: object, state: object, event: Event) -> object:
        if isinstance(event, UserSaid) and event.text == "бұзыл":
            raise RuntimeError("a bug")
        return engine_step(self, state, event)  # type: ignore[arg-type]

    monkeypatch.setattr(type(product.conversations.engine), "step", broken)
    answer = await product.conversations.exchange(conversation, said("бұзыл"), "d")
    assert "біздің тараптан қате" in answer[0].text
    assert await product.conversations.exchange(conversation, said("меню"), "d")


async def test_understanding_down_leaves_word_search_buttons_and_emergencies(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.down = True
    conversation = await start(product)
    found = await product.conversations.exchange(conversation, said("жолданым қанша күнде қаралады"), "d")
    assert any(button.id == "fallback.pick:faq.consideration-term" for button in found[0].buttons)
    danger = await product.conversations.exchange(conversation, said("үйде газ иісі шығып тұр"), "d")
    assert danger[0].tone == "emergency"
    assert "104" in danger[0].text


async def test_personal_data_is_not_in_the_kept_conversation_and_not_asked_of_understanding(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation = await start(product)
    for event in (
        said(HEAT),
        pressed("filing.start"),
        pressed("filing.agree"),
        said("Сынақов Мысал Үлгіұлы"),
        said("900101300007"),
    ):
        await product.conversations.exchange(conversation, event, "d")
    await product.conversations.exchange(conversation, said("менің нөмірім 8 701 555 44 33"), "d")
    kept = " ".join(
        line.text
        for line in await product.conversations.messages(conversation)
        if line.author is Author.CITIZEN
    )
    assert "900101300007" not in kept
    assert "Сынақов" not in kept
    assert "555 44 33" not in kept
    assert not [text for text in nlu.asked if "Сынақов" in text or "900101300007" in text]
    async with product.storage.read() as work:
        row = await work.inbox.find(
            conversation, (await product.conversations.messages(conversation))[-1].event_id or ""
        )
    assert row is not None
    assert row.done
    assert not row.payload


async def test_an_appeal_confirmed_twice_exists_once_and_its_secret_opens_it(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation = await start(product)
    for event in (
        said(HEAT),
        pressed("filing.start"),
        pressed("filing.agree"),
        pressed("filing.synthetic"),
    ):
        await product.conversations.exchange(conversation, event, "d")
    confirm = pressed("filing.confirm")
    receipts = await asyncio.gather(
        *(product.conversations.exchange(conversation, confirm, "d") for _ in range(4))
    )
    assert len(set(receipts)) == 1
    await product.conversations.exchange(conversation, pressed("filing.confirm"), "d")
    async with product.storage.read() as work:
        appeals = await work.appeals.of_conversation(conversation, 10)
    assert [appeal.reference for appeal in appeals] == ["KM-2026-000001"]
    assert appeals[0].draft.place == "117020100"
    assert appeals[0].synthetic
    text = receipts[0][0].text
    secret = text.partition("Құпия коды: ")[2][:10]
    assert await product.status.look_up("KM-2026-000001", secret, "1.1.1.1") is not None
    assert await product.status.look_up("KM-2026-000001", "AAAAAAAAAA", "1.1.1.1") is None
    assert "11 желтоқсан" in text  # 20.11.2026 + 15 working days


async def test_words_that_name_a_button_press_it_and_stay_to_be_read(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation = await start(product)
    await product.conversations.exchange(conversation, said(HEAT), "d")
    (consent,) = await product.conversations.exchange(conversation, said("жолданым беру!"), "d")
    assert "filing.agree" in [button.id for button in consent.buttons]
    await product.conversations.exchange(conversation, said("/start"), "d")
    (resumed,) = await product.conversations.exchange(conversation, said("жалғастыру"), "d")
    assert "filing.agree" in [button.id for button in resumed.buttons]
    lines = await product.conversations.messages(conversation)
    own = [line.text for line in lines if line.author is Author.CITIZEN]
    assert own == [HEAT, "жолданым беру!", "/start", "жалғастыру"]
    assert nlu.asked == [HEAT, "/start"], "what names a button is not guessed at"


async def test_an_answer_in_a_form_names_a_button_by_its_whole_label_only(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation = await start(product)
    for event in (said(HEAT), pressed("filing.start"), pressed("filing.agree")):
        await product.conversations.exchange(conversation, event, "d")
    (asked,) = await product.conversations.exchange(conversation, said("Топ Атынан"), "d")
    assert "filing.skip:iin" in [button.id for button in asked.buttons], "it was taken for a name"
    await product.conversations.exchange(conversation, said("ЖСН жоқ"), "d")
    async with product.storage.read() as work:
        found = await work.conversations.find(conversation)
    assert found is not None
    assert found.state.form is not None
    assert (found.state.form.draft.applicant.full_name, found.state.form.step) == ("Топ Атынан", "phone")


async def test_erasing_leaves_no_line_and_no_reason_but_the_appeal(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    conversation = await start(product)
    for event in (
        said(HEAT),
        pressed("filing.start"),
        pressed("filing.agree"),
        pressed("filing.synthetic"),
        pressed("filing.confirm"),
        pressed("data.erase"),
        pressed("data.erase_now"),
    ):
        await product.conversations.exchange(conversation, event, "d")
    lines = await product.conversations.messages(conversation)
    assert len(lines) == 1
    assert "Өшірілді" in lines[0].text
    async with product.storage.read() as work:
        assert len(await work.appeals.of_conversation(conversation, 10)) == 1
        found = await work.conversations.find(conversation)
    assert found is not None
    assert found.phase is Phase.BOT
    assert found.state.form is None
