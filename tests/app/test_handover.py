"""Operators: one holder, words and notes, hours, the way back, the gate."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.errors import AlreadyClaimed, InvalidInput, NotPermitted, WrongAction
from bot.app.records import Author, Operator, Role
from bot.bootstrap import Product, new_id
from dialogs.events import CommandGiven, UserSaid
from dialogs.lifecycle import Phase
from tests.factories import NOON, FakeClock


def operator(login: str = "aigerim", role: Role = Role.OPERATOR) -> Operator:
    return Operator(f"id-{login}", login, login.title(), role, "x")


async def waiting(product: Product, at: datetime = NOON) -> str:
    opened = await product.conversations.open("web", "ru")
    await product.conversations.exchange(
        opened.conversation_id, UserSaid(new_id(), at, "позовите оператора"), "d"
    )
    return opened.conversation_id


async def test_second_operator_cannot_claim_a_claimed_conversation(product: Product) -> None:
    conversation = await waiting(product)
    results = await asyncio.gather(
        *(product.handover.claim(operator(login), conversation) for login in ("aigerim", "berik")),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyClaimed", "Conversation"]


async def test_taking_over_what_one_holds_is_told_once(product: Product) -> None:
    conversation, holder = await waiting(product), operator()
    taken = await asyncio.gather(*(product.handover.claim(holder, conversation) for _ in range(5)))
    assert {one.holder for one in taken} == {holder.id}
    said = [message.text for message in await product.conversations.messages(conversation)]
    assert sum("Aigerim" in text for text in said) == 1


async def test_only_the_holder_speaks_and_the_citizen_reads_it(product: Product) -> None:
    conversation, holder, other = await waiting(product), operator(), operator("berik")
    await product.handover.claim(holder, conversation)
    with pytest.raises(NotPermitted):
        await product.handover.say(other, conversation, "Здравствуйте")
    await product.handover.say(holder, conversation, "Здравствуйте, слушаю вас")
    last = (await product.conversations.messages(conversation))[-1]
    assert (last.author, last.name, last.text) == (Author.OPERATOR, "Aigerim", "Здравствуйте, слушаю вас")


async def test_a_note_never_reaches_the_citizen(product: Product) -> None:
    conversation, holder = await waiting(product), operator()
    await product.handover.claim(holder, conversation)
    await product.handover.note(holder, conversation, "проверить адрес, похоже на дубликат")
    await product.handover.say(holder, conversation, "Минуту")
    assert not [
        line for line in await product.conversations.messages(conversation) if "дубликат" in line.text
    ]
    _, lines, _ = await product.handover.open(holder, conversation)
    assert [line.author for line in lines][-2:] == [Author.NOTE, Author.OPERATOR]


async def test_the_queue_is_in_order_with_the_urgent_first(product: Product, clock: FakeClock) -> None:
    first, second = await waiting(product), await waiting(product, NOON + timedelta(seconds=1))
    opened = await product.conversations.open("web", "kk")
    await product.conversations.exchange(
        opened.conversation_id, UserSaid(new_id(), NOON, "күйеуім ұрып жатыр, көмектесіңдер"), "d"
    )
    assert [found.id for found in await product.handover.queue(operator())] == [
        opened.conversation_id,
        first,
        second,
    ]
    await product.handover.claim(operator(), first)
    assert [found.id for found in await product.handover.queue(operator())] == [
        opened.conversation_id,
        second,
    ]
    assert [found.id for found in await product.handover.held_by(operator())] == [first]


async def test_handing_back_wakes_the_assistant_and_closing_ends_but_never_for_good(product: Product) -> None:
    conversation, holder = await waiting(product), operator()
    await product.handover.claim(holder, conversation)
    assert (await product.handover.hand_back(holder, conversation)).phase is Phase.BOT
    with pytest.raises(WrongAction):
        await product.handover.close(operator("chief", Role.SUPERVISOR), conversation)
    await product.handover.claim(holder, conversation)
    assert (await product.handover.close(holder, conversation)).phase is Phase.CLOSED
    assert await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, "меню"), "d")


async def test_supervisor_may_release_what_another_holds_an_operator_may_not(product: Product) -> None:
    conversation = await waiting(product)
    await product.handover.claim(operator(), conversation)
    with pytest.raises(NotPermitted):
        await product.handover.hand_back(operator("berik"), conversation)
    with pytest.raises(AlreadyClaimed):
        await product.handover.claim(operator("chief", Role.SUPERVISOR), conversation)
    assert (await product.handover.hand_back(operator("chief", Role.SUPERVISOR), conversation)).holder is None


async def test_an_account_with_a_generated_password_may_do_nothing(product: Product) -> None:
    conversation = await waiting(product)
    fresh = Operator("id", "new", "New", Role.ADMINISTRATOR, "x", must_change=True)
    with pytest.raises(NotPermitted):
        await product.handover.claim(fresh, conversation)


@pytest.mark.parametrize("text", ["", "  \u200b ", "я" * 4001])
async def test_empty_and_overlong_words_are_refused(product: Product, text: str) -> None:
    conversation = await waiting(product)
    await product.handover.claim(operator(), conversation)
    with pytest.raises(InvalidInput):
        await product.handover.say(operator(), conversation, text)


async def test_at_night_hours_are_told(product: Product) -> None:
    opened = await product.conversations.open("web", "ru")
    night = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)  # Saturday, after midnight in Kazakhstan
    answer = await product.conversations.exchange(
        opened.conversation_id, CommandGiven(new_id(), night, "human"), "d"
    )
    assert "23 ноября 2026 года, 09:00" in answer[0].text


async def test_who_waits_long_is_offered_other_ways_once(product: Product, clock: FakeClock) -> None:
    conversation = await waiting(product)
    clock.pass_time(product.rules.wait_offer * 2)
    assert await product.sweeps.offer_other_ways() == 1
    assert await product.sweeps.offer_other_ways() == 0
    assert any(
        button.id == "human.return"
        for button in (await product.conversations.messages(conversation))[-1].buttons
    )
