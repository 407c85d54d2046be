"""The first words: a machine answers, what it can do, its terms, the language, and the way to a human."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.reference import find_reference
from dialogs.events import CitizenEvent, Started
from dialogs.messages import msg
from dialogs.model import DialogState, Mode, Outcome, Turn
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import answer, buttons, carry, complain, guidance

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Greet; a deep link's payload (`f_<faq slug>`, `t_<topic with hyphens>`, `c_<reference>`) opens its subject, that of
    a draft brings it here."""
    # What is typed after /start is never a digest: whoever could read the database might know one.
    if isinstance(event, Started) and carry.is_key(event.payload):
        taking = carry.take(replace(state, welcomed=True), event.payload)
        return taking if state.welcomed else _joined(greet(engine, state), taking)
    greeted = greet(engine, state)
    kind, _, rest = route.arg.partition("_")
    if kind == "f" and engine.knowledge.faq.find(rest):
        return _joined(greeted, answer.show(engine, greeted.state, rest, event))
    topic = rest.replace("-", ".")
    if kind == "t" and engine.knowledge.domain.topics.find(topic):
        return _joined(greeted, guidance.open_topic(engine, greeted.state, topic, event))
    if kind == "c" and (reference := find_reference(rest)):
        return _joined(greeted, complain.open_(greeted.state, reference))
    return greeted


def greet(engine: Engine, state: DialogState) -> Turn:
    """The welcome; bilingual until the language is known."""
    office = engine.knowledge.office
    form = state.unfinished
    reply = say(
        msg("welcome.hello"),
        msg("welcome.can"),
        msg("welcome.demo") if office.mode is Mode.DEMO else msg("welcome.office", office=office.name),
        msg("welcome.agreement", url=f"{office.public_url}/terms"),
        msg("welcome.unfinished") if form else None,
        buttons=(
            buttons.KAZAKH,
            buttons.RUSSIAN,
            *((buttons.RESUME,) if form else ()),
            buttons.FILE,
            buttons.QUESTIONS,
            buttons.STATUS,
            buttons.HUMAN,
        ),
        bilingual=state.locale is None,
    )
    paused = replace(state.laid_aside(), welcomed=True, awaits="", misunderstood=0)
    return Turn(paused, Outcome.WELCOMED, (reply,))


def _joined(first: Turn, second: Turn) -> Turn:
    return replace(second, replies=(*first.replies, *second.replies))
