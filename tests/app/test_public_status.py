"""The status of an appeal by reference and secret: what it shows, what it lets do, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appeals import steps
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.records import AppealRecord, Message
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed
from tests.app.test_desk import EXECUTOR, HEAD, answer_to, filed
from tests.factories import FakeClock, ScriptedNlu, renderer

SOURCE = "1.2.3.4"


async def secret_of(product: Product, appeal: AppealRecord) -> str:
    """The secret as the citizen was told it."""
    said = await product.conversations.messages(appeal.conversation_id)
    (told,) = (line.text for line in said if line.tone == "receipt")
    return told.partition("Құпия коды: ")[2].partition(".")[0]


def words(lines: object) -> str:
    return "\n".join(renderer().text(line, "kk") for line in lines)  # type: ignore[attr-defined]


async def answered(product: Product, appeal: AppealRecord) -> None:
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    await product.desk.act(HEAD, appeal.id, answer_to(appeal, "Жылу 21 қарашада қосылды."))


async def test_the_way_so_far_and_what_comes_next_follow_the_desk(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await filed(product, nlu)
    secret = await secret_of(product, appeal)
    found = await product.status.look_up(appeal.reference, secret, SOURCE)
    assert found is not None
    assert "ӘРПК 64-бабы (3)" in words(found.ahead)
    assert not found.may_rate
    await product.desk.act(EXECUTOR, appeal.id, steps.Register(), "қабылданды")
    found = await product.status.open(found.ticket)
    assert "2026 жылғы 11 желтоқсан" in words(found.ahead)
    assert words(found.history).count("\n") == 2
    assert "Түсіндірме: қабылданды" in words(found.history)
    assert "Айгерім" not in words(found.history)
    clock.pass_time(timedelta(days=29))
    late = await product.status.look_up(appeal.reference, secret, SOURCE)
    assert late is not None
    assert "бас тарту деп саналады" in words(late.ahead)
    assert "ӘРПК 91-бабы (2)" in words(late.ahead)


async def test_an_answer_is_rated_once_and_the_last_word_counts(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    found = await product.status.look_up(appeal.reference, await secret_of(product, appeal), SOURCE)
    assert found is not None
    with pytest.raises(WrongAction):
        await product.status.rate(found.ticket, 5, "")
    await answered(product, appeal)
    with pytest.raises(InvalidInput):
        await product.status.rate(found.ticket, 6, "")
    await product.status.rate(found.ticket, 1, "кеш")
    rated = await product.status.rate(found.ticket, 4, " бәрі\u200b жақсы ")
    assert rated.rating is not None
    assert (rated.rating.score, rated.rating.word) == (4, "бәрі жақсы")
    assert rated.may_disagree
    assert "2027 жылғы 20 ақпан" in words(rated.ahead)


async def test_the_receipt_grows_with_the_appeal(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    found = await product.status.look_up(appeal.reference, await secret_of(product, appeal), SOURCE)
    assert found is not None
    first = await product.status.receipt(found.ticket)
    assert first == await product.status.receipt(found.ticket)
    assert first == await product.documents.fetch(appeal.conversation_id, f"receipt:{appeal.reference}")
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    assert (await product.status.receipt(found.ticket)).content != first.content


async def test_tickets_expire_and_cannot_be_made(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await filed(product, nlu)
    found = await product.status.look_up(appeal.reference, await secret_of(product, appeal), SOURCE)
    assert found is not None
    kept, until, mark = found.ticket.split(".")
    for forged in (
        "",
        "..",
        kept,
        f"{kept}.{int(until) + 1}.{mark}",
        f"{'0' * 32}.{until}.{mark}",
        f"{kept}.{until}.",
        f"{kept}.{until}.ә",
        f"{kept}.{'9' * 40}.{mark}",
    ):
        with pytest.raises(NotPermitted):
            await product.status.open(forged)
    clock.pass_time(product.rules.status_ticket + timedelta(seconds=1))
    with pytest.raises(NotPermitted):
        await product.status.open(found.ticket)


async def test_guessing_secrets_is_limited(product: Product, nlu: ScriptedNlu) -> None:
    await filed(product, nlu)
    for _ in range(product.rules.status_attempts):
        assert await product.status.look_up("KM-2026-000001", "ACDEFGHJKM", SOURCE) is None
    with pytest.raises(TooMany):
        await product.status.look_up("KM-2026-000001", "ACDEFGHJKM", SOURCE)


async def test_the_conversation_shows_the_same_and_takes_the_same_rating(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await filed(product, nlu)
    await answered(product, appeal)
    talk = appeal.conversation_id
    (shown,) = await press(product, talk, f"details.open:{appeal.reference}")
    assert shown.attachment_id == f"receipt:{appeal.reference}"
    assert shown.text.count("қанағаттандырылды") == 1
    await press(product, talk, f"details.rate:3:{appeal.reference}")
    stranger = (await product.conversations.open("web", "kk")).conversation_id
    for button in ("details.open", "details.rate:5"):
        (refused,) = await press(product, stranger, f"{button}:{appeal.reference}")
        assert appeal.body_name not in refused.text
    async with product.storage.read() as work:
        kept = await work.ratings.of_appeal(appeal.id)
    assert kept is not None
    assert kept.score == 3
    with pytest.raises(NotFound):
        await product.documents.fetch(stranger, f"receipt:{appeal.reference}")


async def press(product: Product, conversation: str, button: str) -> tuple[Message, ...]:
    action, _, arg = button.partition(":")
    event = ButtonPressed(new_id(), product.clock.now(), action, arg)
    return await product.conversations.exchange(conversation, event, button)
