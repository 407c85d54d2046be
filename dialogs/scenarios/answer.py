"""A frequent question: the answer, what it rests on, whether it helped, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.calendar import ALMATY
from appeals.provenance import Basis, Review
from dialogs.effects import CountFeedback
from dialogs.events import CitizenEvent
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import Button, Say, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button
from faq.model import Entry
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine


OF_ONES_OWN = frozenset(
    """check-status status-explained status-not-changing withdraw-appeal supplement-appeal disagree-with-answer
    term-passed-no-answer""".split()
)
"""Questions that are mostly asked about an appeal filed already: the way to it stands below the answer."""


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Answer, or take the citizen's word whether the answer helped."""
    entry = engine.knowledge.faq.find(route.arg)
    if entry is None:
        return old_button(state)
    match route.verb:
        case "answer":
            return show(engine, replace(state, offered=(), pending=""), entry.slug, event)
        case "open":
            return show(engine, state, entry.slug, event)
        case "yes":
            effect = CountFeedback(entry.slug, helpful=True)
            return Turn(state, Outcome.FEEDBACK, (say(msg("faq.glad"), buttons=(buttons.MENU,)),), (effect,))
        case "no":
            effect = CountFeedback(entry.slug, helpful=False)
            reply = say(msg("faq.sorry"), buttons=(_lead(entry), buttons.QUESTIONS, buttons.HUMAN))
            return Turn(state, Outcome.FEEDBACK, (reply,), (effect,))
        case "file":
            return _file(engine, state, entry, event)
        case _:
            return old_button(state)


def _file(engine: Engine, state: DialogState, entry: Entry, event: CitizenEvent) -> Turn:
    """An appeal after all: the question that led here is its text, so that it need not be written again."""
    from dialogs.scenarios import guidance  # noqa: PLC0415 - guidance shows this module's answers

    asked = state.last_text if state.last and state.last.label == f"faq.{entry.slug}" else state.pending
    if len(words(asked)) < engine.rules.essence_words:
        return guidance.open_topic(engine, state, entry.topic, event)
    return guidance.tell(engine, state, entry.topic, asked, event)


def show(engine: Engine, state: DialogState, slug: str, event: CitizenEvent) -> Turn:
    """The answer; an appeal under way is laid aside, not lost."""
    entry = engine.knowledge.faq.find(slug)
    if entry is None:
        return old_button(state)
    state = replace(state.laid_aside(), misunderstood=0, awaits="")
    return Turn(state, Outcome.ANSWERED, (answer(engine, entry, event, resumable=bool(state.paused)),))


def answer(engine: Engine, entry: Entry, event: CitizenEvent, *, resumable: bool = False) -> Say:
    """The entry as a reply, with the sums of the day it is asked."""
    today = event.at.astimezone(ALMATY).date()
    return say(
        msg("faq.answer", question=entry.question, answer=engine.knowledge.faq.answer(entry, today)),
        basis(entry),
        buttons=(
            Button(msg("button.helped"), "faq.yes", entry.slug),
            Button(msg("button.not_helped"), "faq.no", entry.slug),
            *((buttons.STATUS,) if entry.slug in OF_ONES_OWN else ()),
            *((buttons.RESUME,) if resumable else ()),
            _lead(entry),
            buttons.WHY,
            buttons.HUMAN,
        ),
        tone=Tone.ANSWER,
    )


def basis(entry: Entry) -> Msg:
    """What the answer rests on, and that nobody has reviewed it where nobody has."""
    provenance = entry.provenance
    if provenance.basis is Basis.LAW and provenance.act and entry.article:
        on = msg("basis.law", act=provenance.act, article=entry.article)
    elif entry.url:
        on = msg("basis.official", url=entry.url)
    else:
        on = msg("basis.general")
    if provenance.status is Review.REVIEWED:
        return msg("basis.reviewed", on=on, until=provenance.review_by)
    if entry.url and provenance.basis is not Basis.OFFICIAL:
        return msg("basis.draft_at", on=on, url=entry.url)
    return msg("basis.draft", on=on)


def _lead(entry: Entry) -> Button:
    if entry.topic == "OTHER":
        return buttons.FILE
    return Button(msg("button.file_on_this"), "faq.file", entry.slug)
