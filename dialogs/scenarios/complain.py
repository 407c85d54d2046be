"""A complaint made ready from an earlier appeal: against an answer, or because the term passed in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from appeals import deadlines
from appeals.appeal import Applicant, Capacity, Complaint, Draft, Representative
from appeals.calendar import ALMATY
from appeals.deadlines import citation
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.reference import find_reference
from dialogs.effects import Recall, RecallAppeal
from dialogs.events import AppealRecalled, CitizenEvent
from dialogs.messages import Msg, msg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Outcome, Turn
from dialogs.progress import overdue
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import buttons, form_flow, guidance
from dialogs.scenarios.fallback import old_button
from dialogs.told import day_of
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from dialogs.engine import Engine

ASKED_LIMIT = 600
"""So many characters of the earlier appeal are quoted."""
ABOUT_SILENCE = Bilingual(
    "{filed} күні берілген {number} нөмірлі жолданымға {body} заңда белгіленген мерзімде (соңғы күні – {due}) жауап "
    "бермеді. Бұл бас тарту деп саналады ({article}), мен оған шағымданамын.\n\nЖолданымның мазмұны: «{asked}»\n\n"
    "Жолданымды мәні бойынша қарап, жауап беруді талап етемін.",
    "На моё обращение {number} от {filed} не ответили в установленный срок (до {due}). Орган: {body}. Это считается "
    "отказом ({article}), который я обжалую.\n\nСуть обращения: «{asked}»\n\nТребую рассмотреть обращение по существу "
    "и ответить.",
)
ABOUT_ANSWER = Bilingual(
    "{filed} күні берілген {number} нөмірлі жолданымға {body} {decided} күні берген жауаппен келіспеймін, оған "
    "шағымданамын.\n\nЖолданымның мазмұны: «{asked}»\n\nЖауапты қайта қарап, бұзылған құқығымды қалпына келтіруді талап етемін.",
    "Обжалую ответ от {decided} на обращение {number} от {filed}. Орган: {body}.\n\n"
    "Суть обращения: «{asked}»\n\nТребую пересмотреть ответ и восстановить нарушенное право.",
)
ABOUT_RETURN = Bilingual(
    "{filed} күні берілген {number} нөмірлі жолданымның {decided} күні қаралмай қайтарылғанына шағымданамын. "
    "Орган: {body}.\n\nЖолданымның мазмұны: «{asked}»\n\nЖолданымды қабылдап, мәні бойынша қарауды талап етемін.",
    "Обжалую возврат {decided} моего обращения {number} от {filed} без рассмотрения. Орган: {body}.\n\n"
    "Суть обращения: «{asked}»\n\nТребую принять обращение и рассмотреть его по существу.",
)
ABOUT_TERMINATION = Bilingual(
    "{filed} күні берілген {number} нөмірлі жолданымды қараудың {decided} күні тоқтатылғанына шағымданамын. "
    "Орган: {body}.\n\nЖолданымның мазмұны: «{asked}»\n\nЖолданымды мәні бойынша қарауды талап етемін.",
    "Обжалую прекращение {decided} рассмотрения моего обращения {number} от {filed}. Орган: {body}.\n\n"
    "Суть обращения: «{asked}»\n\nТребую рассмотреть обращение по существу.",
)
ABOUT_CONDUCT = Bilingual(
    "{filed} күні берілген {number} нөмірлі жолданымды қарау кезіндегі әрекетке (әрекетсіздікке) шағымданамын. "
    "Орган: {body}.\n\nЖолданымның мазмұны: «{asked}»\n\nБұзылған құқығымды қалпына келтіруді талап етемін.",
    "Обжалую действие (бездействие) при рассмотрении обращения {number} от {filed}. Орган: {body}.\n\n"
    "Суть обращения: «{asked}»\n\nТребую восстановить нарушенное право.",
)
ABOUT_DECISION = {
    Status.ANSWERED: ABOUT_ANSWER,
    Status.RETURNED: ABOUT_RETURN,
    Status.TERMINATED: ABOUT_TERMINATION,
}


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """The button's argument is the earlier appeal's reference."""
    reference = find_reference(route.arg)
    return open_(state, reference) if reference else old_button(state)


def open_(state: DialogState, reference: str) -> Turn:
    """Ask the registry what the complaint can be made of; for a stranger's appeal its secret is asked first."""
    waiting = replace(state.laid_aside(), awaits="reference", pending=reference)
    effect = RecallAppeal(reference, reference in state.proved, Recall.COMPLAINT)
    return Turn(waiting, Outcome.FORM_STEP, (), (effect,))


def prepared(engine: Engine, state: DialogState, event: AppealRecalled) -> Turn:
    """The complaint with all that the earlier appeal tells; only what is missing is asked. After a complaint: court."""
    appeal, earlier, today = event.appeal, event.draft, day_of(event)
    if appeal.kind is Kind.COMPLAINT:
        court = msg("complain.court", reference=appeal.reference, article=citation("91 (5)"))
        reply = say(court, buttons=(buttons.details(appeal.reference), buttons.HUMAN, buttons.MENU))
        return Turn(replace(state, awaits="", pending=""), Outcome.REFUSED_INPUT, (reply,))
    text, learned_on, notice = _grounds(event, today)
    consented = state.consent == CONSENT_VERSION
    draft = Draft(
        kind=Kind.COMPLAINT,
        topic=earlier.topic,
        body_id=earlier.body_id,
        place=earlier.place,
        address=earlier.address,
        text=_filled(text, event).of(state.speaks),
        complaint=Complaint(learned_on=learned_on, earlier=appeal.number or appeal.reference),
        applicant=earlier.applicant if consented else Applicant(),
        representative=earlier.representative if consented else Representative(),
        actual_address=earlier.actual_address if consented else None,
        capacity=earlier.capacity if consented else Capacity.SELF,
        people=earlier.people,
    )
    draft = guidance.against(engine, draft, appeal.body)
    state = replace(state.laid_aside(), awaits="", pending="")
    form = Form(draft, synthetic=consented and event.synthetic)
    turn = form_flow.advance(engine, state, form, event)
    ready = say(msg("complain.ready", reference=appeal.reference), notice)
    return replace(turn, replies=(ready, *turn.replies))


def _grounds(event: AppealRecalled, today: date) -> tuple[Bilingual, date, Msg | None]:
    """(text, the day the citizen learned of it, what to know first)."""
    due = event.appeal.due
    if event.decided_on is not None:
        return ABOUT_DECISION[event.appeal.status], event.decided_on, None
    if due is not None and overdue(event.appeal, today):
        return ABOUT_SILENCE, due + timedelta(days=1), None
    notice = msg("complain.term_runs", due=due) if due else msg("complain.not_registered")
    return ABOUT_CONDUCT, today, notice


def _filled(text: Bilingual, event: AppealRecalled) -> Bilingual:
    appeal, kind = event.appeal, event.draft.kind or Kind.APPLICATION
    due = appeal.due or day_of(event)
    article = citation(deadlines.deemed_refusal(kind, due).article)
    asked = event.draft.text or ""
    asked = asked if len(asked) <= ASKED_LIMIT else f"{asked[:ASKED_LIMIT].rstrip()}…"
    known = {
        "number": appeal.number or appeal.reference,
        "filed": _day(appeal.filed_at.astimezone(ALMATY).date()),
        "body": appeal.body,
        "due": _day(due),
        "decided": _day(event.decided_on),
        "asked": asked,
    }
    return Bilingual(text.kk.format(**known, article=article.kk), text.ru.format(**known, article=article.ru))


def _day(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""
