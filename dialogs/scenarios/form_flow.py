"""How a guided appeal moves: what is asked next, what is asked again, what is laid aside and taken up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Draft
from appeals.kinds import Kind
from dialogs import checks, forms, routing
from dialogs.events import CitizenEvent, Event, UserSaid
from dialogs.messages import Msg, msg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Outcome, Turn
from dialogs.replies import Button, Say, say
from dialogs.scenarios import buttons, consent, form_cards, guidance, menu, nearby
from faq.model import Entry
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from dialogs.engine import Engine

WORDS_OF_DRAFT = 6
BRIEFLY: Mapping[str, tuple[Msg, ...]] = {
    "guide": (msg("guide.next"),),
    "consent": (msg("form.press_consent"),),
    "preview": (msg("form.press_confirm"), msg("preview.confirm")),
}
"""Steps that fill a screen, and what is left to say of them beneath it."""
NO_EVIDENCE = Bilingual("құжат қоса берілмеген", "документы не приложены")


def start(engine: Engine, state: DialogState, event: Event) -> Turn:
    """Begin filing, go on with the appeal under way, or ask about the one laid aside."""
    if state.form is not None:
        return (
            _from_guide(engine, state, state.form, event)
            if state.form.step == "guide"
            else ask(engine, state, event)
        )
    if state.paused:
        fresh = Button(msg("button.fresh"), "filing.fresh")
        choices = (buttons.RESUME, fresh, *_elsewhere(engine, state))
        return Turn(state, Outcome.FORM_STEP, (say(msg("form.unfinished"), buttons=choices),))
    return begin(engine, state, event)


def _from_guide(engine: Engine, state: DialogState, form: Form, event: Event) -> Turn:
    """Go on from the card, with the story told beneath it where there was none yet."""
    text = None if form.draft.text else guidance.story_told(engine, state)
    if text:
        draft = guidance.told(engine, replace(form.draft, text=text), text, event)
        state, form = replace(state, pending=""), replace(form, draft=draft)
    return advance(engine, state, gone_through(form), event)


def begin(engine: Engine, state: DialogState, event: Event) -> Turn:
    """A new appeal, with the story told just before as its text: nobody writes it twice."""
    text = guidance.story_told(engine, state)
    draft = guidance.told(engine, Draft(text=text), text, event) if text else Draft()
    return advance(engine, replace(state, pending=""), Form(draft, step="topic"), event)


def cancel(engine: Engine, state: DialogState) -> Turn:
    """Lay the appeal aside; nothing is lost until the citizen says so."""
    form = state.unfinished
    if form is None:
        return Turn(
            replace(state, awaits="", offered=()),
            Outcome.CANCELLED,
            (say(msg("form.nothing"), buttons=(buttons.MENU,)),),
        )
    aside = replace(state.laid_aside(), awaits="", offered=())
    newest, _ = next(keyed(aside))
    discard = buttons.discard(form.draft.topic or "")
    choices = (buttons.RESUME, *_elsewhere(engine, aside, newest), discard, buttons.MENU)
    return Turn(aside, Outcome.CANCELLED, (say(msg("form.cancelled"), buttons=choices),))


def _elsewhere(engine: Engine, state: DialogState, draft: str = "") -> tuple[Button, ...]:
    reachable = engine.knowledge.office.pages_reach(abroad=state.abroad)
    return (buttons.carry(draft),) if reachable else ()


def resume(engine: Engine, state: DialogState, event: Event, which: str = "") -> Turn:
    """Go on with the appeal under way; a mere guess gives way to the one that was begun, of several to the one chosen."""
    state = replace(state, awaits="", misunderstood=0, offered=())
    if not state.paused or (state.form is not None and state.form.step != "guide"):
        return ask(engine, state, event)
    drafts = dict(keyed(state))
    if which not in drafts and (which or len(drafts) > 1):
        return Turn(state, Outcome.FORM_STEP, (_which_draft(engine, state, drafts),))
    chosen = drafts.get(which, state.paused[0])
    rest = tuple(form for form in state.paused if form is not chosen)
    return ask(engine, replace(state, form=chosen, paused=rest), event)


def keyed(state: DialogState) -> Iterator[tuple[str, Form]]:
    """Each draft laid aside under what its button carries: the topic tells an old button of one that took its place."""
    for number, form in enumerate(state.paused):
        yield f"{number}.{form.draft.topic or ''}", form


def _which_draft(engine: Engine, state: DialogState, drafts: Mapping[str, Form]) -> Say:
    choices = each(engine, drafts, "filing.resume")
    return say(msg("form.which_draft"), buttons=(*choices, *_elsewhere(engine, state), buttons.MENU))


def each(engine: Engine, drafts: Mapping[str, Form], action: str) -> tuple[Button, ...]:
    """A button for each draft."""
    return tuple(
        Button(msg("button.resume_draft", of=called(engine, form.draft)), action, key)
        for key, form in drafts.items()
    )


def called(engine: Engine, draft: Draft) -> Bilingual | str:
    """By what a citizen knows a draft again: topic and place, else its first words."""
    domain = engine.knowledge.domain
    topic = domain.topics.find(draft.topic or "")
    place = domain.territory.find(draft.place) if draft.place else None
    if topic is None:
        return " ".join((draft.text or "–").split()[:WORDS_OF_DRAFT])
    if place is None:
        return topic.name
    return Bilingual(f"{topic.name.kk} ({place.name.kk})", f"{topic.name.ru} ({place.name.ru})")


def answered(engine: Engine, state: DialogState, draft: Draft, event: Event) -> Turn:
    """The step under way has its answer; go on."""
    form = state.form or Form()
    return advance(engine, state, gone_through(replace(form, draft=draft)), event)


def gone_through(form: Form) -> Form:
    """The form with its step among those gone through, for the way back."""
    visited = form.visited if form.editing or form.step in form.visited else (*form.visited, form.step)
    return replace(form, visited=visited)


def passed_by(form: Form, name: str) -> Form:
    """The form with a step left out by the citizen's choice."""
    return form if name in form.skipped else replace(form, skipped=(*form.skipped, name))


def advance(engine: Engine, state: DialogState, form: Form, event: Event) -> Turn:
    """Ask the next missing thing; after a single change go back to where it was asked for."""
    state = replace(state, awaits="", offered=(), misunderstood=0)
    if form.editing and form.from_guide:
        form = replace(form, editing=False, from_guide=False, step="guide")
        state = replace(state, form=form)
        return Turn(state, Outcome.GUIDED, (guidance.card(engine, form.draft),))
    territory = engine.knowledge.domain.territory
    next_step = forms.following(form, territory, consented=state.consent == CONSENT_VERSION)
    if matter := nearby.due(engine.knowledge, form, next_step):
        return nearby.look(state, form, matter)
    state = replace(state, form=replace(form, step=next_step, editing=False))
    return ask(engine, state, event)


def ask(engine: Engine, state: DialogState, event: Event, problem: Msg | None = None) -> Turn:
    """Ask the form's step again, after saying what was wrong with the answer, if anything was."""
    form = state.form
    if form is None:
        return menu.main(state)
    outcome = Outcome.FORM_PROBLEM if problem else Outcome.FORM_STEP
    match form.step:
        case "guide":
            return Turn(state, Outcome.GUIDED, (guidance.card(engine, form.draft),))
        case "place":
            return Turn(state, outcome, (form_cards.place(engine, form, problem),))
        case nearby.STEP if form.asked_of:
            return nearby.look(state, form, form.asked_of)
        case "consent" if state.consent == CONSENT_VERSION:
            # Given for another appeal meanwhile.
            return advance(engine, state, form, event)
        case "consent":
            return Turn(state, outcome, (consent.ask(engine.knowledge, state),))
        case "preview":
            told = replace(state, form=passed_by(form, checks.ADVISED))
            return Turn(told, outcome, (form_cards.preview(engine, form, event, abroad=state.abroad),))
        case "settlement":
            once = replace(state, form=passed_by(form, "settlement"))
            return Turn(once, outcome, (form_cards.question(engine, form, "settlement", event, problem),))
        case name:
            return Turn(state, outcome, (form_cards.question(engine, form, name, event, problem),))


def remind(engine: Engine, state: DialogState, event: Event) -> Turn:
    """Ask the form's step again, right beneath itself: what fills a screen is not said in full."""
    turn = ask(engine, state, event)
    shown, step = turn.replies[-1], turn.state.form.step if turn.state.form else ""
    if step not in BRIEFLY or not isinstance(shown, Say):
        return turn
    return replace(turn, replies=(replace(shown, paragraphs=BRIEFLY[step], replaces=False),))


def nudge(engine: Engine, state: DialogState, event: Event, problem: Msg) -> Turn:
    """Show the step again where only a button answers it."""
    again = remind(engine, state, event)
    return replace(again, outcome=Outcome.FORM_PROBLEM, replies=(say(problem), *again.replies))


def misfit(engine: Engine, state: DialogState, event: Event, problem: Msg) -> Turn:
    """Say what does not fit; whoever is stuck is shown the ways out."""
    count = state.misunderstood + 1
    again = ask(engine, replace(state, misunderstood=count), event, problem)
    if count < engine.rules.misunderstood:
        return again
    ways = say(msg("form.stuck"), buttons=(buttons.HUMAN, buttons.CANCEL, buttons.MENU))
    return replace(again, replies=(*again.replies, ways))


def answer_to_a_question(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn | None:
    """A question in the middle of the form («why do you need it?») is answered, then the step is asked again."""
    parse = event.parse if isinstance(event, UserSaid) else None
    if (
        parse is None
        or not parse.label.startswith("faq.")
        or not routing.speaks(event)
        or not routing.sure(parse.label, parse.confidence, parse.ranking, engine.rules)
    ):
        return None
    entry = engine.knowledge.faq.find(parse.label[4:])
    return beside(engine, state, event, entry) if entry else None


def beside(engine: Engine, state: DialogState, event: CitizenEvent, entry: Entry) -> Turn:
    """The answer to a question, then the step under way again."""
    from dialogs.scenarios.answer import answer  # noqa: PLC0415 - answer lays this form aside

    again = ask(engine, state, event)
    return replace(
        again,
        outcome=Outcome.ANSWERED,
        replies=(replace(answer(engine, entry, event), buttons=()), *again.replies),
    )


def denies(event: CitizenEvent) -> bool:
    """Whether a message says no."""
    return isinstance(event, UserSaid) and event.parse is not None and event.parse.label == "dialog.deny"


def complete(engine: Engine, state: DialogState, form: Form) -> tuple[Draft, Bilingual]:
    """The draft as it will be filed, with what follows from its fields, and the addressee."""
    body_id, body = guidance.addressee(engine, form.draft)
    draft = replace(form.draft, kind=guidance.kind_of(engine, form.draft), body_id=body_id)
    if draft.kind is Kind.COMPLAINT:
        draft = _complete_complaint(draft, NO_EVIDENCE.of(state.speaks))
    return draft, body


def _complete_complaint(draft: Draft, no_evidence: str) -> Draft:
    """What art. 93 asks for beside the form's own fields follows from them."""
    circumstances = "\n".join(filter(None, (draft.text, draft.complaint.harm)))
    evidence = "; ".join(file.name for file in draft.attachments) or no_evidence
    complaint = replace(draft.complaint, circumstances=circumstances, evidence=evidence)
    return replace(draft, complaint=complaint)
