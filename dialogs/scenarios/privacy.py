"""The citizen's own data: what is kept, taking consent back, erasing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Applicant, Representative
from dialogs.effects import EraseData, RecordConsent
from dialogs.events import CitizenEvent, DataErased
from dialogs.forms import PERSONAL
from dialogs.lifecycle import Phase
from dialogs.messages import msg
from dialogs.model import LEARNING_VERSION, DialogState, Form, Outcome, Turn
from dialogs.replies import Button, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Show, withdraw, or (asked twice) erase."""
    match route.verb:
        case "open":
            consent = (
                msg("data.consent_given", version=state.consent) if state.consent else msg("data.no_consent")
            )
            learning = (
                msg("data.learning_given", version=LEARNING_VERSION)
                if state.learning
                else msg("data.no_learning")
            )
            choices = (
                *((Button(msg("button.withdraw_consent"), "data.withdraw"),) if state.consent else ()),
                buttons.STOP_LEARNING if state.learning else buttons.ALLOW_LEARNING,
                Button(msg("button.erase"), "data.erase"),
                buttons.LANGUAGE,
                buttons.MENU,
            )
            return Turn(state, Outcome.SETTINGS, (say(msg("data.kept"), consent, learning, buttons=choices),))
        case "withdraw" if state.consent:
            effect = RecordConsent(state.consent, given=False)
            state = replace(
                state,
                consent=None,
                form=_without_person(state.form) if state.form else None,
                paused=tuple(_without_person(form) for form in state.paused),
            )
            return Turn(
                state, Outcome.SETTINGS, (say(msg("data.withdrawn"), buttons=(buttons.MENU,)),), (effect,)
            )
        case "erase":
            choices = (Button(msg("button.erase_now"), "data.erase_now"), buttons.MENU)
            return Turn(state, Outcome.SETTINGS, (say(msg("data.erase_ask"), buttons=choices),))
        case "erase_now":
            return Turn(state, Outcome.ERASED, (), (EraseData(),))
        case _:
            return old_button(state)


def erased(state: DialogState, event: DataErased) -> Turn:
    """Nothing of the conversation is left but its language; filed appeals stay as the law demands."""
    fresh = DialogState(
        locale=state.locale,
        phase=state.phase if state.phase is not Phase.CLOSED else Phase.BOT,
        welcomed=True,
    )
    reply = say(
        msg("data.erased"),
        msg("data.appeals_kept", count=event.appeals_kept) if event.appeals_kept else None,
        buttons=(buttons.MENU,),
    )
    return Turn(fresh, Outcome.ERASED, (reply,))


def _without_person(form: Form) -> Form:
    nobody = replace(form.draft, applicant=Applicant(), representative=Representative(), actual_address=None)
    return replace(
        form,
        draft=nobody,
        synthetic=False,
        skipped=tuple(name for name in form.skipped if name not in PERSONAL),
        step="consent" if form.step in PERSONAL | {"preview"} else form.step,
    )
