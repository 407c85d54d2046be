"""The guided appeal: asks only what is missing; back, change, cancel and resume at every step; consent before any
personal field; preview before filing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from appeals.appeal import Applicant, Draft
from appeals.deadlines import citation
from appeals.identifiers import mask_iin, mask_phone
from appeals.kinds import KINDS, Kind
from dialogs import forms, routing
from dialogs.effects import FileAppeal, RecordConsent
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
from dialogs.scenarios import buttons, guidance, menu
from dialogs.scenarios.fallback import known, offer, old_button
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

ALMATY = ZoneInfo("Asia/Almaty")
SYNTHETIC = Applicant(
    full_name="Мысалов Үлгі Сынақұлы",
    iin="900101300007",
    phone="+77000000000",
    postal_address="021700, Ақмола облысы, Щучинск қаласы, Үлгі көшесі, 1-үй",
)
"""A person who does not exist, for trying the demonstration without giving real data."""
NO_FILES = frozenset(
    {"нет", "жоқ", "жок", "дальше", "әрі қарай", "ары карай", "пропустить", "skip", "no", "өткізу"}
)


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:  # noqa: C901 - one arm a verb
    """Take one action of the form."""
    form = state.form
    match route.verb:
        case "start":
            return start(engine, state)
        case "fresh":
            return advance(engine, replace(state, paused=None), Form())
        case "resume" if form or state.paused:
            return ask(
                engine, replace(state, form=form or state.paused, paused=None, awaits="", misunderstood=0)
            )
        case "discard" if form or state.paused:
            reply = say(msg("form.discarded"), buttons=(buttons.MENU,))
            return Turn(replace(state, form=None, paused=None), Outcome.CANCELLED, (reply,))
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
        case "skip" if form and form.step == "files":
            return advance(engine, state, _gone_through(replace(form, skipped=(*form.skipped, "files"))))
        case "agree" if form and form.step == "consent":
            turn = advance(engine, replace(state, consent=CONSENT_VERSION), _gone_through(form))
            return replace(turn, effects=(*turn.effects, RecordConsent(CONSENT_VERSION, given=True)))
        case "decline" if form and form.step == "consent":
            reply = say(msg("consent.declined"), buttons=(buttons.RESUME, buttons.QUESTIONS, buttons.HUMAN))
            return Turn(laid_aside(state), Outcome.CANCELLED, (reply,))
        case "synthetic" if form and state.consent and engine.knowledge.office.mode is Mode.DEMO:
            draft = replace(form.draft, applicant=SYNTHETIC)
            return advance(engine, state, _gone_through(replace(form, draft=draft, synthetic=True)))
        case "same_address" if form and form.step == "actual_address":
            return answered(
                engine, state, replace(form.draft, actual_address=form.draft.applicant.postal_address)
            )
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
    if state.paused is not None:
        choices = (buttons.RESUME, Button(msg("button.fresh"), "filing.fresh"))
        return Turn(state, Outcome.FORM_STEP, (say(msg("form.unfinished"), buttons=choices),))
    return advance(engine, state, Form(step="topic"))


def cancel(state: DialogState) -> Turn:
    """Lay the appeal aside; nothing is lost until the citizen says so."""
    if state.form is None and state.paused is None:
        return Turn(
            replace(state, awaits="", offered=()),
            Outcome.CANCELLED,
            (say(msg("form.nothing"), buttons=(buttons.MENU,)),),
        )
    reply = say(msg("form.cancelled"), buttons=(buttons.RESUME, buttons.DISCARD, buttons.MENU))
    return Turn(laid_aside(replace(state, awaits="", offered=())), Outcome.CANCELLED, (reply,))


def laid_aside(state: DialogState) -> DialogState:
    """The state with the form under way laid aside. A mere guess does not push out an appeal already begun."""
    form = state.form
    if form is None:
        return state
    keep = state.paused if form.step == "guide" and state.paused is not None else form
    return replace(state, form=None, paused=keep)


def answered(engine: Engine, state: DialogState, draft: Draft) -> Turn:
    """The step under way has its answer; go on."""
    form = state.form or Form()
    return advance(engine, state, _gone_through(replace(form, draft=draft)))


def _gone_through(form: Form) -> Form:
    visited = form.visited if form.editing or form.step in form.visited else (*form.visited, form.step)
    return replace(form, visited=visited)


def advance(engine: Engine, state: DialogState, form: Form) -> Turn:
    """Ask the next missing thing; after a single change go back to where it was asked for."""
    state = replace(state, paused=state.paused, awaits="", offered=(), misunderstood=0)
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
            return Turn(state, outcome, (_consent(engine.knowledge),))
        case "preview":
            return Turn(state, outcome, (_preview(engine, form),))
        case name:
            return Turn(state, outcome, (_question(engine, form, name, problem),))


def _question(engine: Engine, form: Form, name: str, problem: Msg | None) -> Say:
    step_ = forms.BY_NAME[name]
    demo = engine.knowledge.office.mode is Mode.DEMO and step_.personal
    choices: tuple[Button, ...] = ()
    if name == "topic":
        choices = (buttons.TOPICS,)
    elif name == "files":
        done = msg("button.go_on") if form.draft.attachments else msg("button.without_files")
        choices = (Button(done, "filing.skip"),)
    elif name == "actual_address":
        choices = (Button(msg("button.same_address"), "filing.same_address"),)
    elif demo:
        choices = (Button(msg("button.synthetic"), "filing.synthetic"),)
    return say(
        problem,
        msg(f"form.ask_{name}"),
        msg("form.demo_data") if demo and name == "full_name" else None,
        buttons=(*choices, buttons.BACK, buttons.CANCEL),
        ask=step_.ask,
        tone=Tone.STEP,
        replaces=problem is None,
    )


def _input(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn:
    form = state.form
    match event:
        case FileSent():
            return _file(engine, state, event)
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
            return _place_told(engine, state, form, text)
        case "files" if text.casefold().strip(" .!") in NO_FILES or _denies(event):
            return advance(engine, state, _gone_through(replace(form, skipped=(*form.skipped, "files"))))
        case "files":
            return ask(engine, state, msg("form.files_or_go_on"))
        case "preview" | "consent":
            return _answer_or_ask(engine, state, event)
    if taker is None:
        return ask(engine, state)
    taken = taker(
        form.draft,
        text if form.step == "iin" else mask_identity(text),
        event.at.astimezone(ALMATY).date(),
        engine.rules,
    )
    if isinstance(taken, forms.Problem):
        asked = _answer_to_a_question(engine, state, event)
        return asked or ask(engine, state, taken.text)
    if form.step != "text":
        return answered(engine, state, taken)
    if not taken.place and (place := guidance.place_in(engine, text, event)):
        taken = replace(taken, place=place)
    return answered(engine, state, taken)


def _denies(event: CitizenEvent) -> bool:
    return isinstance(event, UserSaid) and event.parse is not None and event.parse.label == "dialog.deny"


def _answer_or_ask(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn:
    parse = event.parse if isinstance(event, UserSaid) else None
    if parse and parse.label == "dialog.affirm" and parse.confidence >= engine.rules.act:
        return ask(engine, state, None)
    return _answer_to_a_question(engine, state, event) or ask(engine, state)


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
        again, outcome=Outcome.ANSWERED, replies=(replace(answer(entry), buttons=()), *again.replies)
    )


def _topic_told(engine: Engine, state: DialogState, form: Form, event: UserSaid) -> Turn:
    text = mask_identity(event.text)
    draft = form.draft
    if len(words(text)) >= engine.rules.essence_words:
        draft = replace(draft, text=text, place=draft.place or guidance.place_in(engine, text, event))
    state = replace(state, form=replace(form, draft=draft))
    parse = event.parse
    if (
        parse is not None
        and parse.label.startswith("topic.")
        and routing.sure(parse.label, parse.confidence, parse.ranking, engine.rules)
    ):
        told = guidance.tell(engine, replace(state, form=None), parse.label[6:], text, event)
        new = told.state.form or form
        return guidance.present(
            engine, replace(state, form=None), replace(new.draft, attachments=draft.attachments)
        )
    if parse is not None:
        asked = _answer_to_a_question(engine, state, event)
        if asked is not None:
            return asked
        labels = tuple(label for label in known(engine, parse.ranking) if label.startswith("topic."))
        if labels:
            return offer(engine, state, labels, text)
    return replace(menu.topics(engine, state), outcome=Outcome.FORM_STEP)


def _place_told(engine: Engine, state: DialogState, form: Form, text: str) -> Turn:
    territory = engine.knowledge.domain.territory
    found = territory.search(text, limit=5)
    codes = list(dict.fromkeys(match.place.code for match in found))
    if not codes:
        return ask(engine, state, msg("form.place_unknown"))
    if len(codes) == 1 or found[0].score > found[1].score:
        return _place_chosen(engine, state, form, codes[0])
    choices = tuple(Button(msg("plain", text=territory.label(code)), "filing.place", code) for code in codes)
    reply = say(
        msg("form.which_place"),
        buttons=(*choices, Button(msg("button.by_region"), "filing.regions")),
        ask=Ask.PLACE,
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


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


def _file(engine: Engine, state: DialogState, event: FileSent) -> Turn:
    if event.attachment is None:
        reply = say(msg(f"input.file_{event.refused}", megabytes=engine.rules.attachment_bytes // 1024**2))
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    form = state.form or state.paused or Form(step="topic")
    if len(form.draft.attachments) >= engine.rules.attachments:
        reply = say(msg("input.file_count", count=engine.rules.attachments), buttons=(buttons.RESUME,))
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    draft = replace(form.draft, attachments=(*form.draft.attachments, event.attachment))
    if event.caption and not draft.text:
        draft = replace(draft, text=mask_identity(event.caption))
    state = replace(
        state, form=replace(form, draft=draft), paused=None if state.form is None else state.paused
    )
    got = say(nmsg("form.file_taken", len(draft.attachments)))
    again = ask(engine, state)
    return replace(again, replies=(got, *again.replies))


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
    draft = replace(form.draft, attachments=()) if name == "files" else form.draft
    skipped = tuple(s for s in form.skipped if s != name)
    state = replace(
        state, form=replace(form, draft=draft, step=name, visited=visited, editing=True, skipped=skipped)
    )
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


def _consent(knowledge: Knowledge) -> Say:
    office = knowledge.office
    operator = (
        msg("consent.operator_demo")
        if office.mode is Mode.DEMO
        else msg("consent.operator", office=office.name, bin=office.bin)
    )
    return say(
        msg("consent.title"),
        operator,
        msg("consent.purpose"),
        msg("consent.data"),
        msg("consent.third_parties" if office.mode is Mode.CONNECTED else "consent.no_third_parties"),
        msg("consent.border"),
        msg("consent.term"),
        msg("consent.withdrawal", version=CONSENT_VERSION),
        buttons=(
            Button(msg("button.agree"), "filing.agree"),
            Button(msg("button.decline"), "filing.decline"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )


def _preview(engine: Engine, form: Form) -> Say:
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
            place=domain.territory.label(draft.place) if draft.place else "–",
        ),
        msg("preview.text", text=draft.text or ""),
        msg(
            "preview.complaint",
            challenged=draft.complaint.challenged or "",
            learned=draft.complaint.learned_on or "–",
        )
        if kind is Kind.COMPLAINT
        else None,
        nmsg("preview.files", len(draft.attachments)) if draft.attachments else None,
        msg(
            "preview.person",
            name=person.full_name or "",
            iin=mask_iin(person.iin or ""),
            phone=mask_phone(person.phone or ""),
            address=person.postal_address or "",
        ),
        msg("preview.confirm"),
        buttons=(
            Button(msg("button.confirm"), "filing.confirm"),
            Button(msg("button.change"), "filing.change"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )
