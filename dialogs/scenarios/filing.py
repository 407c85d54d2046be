"""The guided appeal: asks only what is missing; back, change, cancel and resume at every step; consent before any
personal field; preview before filing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Applicant, Draft
from appeals.deadlines import citation, complaint_filing
from appeals.identifiers import mask_iin, mask_phone
from appeals.kinds import KINDS, Kind
from dialogs import forms, routing
from dialogs.effects import FileAppeal
from dialogs.events import (
    AppealFiled,
    AppealRefused,
    CitizenEvent,
    ContactShared,
    FileSent,
    PlaceShared,
    UserSaid,
)
from dialogs.messages import Msg, msg, nmsg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Knowledge, Mode, Outcome, Turn
from dialogs.privacy import mask_identity
from dialogs.replies import Ask, Button, Say, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, consent, files, guidance, menu
from dialogs.scenarios.fallback import known, offer, old_button
from dialogs.told import day_of, own_phone_in, whole_address
from text.bilingual import Bilingual
from text.letters import fold
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

SYNTHETIC = Applicant(
    full_name="Мысалов Үлгі Сынақұлы",
    iin="900101300007",
    phone="+77000000000",
    postal_address="021700, Ақмола облысы, Щучинск қаласы, Үлгі көшесі, 1-үй",
)
"""A person who does not exist, for trying the demonstration without giving real data."""
STORY_WORDS = 6
QUESTION_WORDS = 12
"""A longer text is a story, whatever question it holds."""
PLACES_SHOWN = 5
"""Namesakes offered as buttons; of more the citizen is asked for the district."""
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
NO_FILES = frozenset(
    {"нет", "жоқ", "жок", "дальше", "әрі", "ары", "пропустить", "skip", "no", "өткізу", "joq"}
)


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:  # noqa: C901 - one arm a verb
    """Take one action of the form."""
    form = state.form
    match route.verb:
        case "start":
            return start(engine, state)
        case "fresh" if form is None:
            return advance(engine, state, Form(step="topic"))
        case "resume" if state.unfinished:
            return _resume(engine, state)
        case "discard" if state.unfinished:
            reply = say(msg("form.discarded"), buttons=(buttons.MENU,))
            rest = state.paused if form else state.paused[1:]
            return Turn(replace(state, form=None, paused=rest), Outcome.CANCELLED, (reply,))
        case "cancel":
            return cancel(state)
        case "input":
            return _input(engine, state, event)
        case "back" if form:
            return _back(engine, state, form)
        case "back":
            return menu.main(state)
        case "region" if form and engine.knowledge.domain.territory.find(route.arg):
            return _places_below(engine, state, route.arg)
        case "regions" if form:
            return _regions(engine, state)
        case "place" if form and engine.knowledge.domain.territory.find(route.arg):
            return answered(engine, state, replace(form.draft, place=route.arg, body_id=None))
        case "which" if form and isinstance(event, UserSaid):
            return _place_told(engine, state, form, event.text, event)
        case "skip" if form and form.step == "files":
            return _without_more_files(engine, state, form)
        case "agree" if form and form.step == "consent":
            turn = advance(engine, consent.given(state), _gone_through(form))
            return replace(turn, effects=(*turn.effects, consent.record(engine.knowledge, state)))
        case "decline" if form and form.step == "consent":
            reply = say(msg("consent.declined"), buttons=(buttons.RESUME, buttons.QUESTIONS, buttons.HUMAN))
            return Turn(state.laid_aside(), Outcome.CANCELLED, (reply,))
        case "synthetic" if form and state.consent and engine.knowledge.office.mode is Mode.DEMO:
            draft = replace(form.draft, applicant=SYNTHETIC)
            return advance(engine, state, _gone_through(replace(form, draft=draft, synthetic=True)))
        case "same_address" if form and form.step == "actual_address":
            return answered(
                engine, state, replace(form.draft, actual_address=form.draft.applicant.postal_address)
            )
        case "told" if form and state.consent and (said := _said_already(engine, form)):
            value = said.of(state.speaks) if isinstance(said, Bilingual) else said
            taken = replace(form.draft.applicant, **{form.step: value})
            return answered(engine, state, replace(form.draft, applicant=taken))
        case "change" if form:
            return _change(state, form)
        case "edit" if form and route.arg in forms.CHANGEABLE:
            return _edit(engine, state, form, route.arg)
        case "confirm" if form and form.step == "preview":
            return _confirm(engine, state, form)
        case _:
            return old_button(state)


def start(engine: Engine, state: DialogState) -> Turn:
    """Begin filing, go on with the appeal under way, or ask about the one laid aside."""
    if state.form is not None:
        return (
            advance(engine, state, _gone_through(state.form))
            if state.form.step == "guide"
            else ask(engine, state)
        )
    if state.paused:
        choices = (buttons.RESUME, Button(msg("button.fresh"), "filing.fresh"))
        return Turn(state, Outcome.FORM_STEP, (say(msg("form.unfinished"), buttons=choices),))
    return advance(engine, state, Form(step="topic"))


def cancel(state: DialogState) -> Turn:
    """Lay the appeal aside; nothing is lost until the citizen says so."""
    if state.unfinished is None:
        return Turn(
            replace(state, awaits="", offered=()),
            Outcome.CANCELLED,
            (say(msg("form.nothing"), buttons=(buttons.MENU,)),),
        )
    reply = say(msg("form.cancelled"), buttons=(buttons.RESUME, buttons.DISCARD, buttons.MENU))
    return Turn(replace(state.laid_aside(), awaits="", offered=()), Outcome.CANCELLED, (reply,))


def _resume(engine: Engine, state: DialogState) -> Turn:
    """Go on with the appeal under way; a mere guess gives way to the one that was begun."""
    state = replace(state, awaits="", misunderstood=0, offered=())
    if state.paused and (state.form is None or state.form.step == "guide"):
        state = replace(state, form=state.paused[0], paused=state.paused[1:])
    return ask(engine, state)


def answered(engine: Engine, state: DialogState, draft: Draft) -> Turn:
    """The step under way has its answer; go on."""
    form = state.form or Form()
    return advance(engine, state, _gone_through(replace(form, draft=draft)))


def _gone_through(form: Form) -> Form:
    visited = form.visited if form.editing or form.step in form.visited else (*form.visited, form.step)
    return replace(form, visited=visited)


def advance(engine: Engine, state: DialogState, form: Form) -> Turn:
    """Ask the next missing thing; after a single change go back to where it was asked for."""
    state = replace(state, awaits="", offered=(), misunderstood=0)
    if form.editing and form.visited and form.visited[-1] == "guide":
        form = replace(form, editing=False, step="guide", visited=form.visited[:-1])
        state = replace(state, form=form)
        return Turn(state, Outcome.GUIDED, (guidance.card(engine, form.draft),))
    next_step = forms.following(form, state.consent == CONSENT_VERSION)
    state = replace(state, form=replace(form, step=next_step, editing=False))
    return ask(engine, state)


def ask(engine: Engine, state: DialogState, problem: Msg | None = None) -> Turn:
    """Ask the form's step again, after saying what was wrong with the answer, if anything was."""
    form = state.form
    if form is None:
        return menu.main(state)
    outcome = Outcome.FORM_PROBLEM if problem else Outcome.FORM_STEP
    match form.step:
        case "guide":
            return Turn(state, Outcome.GUIDED, (guidance.card(engine, form.draft),))
        case "place":
            return _regions(engine, state, problem)
        case "consent":
            return Turn(state, outcome, (consent.ask(engine.knowledge, state),))
        case "preview":
            return Turn(state, outcome, (_preview(engine, form, abroad=state.abroad),))
        case name:
            return Turn(state, outcome, (_question(engine, form, name, problem),))


def _question(engine: Engine, form: Form, name: str, problem: Msg | None) -> Say:
    step_ = forms.BY_NAME[name]
    demo = engine.knowledge.office.mode is Mode.DEMO and step_.personal
    choices: tuple[Button, ...] = ()
    if name == "topic":
        choices = (buttons.TOPICS,)
    elif name == "files":
        given = form.draft.attachments and not (form.editing and "files" not in form.skipped)
        done = msg("button.go_on") if given else msg("button.without_files")
        choices = (Button(done, "filing.skip"),)
    elif name == "actual_address":
        choices = (Button(msg("button.same_address"), "filing.same_address"),)
    else:
        said = _said_already(engine, form)
        told = (Button(msg("plain", text=said), "filing.told"),) if said else ()
        choices = (*told, Button(msg("button.synthetic"), "filing.synthetic")) if demo else told
    return say(
        problem,
        msg(f"form.ask_{name}"),
        msg("form.demo_data") if demo and name == "full_name" else None,
        buttons=(*choices, buttons.BACK, buttons.CANCEL),
        ask=step_.ask,
        tone=Tone.STEP,
        replaces=problem is None,
    )


def _said_already(engine: Engine, form: Form) -> Bilingual | str | None:
    """What the citizen's story holds of a personal field that is asked for now; taken only when pressed."""
    draft = form.draft
    match form.step:
        case "phone":
            return own_phone_in(draft.text or "")
        case "postal_address" if draft.address:
            return whole_address(engine.knowledge.domain.territory, draft.place, draft.address)
        case _:
            return None


def _input(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn:
    form = state.form
    match event:
        case FileSent():
            return files.sent(engine, state, event)
        case PlaceShared():
            return _shared_place(engine, state, event)
        case ContactShared() if form and form.step == "phone":
            return (
                _typed(engine, state, form, event.phone, event)
                if event.own
                else ask(engine, state, msg("form.phone_not_own"))
            )
        case UserSaid() if form:
            if event.edited:
                return ask(engine, state, msg("form.edited_message"))
            return _typed(engine, state, form, event.text, event)
        case _:
            return menu.main(state)


def _typed(engine: Engine, state: DialogState, form: Form, text: str, event: CitizenEvent) -> Turn:
    taker = forms.BY_NAME[form.step].take if form.step in forms.BY_NAME else None
    match form.step:
        case "topic" if isinstance(event, UserSaid):
            return _topic_told(engine, state, form, event)
        case "place":
            return _place_told(engine, state, form, text, event)
        case "files" if set(words(text.casefold())) & NO_FILES or _denies(event):
            return _without_more_files(engine, state, form)
        case "files":
            return _answer_to_a_question(engine, state, event) or ask(
                engine, state, msg("form.files_or_go_on")
            )
        case "consent":
            return _consent_told(engine, state, form, event)
        case "preview":
            return _answer_to_a_question(engine, state, event) or _nudge(
                engine, state, msg("form.press_confirm")
            )
    if taker is None:
        return ask(engine, state)
    if (
        form.step in ("text", "challenged", "postal_address", "actual_address")
        and len(words(text)) <= QUESTION_WORDS
    ):
        asked = _answer_to_a_question(engine, state, event)
        if asked is not None:
            return asked
    taken = taker(
        form.draft,
        text if form.step == "iin" else mask_identity(text),
        day_of(event),
        engine.rules,
    )
    if isinstance(taken, forms.Problem):
        return _answer_to_a_question(engine, state, event) or _misfit(engine, state, taken.text)
    if forms.BY_NAME[form.step].personal and form.synthetic:
        state = replace(state, form=replace(form, synthetic=False))
    if form.step == "learned_on":
        return _learned(engine, state, taken, event)
    if form.step != "text":
        return answered(engine, state, taken)
    return answered(engine, state, guidance.told(engine, taken, text, event))


def _misfit(engine: Engine, state: DialogState, problem: Msg) -> Turn:
    """Say what does not fit; whoever is stuck is shown the ways out."""
    count = state.misunderstood + 1
    again = ask(engine, replace(state, misunderstood=count), problem)
    if count < engine.rules.misunderstood:
        return again
    ways = say(msg("form.stuck"), buttons=(buttons.HUMAN, buttons.CANCEL, buttons.MENU))
    return replace(again, replies=(*again.replies, ways))


def _learned(engine: Engine, state: DialogState, draft: Draft, event: CitizenEvent) -> Turn:
    """A term that has passed is said, never held against the citizen: the complaint is taken all the same (art. 92)."""
    turn = answered(engine, state, draft)
    learned = draft.complaint.learned_on
    today = day_of(event)
    if learned is None or complaint_filing(learned).on >= today:
        return turn
    return replace(turn, replies=(say(msg("form.term_passed")), *turn.replies))


def _without_more_files(engine: Engine, state: DialogState, form: Form) -> Turn:
    """Go on. Whoever came to change the files and gave none takes back those given before."""
    emptied = form.editing and "files" not in form.skipped
    draft = replace(form.draft, attachments=()) if emptied else form.draft
    return advance(engine, state, _gone_through(replace(form, draft=draft, skipped=(*form.skipped, "files"))))


def _denies(event: CitizenEvent) -> bool:
    return isinstance(event, UserSaid) and event.parse is not None and event.parse.label == "dialog.deny"


def _consent_told(engine: Engine, state: DialogState, form: Form, event: CitizenEvent) -> Turn:
    """A clear yes or no in words is one; a question is answered; anything else is asked for the button."""
    parse = event.parse if isinstance(event, UserSaid) else None
    said = fold(event.text).strip(" .!") if isinstance(event, UserSaid) else ""
    sure = parse is not None and parse.confidence >= engine.rules.act
    if said in AGREES or (sure and parse is not None and parse.label == "dialog.affirm"):
        return step(engine, state, event, Route("filing", "agree"))
    if said in DISAGREES or (sure and parse is not None and parse.label == "dialog.deny"):
        return step(engine, state, event, Route("filing", "decline"))
    return _answer_to_a_question(engine, state, event) or _nudge(engine, state, msg("form.press_consent"))


def _nudge(engine: Engine, state: DialogState, problem: Msg) -> Turn:
    again = ask(engine, state)
    return replace(again, outcome=Outcome.FORM_PROBLEM, replies=(say(problem), *again.replies))


def _answer_to_a_question(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn | None:
    """A question in the middle of the form («why do you need it?») is answered, then the step is asked again."""
    from dialogs.scenarios.answer import answer  # noqa: PLC0415 - answer lays this form aside

    parse = event.parse if isinstance(event, UserSaid) else None
    if (
        parse is None
        or not parse.label.startswith("faq.")
        or not routing.sure(parse.label, parse.confidence, parse.ranking, engine.rules)
    ):
        return None
    entry = engine.knowledge.faq.find(parse.label[4:])
    if entry is None:
        return None
    again = ask(engine, state)
    return replace(
        again,
        outcome=Outcome.ANSWERED,
        replies=(replace(answer(engine, entry, event), buttons=()), *again.replies),
    )


def _topic_told(engine: Engine, state: DialogState, form: Form, event: UserSaid) -> Turn:
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
            return guidance.corrected(engine, state, replace(form.draft, topic=code, body_id=None))
        return guidance.corrected(engine, state, guidance.merged(engine, form.draft, code, text, event))
    if not form.editing and len(words(text)) >= engine.rules.essence_words:
        draft = form.draft
        draft = guidance.told(engine, replace(draft, text=draft.text or text), text, event)
        state = replace(state, form=replace(form, draft=draft))
    if parse is not None:
        asked = _answer_to_a_question(engine, state, event)
        if asked is not None:
            return asked
        labels = tuple(label for label in known(engine, parse.ranking) if label.startswith("topic."))
        if labels:
            return offer(engine, state, labels, text)
    return replace(menu.topics(engine, state), outcome=Outcome.FORM_STEP)


def _place_told(engine: Engine, state: DialogState, form: Form, text: str, event: CitizenEvent) -> Turn:
    territory = engine.knowledge.domain.territory
    found = territory.search(text, limit=PLACES_SHOWN + 1, known=form.draft.place)
    codes = list(dict.fromkeys(match.place.code for match in found))
    if not codes and (story := _new_story(engine, event)):
        draft = guidance.merged(engine, Draft(), story, mask_identity(text), event)
        return guidance.present(engine, state, draft)
    if not codes and _denies(event):
        return cancel(state)
    if not codes:
        return _answer_to_a_question(engine, state, event) or _misfit(
            engine, state, msg("form.place_unknown")
        )
    if len(codes) == 1 or found[0].score > found[1].score:
        return _place_chosen(engine, state, form, codes[0])
    if len(codes) > PLACES_SHOWN:
        return _misfit(engine, state, msg("form.place_many"))
    verb = "guide.place" if form.step == "guide" else "filing.place"
    choices = tuple(Button(msg("plain", text=territory.label(code)), verb, code) for code in codes)
    reply = say(
        msg("form.which_place"),
        buttons=(*choices, Button(msg("button.by_region"), "filing.regions")),
        ask=Ask.PLACE,
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


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


def _place_chosen(engine: Engine, state: DialogState, form: Form, code: str) -> Turn:
    """A region alone does not say which local body is competent: its districts are shown."""
    place = engine.knowledge.domain.territory.get(code)
    if place.type == "region" and engine.knowledge.domain.territory.children(code):
        return _places_below(engine, state, code)
    return answered(engine, state, replace(form.draft, place=code, body_id=None))


def _regions(engine: Engine, state: DialogState, problem: Msg | None = None) -> Turn:
    territory = engine.knowledge.domain.territory
    choices = tuple(
        Button(msg("plain", text=place.name), "filing.region", place.code)
        for place in territory.children(None)
    )
    reply = say(
        problem,
        msg("form.ask_place"),
        buttons=(*choices, buttons.BACK, buttons.CANCEL),
        ask=Ask.PLACE,
        tone=Tone.STEP,
        replaces=problem is None,
    )
    return Turn(_asking(state, "place"), Outcome.FORM_PROBLEM if problem else Outcome.FORM_STEP, (reply,))


def _places_below(engine: Engine, state: DialogState, code: str) -> Turn:
    territory = engine.knowledge.domain.territory
    below = territory.children(code)
    if not below:
        form = state.form or Form()
        return answered(engine, state, replace(form.draft, place=code, body_id=None))
    choices = tuple(
        Button(
            msg("plain", text=place.name),
            "filing.region" if territory.children(place.code) else "filing.place",
            place.code,
        )
        for place in below
    )
    whole = Button(msg("button.whole", place=territory.get(code).name), "filing.place", code)
    reply = say(
        msg("form.ask_place_below", place=territory.get(code).name),
        buttons=(whole, *choices, Button(msg("button.by_region"), "filing.regions")),
        ask=Ask.PLACE,
        tone=Tone.STEP,
        replaces=True,
    )
    return Turn(_asking(state, "place"), Outcome.FORM_STEP, (reply,))


def _asking(state: DialogState, name: str) -> DialogState:
    return replace(state, form=replace(state.form or Form(), step=name))


def _shared_place(engine: Engine, state: DialogState, event: PlaceShared) -> Turn:
    territory = engine.knowledge.domain.territory
    near = territory.nearest(event.lat, event.lon)
    if near is None or near[1] > engine.rules.place_distance_km:
        if state.form is None:
            return Turn(
                state,
                Outcome.REFUSED_INPUT,
                (say(msg("form.place_far"), buttons=(buttons.FILE, buttons.MENU)),),
            )
        return ask(engine, _asking(state, "place"), msg("form.place_far"))
    place = near[0]
    state = replace(state, form=state.form or Form(step="topic"))
    choices = (
        Button(msg("button.right_place"), "filing.place", place.code),
        Button(msg("button.by_region"), "filing.regions"),
    )
    reply = say(msg("form.place_guess", place=territory.label(place.code)), buttons=choices, tone=Tone.STEP)
    return Turn(state, Outcome.FORM_STEP, (reply,))


def _back(engine: Engine, state: DialogState, form: Form) -> Turn:
    if form.editing:
        return advance(engine, state, form)
    if not form.visited:
        return cancel(state)
    previous = form.visited[-1]
    form = replace(
        form,
        step=previous,
        visited=form.visited[:-1],
        skipped=tuple(s for s in form.skipped if s != previous),
    )
    return ask(engine, replace(state, form=form, offered=()))


def _change(state: DialogState, form: Form) -> Turn:
    fields = tuple(
        name
        for name in forms.CHANGEABLE
        if name not in ("challenged", "learned_on", "actual_address") or form.draft.kind is Kind.COMPLAINT
    )
    choices = tuple(Button(msg(f"field.{name}"), "filing.edit", name) for name in fields)
    reply = say(
        msg("form.change"),
        buttons=(*choices, Button(msg("field.kind"), "guide.kinds"), buttons.RESUME),
        replaces=True,
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


def _edit(engine: Engine, state: DialogState, form: Form, name: str) -> Turn:
    if forms.BY_NAME[name].personal and state.consent != CONSENT_VERSION:
        return ask(engine, state)
    visited = (*form.visited, "guide") if form.step == "guide" else form.visited
    skipped = tuple(s for s in form.skipped if s != name)
    state = replace(state, form=replace(form, step=name, visited=visited, editing=True, skipped=skipped))
    return menu.topics(engine, state) if name == "topic" else ask(engine, state)


def _confirm(engine: Engine, state: DialogState, form: Form) -> Turn:
    if state.consent != CONSENT_VERSION or forms.following(form, consented=True) != "preview":
        return advance(engine, state, form)
    body_id, body = guidance.addressee(engine, form.draft)
    draft = replace(
        form.draft,
        kind=form.draft.kind or guidance.default_kind(engine, form.draft.topic or "OTHER"),
        body_id=body_id,
    )
    if draft.kind is Kind.COMPLAINT:
        evidence = "; ".join(file.name for file in draft.attachments) or "–"
        draft = replace(
            draft, complaint=replace(draft.complaint, circumstances=draft.text, evidence=evidence)
        )
    return Turn(state, Outcome.FORM_STEP, (), (FileAppeal(draft, body, state.speaks, form.synthetic),))


def registry_answers(knowledge: Knowledge, state: DialogState, event: AppealFiled | AppealRefused) -> Turn:
    """The reference at once; or what the registry still lacks."""
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
    appeal = event.appeal
    demo = knowledge.office.mode is Mode.DEMO
    reply = say(
        msg("filed.reference", reference=appeal.reference, at=event.at, body=appeal.body),
        msg("filed.secret", secret=event.secret, url=f"{knowledge.office.public_url}/status"),
        msg("filed.next", due=event.expected_due, article=citation(event.expected_article)),
        msg("filed.unsigned") if not demo else None,
        msg("welcome.demo") if demo else None,
        buttons=(buttons.STATUS, buttons.MENU),
        tone=Tone.RECEIPT,
    )
    return Turn(replace(state, form=None, awaits="", misunderstood=0), Outcome.FILED, (reply,))


def _person(person: Applicant, *, hidden: bool) -> Msg:
    """The applicant for the preview; what came by our page is not sent abroad after all."""
    iin, phone = mask_iin(person.iin or ""), mask_phone(person.phone or "")
    if hidden:
        initials = " ".join(f"{part[0]}." for part in (person.full_name or "").split())
        return msg("preview.person_hidden", initials=initials, iin=iin, phone=phone)
    address = person.postal_address or ""
    return msg("preview.person", name=person.full_name or "", iin=iin, phone=phone, address=address)


def _preview(engine: Engine, form: Form, *, abroad: bool) -> Say:
    knowledge, draft = engine.knowledge, form.draft
    domain = knowledge.domain
    _, body = guidance.addressee(engine, draft)
    kind = draft.kind or guidance.default_kind(engine, draft.topic or "OTHER")
    person = draft.applicant
    return say(
        msg("preview.title"),
        msg(
            "preview.appeal",
            kind=KINDS[kind].name,
            body=body,
            topic=domain.topics.get(draft.topic or "OTHER").name,
            place=whole_address(domain.territory, draft.place, draft.address) or "–",
        ),
        msg("preview.text", text=draft.text or ""),
        msg(
            "preview.complaint",
            challenged=draft.complaint.challenged or "",
            learned=draft.complaint.learned_on or "–",
            address=draft.actual_address or "–",
        )
        if kind is Kind.COMPLAINT
        else None,
        nmsg("preview.files", len(draft.attachments)) if draft.attachments else None,
        _person(person, hidden=form.given_on_page and abroad),
        msg("preview.confirm"),
        buttons=(
            Button(msg("button.confirm"), "filing.confirm"),
            Button(msg("button.change"), "filing.change"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )
