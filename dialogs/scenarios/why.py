"""Why the assistant answered as it did: the law gives the citizen this right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.events import CitizenEvent
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import buttons

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Name the label, the words that decided, the authored example it resembles, and the confidence."""
    last = state.last
    if last is None or not last.label:
        return Turn(state, Outcome.BROWSED, (say(msg("why.chosen"), buttons=(buttons.MENU, buttons.HUMAN)),))
    return Turn(
        state,
        Outcome.BROWSED,
        (
            say(
                msg(
                    "why.understood",
                    name=label_name(engine, last.label),
                    percent=round(last.confidence * 100),
                ),
                msg("why.words", words=", ".join(f"«{word}»" for word in last.words)) if last.words else None,
                msg("why.example", example=last.example) if last.example else None,
                msg("why.contest"),
                buttons=(buttons.TOPICS, buttons.QUESTIONS, buttons.HUMAN),
            ),
        ),
    )


def label_name(engine: Engine, label: str) -> Msg:
    """A label in words."""
    namespace, _, name = label.partition(".")
    if namespace == "faq" and (entry := engine.knowledge.faq.find(name)):
        return msg("plain", text=entry.question)
    if namespace == "topic" and (topic := engine.knowledge.domain.topics.find(name)):
        return msg("plain", text=topic.name)
    if namespace == "emergency":
        return msg("why.emergency")
    return msg("why.chat")
