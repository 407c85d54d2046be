"""The applicant's data by a one-time page of our own instead of the chat: offered, taken over, checked by the form's rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from appeals.appeal import Applicant, Draft, Representative
from appeals.territory import Territory
from dialogs import forms
from dialogs.effects import OpenPage, PageKind
from dialogs.events import ApplicantGiven, CitizenEvent, PageOpened
from dialogs.lifecycle import Phase
from dialogs.messages import Msg, msg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Outcome, Turn
from dialogs.replies import PAGE, Button, Tone, say
from dialogs.routing import Route
from dialogs.rules import Rules
from dialogs.scenarios import buttons, consent, form_flow
from dialogs.scenarios.fallback import old_button
from dialogs.told import day_of

if TYPE_CHECKING:
    from dialogs.engine import Engine


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Agree and open the page; an earlier yes still counts."""
    form = state.form
    if route.verb != "page" or form is None or (form.step != "consent" and state.consent != CONSENT_VERSION):
        return old_button(state)
    asked = form.step == "consent"
    record = (consent.record(engine.knowledge, state),) if asked else ()
    state = consent.given(state)
    following = forms.following(form, engine.knowledge.domain.territory, consented=True)
    if following == "preview":
        turn = form_flow.advance(engine, state, form, event)
        return replace(turn, effects=(*record, *turn.effects))
    visited = (*form.visited, "consent") if asked else form.visited
    state = replace(state, form=replace(form, step=following, visited=visited))
    return Turn(state, Outcome.FORM_STEP, (), (*record, OpenPage(PageKind.APPLICANT)))


def page_opened(engine: Engine, state: DialogState, event: PageOpened) -> Turn:
    """The address, and the way back to the chat."""
    if state.form is None:
        return old_button(state)
    reply = say(
        msg("page.applicant", minutes=event.minutes),
        buttons=(
            Button(msg("button.open_page"), PAGE, event.page),
            Button(msg("button.in_chat"), "filing.resume"),
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )
    return Turn(replace(state, form=replace(state.form, page=event.page)), Outcome.FORM_STEP, (reply,))


def given(engine: Engine, state: DialogState, event: ApplicantGiven) -> Turn:
    """The data go into the draft the page was opened for, wherever it lies now; the form goes on."""
    found = state.form_of(event.page)
    if found is None:
        return Turn(
            state, Outcome.REFUSED_INPUT, (say(msg("page.draft_gone"), buttons=(buttons.FILE, buttons.MENU)),)
        )
    draft, _ = filled(found, event.answers, day_of(event), engine.rules)
    left_out = (name for name, answer in event.answers if not answer and forms.BY_NAME[name].optional)
    skipped = tuple(dict.fromkeys((*found.skipped, "applicant", *left_out)))
    form = replace(found, draft=draft, skipped=skipped, given_on_page=True, synthetic=False)
    if state.form is not found:
        rest = tuple(paused for paused in state.paused if paused is not found)
        state = replace(replace(state, paused=rest).laid_aside(), form=form)
    turn = form_flow.advance(engine, replace(state, form=form), form, event)
    received = say(msg("page.received"), tone=Tone.NOTICE)
    if state.phase is Phase.WITH_OPERATOR:  # a person speaks: the form waits
        return Turn(turn.state, Outcome.WITH_OPERATOR, (received,))
    return replace(turn, replies=(received, *turn.replies))


def questions(form: Form, territory: Territory) -> tuple[forms.Step, ...]:
    """The personal fields this appeal needs, as if none of them were known."""
    draft = replace(form.draft, applicant=Applicant(), actual_address=None, representative=Representative())
    blank = replace(form, draft=draft, skipped=())
    return tuple(
        step_
        for step_ in forms.STEPS
        if step_.personal and step_.take is not None and step_.needed(blank, territory)
    )


def filled(
    form: Form, answers: Iterable[tuple[str, str]], today: date, rules: Rules
) -> tuple[Draft, dict[str, Msg]]:
    """The draft with the answers that fit, and what is wrong with the others, by the step's name."""
    draft, problems = form.draft, dict[str, Msg]()
    for name, answer in answers:
        step_ = forms.BY_NAME.get(name)
        if step_ is None or step_.take is None or not step_.personal or (step_.optional and not answer):
            continue
        taken = step_.take(draft, answer, today, rules)
        if isinstance(taken, forms.Problem):
            problems[name] = taken.text
        else:
            draft = taken
    return draft, problems
