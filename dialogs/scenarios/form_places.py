"""Where the matter is: by the citizen's words, by the tree of places, by a shared location."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Draft
from dialogs import routing
from dialogs.events import CitizenEvent, PlaceShared, UserSaid
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Form, Outcome, Turn
from dialogs.privacy import mask_identity
from dialogs.replies import Ask, Button, Tone, say
from dialogs.scenarios import buttons, form_cards, form_flow, guidance
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

STORY_WORDS = 6
PLACES_SHOWN = 5
"""Namesakes offered as buttons; of more the citizen is asked for the district."""
_LONGEST_PAGE = 3


def told(engine: Engine, state: DialogState, form: Form, text: str, event: CitizenEvent) -> Turn:
    """A place in words: the only one, the likeliest one, or a choice of namesakes."""
    territory = engine.knowledge.domain.territory
    found = territory.search(text, limit=PLACES_SHOWN + 1, known=form.draft.place)
    codes = list(dict.fromkeys(match.place.code for match in found))
    near = tuple(place.code for place in territory.near(text, form_cards.NEAR_SHOWN, form.draft.place))
    if not codes:
        return _no_place(engine, state, text, event, near)
    if near and len(codes) == 1:
        return _choice(engine, state, form, msg("form.near_place"), (*near, *codes))
    if len(codes) == 1 or found[0].score > found[1].score:
        return _named(engine, state, form, codes[0], event)
    if len(codes) > PLACES_SHOWN:
        return form_flow.misfit(engine, state, event, msg("form.place_many"))
    return _choice(engine, state, form, msg("form.which_place"), codes)


def _choice(engine: Engine, state: DialogState, form: Form, question: Msg, codes: Sequence[str]) -> Turn:
    """Places as buttons; none of them is taken before it is pressed."""
    action = "guide.place" if form.step == "guide" else "filing.place"
    choices = tuple(form_cards.place_named(engine, code, action) for code in codes)
    reply = say(
        question, buttons=(*choices, Button(msg("button.by_region"), "filing.regions")), ask=Ask.PLACE
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


def _no_place(
    engine: Engine, state: DialogState, text: str, event: CitizenEvent, near: Sequence[str]
) -> Turn:
    if story := _new_story(engine, event):
        draft = guidance.merged(engine, Draft(), story, mask_identity(text), event)
        return guidance.present(engine, state, draft)
    if form_flow.denies(event):
        return form_flow.cancel(engine, state)
    if near:
        return _choice(engine, state, state.form or Form(), msg("form.near_place"), near)
    return form_flow.answer_to_a_question(engine, state, event) or form_flow.misfit(
        engine, state, event, msg("form.place_unknown")
    )


def _new_story(engine: Engine, event: CitizenEvent) -> str | None:
    """The topic of a message that answers no question of ours but tells of another matter."""
    parse = event.parse if isinstance(event, UserSaid) else None
    if (
        parse is None
        or not parse.label.startswith("topic.")
        or len(words(routing.spoken(event))) <= STORY_WORDS
    ):
        return None
    sure = routing.sure(parse.label, parse.confidence, parse.ranking, engine.rules)
    return parse.label.removeprefix("topic.") if sure else None


def _named(engine: Engine, state: DialogState, form: Form, code: str, event: CitizenEvent) -> Turn:
    """A region alone does not say which local body is competent: its districts are shown."""
    territory = engine.knowledge.domain.territory
    if territory.get(code).type == "region" and territory.children(code):
        return below(engine, state, code)
    return form_flow.answered(engine, state, replace(form.draft, place=code, body_id=None), event)


def chosen(engine: Engine, state: DialogState, form: Form, code: str, event: CitizenEvent) -> Turn:
    """A place taken by button; a whole region is meant as such."""
    draft = replace(form.draft, place=code, body_id=None)
    form = form_flow.passed_by(replace(form, draft=draft), "place")
    return form_flow.advance(engine, state, form_flow.gone_through(form), event)


def regions(engine: Engine, state: DialogState, problem: Msg | None = None) -> Turn:
    """The tree from its top, whatever was said before."""
    outcome = Outcome.FORM_PROBLEM if problem else Outcome.FORM_STEP
    return Turn(asking(state), outcome, (form_cards.places(engine, problem),))


def below(engine: Engine, state: DialogState, arg: str) -> Turn:
    """A page of what lies below a place; `arg` is its code (none: the regions), or code and page with a dot between."""
    code, _, page = arg.partition(".")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < _LONGEST_PAGE else 0
    reply = form_cards.places(engine, None, code or None, number)
    return Turn(asking(state), Outcome.FORM_STEP, (reply,))


def asking(state: DialogState) -> DialogState:
    """The state with the place as the step under way."""
    form = state.form or Form()
    skipped = tuple(name for name in form.skipped if name != "place")
    return replace(state, form=replace(form, step="place", skipped=skipped))


def shared(engine: Engine, state: DialogState, event: PlaceShared) -> Turn:
    """The nearest place to a shared location, to be confirmed."""
    territory = engine.knowledge.domain.territory
    near = territory.nearest(event.lat, event.lon)
    if near is None or near[1] > engine.rules.place_distance_km:
        if state.form is None:
            far = say(msg("form.place_far"), buttons=(buttons.FILE, buttons.MENU))
            return Turn(state, Outcome.REFUSED_INPUT, (far,))
        return regions(engine, state, msg("form.place_far"))
    place = near[0]
    state = replace(state, form=state.form or Form(step="topic"))
    choices = (
        Button(msg("button.right_place"), "filing.place", place.code),
        Button(msg("button.by_region"), "filing.regions"),
    )
    reply = say(msg("form.place_guess", place=territory.label(place.code)), buttons=choices, tone=Tone.STEP)
    return Turn(state, Outcome.FORM_STEP, (reply,))
