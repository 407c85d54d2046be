"""What a citizen does with an appeal already filed: adds what was asked for, or takes it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.reference import find_reference
from dialogs.effects import SupplementAppeal, WithdrawAppeal
from dialogs.events import CitizenEvent, FileSent
from dialogs.messages import msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import Ask, Button, say
from dialogs.routing import MORE_FILES, SUPPLEMENT, Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button
from dialogs.scenarios.files import refusal

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Ask what to add and take it, or ask whether the appeal shall be withdrawn. A form under way is laid aside."""
    reference = find_reference(
        route.arg if route.verb in ("add", "withdraw", "withdraw_yes") else state.pending
    )
    if reference is None:
        return old_button(state)
    match route.verb:
        case "add":
            waiting = replace(state.laid_aside(), awaits=SUPPLEMENT, pending=reference)
            reply = say(
                msg("appeal.add", reference=reference), buttons=(buttons.MENU, buttons.HUMAN), ask=Ask.FILES
            )
            return Turn(waiting, Outcome.FORM_STEP, (reply,))
        case "text":
            added = replace(state, awaits=MORE_FILES)
            return Turn(added, Outcome.STATUS_CHANGED, (), (SupplementAppeal(reference, route.arg),))
        case "file" if isinstance(event, FileSent):
            return _file(engine, state, event, reference)
        case "withdraw":
            sure = Button(msg("button.withdraw_yes"), "appeal.withdraw_yes", reference)
            reply = say(msg("appeal.withdraw", reference=reference), buttons=(sure, buttons.STATUS))
            return Turn(state.laid_aside(), Outcome.FORM_STEP, (reply,))
        case "withdraw_yes":
            return Turn(state, Outcome.STATUS_CHANGED, (), (WithdrawAppeal(reference),))
        case _:
            return old_button(state)


def _file(engine: Engine, state: DialogState, event: FileSent, reference: str) -> Turn:
    if event.attachment is None:
        refused = refusal(engine.rules, event.refused)
        return Turn(state, Outcome.REFUSED_INPUT, (say(refused, buttons=(buttons.MENU,)),))
    # An album comes file by file: the next one belongs here, too.
    added = replace(state, awaits=MORE_FILES)
    effect = SupplementAppeal(reference, event.caption, event.attachment)
    return Turn(added, Outcome.STATUS_CHANGED, (), (effect,))
