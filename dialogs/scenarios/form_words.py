"""A typed answer to a step of the form: taken, refused with a reason, or understood as something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Capacity, Draft
from appeals.identifiers import find_phones, mask_phone
from appeals.kinds import Kind
from dialogs import forms, routing
from dialogs.events import CitizenEvent, ContactShared, UserSaid
from dialogs.messages import msg
from dialogs.model import DialogState, Form, Outcome, Turn
from dialogs.person import applicant_in, is_of_entity, names_settlement
from dialogs.privacy import mask_identity
from dialogs.replies import Button, Tone, say
from dialogs.scenarios import buttons, consent, form_cards, form_flow, form_places, guidance, menu
from dialogs.scenarios.fallback import known, offer
from dialogs.told import day_of, means_the_same_address, own_phone_in, same_street, whole_address
from text.letters import fold
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

QUESTION_WORDS = 12
"""A longer text is a story, whatever question it holds."""
AGREES = frozenset(
    {
        "келисемин",
        "согласен",
        "согласна",
        "да",
        "иа",
        "да согласен",
        "да согласна",
        "я согласен",
        "я согласна",
    }
)
DISAGREES = frozenset({"келиспеймин", "не согласен", "не согласна", "нет", "жок"})
PASSES = frozenset({"нет", "жоқ", "жок", "дальше", "әрі", "ары", "пропустить", "skip", "no", "өткізу", "joq"})
LONGEST_PASS = 4
LEAST_ADDED = 2
"""Words of an addition; a single one says too little to be one."""
BESIDE_PHONE = 4
"""So many words may stand beside a telephone number that is given: «менің телефоным», «мой новый номер»."""
ADD_TO_TEXT = Button(msg("button.add_to_text"), "filing.addition")
ASKABLE = frozenset({"text", "challenged", "harm", "postal_address", "actual_address"})
"""Steps whose answer might as well be a short question to us."""


def told(engine: Engine, state: DialogState, form: Form, event: UserSaid | ContactShared) -> Turn:
    """Take the words, or the shared telephone, as the answer to the step under way."""
    text = event.text if isinstance(event, UserSaid) else event.phone
    match form.step:
        case "topic" if isinstance(event, UserSaid):
            return _topic(engine, state, form, event)
        case "place":
            return form_places.told(engine, state, form, text, event)
        case "consent":
            return _consent(engine, state, form, event)
        case "applicant":
            return _applicant(engine, state, form, text, event)
        case "preview":
            return _below_preview(engine, state, form, text, event)
        case name if name in forms.BY_NAME:
            return _field(engine, state, form, text, event)
        case _:
            return form_flow.ask(engine, state, event)


def _below_preview(
    engine: Engine, state: DialogState, form: Form, text: str, event: UserSaid | ContactShared
) -> Turn:
    """A telephone number is taken, a question answered; what says more is offered as an addition to the text."""
    phone = _mere_phone(text)
    if phone is not None:
        draft = replace(form.draft, applicant=replace(form.draft.applicant, phone=phone))
        again = form_flow.advance(engine, state, replace(form, draft=draft, synthetic=False), event)
        taken = say(msg("form.phone_taken", phone=mask_phone(phone)))
        return replace(again, replies=(taken, *again.replies))
    if (asked := form_flow.answer_to_a_question(engine, state, event)) is not None:
        return asked
    parse = event.parse if isinstance(event, UserSaid) else None
    act = parse is not None and parse.label.startswith("dialog.")
    if act or len(words(text)) < LEAST_ADDED:
        return replace(form_flow.remind(engine, state, event), outcome=Outcome.FORM_PROBLEM)
    if len(form.draft.text or "") + len(text) >= engine.rules.essence_limit:
        return form_flow.nudge(engine, state, event, msg("form.text_long", limit=engine.rules.essence_limit))
    addition = mask_identity(text)
    reply = say(
        msg("form.add_this", text=addition),
        buttons=(ADD_TO_TEXT, Button(msg("button.to_preview"), "filing.resume"), buttons.CANCEL),
        tone=Tone.STEP,
    )
    return Turn(replace(state, form=replace(form, addition=addition)), Outcome.FORM_STEP, (reply,))


def _mere_phone(text: str) -> str | None:
    """The number of a message that says no more than it."""
    found = list(find_phones(text))
    if len(found) != 1:
        return None
    start, end, number = found[0]
    return number if len(words(f"{text[:start]} {text[end:]}")) <= BESIDE_PHONE else None


def added(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    """The addition goes below the text; what it tells besides is filled in where nothing was known."""
    draft = replace(form.draft, text="\n".join(filter(None, (form.draft.text, form.addition))))
    draft = guidance.told(engine, draft, form.addition, event)
    return form_flow.advance(engine, state, replace(form, draft=draft, addition=""), event)


def _field(
    engine: Engine, state: DialogState, form: Form, text: str, event: UserSaid | ContactShared
) -> Turn:
    step = forms.BY_NAME[form.step]
    if step.optional and _passes(text, event):
        return passed(engine, state, form, event)
    if step.take is None:
        return form_flow.answer_to_a_question(engine, state, event) or form_flow.ask(
            engine, state, event, msg("form.files_or_go_on") if form.step == "files" else None
        )
    if form.step in ASKABLE and len(words(text)) <= QUESTION_WORDS:
        asked = form_flow.answer_to_a_question(engine, state, event)
        if asked is not None:
            return asked
    if form.step == "postal_address":
        text = _same_address(engine, state, form.draft, text) or text
    own = form.step in ("iin", "bin", "organisation")
    taken = step.take(form.draft, text if own else mask_identity(text), day_of(event), engine.rules)
    if isinstance(taken, forms.Problem):
        return form_flow.answer_to_a_question(engine, state, event) or form_flow.misfit(
            engine, state, event, taken.text
        )
    if step.personal and form.synthetic:
        state = replace(state, form=replace(form, synthetic=False))
    if form.step in ("text", "challenged"):
        taken = guidance.told(engine, guidance.retold(form.draft, taken), text, event)
    if form.step == "postal_address":
        taken = _settled(engine, state, taken)
    if form.step == "challenged":
        taken = guidance.addressed_to(engine, taken, text)
    return form_flow.answered(engine, state, taken, event)


def _passes(text: str, event: CitizenEvent) -> bool:
    few = len(words(text)) <= LONGEST_PASS
    return (few and bool(set(words(text.casefold())) & PASSES)) or form_flow.denies(event)


def passed(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    """Leave an optional step out. Whoever came to change the files and gave none takes back those given before."""
    emptied = form.step == "files" and form.editing and "files" not in form.skipped
    draft = replace(form.draft, attachments=()) if emptied else form.draft
    form = form_flow.passed_by(replace(form, draft=draft), form.step)
    return form_flow.advance(engine, state, form_flow.gone_through(form), event)


def agreed(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    """Consent is given: what the story said of its teller is filled in, the rest is asked for."""
    draft = form.draft
    phone = draft.applicant.phone or own_phone_in(draft.text or "")
    form = replace(form, draft=replace(draft, applicant=replace(draft.applicant, phone=phone)))
    turn = form_flow.advance(engine, consent.given(state), form_flow.gone_through(form), event)
    return replace(turn, effects=(*turn.effects, consent.record(engine.knowledge, state)))


def declined(state: DialogState) -> Turn:
    """Without consent nothing personal is asked; the text waits."""
    reply = say(msg("consent.declined"), buttons=(buttons.RESUME, buttons.QUESTIONS, buttons.HUMAN))
    return Turn(state.laid_aside(), Outcome.CANCELLED, (reply,))


def _consent(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    """A clear yes or no in words is one; a question is answered; anything else is asked for the button."""
    parse = event.parse if isinstance(event, UserSaid) else None
    said = fold(routing.spoken(event)).strip(" .!")
    act = parse.label if parse is not None and parse.confidence >= engine.rules.act else ""
    if said in AGREES or act == "dialog.affirm":
        return agreed(engine, state, form, event)
    if said in DISAGREES or act == "dialog.deny":
        return declined(state)
    return form_flow.answer_to_a_question(engine, state, event) or replace(
        form_flow.remind(engine, state, event), outcome=Outcome.FORM_PROBLEM
    )


def _applicant(engine: Engine, state: DialogState, form: Form, text: str, event: CitizenEvent) -> Turn:
    """Everything about the applicant in one message; what it lacks is asked for one by one."""
    territory, draft = engine.knowledge.domain.territory, form.draft
    if draft.capacity is Capacity.SELF and is_of_entity(text, day_of(event)):
        draft = replace(draft, capacity=Capacity.ORGANISATION)
    read = applicant_in(text, territory, day_of(event), draft.capacity)
    fields = read.fields()
    if here := _same_address(engine, state, draft, text):
        fields.setdefault("postal_address", here)
    if not fields and read.problem is None:
        if state.misunderstood + 1 < engine.rules.misunderstood:
            return form_flow.misfit(engine, state, event, msg("form.applicant_wrong"))
        return _one_by_one(engine, state, form, event)
    draft = _settled(engine, state, replace(draft, applicant=replace(draft.applicant, **fields)))
    if draft.kind is Kind.COMPLAINT and not draft.actual_address:
        draft = replace(draft, actual_address=draft.applicant.postal_address)
    form = form_flow.passed_by(replace(form, draft=draft, synthetic=False), "applicant")
    turn = form_flow.advance(engine, state, form_flow.gone_through(form), event)
    if read.problem is None:
        return turn
    return form_flow.ask(engine, turn.state, event, read.problem)


def _same_address(engine: Engine, state: DialogState, draft: Draft, text: str) -> str | None:
    """The address of the matter, where the citizen says that theirs is the same: «тот же адрес»."""
    if not draft.address or not means_the_same_address(text):
        return None
    where = whole_address(engine.knowledge.domain.territory, draft.place, draft.address)
    return where.of(state.speaks) if where else None


def _settled(engine: Engine, state: DialogState, draft: Draft) -> Draft:
    """Whoever lives at the matter's own street and house lives in its settlement: that is not asked again."""
    postal, here = draft.applicant.postal_address, form_cards.settlement_told(engine, draft)
    if not postal or not draft.address or here is None or not same_street(postal, draft.address):
        return draft
    known = names_settlement(postal, engine.knowledge.domain.territory)
    return draft if known else forms.located(draft, here.of(state.speaks))


def _one_by_one(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    form = form_flow.passed_by(form, "applicant")
    turn = form_flow.advance(engine, state, form, event)
    return replace(turn, replies=(say(msg("form.one_by_one")), *turn.replies))


def _topic(engine: Engine, state: DialogState, form: Form, event: UserSaid) -> Turn:
    """A story told where a topic was asked for adds to the draft; while only the topic is changed it changes nothing else."""
    text, parse = mask_identity(event.text), event.parse
    understood = (
        parse is not None
        and parse.label.startswith("topic.")
        and routing.sure(parse.label, parse.confidence, parse.ranking, engine.rules)
    )
    if parse is not None and understood:
        code = parse.label[6:]
        if form.editing:
            return guidance.corrected(engine, state, replace(form.draft, topic=code, body_id=None), event)
        return guidance.corrected(
            engine, state, guidance.merged(engine, form.draft, code, text, event), event
        )
    if not form.editing and len(words(text)) >= engine.rules.essence_words:
        draft = form.draft
        draft = guidance.told(engine, replace(draft, text=draft.text or text), text, event)
        state = replace(state, form=replace(form, draft=draft))
    if parse is not None:
        asked = form_flow.answer_to_a_question(engine, state, event)
        if asked is not None:
            return asked
        labels = tuple(label for label in known(engine, parse.ranking) if label.startswith("topic."))
        if labels:
            return offer(engine, state, labels, text)
    return replace(menu.topics(engine, state, text), outcome=Outcome.FORM_STEP)
