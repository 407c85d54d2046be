"""The consent to learn from corrected messages: apart from the consent to file, and a condition of nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.effects import ForgetWordings, RecordConsent
from dialogs.events import CitizenEvent
from dialogs.lessons import question
from dialogs.messages import msg
from dialogs.model import LEARNING_VERSION, DialogState, Outcome, Turn
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Ask, take the citizen's yes or no, take consent back."""
    if route.verb == "ask" and not state.learning:
        return Turn(state, Outcome.SETTINGS, (question(),))
    decided = replace(state, learning=route.verb == "yes", withheld=())
    agreed = route.verb == "yes"
    recorded = RecordConsent(LEARNING_VERSION, given=agreed, text=question().paragraphs if agreed else ())
    match route.verb:
        case "yes" if not state.learning:
            reply = say(msg("learning.thanks"), buttons=(buttons.DATA,))
            return Turn(decided, Outcome.SETTINGS, (reply,), (recorded, *state.withheld))
        case "no" if state.learning is None:
            return Turn(decided, Outcome.SETTINGS, (say(msg("learning.refused")),), (recorded,))
        case "withdraw" if state.learning:
            reply = say(msg("learning.withdrawn"), buttons=(buttons.MENU,))
            return Turn(decided, Outcome.SETTINGS, (reply,), (recorded, ForgetWordings()))
        case _:
            return old_button(state)
