"""What a guided appeal shows at each step: the question, the tree of places, the consent, the final preview."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from appeals import deadlines
from appeals.appeal import Capacity, Draft
from appeals.identifiers import mask_iin, mask_phone
from appeals.kinds import KINDS, Kind
from appeals.place import Place
from dialogs import checks, forms
from dialogs.events import Event
from dialogs.messages import Msg, msg, nmsg
from dialogs.model import Form, Mode
from dialogs.person import SETTLEMENTS
from dialogs.replies import Ask, Button, Say, Tone, say
from dialogs.scenarios import buttons, guidance, menu
from dialogs.told import day_of, past_days_in, place_in, represented_by, since_told, whole_address
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from dialogs.engine import Engine

PLACES_A_PAGE = 20
NEAR_SHOWN = 3
"""Places with a name like the one typed, offered as buttons."""
BODIES_SHOWN = 3
ADD_FILES = Button(msg("button.add_files"), "filing.edit", "files")
DAYS_AGO = (0, 1)
"""«Today» and «yesterday» as buttons, beside the days the story names."""
DAYS_TOLD = 2
OF_CAPACITY = frozenset({"applicant", "representative"})
"""Steps that are asked for in other words for each capacity."""


def question(engine: Engine, form: Form, name: str, event: Event, problem: Msg | None) -> Say:
    """The form's step as a question, with whatever can answer it by button."""
    step = forms.BY_NAME[name]
    demo = engine.knowledge.office.mode is Mode.DEMO and step.personal
    synthetic = (Button(msg("button.synthetic"), "filing.synthetic"),) if demo else ()
    return say(
        problem,
        _asked(form.draft, name),
        _wanted(engine, form) if name == "applicant" else None,
        msg("form.now", value=now) if form.editing and (now := _own_words(form.draft, name)) else None,
        msg("form.demo_data") if demo else None,
        buttons=(*_choices(engine, form, name, event), *synthetic, buttons.BACK, buttons.CANCEL),
        ask=step.ask,
        tone=Tone.STEP,
        replaces=problem is None,
    )


def _asked(draft: Draft, name: str) -> Msg:
    if name == "topic" and draft.text:
        return msg("form.ask_topic_of_text")
    return msg(f"form.ask_{name}_{draft.capacity.value}" if name in OF_CAPACITY else f"form.ask_{name}")


def _own_words(draft: Draft, name: str) -> str | None:
    """What the citizen has written for a field, to be bettered rather than written anew."""
    return {"text": draft.text, "harm": draft.complaint.harm, "address": draft.address}.get(name)


def _wanted(engine: Engine, form: Form) -> Msg:
    """What the one message about the applicant should hold, and what is known already."""
    theirs = form.draft.capacity is Capacity.ANOTHER
    fields = tuple(
        # Whoever appeals for a child or an old person is called themselves.
        msg("form.want_own_phone") if theirs and name == "phone" else msg(f"form.want_{name}")
        for name in forms.lacking(form, engine.knowledge.domain.territory)
    )
    phone = form.draft.applicant.phone
    known = (msg("form.phone_known", phone=mask_phone(phone)),) if phone else ()
    living = form.draft.kind is Kind.COMPLAINT and form.draft.capacity is not Capacity.ORGANISATION
    where = msg("form.want_where_they_live" if theirs else "form.want_where_you_live")
    lives = (where,) if living else ()
    return msg("plain", text=(*fields, *lives, *known))


def learned_days(draft: Draft, event: Event) -> dict[str, date]:
    """Days on which the citizen may have learned of it, by the arguments of their buttons: late ones, those told."""
    today = day_of(event)
    days = {str(ago): today - timedelta(days=ago) for ago in DAYS_AGO}
    told = (day for day in past_days_in(draft.text or "", today) if day not in days.values())
    return {**days, **{day.isoformat(): day for day in islice(told, DAYS_TOLD)}}


def _choices(engine: Engine, form: Form, name: str, event: Event) -> tuple[Button, ...]:
    draft = form.draft
    match name:
        case "topic":
            named = engine.knowledge.domain.topics.search(draft.text or "", engine.rules.offers)
            return (*menu.as_choices(named), buttons.TOPICS)
        case "files":
            given = draft.attachments and not (form.editing and "files" not in form.skipped)
            return (
                Button(msg("button.go_on") if given else msg("button.without_files"), "filing.skip", name),
            )
        case "challenged":
            known = guidance.challengeable(engine, draft, BODIES_SHOWN)
            return tuple(Button(msg("plain", text=to.name), "filing.challenge", to.body.id) for to in known)
        case "learned_on":
            return tuple(
                Button(
                    msg(f"button.days_ago_{arg}") if arg.isdecimal() else msg("plain", text=day),
                    "filing.learned",
                    arg,
                )
                for arg, day in learned_days(draft, event).items()
            )
        case "capacity":
            return tuple(as_whom(capacity) for capacity in Capacity)
        case "applicant":
            return tuple(as_whom(capacity) for capacity in Capacity if capacity is not draft.capacity)
        case "postal_address" if draft.address:
            where = whole_address(engine.knowledge.domain.territory, draft.place, draft.address)
            return (Button(msg("plain", text=where), "filing.told"),)
        case "settlement":
            here = settlement_told(engine, draft)
            told = (Button(msg("plain", text=here), "filing.told"),) if here else ()
            return (*told, Button(msg("button.no_settlement"), "filing.skip", name))
        case "actual_address":
            return (Button(msg("button.same_address"), "filing.same_address"),)
        case "harm" | "iin" | "bin" | "people":
            return (Button(msg(f"button.no_{name}"), "filing.skip", name),)
        case _:
            return ()


def as_whom(capacity: Capacity) -> Button:
    """The button by which the citizen says for whom the appeal is."""
    return Button(msg(f"capacity.{capacity.value}"), "filing.as", capacity.value)


def place(engine: Engine, form: Form, problem: Msg | None) -> Say:
    """The question where it is: from the region the story names on, and with places whose names it seems to misspell."""
    text, known = form.draft.text or "", form.draft.place
    near = engine.knowledge.domain.territory.near(text, NEAR_SHOWN, known)
    asked = places(engine, problem, region_told(engine, form.draft))
    if not near:
        return asked
    likely = tuple(place_named(engine, found.code, "filing.place") for found in near)
    paragraphs = (*asked.paragraphs, msg("form.near_place_told"))
    return replace(asked, paragraphs=paragraphs, buttons=(*likely, *asked.buttons))


def place_named(engine: Engine, code: str, action: str) -> Button:
    """A place by its whole name; nothing is taken before it is pressed."""
    return Button(msg("plain", text=engine.knowledge.domain.territory.label(code)), action, code)


def places(engine: Engine, problem: Msg | None, above: str | None = None, page: int = 0) -> Say:
    """One level of the tree of places, a page at a time: what lies below the code `above`, or the regions."""
    territory = engine.knowledge.domain.territory
    upper = territory.find(above) if above else None
    below = territory.children(above)
    start = page * PLACES_A_PAGE if page * PLACES_A_PAGE < len(below) else 0
    whole = (
        (Button(msg("button.whole", place=upper.name), "filing.place", upper.code),)
        if upper and not start
        else ()
    )
    more = (
        (Button(msg("button.more"), "filing.region", f"{above or ''}.{start // PLACES_A_PAGE + 1}"),)
        if start + PLACES_A_PAGE < len(below)
        else ()
    )
    up = _up(upper) if upper else ()
    return say(
        problem,
        msg("form.ask_place_below", place=upper.name) if upper else msg("form.ask_place"),
        buttons=(
            *whole,
            *(_place_button(engine, place) for place in below[start : start + PLACES_A_PAGE]),
            *more,
            *up,
            buttons.BACK,
            buttons.CANCEL,
        ),
        ask=Ask.PLACE,
        tone=Tone.STEP,
        replaces=problem is None,
    )


def region_told(engine: Engine, draft: Draft) -> str | None:
    """The region that the story names without anything nearer: its districts can be shown at once."""
    territory = engine.knowledge.domain.territory
    told = territory.find(draft.place or place_in(territory, draft.text or "") or "")
    return told.code if told and told.type == "region" else None


def settlement_told(engine: Engine, draft: Draft) -> Bilingual | None:
    """The settlement the matter is in: most people live where they write about."""
    territory = engine.knowledge.domain.territory
    place = territory.find(draft.place) if draft.place else None
    return territory.label(place.code) if place and place.type in SETTLEMENTS else None


def _up(place: Place) -> tuple[Button, ...]:
    regions = Button(msg("button.by_region"), "filing.regions")
    return (Button(msg("button.up"), "filing.region", place.parent), regions) if place.parent else (regions,)


def _place_button(engine: Engine, place: Place) -> Button:
    deeper = engine.knowledge.domain.territory.children(place.code)
    return Button(msg("plain", text=place.name), "filing.region" if deeper else "filing.place", place.code)


def preview(engine: Engine, form: Form, event: Event, *, abroad: bool) -> Say:
    """The appeal as it will be taken, with what might still be bettered; nothing of that stands in the way.

    `abroad`: what came by our own page is not shown where messages cross the border.
    """
    draft = form.draft
    advice = checks.advice(form, engine.knowledge.domain, day_of(event))
    fields = dict.fromkeys(hint.field for hint in advice)
    fixes = tuple(Button(msg(f"fix.{name}"), "filing.edit", name) for name in fields)
    file = () if draft.attachments or "files" in fields else (ADD_FILES,)
    return say(
        msg("preview.title"),
        _matter(engine, draft),
        msg("preview.text", text=draft.text or ""),
        grievance(draft) if guidance.kind_of(engine, draft) is Kind.COMPLAINT else None,
        guidance.considered_by(engine, draft),
        attached(draft),
        _hidden(draft) if form.given_on_page and abroad else applicant(draft, masked=True),
        _answered_by(engine, draft, event),
        *(hint.text for hint in advice),
        msg("preview.confirm"),
        buttons=(
            Button(msg("button.confirm"), "filing.confirm"),
            *fixes,
            *file,
            Button(msg("button.change"), "filing.change"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )


def _matter(engine: Engine, draft: Draft) -> Msg:
    domain = engine.knowledge.domain
    kind = guidance.kind_of(engine, draft)
    _, body = guidance.addressee(engine, draft)
    matter = msg(
        "preview.appeal",
        kind=KINDS[kind].name,
        reason=guidance.kind_reason(engine, draft),
        body=body,
        topic=domain.topics.get(draft.topic or "OTHER").name,
        place=whole_address(domain.territory, draft.place, draft.address) or "–",
    )
    return _lines(matter, msg("preview.began", since=since) if (since := since_told(draft)) else None)


def _lines(*lines: Msg | None) -> Msg:
    return msg("plain", text=tuple(line for line in lines if line is not None))


def grievance(draft: Draft) -> Msg:
    """What only a complaint holds."""
    complaint = draft.complaint
    grievance = msg(
        "preview.complaint",
        challenged=complaint.challenged or "–",
        learned=complaint.learned_on or "–",
        address=draft.actual_address or "–",
    )
    return _lines(
        grievance,
        msg("preview.harm", harm=complaint.harm) if complaint.harm else None,
        msg("preview.earlier", number=complaint.earlier) if complaint.earlier else None,
    )


def attached(draft: Draft) -> Msg | None:
    if not draft.attachments:
        return None
    names = ", ".join(attachment.name for attachment in draft.attachments)
    return nmsg("preview.files", len(draft.attachments), names=names)


def applicant(draft: Draft, *, masked: bool) -> Msg:
    """Who appeals, in which capacity; ИИН and phone in full only where the text is to be signed."""
    person = draft.applicant
    shown: dict[str, str | int | Msg | Bilingual] = {
        "name": person.full_name or "–",
        "organisation": person.organisation or "–",
        "iin": (mask_iin(person.iin) if masked else person.iin) if person.iin else msg("preview.no_number"),
        "bin": person.bin or msg("preview.no_number"),
        "phone": mask_phone(person.phone or "") if masked else person.phone or "–",
        "address": person.postal_address or "–",
        "signer": represented_by(draft) or "–",
        "people": draft.people or "–",
    }
    return msg(f"preview.applicant_{draft.capacity.value}", **shown)


def _hidden(draft: Draft) -> Msg:
    person = draft.applicant
    name = person.full_name or draft.representative.full_name or ""
    return msg(
        "preview.person_hidden",
        initials=" ".join(f"{part[0]}." for part in name.split()),
        iin=mask_iin(person.iin) if person.iin else msg("preview.no_number"),
        phone=mask_phone(person.phone or ""),
    )


def _answered_by(engine: Engine, draft: Draft, event: Event) -> Msg:
    calendar = engine.knowledge.calendar
    registered = deadlines.registration_date(event.at, calendar)
    due = deadlines.consideration(guidance.kind_of(engine, draft), registered, calendar)
    return msg(
        "preview.due",
        registered=registered,
        due=due.on,
        article=deadlines.citation(due.article),
    )
