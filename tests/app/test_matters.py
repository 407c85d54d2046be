"""The same problem reported nearby: shown from five others on, followed without a word of theirs, over when all are done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appeals import steps
from bot.app.records import AppealRecord
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, UserSaid
from tests.app.test_desk import EXECUTOR, HEAD, answer_to
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

STORY = "Щучинск қаласында үш күннен бері жылу жоқ, көмектесіңіз"


async def press(product: Product, conversation: str, *buttons: str) -> str:
    """What was said after the last button."""
    told = ""
    for button in buttons:
        action, _, arg = button.partition(":")
        event = ButtonPressed(new_id(), product.conversations.clock.now(), action, arg)
        told = "\n".join(m.text for m in await product.conversations.exchange(conversation, event, "d"))
    return told


async def begun(product: Product) -> str:
    """A conversation with the story told, right before the form."""
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    event = UserSaid(new_id(), product.conversations.clock.now(), STORY)
    await product.conversations.exchange(conversation, event, "d")
    return conversation


async def filed(product: Product) -> AppealRecord:
    conversation = await begun(product)
    told = await press(product, conversation, "filing.start")
    if "бақылай аласыз" in told:
        await press(product, conversation, "nearby.file")
    await press(product, conversation, "filing.agree", "filing.synthetic", "filing.confirm")
    async with product.storage.read() as work:
        return (await work.appeals.of_conversation(conversation, 1))[0]


async def texts(product: Product, conversation: str) -> list[str]:
    return [message.text for message in await product.conversations.messages(conversation)]


@pytest.fixture(autouse=True)
def _understood(nlu: ScriptedNlu) -> None:
    nlu.known[STORY] = parse("topic.UTIL.HEAT")


async def test_five_others_are_told_of_and_four_are_not(product: Product) -> None:
    for _ in range(4):
        await filed(product)
    fifth = await begun(product)
    assert "Дербес деректерді" in await press(product, fifth, "filing.start")
    await press(product, fifth, "filing.agree", "filing.synthetic", "filing.confirm")
    sixth = await begun(product)
    told = await press(product, sixth, "filing.start")
    assert "тағы 5 адам хабарлаған: «Жылу және ыстық су»" in told
    assert "2026 жылғы 20 қараша" in told
    assert STORY not in told
    assert "KM-" not in told


async def test_the_own_appeal_and_old_ones_do_not_count(product: Product, clock: FakeClock) -> None:
    for _ in range(5):
        await filed(product)
    clock.pass_time(timedelta(days=31))
    again = await begun(product)
    assert "хабарлаған" not in await press(product, again, "filing.start")


async def test_a_follower_hears_of_each_status_once_and_of_the_end(product: Product) -> None:
    appeals = [await filed(product) for _ in range(5)]
    follower = await begun(product)
    await press(product, follower, "filing.start", "nearby.follow")
    before = len(await texts(product, follower))
    for appeal in appeals:
        await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    assert len(await texts(product, follower)) == before
    for appeal in appeals[:2]:
        await product.desk.act(EXECUTOR, appeal.id, steps.Start())
    news = (await texts(product, follower))[before:]
    assert len(news) == 1
    assert "Жағдайы: Қаралып жатыр" in news[0]
    assert "Тұрғын үй-коммуналдық шаруашылық бөлімі (Бурабай ауданы)" in news[0]
    for appeal in appeals:
        await product.desk.act(HEAD, appeal.id, answer_to(appeal, "Құпия жауап: жылу қосылды."))
    news = (await texts(product, follower))[before + 1 :]
    assert len(news) == 2
    assert "Жағдайы: Жауап берілді" in news[0]
    assert "қарау аяқталды" in news[1]
    assert not any("Құпия" in text or "KM-" in text for text in news)
    async with product.storage.read() as work:
        assert await work.follows.of_conversation(follower) == []


async def test_who_follows_no_more_hears_nothing_and_can_still_file(product: Product) -> None:
    appeals = [await filed(product) for _ in range(5)]
    follower = await begun(product)
    await press(product, follower, "filing.start", "nearby.follow")
    assert "бақылап отырған мәселе" in await press(product, follower, "status.open")
    async with product.storage.read() as work:
        (follow,) = await work.follows.of_conversation(follower)
    assert "Бақылау тоқтатылды" in await press(product, follower, f"nearby.unfollow:{follow.id}")
    before = len(await texts(product, follower))
    await product.desk.act(EXECUTOR, appeals[0].id, steps.Register())
    await product.desk.act(EXECUTOR, appeals[0].id, steps.Start())
    assert len(await texts(product, follower)) == before
    await press(product, follower, "filing.resume", "filing.agree", "filing.synthetic", "filing.confirm")
    async with product.storage.read() as work:
        own = await work.appeals.of_conversation(follower, 1)
    assert own[0].matter == appeals[0].matter
    assert own[0].created_at == NOON


async def test_withdrawing_tells_followers_nothing_but_the_end(product: Product) -> None:
    appeals = [await filed(product) for _ in range(5)]
    follower = await begun(product)
    await press(product, follower, "filing.start", "nearby.follow")
    before = len(await texts(product, follower))
    for appeal in appeals:
        await product.desk.act(EXECUTOR, appeal.id, steps.Withdraw())
    news = (await texts(product, follower))[before:]
    assert len(news) == 1
    assert "қарау аяқталды" in news[0]
