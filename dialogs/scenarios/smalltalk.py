"""Small talk, and the kinds of message that are not read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.events import CitizenEvent
from dialogs.lifecycle import Phase
from dialogs.messages import msg
from dialogs.model import DialogState, Mode, Outcome, Turn
from dialogs.replies import Say, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, fallback, filing, form_flow, menu, welcome

if TYPE_CHECKING:
    from dialogs.engine import Engine

VARIANTS = {
    "greet": 2,
    "thanks": 2,
    "bye": 1,
    "who_are_you": 1,
    "smalltalk": 2,
    "abuse": 1,
    "complain_about_bot": 1,
}
"""How many wordings each has; which one is said follows from the turn's number."""


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """A short friendly word and what can be done here; «yes» and «no» answer what was just asked."""
    match route.verb:
        case "greet" if not state.welcomed:
            return welcome.greet(engine, state)
        case "affirm" if len(state.offered) == 1:
            return fallback.step(engine, state, event, replace(route, verb="pick", arg=state.offered[0]))
        case "affirm" if state.offered:
            return fallback.offer(engine, state, state.offered, state.pending)
        case "affirm" if state.form is not None:
            return filing.start(engine, state, event)
        case "deny" if state.offered:
            return fallback.step(engine, state, event, replace(route, verb="none"))
        case "deny" if state.form is not None:
            return menu.topics(engine, state)
        case "affirm" | "deny":
            return menu.main(state)
        case "empty":
            return _unread(engine, state, event, say(msg("input.empty"), buttons=(buttons.MENU,)))
        case "unsupported":
            reply = say(msg("input.unsupported"), buttons=(buttons.MENU, buttons.HUMAN))
            return _unread(engine, state, event, reply)
        case verb if verb in VARIANTS:
            variant = state.turn % VARIANTS[verb] + 1
            office = engine.knowledge.office
            demo = msg("welcome.demo") if verb == "who_are_you" and office.mode is Mode.DEMO else None
            choices = (
                (buttons.HUMAN, buttons.MENU)
                if verb in ("abuse", "complain_about_bot")
                else (buttons.FILE, buttons.QUESTIONS, buttons.STATUS, buttons.HUMAN)
            )
            reply = say(msg(f"smalltalk.{verb}_{variant}"), demo, buttons=choices)
            return Turn(replace(state, misunderstood=0), Outcome.CHATTED, (reply,))
        case _:
            return fallback.old_button(state)


def _unread(engine: Engine, state: DialogState, event: CitizenEvent, reply: Say) -> Turn:
    """Say so; in the middle of a form its step follows, with its own buttons."""
    if state.form is None or state.phase is not Phase.BOT:
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    shown = form_flow.remind(engine, state, event)
    return replace(shown, outcome=Outcome.REFUSED_INPUT, replies=(replace(reply, buttons=()), *shown.replies))
