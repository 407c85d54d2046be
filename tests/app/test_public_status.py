"""The status of an appeal by reference and secret: what it shows, what it lets do, and to whom."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from appeals import steps
from appeals.lifecycle import Status
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.public_status import Standing
from bot.app.records import AppealRecord, Message
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed
from tests.app.test_desk import EXECUTOR, HEAD, answer_to, filed, under_way
from tests.app.test_uploads import jpeg
from tests.factories import FakeClock, ScriptedNlu, renderer
from text.bilingual import Bilingual

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
    assert "ӘРПК, 64-бап, 3-бөлік" in words(found.ahead)
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
    assert "ӘРПК, 91-бап, 2-бөлік" in words(late.ahead)


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
    assert rated.may_complain
    assert "2027 жылғы 20 ақпан" in words(rated.ahead)


async def test_the_receipt_grows_with_the_appeal(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    found = await product.status.look_up(appeal.reference, await secret_of(product, appeal), SOURCE)
    assert found is not None
    first = await product.status.receipt(found.ticket)
    assert first == await product.status.receipt(found.ticket)
    assert first == await product.documents.fetch(appeal.conversation_id, f"receipt:{appeal.reference}")
    async with product.storage.write() as work:
        await work.operators.add(replace(EXECUTOR, post=Bilingual("бас маман", "главный специалист")))
        await work.commit()
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    registered = await product.status.receipt(found.ticket)
    assert registered.content != first.content
    told = " ".join(PdfReader(io.BytesIO(registered.content)).pages[0].extract_text().split())
    assert f"Қабылдап, тіркеген қызметкер {EXECUTOR.name}, бас маман" in told


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


async def arriving(*files: tuple[str, bytes]) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    for name, content in files:
        yield name, pieces(content)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


async def asked_to_complete(product: Product, nlu: ScriptedNlu) -> tuple[AppealRecord, Standing]:
    appeal = await under_way(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, steps.AskFix(date(2026, 11, 27)), "Үй нөмірін жазыңыз")
    found = await product.status.look_up(appeal.reference, await secret_of(product, appeal), SOURCE)
    assert found is not None
    return appeal, found


async def test_what_was_asked_for_is_added_on_the_page_as_in_the_conversation(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal, found = await asked_to_complete(product, nlu)
    assert found.may_add
    for _ in range(2):  # a page sent twice adds once
        added = await product.status.add(found.ticket, " үй\u200b 12 ", (), arriving(("үй.jpg", jpeg())))
        assert added.done
    stored = await product.desk.open(EXECUTOR, appeal.id)
    assert stored.appeal.status is Status.FIXED
    assert (stored.steps[-1].actor, stored.steps[-1].note) == ("citizen", "үй 12")
    assert [step.action for step in stored.steps].count("supplement") == 1
    (file,) = stored.files
    assert b"OWNER" not in await product.files.get(file.sha256)
    assert "2026 жылғы 11 желтоқсан" in words(added.standing.ahead)
    assert "Қосылды" in (await product.conversations.messages(appeal.conversation_id))[-1].text


async def test_a_file_that_cannot_be_taken_holds_the_addition_back_and_loses_nothing(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal, found = await asked_to_complete(product, nlu)
    files = (("a.txt", "бір".encode()), ("b.svg", b"<svg onload='x'/>"), ("c.txt", "екі".encode()))
    refused = await product.status.add(found.ticket, "сөз", (), arriving(*files))
    assert (refused.problem, [name for name, _ in refused.refused]) == ("files", ["b.svg"])
    assert "PDF" in words(why for _, why in refused.refused)
    assert (await product.desk.open(EXECUTOR, appeal.id)).appeal.status is Status.NEEDS_FIX
    kept = [file.id for file in refused.files]
    stranger = await product.conversations.accept_file(
        (await product.conversations.open("web", "kk")).conversation_id, "d.txt", pieces(b"other")
    )
    assert stranger[0]
    added = await product.status.add(found.ticket, "сөз", (*kept, stranger[0].id, "none"), arriving())
    assert added.done
    assert [file.name for file in (await product.desk.open(EXECUTOR, appeal.id)).files] == ["a.txt", "c.txt"]


async def test_additions_have_the_limits_of_the_conversation(product: Product, nlu: ScriptedNlu) -> None:
    _, found = await asked_to_complete(product, nlu)
    many = arriving(*((f"{n}.txt", str(n).encode()) for n in range(product.rules.attachments + 1)))
    over = await product.status.add(found.ticket, "", (), many)
    assert (over.problem, len(over.files)) == ("files", product.rules.attachments)
    assert "ең көбі 5 файл" in words(why for _, why in over.refused)
    for text, problem in (("", "empty"), ("x" * (product.rules.message_limit + 1), "long")):
        assert (await product.status.add(found.ticket, text, (), arriving())).problem == problem
    longest = "ұ" * product.rules.message_limit
    assert (await product.status.add(found.ticket, longest, (), arriving())).done
    assert longest in words((await product.status.open(found.ticket)).history), "nothing is cut"
    for _ in range(product.rules.messages_per_minute):
        refused = await product.status.add(found.ticket, "тағы", (), arriving())
    assert refused.problem == "too_many"
    with pytest.raises(NotPermitted):
        await product.status.add(f"{found.ticket}x", "тағы", (), arriving())


async def test_nothing_is_added_to_an_appeal_that_has_ended(product: Product, nlu: ScriptedNlu) -> None:
    appeal, found = await asked_to_complete(product, nlu)
    await product.desk.act(HEAD, appeal.id, steps.Withdraw())
    assert (await product.status.add(found.ticket, "сөз", (), arriving())).problem == "over"
    assert not (await product.status.open(found.ticket)).may_add
