"""From a story to the right topic, kind of appeal and body, each with its reason, each correctable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Capacity, Draft
from appeals.bodies import Addressee, Competence
from appeals.identifiers import mask_phone
from appeals.kinds import KINDS, Kind, KindSuggestion, suggest_kind
from appeals.place import Place
from appeals.provenance import Review
from appeals.topics import Topic
from dialogs import lessons
from dialogs.checks import ENCLOSING
from dialogs.effects import KeepCorrection
from dialogs.events import CitizenEvent, Clause, Event, UserSaid
from dialogs.messages import Msg, msg
from dialogs.model import PAUSED_MOST, DialogState, Form, Outcome, Turn
from dialogs.privacy import mask_identity
from dialogs.replies import Ask, Button, Say, Tone, say
from dialogs.routing import Route, matters_apart, spoken
from dialogs.scenarios import buttons
from dialogs.scenarios.answer import answer
from dialogs.scenarios.fallback import old_button
from dialogs.told import (
    address_in,
    began_in,
    but_learned,
    capacity_in,
    day_of,
    earlier_in,
    lasts_in,
    learned_in,
    own_phone_in,
    place_in,
    since_told,
    whole_address,
)
from faq.model import Entry
from text.bilingual import Bilingual
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

OTHER_BODY = Button(msg("button.other_body"), "guide.bodies")
SEARCH_BODY = Button(msg("button.search_body"), "guide.search_body")
NEAR_SHOWN = 2
OTHERS_NAMED = 2
"""The list of all is behind the button."""


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Guide from a story or a chosen topic, and let each part of the guess be corrected."""
    form = state.form
    match route.verb:
        case "story" if isinstance(event, UserSaid):
            if apart := matters_apart(event, engine.rules, engine.knowledge):
                return _tell_apart(engine, state, apart, event)
            return tell(engine, state, route.arg, event.text, event)
        case "topic" if engine.knowledge.domain.topics.find(route.arg):
            return open_topic(engine, state, route.arg, event)
        case "together" if form is not None and form.also and (route.arg or "0").isdecimal():
            return _together(engine, state, form, int(route.arg or len(form.also)), event)
        case "card" if form is not None:
            return Turn(state, Outcome.GUIDED, (card(engine, form.draft),))
        case "place" if form is not None and engine.knowledge.domain.territory.find(route.arg):
            draft = told(engine, replace(form.draft, place=route.arg, body_id=None), spoken(event), event)
            return corrected(engine, state, draft, event)
        case "kinds" if form is not None:
            choices = tuple(
                Button(
                    msg("guide.kind_choice", name=info.name, meaning=info.meaning), "guide.kind", kind.value
                )
                for kind, info in KINDS.items()
            )
            return Turn(state, Outcome.GUIDED, (say(msg("guide.kinds"), buttons=choices, replaces=True),))
        case "kind" if form is not None and route.arg in {kind.value for kind in Kind}:
            draft = told(engine, replace(form.draft, kind=Kind(route.arg)), form.draft.text or "", event)
            return corrected(engine, state, draft, event)
        case "bodies" if form is not None:
            return _offer_bodies(engine, state, form.draft)
        case "search_body" if form is not None:
            return _ask_for_body(state, msg("guide.ask_body"))
        case "body_named" if form is not None:
            return _body_named(engine, state, form.draft, route.arg)
        case "body" if form is not None and addressed(engine, form.draft, route.arg):
            return _body_chosen(engine, state, form.draft, route.arg, event)
        case _:
            return old_button(state)


def tell(engine: Engine, state: DialogState, topic: str, text: str, event: CitizenEvent) -> Turn:
    """Guidance from a story: what it says already is filled in."""
    text, form = mask_identity(text), state.form
    if form is not None and form.step == "topic" and form.editing:
        return corrected(engine, state, replace(form.draft, topic=topic, body_id=None), event)
    if form is not None and (form.step == "topic" or (form.step == "guide" and not form.draft.text)):
        return corrected(engine, state, merged(engine, form.draft, topic, text, event), event)
    turn = present(engine, state, merged(engine, Draft(), topic, text, event))
    entry = _enough(engine, turn.state.form, event)
    return _consulted(engine, turn, entry, event) if entry else turn


def _tell_apart(engine: Engine, state: DialogState, apart: tuple[Clause, ...], event: UserSaid) -> Turn:
    """One appeal takes one matter: the first is taken now, the others are kept to be filed right after."""
    first, *others = apart
    rest = ". ".join(clause.text for clause in event.clauses if clause not in others)
    turn = tell(engine, state, _topic_of(first), rest, event)
    form = turn.state.form
    if form is None:
        return turn
    also = tuple(_other_matter(engine, form.draft, clause, event) for clause in others)
    names = [_topic(engine, draft).name for draft in also]
    later = Bilingual(
        ", ".join(f"«{name.kk}»" for name in names), ", ".join(f"«{name.ru}»" for name in names)
    )
    told = say(
        msg("guide.matters_apart", now=_topic(engine, form.draft).name, later=later),
        buttons=(Button(msg("button.one_matter"), "guide.together", str(len(also))),),
    )
    form = replace(form, also=(*also, *form.also)[:PAUSED_MOST])
    return replace(turn, state=replace(turn.state, form=form), replies=(told, *turn.replies))


def _other_matter(engine: Engine, first: Draft, clause: Clause, event: UserSaid) -> Draft:
    """A draft of what one part of a story tells; where it is not said otherwise, at the place of the first."""
    apart, text = replace(event, text=clause.text, parse=clause.parse, clauses=()), mask_identity(clause.text)
    draft = merged(engine, Draft(), _topic_of(clause), text, apart)
    return replace(draft, text=draft.text or text, place=draft.place or first.place)


def _topic_of(clause: Clause) -> str:
    return clause.parse.label.removeprefix("topic.")


def _together(engine: Engine, state: DialogState, form: Form, count: int, event: CitizenEvent) -> Turn:
    """It is one matter after all: the words of the first so many others go back into the text."""
    text = ". ".join(filter(None, (form.draft.text, *(other.text for other in form.also[:count]))))
    form = replace(form, draft=replace(form.draft, text=text), also=form.also[count:])
    if form.step == "guide":
        return Turn(replace(state, form=form), Outcome.GUIDED, (card(engine, form.draft),))
    from dialogs.scenarios import form_flow  # noqa: PLC0415 - the form shows this module's card

    return form_flow.advance(engine, state, form, event)


def _enough(engine: Engine, form: Form | None, event: CitizenEvent) -> Entry | None:
    """A frequent question that may be all the citizen wants to know, where the words ask rather than demand."""
    parse = event.parse if isinstance(event, UserSaid) else None
    if parse is None or form is None or form.draft.kind is not Kind.INQUIRY:
        return None
    likely = (label for label, score in parse.ranking if score >= engine.rules.consult)
    questions = (label[4:] for label in likely if label.startswith("faq."))
    return next((entry for slug in questions if (entry := engine.knowledge.faq.find(slug))), None)


def _consulted(engine: Engine, turn: Turn, entry: Entry, event: CitizenEvent) -> Turn:
    """The answer first; the appeal is kept, and filed if the citizen wants an official answer."""
    answered = answer(engine, entry, event)
    ways = (
        Button(msg("button.file_anyway"), "guide.card"),
        Button(msg("button.helped"), "faq.yes", entry.slug),
        buttons.WHY,
        buttons.HUMAN,
    )
    paragraphs = (msg("guide.maybe_enough"), *answered.paragraphs)
    reply = replace(answered, paragraphs=paragraphs, buttons=ways)
    return replace(turn, outcome=Outcome.ANSWERED, replies=(reply,))


def merged(engine: Engine, draft: Draft, topic: str, text: str, event: CitizenEvent) -> Draft:
    """The draft with a topic and whatever the text adds to it; what the citizen gave before stays."""
    essence = text if len(words(text)) >= engine.rules.essence_words else None
    draft = replace(
        draft,
        topic=topic,
        body_id=None,
        kind=draft.kind or suggest_kind(text, topic).kind,
        text=draft.text or essence,
    )
    return told(engine, draft, text, event)


def retold(before: Draft, draft: Draft) -> Draft:
    """The draft whose kind, where the former words suggested it, follows the new ones as far as they are sure."""
    if not before.text or not draft.text or before.text == draft.text:
        return draft
    former, now = suggest_kind(before.text, draft.topic), suggest_kind(draft.text, draft.topic)
    return replace(draft, kind=now.kind) if now.sure and draft.kind is former.kind else draft


def addressed_to(engine: Engine, draft: Draft, text: str) -> Draft:
    """A complaint goes to the body it is about (art. 91 part 4): the one that is named, if one is."""
    named = engine.knowledge.domain.bodies.spoken_of(text, _topic(engine, draft), _place(engine, draft))
    return replace(draft, body_id=named[0].body.id) if len(named) == 1 else draft


def against(engine: Engine, draft: Draft, name: str) -> Draft:
    """A complaint against whoever an earlier appeal was with last: its own addressee, or another of exactly this name.

    An official who forwards it writes any name; of one that is none of the place's bodies the citizen is asked.
    """
    bodies, place = engine.knowledge.domain.bodies, _place(engine, draft)
    own = bodies.find(draft.body_id) if draft.body_id else None
    body = own if own and bodies.goes_by(name, own, place) else bodies.called(name, place)
    complaint = replace(draft.complaint, challenged=name if body else "")
    return replace(draft, body_id=body.id if body else None, complaint=complaint)


def told(engine: Engine, draft: Draft, text: str, event: Event) -> Draft:
    """The draft with whatever else a text tells: place, address, days, for whom; what is known stays."""
    territory, today = engine.knowledge.domain.territory, day_of(event)
    complaint, lasting = draft.complaint, but_learned(text, today)
    if draft.kind is Kind.COMPLAINT:
        complaint = replace(
            complaint,
            learned_on=complaint.learned_on or learned_in(text, today),
            earlier=complaint.earlier or earlier_in(text),
        )
    own = draft.capacity is Capacity.SELF
    known = since_told(draft) is not None
    return replace(
        draft,
        place=draft.place or place_in(territory, text, event),
        address=draft.address or address_in(territory, text),
        began=draft.began if known else began_in(lasting, today),
        lasts=draft.lasts if known else lasts_in(lasting),
        capacity=(own and capacity_in(text)) or draft.capacity,
        complaint=complaint,
    )


def open_topic(engine: Engine, state: DialogState, topic: str, event: CitizenEvent) -> Turn:
    """A topic chosen by button: what is already in the draft stays, its body is found anew."""
    draft = state.form.draft if state.form else Draft()
    if _is_open_story(state) and not draft.text:
        draft = merged(engine, draft, topic, mask_identity(state.pending), event)
    elif draft.text and draft.kind is None:
        draft = merged(engine, draft, topic, draft.text, event)
    draft = replace(draft, topic=topic, body_id=None, kind=draft.kind or default_kind(engine, topic))
    turn = corrected(engine, state, draft, event) if state.form else present(engine, state, draft)
    misread = _misread(state, topic)
    return lessons.corrected(engine, turn, *misread, f"topic.{topic}") if misread else turn


def story_told(engine: Engine, state: DialogState) -> str | None:
    """The message that still waits for a way on, if it says enough to be an appeal's text."""
    long_enough = len(words(state.pending)) >= engine.rules.essence_words
    return state.pending if long_enough and not state.awaits else None


def _is_open_story(state: DialogState) -> bool:
    """Whether a message waits that was not understood, or only nearly."""
    return bool(state.pending and not state.awaits and (state.offered or state.misunderstood))


def _misread(state: DialogState, topic: str) -> tuple[str, tuple[str, ...]] | None:
    """(message, what was guessed of it) that choosing this topic by button corrects, if it corrects anything."""
    if _is_open_story(state):
        return state.pending, state.offered
    shown = state.form.draft.topic if state.form else None
    # Only the topic of the message understood last: one chosen by button is nobody's guess.
    if state.last is None or state.last.label != f"topic.{shown}" or shown == topic:
        return None
    return state.last_text, (state.last.label,)


def _offer_bodies(engine: Engine, state: DialogState, draft: Draft) -> Turn:
    """The competent body, further functions and higher levels, and a search among all others."""
    known = _choices(addressees(engine, draft))
    reply = say(msg("guide.bodies"), buttons=(*known, SEARCH_BODY), replaces=True)
    return Turn(state, Outcome.GUIDED, (reply,))


def _choices(bodies: Iterable[Addressee]) -> tuple[Button, ...]:
    return tuple(Button(msg("plain", text=found.name), "guide.body", found.body.id) for found in bodies)


def _ask_for_body(state: DialogState, *paragraphs: Msg) -> Turn:
    reply = say(*paragraphs, buttons=(OTHER_BODY, buttons.HUMAN), ask=Ask.TEXT)
    return Turn(replace(state, awaits="body"), Outcome.GUIDED, (reply,))


def _body_named(engine: Engine, state: DialogState, draft: Draft, text: str) -> Turn:
    domain = engine.knowledge.domain
    found = domain.bodies.search(
        text, _topic(engine, draft), _place(engine, draft), engine.rules.bodies_shown
    )
    if not found:
        return _ask_for_body(state, msg("guide.no_such_body"), msg("guide.ask_body"))
    reply = say(msg("guide.bodies_found"), buttons=(*_choices(found), SEARCH_BODY))
    return Turn(replace(state, awaits=""), Outcome.GUIDED, (reply,))


def _body_chosen(engine: Engine, state: DialogState, draft: Draft, body_id: str, event: CitizenEvent) -> Turn:
    """The citizen's choice stays in the draft; where it is not what was proposed, it is counted."""
    proposed = competent(engine, draft).body.id
    turn = corrected(engine, state, replace(draft, body_id=body_id), event)
    if body_id in (proposed, draft.body_id):
        return turn
    topic = _topic(engine, draft).code
    counted = KeepCorrection((f"topic.{topic}", f"body.{proposed}"), f"body.{body_id}")
    return replace(turn, effects=(*turn.effects, counted))


def default_kind(engine: Engine, topic: str) -> Kind:
    """The kind most appeals of a topic have."""
    return engine.knowledge.domain.topics.get(topic).default_kind or Kind.APPLICATION


def present(engine: Engine, state: DialogState, draft: Draft) -> Turn:
    """Show topic, kind and body with reasons; nothing is filed yet. A form under way is laid aside.

    A guess gives way to this one, but not the other matters that were told of with it.
    """
    guess = state.form if state.form is not None and state.form.step == "guide" else None
    also = tuple(other for other in guess.also if other.topic != draft.topic) if guess else ()
    state = replace(state, form=None) if guess else state.laid_aside()
    state = replace(state, form=Form(draft, also=also), misunderstood=0, offered=(), pending="", awaits="")
    return Turn(state, Outcome.GUIDED, (card(engine, draft),))


def corrected(engine: Engine, state: DialogState, draft: Draft, event: CitizenEvent) -> Turn:
    """Show the corrected guess, or go on in the form where the correction came from there."""
    form = state.form or Form()
    if form.step == "guide" or (form.step == "topic" and not form.editing):
        form = replace(form, draft=draft, step="guide")
        state = replace(state, form=form, misunderstood=0, offered=(), pending="", awaits="")
        return Turn(state, Outcome.GUIDED, (card(engine, draft),))
    from dialogs.scenarios import form_flow  # noqa: PLC0415 - the form shows this module's card

    return form_flow.answered(engine, state, draft, event)


def kind_of(engine: Engine, draft: Draft) -> Kind:
    """The draft's kind, else the one most appeals of its topic have."""
    return draft.kind or default_kind(engine, draft.topic or "OTHER")


def kind_reason(engine: Engine, draft: Draft) -> Bilingual:
    """Why the appeal is of its kind: by the citizen's own words where they say so, else what the kind means."""
    kind = kind_of(engine, draft)
    if draft.complaint.earlier:
        return KINDS[kind].meaning  # the words of a complaint made ready are ours
    suggestion = _suggested(draft)
    return suggestion.reason if suggestion and suggestion.kind is kind else KINDS[kind].meaning


def _suggested(draft: Draft) -> KindSuggestion | None:
    return suggest_kind(draft.text, draft.topic) if draft.text else None


def _kind_paragraph(engine: Engine, draft: Draft) -> Msg:
    kind, suggestion = kind_of(engine, draft), _suggested(draft)
    unsure = suggestion is not None and suggestion.kind is kind and not suggestion.sure
    told = {"name": KINDS[kind].name, "reason": kind_reason(engine, draft)}
    return msg("guide.kind_unsure", **told) if unsure else msg("guide.kind", **told)


def card(engine: Engine, draft: Draft) -> Say:
    """What was understood, and why, with a button for each correction."""
    topic = _topic(engine, draft)
    hint = topic.emergency
    return say(
        msg("guide.topic", name=topic.name),
        _kind_paragraph(engine, draft),
        *_body_paragraphs(engine, draft, competent(engine, draft)),
        _place_paragraph(engine, draft),
        _noted(draft),
        msg("guide.danger", when=hint.when, numbers=", ".join(hint.numbers)) if hint else None,
        msg("guide.next"),
        buttons=(
            Button(msg("button.file_this"), "filing.start"),
            *_near_places(engine, draft),
            *_other_kind(engine, draft),
            Button(msg("button.other_topic"), "menu.topics"),
            Button(msg("button.other_kind"), "guide.kinds"),
            OTHER_BODY,
            Button(msg("button.other_place" if draft.place else "button.set_place"), "filing.edit", "place"),
            buttons.WHY,
            buttons.HUMAN,
        ),
        tone=Tone.STEP,
        replaces=True,
    )


def _noted(draft: Draft) -> Msg | None:
    """What else the story gave for the appeal; each part can be changed later."""
    parts = (
        msg("guide.noted_began", since=since) if (since := since_told(draft)) else None,
        msg("guide.noted_for", whom=msg(f"capacity.{draft.capacity.value}"))
        if draft.capacity is not Capacity.SELF
        else None,
        msg("guide.noted_phone", phone=mask_phone(phone))
        if (phone := own_phone_in(draft.text or ""))
        else None,
        msg("guide.noted_text") if draft.text else None,
    )
    noted = tuple(part for part in parts if part is not None)
    return msg("guide.noted", parts=noted) if noted else None


def _other_kind(engine: Engine, draft: Draft) -> tuple[Button, ...]:
    """The kind that the words also speak for, one tap away."""
    suggestion = _suggested(draft)
    if suggestion is None:
        return ()
    near = suggestion.rival if suggestion.kind is kind_of(engine, draft) else suggestion.kind
    return (Button(msg("button.it_is", kind=KINDS[near].name), "guide.kind", near.value),) if near else ()


def _near_places(engine: Engine, draft: Draft) -> tuple[Button, ...]:
    """Where a story names no more than a region or a district: the settlements in it whose names it seems to misspell."""
    territory, known = engine.knowledge.domain.territory, _place(engine, draft)
    if known is None or known.type not in ENCLOSING or not draft.text:
        return ()
    near = territory.near(draft.text, NEAR_SHOWN, known.code)
    return tuple(
        Button(msg("button.near_place", place=place.name), "guide.place", place.code) for place in near
    )


def _place_paragraph(engine: Engine, draft: Draft) -> Msg:
    where = whole_address(engine.knowledge.domain.territory, draft.place, draft.address)
    return msg("guide.place", place=where) if draft.place and where else msg("guide.no_place")


def _body_paragraphs(engine: Engine, draft: Draft, competence: Competence) -> list[Msg]:
    """The proposed body and why, or the one the citizen has chosen; who else could, while nothing is chosen."""
    chosen = addressed(engine, draft, draft.body_id)
    if chosen is not None and chosen.body.id != competence.body.id:
        does = chosen.function.does if chosen.function else None
        told = msg("guide.body_does", does=does) if does else None
        path = considered_by(engine, draft)
        return [part for part in (msg("guide.body_chosen", body=chosen.name), told, path) if part]
    reviewed = competence.provenance.status is Review.REVIEWED
    reason = msg("guide.body" if reviewed else "guide.body_draft", reason=competence.reason)
    others = [other for other in competence.alternatives if other.function is not competence.function]
    if not others:
        return [reason]
    names = tuple(other.name for other in others[:OTHERS_NAMED])
    joined = Bilingual("; ".join(name.kk for name in names), "; ".join(name.ru for name in names))
    return [reason, msg("guide.others", names=joined)]


def competent(engine: Engine, draft: Draft) -> Competence:
    """The competent body for the draft's topic, place and kind."""
    return engine.knowledge.domain.bodies.competent(
        _topic(engine, draft), _place(engine, draft), kind_of(engine, draft), draft.text or ""
    )


def addressees(engine: Engine, draft: Draft) -> tuple[Addressee, ...]:
    """Every body the rules name for the draft, the competent one first."""
    competence = competent(engine, draft)
    return (Addressee(competence.body, competence.name), *competence.alternatives)


def challengeable(engine: Engine, draft: Draft, limit: int) -> tuple[Addressee, ...]:
    """Whom a complaint may be about: those its text names, then the bodies the rules name."""
    bodies = engine.knowledge.domain.bodies
    named = bodies.spoken_of(draft.text or "", _topic(engine, draft), _place(engine, draft))
    unique = {found.body.id: found for found in (*named[:limit], *addressees(engine, draft)[:limit])}
    return tuple(unique.values())


def addressed(engine: Engine, draft: Draft, body_id: str | None) -> Addressee | None:
    """A body as the addressee of this draft; None for none, and for one that does not serve the place."""
    if body_id is None:
        return None
    bodies = engine.knowledge.domain.bodies
    return bodies.addressee(body_id, _topic(engine, draft), _place(engine, draft))


def addressee(engine: Engine, draft: Draft) -> tuple[str, Bilingual]:
    """(body id, its name with the place) the appeal goes to: the citizen's choice, else the competent one."""
    chosen = addressed(engine, draft, draft.body_id) or competent(engine, draft)
    return chosen.body.id, chosen.name


def considered_by(engine: Engine, draft: Draft) -> Msg | None:
    """Who considers the complaint (art. 93), where the draft is one."""
    if kind_of(engine, draft) is not Kind.COMPLAINT:
        return None
    bodies, place = engine.knowledge.domain.bodies, _place(engine, draft)
    return msg("plain", text=bodies.complaint_path(addressee(engine, draft)[0], place))


def _topic(engine: Engine, draft: Draft) -> Topic:
    return engine.knowledge.domain.topics.get(draft.topic or "OTHER")


def _place(engine: Engine, draft: Draft) -> Place | None:
    return engine.knowledge.domain.territory.find(draft.place) if draft.place else None
