"""Choosing the language; a form under way goes on in the new one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.events import CitizenEvent
from dialogs.messages import msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import buttons, filing
from dialogs.scenarios.fallback import old_button
from text.bilingual import Locale

if TYPE_CHECKING:
    from dialogs.engine import Engine

CODES: dict[str, Locale] = {"kk": "kk", "ru": "ru", "kz": "kk", "қаз": "kk", "рус": "ru"}


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Ask for the language, or set it and go on where the citizen was."""
    chosen = CODES.get(route.arg.casefold())
    if route.verb == "ask" and chosen is None:
        ask = say(msg("language.ask"), buttons=(buttons.KAZAKH, buttons.RUSSIAN), bilingual=True)
        return Turn(state, Outcome.SETTINGS, (ask,))
    if chosen is None:
        return old_button(state)
    state = replace(state, locale=chosen)
    if state.form is not None:
        again = filing.ask(engine, state, event)
        return replace(again, outcome=Outcome.SETTINGS, replies=(say(msg("language.set")), *again.replies))
    reply = say(
        msg("language.set"),
        msg("language.go_on"),
        buttons=(buttons.FILE, buttons.QUESTIONS, buttons.STATUS, buttons.HUMAN),
    )
    return Turn(state, Outcome.SETTINGS, (reply,))
