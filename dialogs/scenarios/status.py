"""Where an appeal stands: inside the citizen's own conversation, or by reference and secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.deadlines import citation
from appeals.lifecycle import STATUSES, TERMINAL, Status
from appeals.reference import find_reference, normalise_secret
from dialogs import progress
from dialogs.effects import FindAppeals, LookUpAppeal
from dialogs.events import AppealsFound, AppealView, CitizenEvent, LookUpsExceeded
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Knowledge, Outcome, Turn
from dialogs.replies import Ask, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, nearby, ways
from dialogs.scenarios.fallback import old_button
from dialogs.told import day_of

if TYPE_CHECKING:
    from datetime import date

    from dialogs.engine import Engine

ASK_REFERENCE = Button(msg("button.by_reference"), "status.ask")


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Show this conversation's appeals, or ask for reference and secret. A form under way is laid aside."""
    match route.verb:
        case "open" if find_reference(route.arg):
            return _reference_told(state.laid_aside(), route.arg)
        case "open":
            return Turn(state.laid_aside(), Outcome.STATUS_SHOWN, (), (FindAppeals(),))
        case "ask":
            return _ask(state, msg("status.ask"))
        case "reference":
            return _reference_told(state, route.arg)
        case _:
            return old_button(state)


def _ask(state: DialogState, *paragraphs: Msg) -> Turn:
    reply = say(*paragraphs, buttons=(buttons.MENU, buttons.HUMAN), ask=Ask.TEXT)
    return Turn(replace(state.laid_aside(), awaits="reference"), Outcome.STATUS_SHOWN, (reply,))


def _reference_told(state: DialogState, text: str) -> Turn:
    """Reference and secret in one message, or one after the other (the reference then waits in `pending`)."""
    found = find_reference(text)
    reference = found or find_reference(state.pending)
    if reference is None:
        return _ask(state, msg("status.no_reference"))
    secret = next(
        (known for word in text.split() if (known := normalise_secret(word))), None
    ) or normalise_secret(text)
    if secret is None and found is not None:
        # One's own appeal needs no secret; for another's it is asked when the registry has answered.
        waiting = replace(state.laid_aside(), awaits="reference", pending=reference)
        return Turn(waiting, Outcome.STATUS_SHOWN, (), (LookUpAppeal(reference, ""),))
    if secret is None:
        return _ask(state, msg("status.not_found"))
    state = replace(state, awaits="", pending="")
    return Turn(state, Outcome.STATUS_SHOWN, (), (LookUpAppeal(reference, secret),))


def registry_reports(knowledge: Knowledge, state: DialogState, event: AppealsFound | LookUpsExceeded) -> Turn:
    """Tell what the registry found."""
    match event:
        case LookUpsExceeded():
            reply = say(msg("status.too_many"), buttons=(buttons.MENU, buttons.HUMAN))
            return Turn(state, Outcome.REFUSED_INPUT, (reply,))
        case AppealsFound(appeals=(), asked_by_reference=True) if find_reference(state.pending):
            return _ask(state, msg("status.ask_secret", reference=state.pending))
        case AppealsFound(appeals=(), asked_by_reference=True):
            return _ask(state, msg("status.not_found"))
        case AppealsFound(appeals=(), follows=()):
            return _ask(state, msg("status.none_here"), msg("status.ask"))
        case AppealsFound(appeals=(), follows=follows):
            asked = _ask(state, msg("status.ask"))
            return replace(asked, replies=(*nearby.listed(knowledge, follows), *asked.replies))
        case AppealsFound(appeals=appeals, follows=follows):
            proved = tuple(appeal.reference for appeal in appeals) if event.asked_by_reference else ()
            state = replace(
                state, awaits="", pending="", proved=tuple(dict.fromkeys((*state.proved, *proved)))
            )
            today = day_of(event)
            replies = nearby.listed(knowledge, follows) + tuple(
                say(
                    *view(knowledge, appeal, today),
                    buttons=ways.pressing(knowledge, appeal, today),
                    tone=Tone.NOTICE,
                )
                for appeal in appeals[:-1]
            )
            resume = (buttons.RESUME,) if state.paused else ()
            last = say(
                *view(knowledge, appeals[-1], today),
                buttons=(*ways.pressing(knowledge, appeals[-1], today), *resume, ASK_REFERENCE, buttons.MENU),
                tone=Tone.NOTICE,
            )
            return Turn(state, Outcome.STATUS_SHOWN, (*replies, last))


def view(knowledge: Knowledge, appeal: AppealView, today: date) -> tuple[Msg, ...]:
    """An appeal in words: what, where, the status and what it means, its terms with their article, the answer."""
    lines = described(knowledge, appeal)
    before_answer = len(lines) - bool(appeal.answer)
    late = progress.late_registration(appeal, knowledge.calendar, today)
    terms = [late] if late else []
    if appeal.due and appeal.due_article and appeal.status not in TERMINAL:
        terms.append(msg("status.due", due=appeal.due, article=citation(appeal.due_article)))
    if appeal.status is Status.NEEDS_FIX and appeal.fix_until:
        terms.append(msg("notice.asked", asked=appeal.fix_asked))
        terms.append(msg("notice.fix_until", until=appeal.fix_until))
    return (*lines[:before_answer], *terms, *lines[before_answer:])


def described(knowledge: Knowledge, appeal: AppealView) -> tuple[Msg, ...]:
    """An appeal in words without its terms; the answer, if there is one, comes last."""
    topic = knowledge.domain.topics.find(appeal.topic)
    lines = [
        msg(
            "status.appeal",
            reference=appeal.reference,
            topic=topic.name if topic else appeal.topic,
            body=appeal.body,
            filed=appeal.filed_at,
        ),
        msg("status.state", name=STATUSES[appeal.status].name, meaning=STATUSES[appeal.status].meaning),
    ]
    if appeal.part:
        lines.insert(1, msg("status.part", part=appeal.part))
    if appeal.number:
        lines.append(msg("status.number", number=appeal.number))
    if appeal.answer:
        lines.append(msg("status.answer", answer=appeal.answer))
    return tuple(lines)
