"""The desk: registering, answering, lawful dates, what the citizen hears, what another system gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from appeals import steps
from appeals.appeal import Complaint
from appeals.decisions import (
    Character,
    Decision,
    HearingWaiver,
    ReturnGround,
    TerminationGround,
    characters_for,
    decisions_for,
)
from appeals.kinds import Kind
from appeals.lifecycle import Action, Status
from bot.app.errors import InvalidInput, NotPermitted, WrongAction
from bot.app.moves import kind_of, view
from bot.app.records import AppealRecord, Operator, Role
from bot.app.registry import Search
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, UserSaid
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

EXECUTOR = Operator("op", "op", "Айгерім", Role.REGISTRAR, "x")
HEAD = Operator("head", "head", "Басшы", Role.SUPERVISOR, "x")
STORY = "Щучинск қаласында үш күннен бері жылу жоқ"
HEATED = steps.Answer(Decision.FAVOURABLE_ACT, Character.SATISFIED, "Жылу 21 қарашада қосылды.")
REFUSED = steps.Answer(Decision.BURDENSOME_ACT, Character.REFUSED, "Өтініш қанағаттандырылмайды.")


def answer_to(appeal: AppealRecord, text: str) -> steps.Answer:
    """The usual decision on an appeal of this kind."""
    decision = decisions_for(kind_of(appeal))[0]
    return steps.Answer(decision, characters_for(decision)[0], text)


async def filed(product: Product, nlu: ScriptedNlu) -> AppealRecord:
    nlu.known[STORY] = parse("topic.UTIL.HEAT")
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, STORY), "d")
    for button in ("filing.start", "filing.agree", "filing.synthetic", "filing.confirm"):
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, button), "d")
    async with product.storage.read() as work:
        return (await work.appeals.of_conversation(conversation, 1))[0]


async def under_way(product: Product, nlu: ScriptedNlu, kind: Kind = Kind.APPLICATION) -> AppealRecord:
    """Registered today and considered by EXECUTOR."""
    appeal = await filed(product, nlu)
    async with product.storage.write() as work:
        fresh = await work.appeals.get(appeal.id)
        draft = replace(
            fresh.draft, kind=kind, complaint=Complaint("әкімдік", NOON.date(), "мән-жай", "сурет")
        )
        await work.appeals.save(replace(fresh, draft=draft))
        await work.commit()
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    return await product.desk.act(EXECUTOR, appeal.id, steps.Start())


async def said(product: Product, appeal: AppealRecord) -> str:
    return (await product.conversations.messages(appeal.conversation_id))[-1].text


async def buttons(product: Product, appeal: AppealRecord) -> Sequence[str]:
    last = (await product.conversations.messages(appeal.conversation_id))[-1]
    return [button.id for button in last.buttons]


async def press(product: Product, appeal: AppealRecord, button: str) -> None:
    action, _, arg = button.partition(":")
    event = ButtonPressed(new_id(), product.clock.now(), action, arg)
    await product.conversations.exchange(appeal.conversation_id, event, "d")


async def tell(product: Product, appeal: AppealRecord, text: str) -> None:
    event = UserSaid(new_id(), product.clock.now(), text)
    await product.conversations.exchange(appeal.conversation_id, event, "d")


async def stored(product: Product, appeal: AppealRecord) -> AppealRecord:
    async with product.storage.read() as work:
        return await work.appeals.get(appeal.id)


async def test_registering_gives_number_and_date_and_tells_the_citizen(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await filed(product, nlu)
    registered = await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    assert registered.status is Status.REGISTERED
    assert registered.registered_on == date(2026, 11, 20)
    assert registered.due == date(2026, 12, 11)
    told = await said(product, appeal)
    assert "2026 жылғы 11 желтоқсан" in told
    assert "76" in told
    assert appeal.reference in told


async def test_an_answer_ends_it_and_reaches_the_citizen(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu)
    with pytest.raises(InvalidInput):
        await product.desk.act(EXECUTOR, appeal.id, replace(HEATED, text="  "))
    answered = await product.desk.act(EXECUTOR, appeal.id, HEATED)
    assert (answered.decision, answered.character) == (Decision.FAVOURABLE_ACT, Character.SATISFIED)
    told = await said(product, appeal)
    for words in (
        "Жылу 21 қарашада қосылды.",
        "қолайлы әкімшілік акт",
        "қанағаттандырылды",
        "2027 жылғы 20 ақпан",
        "92",
    ):
        assert words in told
    assert f"complain:{appeal.reference}" in await buttons(product, appeal)
    with pytest.raises(WrongAction):
        await product.desk.act(EXECUTOR, appeal.id, HEATED)


@pytest.mark.parametrize(
    ("kind", "answer", "field"),
    [
        (Kind.APPLICATION, steps.Answer(Decision.NOTED, Character.EXPLAINED, "Назарға алынды."), "decision"),
        (Kind.REPORT, HEATED, "decision"),
        (Kind.COMPLAINT, HEATED, "decision"),
        (Kind.APPLICATION, replace(HEATED, character=Character.REFUSED), "character"),
        (Kind.APPLICATION, REFUSED, "waiver"),
    ],
)
async def test_a_decision_fits_the_kind_and_a_refusal_follows_a_hearing(
    product: Product, nlu: ScriptedNlu, kind: Kind, answer: steps.Answer, field: str
) -> None:
    appeal = await under_way(product, nlu, kind)
    with pytest.raises(InvalidInput) as error:
        await product.desk.act(EXECUTOR, appeal.id, answer)
    assert error.value.field == field
    assert error.value.told
    assert (await stored(product, appeal)).status is Status.IN_PROGRESS


async def test_a_hearing_gives_the_citizen_time_before_a_refusal(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    hearing = steps.Hearing(date(2026, 11, 25), "10:00, 12-бөлме", "Қанағаттандырудан бас тарту көзделген.")
    with pytest.raises(InvalidInput) as early:
        await product.desk.act(EXECUTOR, appeal.id, replace(hearing, on=date(2026, 11, 23)))
    assert "24.11.2026" in early.value.told.kk if early.value.told else False
    heard = await product.desk.act(EXECUTOR, appeal.id, hearing)
    assert (heard.status, heard.decide_from) == (Status.HEARING, date(2026, 11, 25))
    told = await said(product, appeal)
    for words in ("Қанағаттандырудан бас тарту көзделген.", "12-бөлме", "2026 жылғы 24 қараша", "73"):
        assert words in told
    assert f"appeal.add:{appeal.reference}" in await buttons(product, appeal)
    with pytest.raises(InvalidInput) as soon:
        await product.desk.act(EXECUTOR, appeal.id, REFUSED)
    assert soon.value.told
    assert "25.11.2026" in soon.value.told.ru
    with pytest.raises(WrongAction):
        await product.desk.act(EXECUTOR, appeal.id, steps.Protocol("Арыз иесі келіспейді."))
    await press(product, appeal, f"appeal.add:{appeal.reference}")
    await tell(product, appeal, "Келіспеймін: үйде әлі суық")
    assert (await stored(product, appeal)).status is Status.HEARING
    clock.pass_time(timedelta(days=5))
    await product.desk.act(EXECUTOR, appeal.id, steps.Protocol("Арыз иесі келіспейді, дәлел келтірді."))
    assert "Арыз иесі келіспейді, дәлел келтірді." in await said(product, appeal)
    assert (await product.desk.act(EXECUTOR, appeal.id, REFUSED)).status is Status.ANSWERED


async def test_without_a_hearing_a_refusal_names_the_ground(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu)
    waived = replace(REFUSED, waiver=HearingWaiver.ASKED)
    assert (await product.desk.act(EXECUTOR, appeal.id, waived)).status is Status.ANSWERED


async def test_simplified_kinds_have_no_hearing_and_are_answered(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu, Kind.REPORT)
    with pytest.raises(WrongAction) as error:
        await product.desk.act(
            EXECUTOR, appeal.id, steps.Hearing(date(2026, 11, 25), "10:00", "Алдын ала шешім жобасы")
        )
    assert error.value.told
    assert "Оңайлатылған" in error.value.told.kk
    noted = steps.Answer(Decision.NOTED, Character.EXPLAINED, "Хабарыңыз назарға алынды.")
    assert (await product.desk.act(EXECUTOR, appeal.id, noted)).status is Status.ANSWERED


async def test_forwarding_within_three_days_and_later_only_by_the_head(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    forward = steps.Forward("Энергетика басқармасы")
    with pytest.raises(InvalidInput):
        await product.desk.act(EXECUTOR, appeal.id, forward)
    clock.pass_time(timedelta(days=6))
    with pytest.raises(WrongAction) as late:
        await product.desk.act(EXECUTOR, appeal.id, forward, "құзырет облыста")
    assert late.value.told
    assert "25.11.2026" in late.value.told.ru
    forwarded = await product.desk.act(HEAD, appeal.id, forward, "құзырет облыста")
    assert (forwarded.body_name, forwarded.due) == ("Энергетика басқармасы", date(2026, 12, 18))
    assert forwarded.executor_id is None
    assert "Энергетика басқармасы" in await said(product, appeal)


async def test_a_part_goes_to_the_other_body_and_the_rest_stays(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu)
    part = steps.ForwardPart("Жол басқармасы", "Көшедегі шұңқырды жөндеу")
    after = await product.desk.act(EXECUTOR, appeal.id, part, "жол басқа органның құзыретінде")
    assert (after.status, after.due, after.body_name) == (appeal.status, appeal.due, appeal.body_name)
    dossier = await product.desk.open(EXECUTOR, appeal.id)
    child = dossier.children[0]
    assert (child.status, child.body_name, child.parent_id) == (
        Status.FORWARDED,
        "Жол басқармасы",
        appeal.id,
    )
    assert (child.draft.text, child.number, child.due) == (
        "Көшедегі шұңқырды жөндеу",
        appeal.number,
        date(2026, 12, 11),
    )
    told = await said(product, appeal)
    assert child.reference in told
    assert "Жол басқармасы" in told
    kept = dossier.steps[-1].said
    assert isinstance(kept, steps.ForwardPart)
    assert kept.child == child.reference
    # Two appeals on one topic: the citizen is told which of them is the part.
    await press(product, appeal, "status.open")
    listed = await product.conversations.messages(appeal.conversation_id)
    (about,) = [message.text for message in listed if f"📄 {child.reference}" in message.text]
    assert "бөлігі: «Көшедегі шұңқырды жөндеу»" in about
    assert "бөлігі: «" not in listed[-1].text


async def test_a_part_of_a_complaint_is_called_one(product: Product, nlu: ScriptedNlu) -> None:
    complaint = await under_way(product, nlu, Kind.COMPLAINT)
    part = steps.ForwardPart("Жол басқармасы", "Көшедегі шұңқырды жөндеу")
    await product.desk.act(EXECUTOR, complaint.id, part, "жол басқа органның құзыретінде")
    (child,) = (await product.desk.open(EXECUTOR, complaint.id)).children
    assert (kind_of(child), view(child).part) == (Kind.COMPLAINT, "Көшедегі шұңқырды жөндеу")


async def test_an_extension_is_the_heads_comes_once_and_keeps_within_two_months(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await under_way(product, nlu)
    extend = steps.Extend(date(2027, 1, 20))
    with pytest.raises(NotPermitted):
        await product.desk.act(EXECUTOR, appeal.id, extend, "қосымша тексеру")
    for until in (date(2026, 12, 1), date(2027, 1, 21), date(2027, 1, 16)):
        with pytest.raises(InvalidInput):
            await product.desk.act(HEAD, appeal.id, steps.Extend(until), "қосымша тексеру")
    extended = await product.desk.act(HEAD, appeal.id, extend, "қосымша тексеру")
    assert (extended.due, extended.status) == (date(2027, 1, 20), Status.EXTENDED)
    assert "2027 жылғы 20 қаңтар" in await said(product, appeal)
    hearing = steps.Hearing(date(2026, 11, 25), "10:00, 12-бөлме", "Бас тарту көзделген.")
    await product.desk.act(HEAD, appeal.id, hearing)
    with pytest.raises(WrongAction) as again:
        await product.desk.act(HEAD, appeal.id, steps.Extend(date(2027, 1, 20)), "тағы")
    assert again.value.told


async def test_a_complaint_is_never_extended(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu, Kind.COMPLAINT)
    assert appeal.due == date(2026, 12, 21)
    with pytest.raises(WrongAction) as error:
        await product.desk.act(HEAD, appeal.id, steps.Extend(date(2027, 1, 5)), "қосымша тексеру")
    assert error.value.told
    assert "99" in error.value.told.kk


async def test_what_is_asked_for_comes_back_through_the_chat(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu)
    ask = steps.AskFix(date(2026, 11, 27), ("applicant.postal_address",))
    for until in (date(2026, 11, 20), date(2026, 12, 11), date(2026, 11, 28)):
        with pytest.raises(InvalidInput):
            await product.desk.act(EXECUTOR, appeal.id, replace(ask, until=until), "Пошталық мекенжай керек")
    asked = await product.desk.act(EXECUTOR, appeal.id, ask, "Пошталық мекенжай керек")
    assert (asked.status, asked.fix_until) == (Status.NEEDS_FIX, date(2026, 11, 27))
    told = await said(product, appeal)
    for words in ("Не керек: пошталық мекенжай. Пошталық мекенжай керек", "2026 жылғы 27 қараша", "64"):
        assert words in told
    await press(product, appeal, f"status.open:{appeal.reference}")
    assert "Не керек: пошталық мекенжай" in await said(product, appeal)
    with pytest.raises(WrongAction) as early:
        await product.desk.act(EXECUTOR, appeal.id, steps.Return(ReturnGround.NOT_FIXED), "толықтырылмады")
    assert early.value.told
    assert "27.11.2026" in early.value.told.ru
    await press(product, appeal, f"appeal.add:{appeal.reference}")
    await tell(product, appeal, "Щучинск қ., Абылай хан к-сі, 10-7")
    fixed = await stored(product, appeal)
    assert fixed.status is Status.FIXED
    dossier = await product.desk.open(EXECUTOR, appeal.id)
    assert dossier.steps[-1].note == "Щучинск қ., Абылай хан к-сі, 10-7"
    assert dossier.steps[-1].actor == "citizen"
    lines = [m.text for m in await product.conversations.messages(appeal.conversation_id)]
    assert not any("Абылай хан" in line for line in lines)
    accepted = await product.desk.act(EXECUTOR, appeal.id, steps.AcceptFix())
    assert (accepted.status, accepted.fix_until) == (Status.IN_PROGRESS, None)


async def test_what_came_back_as_the_same_as_another_is_nowhere_offered_to_be_filed_again(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await filed(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    back = steps.Return(ReturnGround.IDENTICAL)
    await product.desk.act(EXECUTOR, appeal.id, back, "Осыған дейін жауап берілген")
    again = f"again:{appeal.reference}"
    assert again not in await buttons(product, appeal)
    for way in ("status.open", f"details.open:{appeal.reference}"):
        await press(product, appeal, way)
        assert again not in await buttons(product, appeal)


async def test_what_was_not_completed_is_returned_within_three_days_only(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    await product.desk.act(EXECUTOR, appeal.id, steps.AskFix(date(2026, 11, 24)), "Мекенжай керек")
    clock.pass_time(timedelta(days=5))
    back = steps.Return(ReturnGround.NOT_FIXED)
    with pytest.raises(InvalidInput) as wrong:
        await product.desk.act(EXECUTOR, appeal.id, steps.Return(ReturnGround.INSULTING), "себебі бар")
    assert wrong.value.field == "ground"
    returned = await product.desk.act(EXECUTOR, appeal.id, back, "мекенжай берілмеді")
    assert returned.status is Status.RETURNED
    assert "64" in await said(product, appeal)

    other = await under_way(product, nlu)
    await product.desk.act(EXECUTOR, other.id, steps.AskFix(date(2026, 11, 27)), "Мекенжай керек")
    clock.pass_time(timedelta(days=8))
    with pytest.raises(WrongAction) as late:
        await product.desk.act(HEAD, other.id, back, "мекенжай берілмеді")
    assert late.value.told
    assert "02.12.2026" in late.value.told.ru


async def test_termination_is_the_heads_on_a_ground_of_the_kind(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu, Kind.INQUIRY)
    with pytest.raises(NotPermitted):
        await product.desk.act(EXECUTOR, appeal.id, steps.Terminate(TerminationGround.REPEATED), "қайталау")
    with pytest.raises(InvalidInput):
        await product.desk.act(HEAD, appeal.id, steps.Terminate(TerminationGround.IN_COURT), "сотта")
    ended = await product.desk.act(HEAD, appeal.id, steps.Terminate(TerminationGround.REPEATED), "қайталау")
    assert ended.status is Status.TERMINATED
    told = await said(product, appeal)
    assert "88" in told
    assert f"complain:{appeal.reference}" in await buttons(product, appeal)


async def test_the_citizen_withdraws_before_the_decision_and_not_after(
    product: Product, nlu: ScriptedNlu
) -> None:
    appeal = await under_way(product, nlu)
    await press(product, appeal, f"appeal.withdraw:{appeal.reference}")
    assert (await stored(product, appeal)).status is Status.IN_PROGRESS
    await press(product, appeal, f"appeal.withdraw_yes:{appeal.reference}")
    assert (await stored(product, appeal)).status is Status.WITHDRAWN
    assert "64" in await said(product, appeal)
    await press(product, appeal, f"appeal.withdraw_yes:{appeal.reference}")
    assert "өзгертуге болмайды" in await said(product, appeal)


async def test_another_conversation_changes_nothing(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await under_way(product, nlu)
    stranger = (await product.conversations.open("web", "kk")).conversation_id
    event = ButtonPressed(new_id(), NOON, "appeal.withdraw_yes", appeal.reference)
    await product.conversations.exchange(stranger, event, "d")
    assert (await stored(product, appeal)).status is Status.IN_PROGRESS


async def test_a_complaint_brought_to_the_desk_is_a_record_of_its_own(
    product: Product, nlu: ScriptedNlu, clock: FakeClock
) -> None:
    appeal = await under_way(product, nlu)
    complain = steps.Complain("Жауаппен келіспеймін: жылу әлі жоқ.")
    with pytest.raises(WrongAction):
        await product.desk.act(EXECUTOR, appeal.id, complain)
    await product.desk.act(EXECUTOR, appeal.id, HEATED)
    assert (await product.desk.act(EXECUTOR, appeal.id, complain)).status is Status.ANSWERED
    child = (await product.desk.open(EXECUTOR, appeal.id)).children[0]
    assert (child.draft.kind, child.status, child.draft.complaint.challenged) == (
        Kind.COMPLAINT,
        Status.CREATED,
        appeal.body_name,
    )
    assert child.secret_hash == appeal.secret_hash
    assert child.reference in await said(product, appeal)
    # It hangs together with the appeal and is no part of it.
    registered = await product.desk.act(EXECUTOR, child.id, steps.Register())
    assert (registered.parent_id, view(child).part, view(registered).part) == (appeal.id, "", "")


async def test_an_executor_sees_and_works_their_own_appeals_only(product: Product, nlu: ScriptedNlu) -> None:
    executor = Operator("ex", "ex", "Ерлан", Role.EXECUTOR, "x")
    async with product.storage.write() as work:
        await work.operators.add(executor)
        await work.commit()
    appeal = await under_way(product, nlu)
    for look in (
        product.desk.open(executor, appeal.id),
        product.handover.open(executor, appeal.conversation_id),
    ):
        with pytest.raises(NotPermitted):
            await look
    assert not (await product.registry.page(executor, Search(), 9)).appeals
    with pytest.raises(InvalidInput):
        await product.desk.act(EXECUTOR, appeal.id, steps.Assign("nobody"))
    await product.desk.act(EXECUTOR, appeal.id, steps.Assign("ex"))
    assert [found.id for found in (await product.registry.page(executor, Search(), 9)).appeals] == [appeal.id]
    dossier = await product.desk.open(executor, appeal.id)
    assert dossier.personal
    assert Action.ANSWER in dossier.windows
    assert Action.EXTEND not in dossier.windows
    await product.handover.open(executor, appeal.conversation_id)
    with pytest.raises(NotPermitted):
        await product.handover.claim(executor, appeal.conversation_id)
    assert (await product.desk.act(executor, appeal.id, HEATED)).status is Status.ANSWERED


async def test_an_operator_sees_where_it_is_and_not_whose(product: Product, nlu: ScriptedNlu) -> None:
    operator = Operator("talks", "talks", "Сәуле", Role.OPERATOR, "x")
    appeal = await under_way(product, nlu)
    person = appeal.draft.applicant
    dossier = await product.desk.open(operator, appeal.id)
    shown = repr(dossier.appeal.draft.applicant)
    assert person.iin
    assert person.full_name
    assert person.iin not in shown
    assert person.full_name not in shown
    assert not dossier.windows
    with pytest.raises(NotPermitted):
        await product.desk.act(operator, appeal.id, HEATED)


async def test_every_look_is_audited_and_strangers_see_nothing(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    await product.desk.open(EXECUTOR, appeal.id)
    async with product.storage.read() as work:
        assert ("op", "appeal.read", appeal.id) in [
            (row.actor, row.action, row.subject) for row in await work.audit.newest(5)
        ]
    with pytest.raises(NotPermitted):
        await product.desk.open(Operator("x", "x", "X", Role.REGISTRAR, "x", active=False), appeal.id)
