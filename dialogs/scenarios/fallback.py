"""Not sure, not understood, out of scope, an old button: always an honest word and a way on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.kinds import Kind, suggest_kind
from dialogs.effects import JoinQueue
from dialogs.events import CitizenEvent, UserSaid
from dialogs.lessons import corrected
from dialogs.lifecycle import Trigger
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.privacy import mask_identity, redact
from dialogs.replies import Button, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """`unsure` offers guesses, `out_of_scope` says so, `pick` and `none` answer an offer."""
    match route.verb:
        case "unsure" if isinstance(event, UserSaid):
            return _unsure(engine, state, event)
        case "out_of_scope" if isinstance(event, UserSaid):
            return _out_of_scope(state, event)
        case "pick" if route.arg in state.offered:
            return _picked(engine, state, event, route.arg)
        case "none" if state.offered:
            return _none_of_these(engine, state)
        case "calm" if state.pending:
            return _calm(engine, state)
        case _:
            return old_button(state)


def old_button(state: DialogState) -> Turn:
    """A button of a step that is over, or one nobody made."""
    resume = (buttons.RESUME,) if state.unfinished else ()
    reply = say(msg("fallback.old_button"), buttons=(*resume, buttons.MENU))
    return Turn(state, Outcome.OLD_BUTTON, (reply,))


def guesses(engine: Engine, event: UserSaid) -> tuple[str, ...]:
    """Labels worth offering for a message, best first: the classifier's, or without it what its words find."""
    if event.parse is None:
        return _by_words(engine, event)
    ranking = event.parse.ranking or ((event.parse.label, event.parse.confidence),)
    return known(engine, ranking)


def _by_words(engine: Engine, event: UserSaid) -> tuple[str, ...]:
    """Questions, and a topic first where the message is long enough to tell of a matter."""
    limit = engine.rules.offers
    questions = tuple(f"faq.{slug}" for slug in event.hits if engine.knowledge.faq.find(slug))
    spoken = words(event.text)
    if len(spoken) < engine.rules.essence_words:
        return questions[:limit]
    beginning = " ".join(spoken[: engine.rules.searched_words])
    topics = tuple(f"topic.{topic.code}" for topic in engine.knowledge.domain.topics.search(beginning, limit))
    return (*topics[:1], *questions, *topics[1:])[:limit]


def known(engine: Engine, ranking: tuple[tuple[str, float], ...]) -> tuple[str, ...]:
    """The labels of a ranking that name a question or a topic and reach the offering threshold."""
    return tuple(
        label
        for label, score in ranking
        if score >= engine.rules.offer
        and label != "topic.OTHER"
        and (
            (label.startswith("faq.") and engine.knowledge.faq.find(label[4:]))
            or (label.startswith("topic.") and engine.knowledge.domain.topics.find(label[6:]))
        )
    )[: engine.rules.offers]


def offer(
    engine: Engine, state: DialogState, labels: tuple[str, ...], text: str, *, understands: bool = True
) -> Turn:
    """Two or three guesses as buttons, and «none of these»; where only words are compared, filing it as it is too."""
    choices = tuple(Button(_offer_label(engine, label), "fallback.pick", label) for label in labels)
    file = () if understands else (buttons.FILE,)
    reply = say(
        msg("fallback.offer" if understands else "fallback.offer_by_words"),
        buttons=(*choices, Button(msg("button.none_of_these"), "fallback.none"), *file, buttons.HUMAN),
    )
    return Turn(replace(state, offered=labels, pending=mask_identity(text)), Outcome.OFFERED, (reply,))


def _offer_label(engine: Engine, label: str) -> Msg:
    namespace, _, name = label.partition(".")
    if namespace == "faq" and (entry := engine.knowledge.faq.find(name)):
        return msg("offer.question", text=entry.question)
    return msg("offer.topic", text=engine.knowledge.domain.topics.get(name).name)


def _unsure(engine: Engine, state: DialogState, event: UserSaid) -> Turn:
    labels = guesses(engine, event)
    if labels:
        return offer(engine, state, labels, event.text, understands=event.parse is not None)
    if event.parse is not None and event.parse.language.code == "other":
        return _other_language(state)
    return not_understood(engine, state, event.text)


def not_understood(engine: Engine, state: DialogState, text: str) -> Turn:
    """First a request to say it differently; the next time in a row a human is called."""
    count = state.misunderstood + 1
    state = replace(state, misunderstood=count, offered=(), pending=mask_identity(text))
    if count >= engine.rules.misunderstood:
        queued = replace(state.moved(Trigger.HUMAN_NEEDED), misunderstood=0)
        reply = say(msg("fallback.calling_human"))
        return Turn(queued, Outcome.HANDED_OVER, (reply,), (JoinQueue("not_understood", redact(text)),))
    # A story can be filed though nobody knows what it is about; the form takes it as its text.
    file = (buttons.FILE,) if len(words(text)) >= engine.rules.essence_words else ()
    reply = say(msg("fallback.rephrase"), buttons=(buttons.TOPICS, *file, buttons.QUESTIONS, buttons.HUMAN))
    return Turn(state, Outcome.NOT_UNDERSTOOD, (reply,))


def _other_language(state: DialogState) -> Turn:
    reply = say(
        msg("fallback.other_language"),
        buttons=(buttons.KAZAKH, buttons.RUSSIAN, buttons.HUMAN),
        bilingual=True,
    )
    return Turn(state, Outcome.OUT_OF_SCOPE, (reply,))


def _out_of_scope(state: DialogState, event: UserSaid) -> Turn:
    if event.parse is not None and event.parse.language.code == "other":
        return _other_language(state)
    reply = say(msg("fallback.out_of_scope"), buttons=(buttons.FILE, buttons.QUESTIONS, buttons.HUMAN))
    return Turn(replace(state, offered=()), Outcome.OUT_OF_SCOPE, (reply,))


def _picked(engine: Engine, state: DialogState, event: CitizenEvent, label: str) -> Turn:
    from dialogs.scenarios import guidance  # noqa: PLC0415 - they offer this module's old_button

    text, offered, state = (
        state.pending,
        state.offered,
        replace(state, offered=(), pending="", misunderstood=0),
    )
    namespace, _, name = label.partition(".")
    is_question = namespace == "faq"
    turn = (
        _answered(engine, state, name, event)
        if is_question
        else guidance.tell(engine, state, name, text, event)
    )
    if is_question and state.form is None and suggest_kind(text, "OTHER").kind is not Kind.INQUIRY:
        # More than a question was told: it waits for an appeal that may follow.
        turn = replace(turn, state=replace(turn.state, pending=text))
    return corrected(engine, turn, text, offered, label)


def _answered(engine: Engine, state: DialogState, slug: str, event: CitizenEvent) -> Turn:
    """The answer; an appeal under way stays in front, its step is asked again below."""
    from dialogs.scenarios import answer, form_flow  # noqa: PLC0415 - they offer this module's old_button

    entry = engine.knowledge.faq.find(slug)
    if state.form is None or entry is None:
        return answer.show(engine, state, slug, event)
    return form_flow.beside(engine, state, event, entry)


def _calm(engine: Engine, state: DialogState) -> Turn:
    """It was no emergency: the message is read again for what else it may mean."""
    labels = known(engine, state.pending_guesses)
    text, state = state.pending, replace(state, pending_guesses=())
    return offer(engine, state, labels, text) if labels else not_understood(engine, state, text)


def _none_of_these(engine: Engine, state: DialogState) -> Turn:
    turn = not_understood(engine, state, state.pending)
    return corrected(engine, turn, state.pending, state.offered, None)
