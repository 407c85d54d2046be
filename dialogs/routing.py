"""Which scenario takes an event. The steps are tried in the order of ROUTES; the first answer wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appeals.reference import find_reference
from dialogs import commands, emergency, forms
from dialogs.events import (
    ButtonPressed,
    Clause,
    CommandGiven,
    ContactShared,
    FileSent,
    PlaceShared,
    Started,
    Unsupported,
    UserSaid,
)
from dialogs.events import CitizenEvent as Citizen
from dialogs.language import named_language
from dialogs.model import Decision, DialogState, Knowledge
from dialogs.person import applicant_in, is_written_as_name
from dialogs.rules import Rules
from dialogs.told import day_of, place_in
from text.words import words

NOBODY_DECIDED = Decision("")


@dataclass(frozen=True, slots=True)
class Route:
    """A scenario, what it shall do, with what, and why."""

    scenario: str
    verb: str
    arg: str = ""
    decision: Decision = NOBODY_DECIDED


@dataclass(frozen=True, slots=True)
class Situation:
    """All a routing step may look at."""

    state: DialogState
    event: Citizen
    rules: Rules
    knowledge: Knowledge


COMMAND_ROUTES = {
    "start": ("welcome", "open"),
    "help": ("menu", "open"),
    "language": ("language", "ask"),
    "status": ("status", "open"),
    "cancel": ("filing", "cancel"),
    "back": ("filing", "back"),
    "human": ("human", "ask"),
    "settings": ("data", "open"),
    "new": ("filing", "start"),
    "carry": ("carry", "ask"),
}
DIALOG_ROUTES = {
    "greet": ("smalltalk", "greet"),
    "thanks": ("smalltalk", "thanks"),
    "bye": ("smalltalk", "bye"),
    "help": ("menu", "open"),
    "file_appeal": ("filing", "start"),
    "check_status": ("status", "open"),
    "ask_human": ("human", "ask"),
    "affirm": ("smalltalk", "affirm"),
    "deny": ("smalltalk", "deny"),
    "cancel": ("filing", "cancel"),
    "back": ("filing", "back"),
    "change_language": ("language", "ask"),
    "who_are_you": ("smalltalk", "who_are_you"),
    "complain_about_bot": ("smalltalk", "complain_about_bot"),
    "abuse": ("smalltalk", "abuse"),
    "smalltalk": ("smalltalk", "smalltalk"),
}
IN_FORM = frozenset({"ask_human", "cancel", "back", "check_status", "change_language", "help"})
"""Dialogue acts that work in the middle of a form."""
OWN_WORDS = frozenset({"text", "full_name", "postal_address", "actual_address", "challenged", "learned_on"})
"""Steps whose answers are the citizen's own words and are not read as requests."""
STORY_STEPS = frozenset({"guide", "topic"})
"""Steps at which a message may be a whole story."""
LONGEST_ANSWER = 3
LONGEST_CALL = 4
"""Digits of a number that is called: 112, 1414."""
LONGEST_REFERENCE = 12
LONGEST_PLACE = 4
SURE_PLACE = 0.5
"""Below this a name is a village only if nothing else is said: «Рахмет» is one too."""
LONGEST_ACT = 4
"""A longer message that begins with «hello» or «yes» says something else as well."""
SHORT_ACTS = frozenset({"greet", "thanks", "bye", "affirm", "deny", "cancel", "back"})
SUPPLEMENT, MORE_FILES = "supplement", "more_files"
"""What a citizen is asked to add to an appeal; after the first word or file only files still belong to it."""
AWAITED = {
    "body": ("guide", "body_named"),
    "contact": ("human", "contact"),
    "reference": ("status", "reference"),
    SUPPLEMENT: ("appeal", "text"),
    "word": ("details", "word_told"),
}


def choose(state: DialogState, event: Citizen, rules: Rules, knowledge: Knowledge) -> Route:
    """The route of a citizen's event. Always finds one: the last step takes everything."""
    situation = Situation(state, event, rules, knowledge)
    for step in ROUTES:
        route = step(situation)
        if route is not None:
            return route
    raise AssertionError("the last routing step takes everything")


def spoken(event: Citizen) -> str:
    """The citizen's own words in an event: a message, a caption, what follows a command."""
    match event:
        case UserSaid(text=text) | FileSent(caption=text) | CommandGiven(arg=text):
            return text
        case _:
            return ""


def danger(state: DialogState, event: Citizen, rules: Rules, knowledge: Knowledge) -> Decision | None:
    """Present danger named in a message or under a picture.

    Words of danger count unless understanding knows better; where it was not asked or is down, they decide alone. So do
    they where a number, a day or a name was asked for and given: «12 адам» out of its context sounds like people in need,
    and many a surname like blood or fire.
    """
    text = spoken(event)
    kind = emergency.detect(text) if text else None
    parse = event.parse if isinstance(event, UserSaid) else None
    label, probability = (parse and parse.danger) or ("", 1.0 if kind else 0.0)
    heard = probability >= rules.emergency and not _was_asked_for(state, event, rules, knowledge)
    if parse and label and heard:
        return Decision("emergency_label", label, probability, parse.words, parse.example or "")
    if kind is not None and probability >= rules.emergency_words:
        return Decision("emergency_words", f"emergency.{kind}", probability)
    return None


def _was_asked_for(state: DialogState, event: Citizen, rules: Rules, knowledge: Knowledge) -> bool:
    """Whether a message is the number, the day or the person that the form asks for."""
    form, text = state.form, spoken(event)
    if form is None:
        return False
    if form.step == "applicant":
        told = applicant_in(text, knowledge.domain.territory, day_of(event), form.draft.capacity)
        named = told.full_name or told.organisation
        return bool(told.iin or told.bin or (named and (told.phone or told.postal_address)))
    if form.step not in forms.FIGURES and not (form.step in forms.NAMES and is_written_as_name(text)):
        return False
    take = forms.BY_NAME[form.step].take
    taken = take(form.draft, text, day_of(event), rules) if take else None
    return taken is not None and not isinstance(taken, forms.Problem)


def _channel_means(at: Situation) -> Route | None:
    match at.event:
        case Started(payload=payload):
            return Route("welcome", "open", payload, Decision("started"))
        case CommandGiven(name=name, arg=arg):
            return Route(*COMMAND_ROUTES.get(name, ("menu", "open")), arg, Decision("command", name))
        case ButtonPressed(action=action, arg=arg):
            scenario, _, verb = action.partition(".")
            return Route(scenario, verb, arg, Decision("button", action))
        case PlaceShared() | FileSent() | ContactShared():
            if at.state.awaits == "contact" and isinstance(at.event, ContactShared):
                return Route("human", "contact", "", Decision("contact"))
            if at.state.awaits in (SUPPLEMENT, MORE_FILES) and isinstance(at.event, FileSent):
                return Route("appeal", "file", "", Decision("awaited", at.state.awaits))
            return Route("filing", "input", "", Decision("shared"))
        case Unsupported(kind=kind):
            return Route("smalltalk", "unsupported", kind, Decision("unsupported", kind))
        case _:
            return None


def _empty(at: Situation) -> Route | None:
    if isinstance(at.event, UserSaid) and not words(at.event.text):
        return Route("smalltalk", "empty", "", Decision("empty"))
    return None


def _typed_command(at: Situation) -> Route | None:
    if not isinstance(at.event, UserSaid):
        return None
    found = commands.command(at.event.text)
    if found is None:
        return None
    name, arg = found
    return Route(*COMMAND_ROUTES[name], arg, Decision("command", name))


def _stop_word(at: Situation) -> Route | None:
    if not isinstance(at.event, UserSaid):
        return None
    name = commands.stop_word(at.event.text)
    if name is None:
        return None
    if name.startswith("language:"):
        return Route("language", "set", name.partition(":")[2], Decision("stop_word", name))
    return Route(*COMMAND_ROUTES[name], "", Decision("stop_word", name))


def _awaited(at: Situation) -> Route | None:
    """The answer to a one-message question; a whole sentence where a number was asked for is something new."""
    if not isinstance(at.event, UserSaid) or at.state.awaits not in AWAITED:
        return None
    text = at.event.text
    if at.state.awaits == "reference" and len(words(text)) > LONGEST_ANSWER and not find_reference(text):
        return None
    return Route(*AWAITED[at.state.awaits], text, Decision("awaited", at.state.awaits))


def _reference(at: Situation) -> Route | None:
    """A message that is an appeal's number, with or without its secret, asks where that appeal stands."""
    if not isinstance(at.event, UserSaid) or not find_reference(at.event.text):
        return None
    form = at.state.form
    if len(words(at.event.text)) > LONGEST_REFERENCE or (form and form.step in OWN_WORDS):
        return None
    return Route("status", "reference", at.event.text, Decision("reference"))


def _active_form(at: Situation) -> Route | None:
    form, event = at.state.form, at.event
    if form is None or form.step == "guide" or not isinstance(event, UserSaid):
        return None
    parse = event.parse
    if (
        parse
        and form.step not in OWN_WORDS
        and parse.label.startswith("dialog.")
        and parse.confidence >= at.rules.act
    ):
        act = parse.label.partition(".")[2]
        if act in IN_FORM and not _says_more(act, event.text):
            return Route(*DIALOG_ROUTES[act], "", _decision("form_act", at))
    return Route("filing", "input", "", _decision("form", at))


def _confident_intent(at: Situation) -> Route | None:
    parse = at.event.parse if isinstance(at.event, UserSaid) else None
    if parse is None:
        return None
    namespace, _, name = parse.label.partition(".")
    if namespace == "dialog" and name in DIALOG_ROUTES and parse.confidence >= at.rules.act_dialog:
        if _says_more(name, spoken(at.event)):
            return None
        wanted = named_language(spoken(at.event)) if name == "change_language" else None
        return (
            Route("language", "set", wanted, _decision("intent", at))
            if wanted
            else Route(*DIALOG_ROUTES[name], "", _decision("intent", at))
        )
    if apart := matters_apart(at.event, at.rules, at.knowledge):
        return Route("guide", "story", _topic(apart[0]), _decision("intent", at))
    if not speaks(at.event) or not sure(parse.label, parse.confidence, parse.ranking, at.rules):
        return None
    if namespace == "faq" and at.knowledge.faq.find(name):
        return Route("faq", "answer", name, _decision("intent", at))
    if namespace == "topic":
        return Route("guide", "story", name, _decision("intent", at))
    if parse.label == "other":
        return Route("fallback", "out_of_scope", "", _decision("intent", at))
    return None


def _place_for_guess(at: Situation) -> Route | None:
    """A place and nothing else, while a guess without a place is shown, belongs to that guess."""
    form = at.state.form
    if (
        form is None
        or form.step != "guide"
        or not isinstance(at.event, UserSaid)
        or len(words(at.event.text)) > LONGEST_PLACE
    ):
        return None
    territory = at.knowledge.domain.territory
    found = territory.search(at.event.text, limit=1)
    if not found or (found[0].score < SURE_PLACE and _is_an_act(at)):
        return None
    code = place_in(territory, at.event.text, known=form.draft.place)
    return (
        Route("guide", "place", code, Decision("place"))
        if code
        else Route("filing", "which", "", Decision("place"))
    )


def _near_place_for_guess(at: Situation) -> Route | None:
    """A misspelt place belongs to the guess whose place is not known yet, unless the message surely says something else."""
    form, event = at.state.form, at.event
    if form is None or form.step != "guide" or form.draft.place or not isinstance(event, UserSaid):
        return None
    parse = event.parse
    understood = (
        parse and parse.label != "other" and sure(parse.label, parse.confidence, parse.ranking, at.rules)
    )
    if understood or _is_an_act(at) or len(words(event.text)) > LONGEST_PLACE:
        return None
    near = at.knowledge.domain.territory.near(event.text, limit=1)
    return Route("filing", "which", "", Decision("place")) if near else None


def _is_an_act(at: Situation) -> bool:
    parse = at.event.parse if isinstance(at.event, UserSaid) else None
    return parse is not None and parse.label.startswith("dialog.") and parse.confidence >= at.rules.act_dialog


def _says_more(act: str, text: str) -> bool:
    return act in SHORT_ACTS and len(words(text)) > LONGEST_ACT


def _fallback(at: Situation) -> Route | None:
    return Route("fallback", "unsure", "", _decision("unsure", at))


def speaks(event: Citizen) -> bool:
    """Whether a message holds a word or a short number that might be one to call: a mere date or telephone asks nothing."""
    text = spoken(event)
    return any(map(str.isalpha, text)) or sum(map(str.isdigit, text)) <= LONGEST_CALL


def sure(label: str, confidence: float, ranking: tuple[tuple[str, float], ...], rules: Rules) -> bool:
    """Whether a guess is confident enough to act upon, and far enough ahead of the next."""
    rival = max((score for other, score in ranking if other != label), default=0.0)
    return confidence >= rules.act and confidence - rival >= rules.lead


def matters_apart(event: Citizen, rules: Rules, knowledge: Knowledge) -> tuple[Clause, ...]:
    """The matters a story tells of, the first one first, where its own words part them and all are sure of unlike topics.

    Empty where it tells of one.
    """
    told = event.clauses if isinstance(event, UserSaid) else ()
    surely = [
        clause
        for clause in told
        if clause.parse.label.startswith("topic.")
        and knowledge.domain.topics.find(_topic(clause))
        and sure(clause.parse.label, clause.parse.confidence, clause.parse.ranking, rules)
    ]
    if not surely or surely[0] is not told[0]:
        return ()
    unlike = {clause.parse.label: clause for clause in reversed(surely)}
    apart = tuple(clause for clause in surely if unlike[clause.parse.label] is clause)
    return apart if len(apart) > 1 else ()


def _topic(clause: Clause) -> str:
    return clause.parse.label.removeprefix("topic.")


def _decision(route: str, at: Situation) -> Decision:
    parse = at.event.parse if isinstance(at.event, UserSaid) else None
    if parse is None:
        return Decision(route)
    return Decision(route, parse.label, parse.confidence, parse.words, parse.example or "")


ROUTES: tuple[Callable[[Situation], Route | None], ...] = (
    _channel_means,
    _empty,
    _typed_command,
    _stop_word,
    _awaited,
    _reference,
    _active_form,
    _place_for_guess,
    _near_place_for_guess,
    _confident_intent,
    _fallback,
)
