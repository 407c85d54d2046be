"""The desk: registering, answering, lawful dates, what the citizen hears, what another system gets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appeals.lifecycle import Action, Status
from bot.app.desk import Step
from bot.app.errors import InvalidInput, NotPermitted, WrongAction
from bot.app.records import AppealRecord, Operator, Role
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, UserSaid
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

EXECUTOR = Operator("op", "op", "Айгерім", Role.OPERATOR, "x")
STORY = "Щучинск қаласында үш күннен бері жылу жоқ"


async def filed(product: Product, nlu: ScriptedNlu) -> AppealRecord:
    nlu.known[STORY] = parse("topic.UTIL.HEAT")
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, STORY), "d")
    for button in ("filing.start", "filing.agree", "filing.synthetic", "filing.confirm"):
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, button), "d")
    async with product.storage.read() as work:
        return (await work.appeals.of_conversation(conversation, 1))[0]


async def test_registering_gives_number_and_date_and_tells_the_citizen(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await filed(product, nlu)
    registered = await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
    assert registered.status is Status.REGISTERED
    assert registered.registered_on == date(2026, 11, 20)
    assert registered.due == date(2026, 12, 11)
    told = (await product.conversations.messages(appeal.conversation_id))[-1].text
    assert "2026 жылғы 11 желтоқсан" in told
    assert "76" in told


async def test_an_answer_ends_it_and_reaches_the_citizen(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
    with pytest.raises(InvalidInput):
        await product.desk.act(EXECUTOR, appeal.id, Step(Action.ANSWER, answer="  "))
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.ANSWER, answer="Жылу 21 қарашада қосылды."))
    assert (
        "Жылу 21 қарашада қосылды." in (await product.conversations.messages(appeal.conversation_id))[-1].text
    )
    with pytest.raises(WrongAction):
        await product.desk.act(EXECUTOR, appeal.id, Step(Action.ANSWER, answer="Тағы бір жауап беремін"))


async def test_steps_that_need_a_reason_refuse_without_one(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
    with pytest.raises(InvalidInput):
        await product.desk.act(EXECUTOR, appeal.id, Step(Action.FORWARD, to_body="Энергетика басқармасы"))
    forwarded = await product.desk.act(
        EXECUTOR, appeal.id, Step(Action.FORWARD, note="құзырет облыста", to_body="Энергетика басқармасы")
    )
    assert forwarded.body_name == "Энергетика басқармасы"


async def test_an_extension_keeps_within_two_months(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.START))
    for until in (None, date(2026, 12, 1), date(2027, 1, 21)):
        with pytest.raises(InvalidInput):
            await product.desk.act(
                EXECUTOR, appeal.id, Step(Action.EXTEND, note="қосымша тексеру", until=until)
            )
    extended = await product.desk.act(
        EXECUTOR, appeal.id, Step(Action.EXTEND, note="қосымша тексеру", until=date(2027, 1, 20))
    )
    assert extended.due == date(2027, 1, 20)


async def test_a_term_that_ends_is_told_of_once(product: Product, nlu: ScriptedNlu, clock: FakeClock) -> None:
    appeal = await filed(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
    clock.pass_time(timedelta(days=40))
    assert await product.sweeps.remind_of_terms() == 1
    assert await product.sweeps.remind_of_terms() == 0


async def test_every_look_is_audited_and_strangers_see_nothing(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    await product.desk.open(EXECUTOR, appeal.id)
    async with product.storage.read() as work:
        assert ("op", "appeal.read", appeal.id) in [
            (row.actor, row.action, row.subject) for row in await work.audit.newest(5)
        ]
    with pytest.raises(NotPermitted):
        await product.desk.open(Operator("x", "x", "X", Role.OPERATOR, "x", active=False), appeal.id)
