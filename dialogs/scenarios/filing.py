"""The guided appeal: asks only what is missing; back, change, cancel and resume at every step; consent before any
personal field; preview before filing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import REPRESENTED, Applicant, Capacity, Representative
from appeals.deadlines import citation
from appeals.kinds import Kind
from appeals.lifecycle import STATUSES
from appeals.reference import find_reference
from dialogs import forms
from dialogs.effects import FileAppeal, FindRepetition, SupplementAppeal
from dialogs.events import (
    AppealFiled,
    AppealNotRepeated,
    AppealRefused,
    AppealRepeated,
    AppealSigned,
    AppealView,
    CitizenEvent,
    ContactShared,
    FileSent,
    PlaceShared,
    UserSaid,
)
from dialogs.messages import Msg, msg
from dialogs.model import (
    CONSENT_VERSION,
    PAUSED_MOST,
    DialogState,
    Form,
    Knowledge,
    Mode,
    Outcome,
    Turn,
    Wish,
)
from dialogs.replies import RECEIPT, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import (
    buttons,
    files,
    form_cards,
    form_flow,
    form_places,
    form_words,
    guidance,
    menu,
    signature,
)
from dialogs.scenarios.fallback import old_button
from dialogs.scenarios.form_flow import ask, cancel, start
from dialogs.told import whole_address

if TYPE_CHECKING:
    from dialogs.engine import Engine

__all__ = ["ask", "cancel", "registry_answers", "start", "step"]

SYNTHETIC = Applicant(
    full_name="Мысалов Үлгі Сынақұлы",
    iin="900101300007",
    phone="+77000000000",
    postal_address="021700, Ақмола облысы, Щучинск қаласы, Үлгі көшесі, 1-үй",
)
"""A person who does not exist, for trying the demonstration without giving real data."""
SYNTHETIC_ENTITY = {"organisation": "«Үлгі» ЖШС", "bin": "050540000006"}


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Take one action of the form."""
    form = state.form
    match route.verb:
        case "start":
            return start(engine, state, event)
        case "fresh" if form is None:
            return form_flow.begin(engine, state, event)
        case "resume" if state.unfinished:
            return form_flow.resume(engine, state, event, route.arg)
        case "discard" if state.unfinished and route.arg in ("", state.unfinished.draft.topic):
            rest, other, choices = _done_with(state, state.unfinished)
            reply = say(msg("form.discarded"), other, buttons=(*choices, buttons.MENU))
            return Turn(rest, Outcome.CANCELLED, (reply,))
        case "cancel":
            return cancel(engine, state)
        case "input":
            return _input(engine, state, event)
        case "back" if form:
            return _back(engine, state, form, event)
        case "back":
            return menu.main(state)
        case "agree" if form and form.step == "consent":
            return form_words.agreed(engine, state, form, event)
        case "decline" if form and form.step == "consent":
            return form_words.declined(state)
        case "change" if form:
            return _change(state, form)
        case "edit" if form and route.arg in forms.changeable(form):
            return _edit(engine, state, form, route.arg, event)
        case "confirm" | "unsigned" | "anyway" if form and form.step == "preview":
            return _confirm(engine, state, form, event, route.verb)
        case _ if form:
            return _answered_by_button(engine, state, form, event, route)
        case _:
            return old_button(state)


def _answered_by_button(
    engine: Engine, state: DialogState, form: Form, event: CitizenEvent, route: Route
) -> Turn:
    """A button that answers the step under way; one of another step is old."""
    territory, draft = engine.knowledge.domain.territory, form.draft
    match route.verb:
        case "region" if not (code := route.arg.partition(".")[0]) or territory.find(code):
            return form_places.below(engine, state, route.arg)
        case "regions":
            return form_places.regions(engine, state)
        case "place" if territory.find(route.arg):
            return form_places.chosen(engine, state, form, route.arg, event)
        case "which" if isinstance(event, UserSaid):
            return form_places.told(engine, state, form, event.text, event)
        case "skip" if route.arg in ("", form.step) and _is_optional(form.step):
            return form_words.passed(engine, state, form, event)
        case "challenge" if form.step == "challenged" and (
            body := guidance.addressed(engine, draft, route.arg)
        ):
            complaint = replace(draft.complaint, challenged=body.name.of(state.speaks))
            draft = replace(draft, complaint=complaint, body_id=route.arg)
            return form_flow.answered(engine, state, draft, event)
        case "learned" if form.step == "learned_on" and (
            day := form_cards.learned_days(draft, event).get(route.arg)
        ):
            draft = replace(draft, complaint=replace(draft.complaint, learned_on=day))
            return form_flow.answered(engine, state, draft, event)
        case "as" if route.arg in {capacity.value for capacity in Capacity}:
            return _as_whom(engine, state, form, Capacity(route.arg), event)
        case "synthetic" if state.consent and engine.knowledge.office.mode is Mode.DEMO:
            return _synthetic(engine, state, form, event)
        case "told" if form.step == "settlement" and (here := form_cards.settlement_told(engine, draft)):
            draft = forms.located(draft, here.of(state.speaks))
            return form_flow.answered(engine, state, draft, event)
        case "addition" if form.step == "preview" and form.addition:
            return form_words.added(engine, state, form, event)
        case "same_address" if form.step == "actual_address":
            draft = replace(draft, actual_address=draft.applicant.postal_address)
            return form_flow.answered(engine, state, draft, event)
        case "told" if form.step == "postal_address" and draft.address:
            where = whole_address(territory, draft.place, draft.address)
            told = replace(draft.applicant, postal_address=where.of(state.speaks) if where else None)
            return form_flow.answered(engine, state, replace(draft, applicant=told), event)
        case _:
            return old_button(state)


def _is_optional(name: str) -> bool:
    return name in forms.BY_NAME and forms.BY_NAME[name].optional


def _as_whom(engine: Engine, state: DialogState, form: Form, capacity: Capacity, event: CitizenEvent) -> Turn:
    """For oneself, another person, a group or an organisation: from here on their data are asked for."""
    skipped = tuple(name for name in form.skipped if name not in forms.PERSONAL)
    form = replace(form, draft=replace(form.draft, capacity=capacity), skipped=skipped)
    return form_flow.advance(engine, state, form, event)


def _synthetic(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    draft = form.draft
    entity = draft.capacity is Capacity.ORGANISATION
    person = replace(SYNTHETIC, full_name=None, iin=None) if entity else SYNTHETIC
    draft = replace(draft, applicant=replace(person, **SYNTHETIC_ENTITY) if entity else person)
    if draft.capacity in REPRESENTED:
        draft = replace(draft, representative=Representative(SYNTHETIC.full_name))
    if draft.kind is Kind.COMPLAINT:
        draft = replace(draft, actual_address=SYNTHETIC.postal_address)
    form = form_flow.gone_through(replace(form, draft=draft, synthetic=True))
    return form_flow.advance(engine, state, form, event)


def _input(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn:
    form = state.form
    match event:
        case FileSent():
            return files.sent(engine, state, event)
        case PlaceShared():
            return form_places.shared(engine, state, event)
        case ContactShared(own=False) if form and form.step in ("phone", "applicant", "preview"):
            return ask(engine, state, event, msg("form.phone_not_own"))
        case ContactShared() if form and form.step in ("phone", "applicant", "preview"):
            return form_words.told(engine, state, form, event)
        case UserSaid(edited=True) if form:
            return ask(engine, state, event, msg("form.edited_message"))
        case UserSaid() if form:
            return form_words.told(engine, state, form, event)
        case _:
            return menu.main(state)


def _back(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    if form.editing:
        return form_flow.advance(engine, state, form, event)
    given = state.consent == CONSENT_VERSION
    visited = tuple(name for name in form.visited if not (given and name == "consent"))
    if not visited:
        return cancel(engine, state)
    previous = visited[-1]
    form = replace(
        form,
        step=previous,
        visited=visited[:-1],
        skipped=tuple(s for s in form.skipped if s != previous),
    )
    return ask(engine, replace(state, form=form, offered=()), event)


def _change(state: DialogState, form: Form) -> Turn:
    choices = tuple(Button(msg(f"field.{name}"), "filing.edit", name) for name in forms.changeable(form))
    back = Button(msg("button.back"), "filing.resume")
    reply = say(
        msg("form.change"),
        buttons=(*choices, Button(msg("field.kind"), "guide.kinds"), back),
        replaces=True,
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


def _edit(engine: Engine, state: DialogState, form: Form, name: str, event: CitizenEvent) -> Turn:
    if forms.BY_NAME[name].personal and state.consent != CONSENT_VERSION:
        return ask(engine, state, event)
    skipped = tuple(s for s in form.skipped if s != name)
    guided = form.step == "guide" or (form.editing and form.from_guide)
    form = replace(form, step=name, editing=True, from_guide=guided, skipped=skipped)
    state = replace(state, form=form)
    return menu.topics(engine, state) if name == "topic" else ask(engine, state, event)


def _confirm(engine: Engine, state: DialogState, form: Form, event: CitizenEvent, verb: str) -> Turn:
    """File what is confirmed; the verb may say besides: unsigned, or although the same was filed before (anyway)."""
    territory = engine.knowledge.domain.territory
    if state.consent != CONSENT_VERSION or forms.following(form, territory, consented=True) != "preview":
        return form_flow.advance(engine, state, form, event)
    unsigned = "" if verb == "unsigned" else None
    return _file(engine, state, form, anyway=verb == "anyway", signature_id=unsigned)


def signed(engine: Engine, state: DialogState, event: AppealSigned) -> Turn:
    """File exactly what was signed; a draft changed since then is shown again instead. What is filed gets its signature."""
    if reference := find_reference(event.fingerprint):
        added = SupplementAppeal(reference, signature=event.signature)
        return Turn(state, Outcome.STATUS_CHANGED, (), (added,))
    found = state.form_of(event.page)
    if found is None:
        return Turn(
            state, Outcome.REFUSED_INPUT, (say(msg("page.draft_gone"), buttons=(buttons.FILE, buttons.MENU)),)
        )
    if state.form is not found:
        rest = tuple(paused for paused in state.paused if paused is not found)
        state = replace(state, paused=rest).laid_aside()
    form = replace(found, step="preview", editing=False)
    if signature.fingerprint(*form_flow.complete(engine, state, form)) != event.fingerprint:
        again = form_flow.ask(engine, replace(state, form=form), event)
        return replace(again, replies=(say(msg("sign.changed")), *again.replies))
    return _file(engine, state, form, signature_id=event.signature)


def _file(
    engine: Engine, state: DialogState, form: Form, *, anyway: bool = False, signature_id: str | None = None
) -> Turn:
    """File it as the citizen wants it, said now or before. Who can sign is asked first whether to, and before that hears
    of the same filed before; the registry looks for it again in any case."""
    draft, body = form_flow.complete(engine, state, form)
    fingerprint = signature.fingerprint(draft, body)
    wish = form.wish if form.wish.fingerprint == fingerprint else Wish(fingerprint)
    if anyway:
        wish = replace(wish, anyway=True)
    if signature_id is not None:
        wish = replace(wish, signature=signature_id)
    state = replace(state, form=replace(form, wish=wish))
    if wish.signature is None and signature.wanted(engine, form):
        if wish.anyway:
            return signature.offer(state)
        return Turn(state, Outcome.FORM_STEP, (), (FindRepetition(draft, form.synthetic),))
    effect = FileAppeal(draft, body, state.speaks, form.synthetic, wish.anyway, wish.signature or "")
    return Turn(state, Outcome.FORM_STEP, (), (effect,))


def registry_answers(
    knowledge: Knowledge,
    state: DialogState,
    event: AppealFiled | AppealRefused | AppealRepeated | AppealNotRepeated,
) -> Turn:
    """The reference at once; or what the registry still lacks; or what was filed before, and if nothing was, the offer
    to sign."""
    if isinstance(event, AppealNotRepeated):
        return signature.offer(state)
    if isinstance(event, AppealRepeated):
        return _repeated(state, event.earlier)
    if isinstance(event, AppealRefused):
        form = state.form or Form()
        name = next((name for name in event.missing if name in forms.BY_NAME), "text")
        state = replace(state, form=replace(form, step=name))
        reply = say(
            msg("form.incomplete"),
            msg(f"form.ask_{name}"),
            buttons=(buttons.BACK, buttons.CANCEL),
            tone=Tone.STEP,
        )
        return Turn(state, Outcome.FORM_PROBLEM, (reply,))
    appeal, (rest, other, choices) = event.appeal, _done_with(state, state.form)
    demo = knowledge.office.mode is Mode.DEMO
    reply = say(
        msg("filed.reference", reference=appeal.reference, at=event.at, body=appeal.body),
        msg("filed.secret", secret=event.secret, url=f"{knowledge.office.public_url}/status"),
        msg("filed.next", due=event.expected_due, article=citation(event.expected_article)),
        msg("filed.signed" if event.signed else "filed.unsigned"),
        msg("welcome.demo") if demo else None,
        other,
        buttons=(*choices, buttons.STATUS, buttons.MENU),
        tone=Tone.RECEIPT,
        document=f"{RECEIPT}{appeal.reference}",
    )
    return Turn(replace(rest, awaits="", misunderstood=0), Outcome.FILED, (reply,))


def _done_with(state: DialogState, form: Form | None) -> tuple[DialogState, Msg | None, tuple[Button, ...]]:
    """What is left once an appeal was filed or discarded; the other matters of its story are kept, the next is offered.

    Where it is not said otherwise, that matter is at the same place.
    """
    paused = state.paused if form is state.form else state.paused[1:]
    if form is None or not form.also:
        return replace(state, form=None, paused=paused), None, ()
    first, *rest = form.also
    other = replace(first, place=first.place or form.draft.place)
    left = replace(state, form=None, paused=(Form(other, also=tuple(rest)), *paused)[:PAUSED_MOST])
    return left, msg("form.other_matter", text=other.text or ""), (buttons.file_other(other.topic or ""),)


def _repeated(state: DialogState, earlier: AppealView | None) -> Turn:
    """The same was filed before: it may come back unread, so new arguments help; the citizen decides."""
    before = (
        msg(
            "form.repeated",
            reference=earlier.reference,
            filed=earlier.filed_at,
            status=STATUSES[earlier.status].name,
        )
        if earlier
        else msg("form.repeated_elsewhere")
    )
    see = (Button(msg("button.see_earlier"), "status.open", earlier.reference),) if earlier else ()
    reply = say(
        before,
        buttons=(
            Button(msg("button.new_arguments"), "filing.edit", "text"),
            *see,
            Button(msg("button.file_anyway"), "filing.anyway"),
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )
    return Turn(state, Outcome.FORM_PROBLEM, (reply,))
