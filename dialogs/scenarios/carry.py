"""Going on elsewhere: a link that works once takes a draft, with its files, into another conversation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Applicant
from dialogs.effects import Effect, OpenPage, PageKind, RecordConsent, TakeDraft
from dialogs.events import CitizenEvent, DraftLeft, DraftNotTaken, DraftTaken, PageOpened
from dialogs.forms import PERSONAL
from dialogs.messages import Msg, msg, nmsg
from dialogs.model import CONSENT_VERSION, PAUSED_MOST, DialogState, Form, Outcome, Turn
from dialogs.replies import DEEP_LINK, PAGE, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, consent, form_cards, form_flow
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine

MINUTES_A_DAY = 24 * 60
SHOW_ALL = frozenset({"guide", "preview"})
"""Steps whose card holds the whole draft."""
_KEY = re.compile(r"[0-9a-f]{64}")


def is_key(payload: str) -> bool:
    """Whether a deep link's payload is the key to a draft, or the key's digest."""
    return _KEY.fullmatch(payload) is not None


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Make the link for the draft under way, or for the one chosen of those laid aside."""
    if route.verb != "ask":
        return old_button(state)
    if not engine.knowledge.office.pages_reach(abroad=state.abroad):
        reply = say(msg("carry.nowhere"), buttons=(buttons.HUMAN, buttons.MENU))
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    drafts = {key: form for key, form in form_flow.keyed(state) if _begun(form)}
    chosen = drafts.get(route.arg)
    if chosen is None and state.form and _begun(state.form):
        chosen = state.form
    if chosen is None and not route.arg and len(drafts) == 1:
        (chosen,) = drafts.values()
    if chosen is not None:
        return Turn(_in_front(state, chosen), Outcome.FORM_STEP, (), (OpenPage(PageKind.CARRY),))
    if not drafts:
        reply = say(msg("carry.nothing"), buttons=(buttons.FILE, buttons.MENU))
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    choices = form_flow.each(engine, drafts, "carry.ask")
    return Turn(state, Outcome.FORM_STEP, (say(msg("carry.which"), buttons=(*choices, buttons.MENU)),))


def _begun(form: Form) -> bool:
    draft = form.draft
    return bool(draft.topic or draft.text or draft.attachments)


def _in_front(state: DialogState, chosen: Form) -> DialogState:
    """All drafts laid aside, the chosen one first."""
    aside = replace(state.laid_aside(), awaits="", offered=())
    rest = tuple(form for form in aside.paused if form is not chosen)
    return replace(aside, paused=(chosen, *rest)[:PAUSED_MOST])


def page_opened(engine: Engine, state: DialogState, event: PageOpened) -> Turn:
    """The addresses: a page for any browser and, where there is a bot, the same in Telegram, which is one on all devices."""
    form, *rest = state.paused
    to_telegram = engine.knowledge.office.telegram and not state.abroad
    telegram = (Button(msg("button.carry_telegram"), DEEP_LINK, event.page),)
    reply = say(
        msg("carry.link", of=form_flow.called(engine, form.draft)),
        nmsg("carry.key", event.minutes // MINUTES_A_DAY),
        msg("carry.copy"),
        buttons=(
            Button(msg("button.carry_web"), PAGE, event.page),
            *(telegram if to_telegram else ()),
            buttons.RESUME,
            buttons.MENU,
        ),
        tone=Tone.NOTICE,
    )
    state = replace(state, paused=(replace(form, link=event.page), *rest))
    return Turn(state, Outcome.FORM_STEP, (reply,))


def take(state: DialogState, link: str) -> Turn:
    """Somebody has opened the link here."""
    return Turn(state, Outcome.FORM_STEP, (), (TakeDraft(link),))


def reports(engine: Engine, state: DialogState, event: DraftTaken | DraftNotTaken | DraftLeft) -> Turn:
    """What became of a link: the draft is here, or is not, or has left."""
    match event:
        case DraftTaken():
            return _taken(engine, state, event)
        case DraftNotTaken():
            return _not_taken(state, event)
        case DraftLeft():
            return _left(engine, state, event)


def _taken(engine: Engine, state: DialogState, event: DraftTaken) -> Turn:
    """The draft is here: what it is about, then the step it was at. What was under way here is laid aside."""
    form, effects, agreed, why = event.form, tuple[Effect, ...](), None, None
    crosses = state.abroad and not event.abroad
    if state.consent != CONSENT_VERSION:
        if event.consent == CONSENT_VERSION and not crosses:
            state = consent.given(state)
            effects = (RecordConsent(CONSENT_VERSION, given=True, carried_from=event.source),)
            agreed = msg("carry.consented")
        else:
            form = _to_be_agreed(form)
            why = msg("carry.consent") if event.consent and crosses and form.step == "consent" else None
    state = replace(
        state.laid_aside(),
        form=form,
        locale=state.locale or event.locale,
        awaits="",
        offered=(),
        misunderstood=0,
    )
    turn = form_flow.ask(engine, state, event)
    here = say(
        msg("carry.taken", of=form_flow.called(engine, form.draft)),
        agreed,
        *(() if why or form.step in SHOW_ALL else _so_far(form)),
        why,
        tone=Tone.NOTICE,
    )
    return replace(turn, replies=(here, *turn.replies), effects=(*effects, *turn.effects))


def _so_far(form: Form) -> tuple[Msg | None, ...]:
    text = form.draft.text
    return (msg("carry.text", text=text) if text else None, form_cards.attached(form.draft))


def _to_be_agreed(form: Form) -> Form:
    """A consent of an earlier version, or one that names no border, covers nothing here: what was given is kept, but not
    repeated across the border."""
    step_ = "consent" if form.step in PERSONAL | {"preview"} else form.step
    given = form.given_on_page or form.draft.applicant != Applicant()
    return replace(form, step=step_, editing=False, given_on_page=given)


def _not_taken(state: DialogState, event: DraftNotTaken) -> Turn:
    """Why the link gives nothing, and what to do next."""
    resume = (buttons.RESUME,) if state.unfinished else ()
    reply = say(msg(f"carry.not_{event.why.value}"), buttons=(*resume, buttons.MENU), tone=Tone.NOTICE)
    return Turn(state, Outcome.REFUSED_INPUT, (reply,))


def _left(engine: Engine, state: DialogState, event: DraftLeft) -> Turn:
    """The draft is here no more; who has not opened the link themselves hears what to do."""
    found = state.form_of(event.page)
    if found is None:
        return Turn(state, Outcome.OLD_BUTTON)
    if state.form is found:
        state = replace(state, form=None, awaits="", offered=())
    reply = say(
        msg(f"carry.left_{event.channel}", of=form_flow.called(engine, found.draft), at=event.at),
        msg("carry.not_you"),
        buttons=(buttons.HUMAN, buttons.MENU),
        tone=Tone.NOTICE,
    )
    rest = tuple(form for form in state.paused if form is not found)
    return Turn(replace(state, paused=rest), Outcome.FORM_STEP, (reply,))
