"""One appeal closely: the way so far, what comes next, its receipt, and the citizen's word on the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.reference import find_reference
from dialogs import progress
from dialogs.effects import RateAnswer, ShowDetails
from dialogs.events import AnswerRated, CitizenEvent, DetailsFound
from dialogs.messages import msg
from dialogs.model import DialogState, Knowledge, Outcome, Turn
from dialogs.replies import RECEIPT, Ask, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, notices, ways
from dialogs.scenarios.fallback import old_button
from dialogs.told import day_of

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Show an appeal, or take what the citizen thinks of its answer. The argument is `<reference>` or `<score>:<reference>`."""
    score, reference = _asked(state.pending if route.verb == "word_told" else route.arg)
    if not reference:
        return old_button(state)
    proved = reference in state.proved
    match route.verb:
        case "open":
            return Turn(state.laid_aside(), Outcome.STATUS_SHOWN, (), (ShowDetails(reference, proved),))
        case "score":
            choices = tuple(
                Button(msg("plain", text="⭐" * score), "details.rate", f"{score}:{reference}")
                for score in progress.SCORES
            )
            return Turn(state, Outcome.FEEDBACK, (say(msg("details.rate"), buttons=choices),))
        case "rate" if score:
            return Turn(state, Outcome.FEEDBACK, (), (RateAnswer(reference, proved, score),))
        case "word" if score:
            waiting = replace(state.laid_aside(), awaits="word", pending=f"{score}:{reference}")
            reply = say(msg("details.ask_word"), buttons=(buttons.MENU,), ask=Ask.TEXT)
            return Turn(waiting, Outcome.FEEDBACK, (reply,))
        case "word_told" if score:
            state = replace(state, awaits="", pending="")
            return Turn(state, Outcome.FEEDBACK, (), (RateAnswer(reference, proved, score, route.arg),))
        case _:
            return old_button(state)


def _asked(arg: str) -> tuple[int, str]:
    told, _, _ = arg.partition(":")
    score = int(told) if told in map(str, progress.SCORES) else 0
    return score, find_reference(arg) or ""


def found(knowledge: Knowledge, state: DialogState, event: DetailsFound) -> Turn:
    """Tell the way so far and what comes next; the receipt comes along."""
    appeal = event.appeal
    if appeal is None:
        return _not_here(state)
    coming = progress.ahead(appeal, event.steps, knowledge.calendar, day_of(event))
    reply = say(
        msg(
            "details.history",
            reference=appeal.reference,
            lines=notices.history(knowledge, appeal, event.steps),
        ),
        *coming,
        buttons=(
            *ways.offers(knowledge, appeal, day_of(event)),
            buttons.STATUS,
            buttons.MENU,
        ),
        tone=Tone.NOTICE,
        document=f"{RECEIPT}{appeal.reference}" if event.own else None,
    )
    return Turn(state, Outcome.STATUS_SHOWN, (reply,))


def rated(state: DialogState, event: AnswerRated) -> Turn:
    """Thanks; whoever is not content is shown the way on."""
    appeal = event.appeal
    if appeal is None:
        return _not_here(state)
    word = Button(msg("button.add_word"), "details.word", f"{event.score}:{appeal.reference}")
    more = () if event.word else (word,)
    discontent = event.score <= progress.DISCONTENT and progress.may_complain(appeal, day_of(event))
    complain = (buttons.complain(appeal.reference),) if discontent else ()
    reply = say(msg("details.rated", score=event.score), buttons=(*more, *complain, buttons.MENU))
    return Turn(state, Outcome.FEEDBACK, (reply,))


def _not_here(state: DialogState) -> Turn:
    return Turn(
        state, Outcome.REFUSED_INPUT, (say(msg("status.not_found"), buttons=(buttons.STATUS, buttons.HUMAN)),)
    )
