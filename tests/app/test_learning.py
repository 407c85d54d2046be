"""Corrections teach only with consent, and consent taken back takes their wording back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.app.records import LearningSample, SampleState
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, UserSaid
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

UNCLEAR = "екі айдан бері келмейді, менің атым Айгүл, тел 8 701 555 44 33"
CLEAN = "екі айдан бері келмейді, менің атым •, тел"


async def talk(product: Product, nlu: ScriptedNlu, *buttons: str) -> str:
    """A misunderstood message, then buttons."""
    nlu.known[UNCLEAR] = parse("topic.SOC.ALLOW", 0.34, "mixed", {"topic.SOC.PENSION": 0.3})
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, UNCLEAR), "d")
    await press(product, conversation, *buttons)
    return conversation


async def press(product: Product, conversation: str, *buttons: str) -> None:
    for button in buttons:
        action, _, arg = button.partition(":")
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, action, arg), "d")


async def samples(product: Product) -> Sequence[LearningSample]:
    async with product.storage.read() as work:
        return await work.samples.waiting(exported=True)


PICK = "fallback.pick:topic.SOC.PENSION"


async def test_without_an_answer_or_with_a_no_only_counts_are_kept(
    product: Product, nlu: ScriptedNlu
) -> None:
    await talk(product, nlu, PICK)
    refused = await talk(product, nlu, PICK, "learning.no")
    assert await samples(product) == []
    async with product.storage.read() as work:
        guessed = ["topic.SOC.ALLOW", "topic.SOC.PENSION"]
        assert await work.feedback.corrections() == [(guessed, "topic.SOC.PENSION", 2)]
        (refusal,) = await work.consents.of_conversation(refused)
        assert (refusal.version, refusal.given, refusal.at, refusal.text) == ("learning-1", False, NOON, "")


async def test_a_yes_keeps_the_wording_that_was_asked_about(product: Product, nlu: ScriptedNlu) -> None:
    conversation = await talk(product, nlu, PICK, "filing.cancel", "learning.yes")
    (sample,) = await samples(product)
    assert sample.text.startswith(CLEAN)
    assert not [letter for letter in sample.text if letter.isdigit() and letter != "0"]
    assert (sample.chosen, sample.source, sample.language) == ("topic.SOC.PENSION", "citizen", "mixed")
    async with product.storage.read() as work:
        (consent,) = await work.consents.of_conversation(conversation)
        assert (consent.version, consent.given, consent.at) == ("learning-1", True, NOON)
        assert consent.text in [message.text for message in await work.messages.after(conversation, 0, 50)]


async def test_taking_consent_back_or_erasing_takes_what_is_not_accepted(
    product: Product, nlu: ScriptedNlu
) -> None:
    for button in ("learning.withdraw", "data.erase_now"):
        conversation = await talk(product, nlu, PICK, "learning.yes")
        (sample,) = await samples(product)
        await press(product, conversation, button)
        assert await samples(product) == []
        async with product.storage.write() as work:
            assert await work.samples.mark([sample.id], SampleState.ACCEPTED) == []


async def test_a_wording_nobody_decides_on_is_swept_after_its_term(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    await talk(product, nlu, PICK, "learning.yes")
    clock.pass_time(product.rules.retention_sample)
    assert await product.sweeps.forget_wordings() == 0
    clock.pass_time(timedelta(days=1))
    assert await product.sweeps.forget_wordings() == 1
    assert await samples(product) == []
