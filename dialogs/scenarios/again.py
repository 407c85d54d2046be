"""An appeal that came back or was taken back, filed once more: nobody writes it twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Applicant, Representative
from appeals.lifecycle import Status
from appeals.matters import matter_of
from appeals.reference import find_reference
from dialogs.effects import Recall, RecallAppeal
from dialogs.events import AppealRecalled, CitizenEvent
from dialogs.messages import msg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Outcome, Turn
from dialogs.progress import may_file_again
from dialogs.replies import say
from dialogs.routing import Route
from dialogs.scenarios import form_flow, guidance
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """The button's argument is the earlier appeal's reference."""
    reference = find_reference(route.arg)
    if reference is None:
        return old_button(state)
    waiting = replace(state.laid_aside(), awaits="reference", pending=reference)
    effect = RecallAppeal(reference, reference in state.proved, Recall.AGAIN)
    return Turn(waiting, Outcome.FORM_STEP, (), (effect,))


def prepared(engine: Engine, state: DialogState, event: AppealRecalled) -> Turn:
    """The appeal as it was, with what it lacked then; only what is missing is asked."""
    appeal, draft = event.appeal, event.draft
    state = replace(state.laid_aside(), awaits="", pending="")
    if not may_file_again(appeal):
        return old_button(state)
    consented = state.consent == CONSENT_VERSION
    if not consented:
        draft = replace(draft, applicant=Applicant(), representative=Representative(), actual_address=None)
    # Whether to follow others who report the same was asked the first time.
    asked_of = matter_of(draft, engine.knowledge.domain.territory)
    form = Form(draft, synthetic=consented and event.synthetic, asked_of=asked_of)
    turn = form_flow.advance(engine, state, form, event)
    lacked = appeal.fix_asked if appeal.status is Status.RETURNED else ""
    _, body = guidance.addressee(engine, draft)
    ready = say(
        msg("again.ready", reference=appeal.reference),
        # It may have been forwarded since; the citizen decides whom it goes to now.
        msg("again.body", body=appeal.body) if appeal.body not in (body.kk, body.ru) else None,
        msg("again.files") if event.files_left else None,
        msg("again.lacked", asked=lacked) if lacked else None,
    )
    return replace(turn, replies=(ready, *turn.replies))
