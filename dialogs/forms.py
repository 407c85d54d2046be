"""The steps of a guided appeal as one table: when a step is needed, and what becomes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from appeals.appeal import REPRESENTED, Applicant, Capacity, Draft, Representative
from appeals.identifiers import check_bin, check_iin, normalise_phone
from appeals.kinds import Kind
from appeals.territory import Territory
from dialogs.messages import Msg, msg
from dialogs.model import Form
from dialogs.numbered_streets import as_on_signs
from dialogs.person import is_address, is_name, names_settlement, organisation_in, representative_in
from dialogs.replies import Ask
from dialogs.rules import Rules
from dialogs.told import began_in, lasts_in
from text.addresses import find_addresses
from text.answered_day import answered_day
from text.letters import fold
from text.moments import find_date, since
from text.words import words

NOTHING = frozenset({"нет", "жок", "no", "joq", "убрать", "керек", "емес"})
"""An answer of these words alone takes away what was read wrongly."""
LONGEST_DATE = 4
LONGEST_COUNT = 6
NUMBER_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that does not fit; the step is asked again with this said first."""

    text: Msg


@dataclass(frozen=True, slots=True)
class Step:
    """`take` reads a text answer; None where buttons or files answer, or a scenario reads the words itself.

    `personal`: asked only after consent. `optional`: the citizen may pass it by; it is then in `Form.skipped`.
    """

    name: str
    needed: Callable[[Form, Territory], bool]
    take: Callable[[Draft, str, date, Rules], Draft | Problem] | None
    ask: Ask = Ask.TEXT
    personal: bool = False
    optional: bool = False


def _text(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if len(words(answer)) < 2:
        return Problem(msg("form.text_short"))
    if len(answer) > rules.essence_limit:
        return Problem(msg("form.text_long", limit=rules.essence_limit))
    return replace(draft, text=answer)


def _challenged(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    mere_date = len(words(answer)) <= LONGEST_DATE and find_date(answer, today)
    if len(answer) < 3 or len(answer) > rules.field_limit or mere_date:
        return Problem(msg("form.challenged_wrong"))
    return replace(draft, complaint=replace(draft.complaint, challenged=answer))


def _learned_on(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    learned = _past_day(answer, today)
    if isinstance(learned, Problem):
        return learned
    return replace(draft, complaint=replace(draft.complaint, learned_on=learned))


def _began(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if _is_nothing(answer):
        return replace(draft, began=None, lasts=None)
    began, lasts = _past_day(answer, today), lasts_in(answer)
    if isinstance(began, Problem):
        return began
    return replace(draft, began=began_in(answer, today) if lasts else began, lasts=lasts)


def _past_day(answer: str, today: date) -> date | Problem:
    day = since(answer, today) or answered_day(answer, today)
    if day is None:
        return Problem(msg("form.date_wrong"))
    return Problem(msg("form.date_future")) if day > today else day


def _harm(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if len(words(answer)) < 2:
        return Problem(msg("form.text_short"))
    if len(answer) > rules.essence_limit:
        return Problem(msg("form.text_long", limit=rules.essence_limit))
    return replace(draft, complaint=replace(draft.complaint, harm=answer))


def _earlier(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if len(answer) > NUMBER_LIMIT:
        return Problem(msg("form.number_long"))
    earlier = None if _is_nothing(answer) else answer
    return replace(draft, complaint=replace(draft.complaint, earlier=earlier))


def _people(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    numbers = [int(word) for word in words(answer) if word.isdecimal() and len(word) <= LONGEST_COUNT]
    if len(numbers) != 1 or numbers[0] < 2:
        return Problem(msg("form.people_wrong"))
    return replace(draft, people=numbers[0])


def _full_name(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not is_name(answer) or len(answer) > rules.field_limit:
        return Problem(msg("form.name_wrong"))
    return _applicant(draft, full_name=" ".join(answer.split()))


def _organisation(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    name, number = organisation_in(answer)
    if name is None or len(name) > rules.field_limit:
        return Problem(msg("form.organisation_wrong"))
    return _applicant(draft, organisation=name, bin=number or draft.applicant.bin)


def _bin(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    check = check_bin(answer[:40])
    if not check.ok or check.value is None:
        return Problem(msg(f"form.bin_{check.problem}"))
    return _applicant(draft, bin=check.value)


def _representative(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if len(answer) > rules.field_limit:
        return Problem(msg("form.representative_wrong"))
    name, authority = representative_in(answer, draft.applicant.full_name or "")
    if name is None:
        return Problem(msg("form.representative_wrong"))
    return replace(draft, representative=Representative(name, authority or draft.representative.authority))


def _iin(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    check = check_iin(answer[:40], today)
    if not check.ok or check.value is None:
        return Problem(msg(f"form.iin_{check.problem}"))
    return _applicant(draft, iin=check.value)


def _phone(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    phone = normalise_phone(answer[:40])
    return _applicant(draft, phone=phone) if phone else Problem(msg("form.phone_wrong"))


def _address(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not any(c.isalnum() for c in answer) or len(answer) > rules.field_limit:
        return Problem(msg("form.address_wrong"))
    return replace(draft, address=None if _is_nothing(answer) else as_on_signs(answer, asked=True))


def _is_nothing(answer: str) -> bool:
    return set(words(fold(answer))) <= NOTHING


def _postal_address(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not is_address(answer) or len(answer) > rules.field_limit:
        return Problem(msg("form.address_wrong"))
    return _applicant(draft, postal_address=answer)


def _settlement(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    """The settlement goes before the address it was asked for; a whole address takes its place."""
    if not any(map(str.isalpha, answer)) or len(answer) > rules.field_limit:
        return Problem(msg("form.settlement_wrong"))
    return located(draft, answer)


def located(draft: Draft, settlement: str) -> Draft:
    """The draft whose postal address begins with a settlement, or is the whole address given instead of one."""
    address = draft.applicant.postal_address or ""
    kinds = {mention.kind for mention in find_addresses(as_on_signs(settlement, asked=True))}
    # «1 Мая» without a house may be a village.
    is_whole = "house" in kinds or find_addresses(settlement)
    whole = settlement if is_whole else f"{settlement}, {address}"
    lives_there = draft.actual_address == address
    return _applicant(replace(draft, actual_address=whole) if lives_there else draft, postal_address=whole)


def _actual_address(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not is_address(answer) or len(answer) > rules.field_limit:
        return Problem(msg("form.address_wrong"))
    return replace(draft, actual_address=answer)


def _applicant(draft: Draft, **fields: str | None) -> Draft:
    return replace(draft, applicant=replace(draft.applicant or Applicant(), **fields))


def _place_is_open(form: Form, territory: Territory) -> bool:
    """A region alone does not say which local body is competent, unless the citizen means all of it."""
    place = territory.find(form.draft.place) if form.draft.place else None
    if place is None:
        return True
    return place.type == "region" and bool(territory.children(place.code)) and "place" not in form.skipped


def _for_complaint(name: str) -> Callable[[Form, Territory], bool]:
    return lambda form, _: (
        form.draft.kind is Kind.COMPLAINT
        and not getattr(form.draft.complaint, name)
        and name not in form.skipped
    )


def _of_person(name: str) -> Callable[[Form, Territory], bool]:
    return lambda form, _: (
        form.draft.capacity is not Capacity.ORGANISATION
        and not getattr(form.draft.applicant, name)
        and name not in form.skipped
    )


def _of_entity(name: str) -> Callable[[Form, Territory], bool]:
    return lambda form, _: (
        form.draft.capacity is Capacity.ORGANISATION
        and not getattr(form.draft.applicant, name)
        and name not in form.skipped
    )


def _settlement_is_open(form: Form, territory: Territory) -> bool:
    """An address without a settlement is asked about once (art. 63: an appeal has a postal address)."""
    address = form.draft.applicant.postal_address
    return (
        address is not None and "settlement" not in form.skipped and not names_settlement(address, territory)
    )


def _never(form: Form, territory: Territory) -> bool:
    return False


SINGLY = 1
"""So many missing fields of the applicant are asked one by one; more are asked for in one message."""
APPLICANT_FIELDS = ("organisation", "bin", "full_name", "iin", "phone", "postal_address")


def lacking(form: Form, territory: Territory) -> tuple[str, ...]:
    """The applicant's fields still to be asked for, in order."""
    return tuple(name for name in APPLICANT_FIELDS if BY_NAME[name].needed(form, territory))


STEPS: tuple[Step, ...] = (
    Step("topic", lambda form, _: not form.draft.topic, None),
    Step("place", _place_is_open, None, Ask.PLACE),
    Step("address", _never, _address),
    Step("began", _never, _began),
    Step("text", lambda form, _: not form.draft.text, _text),
    Step("challenged", _for_complaint("challenged"), _challenged),
    Step("learned_on", _for_complaint("learned_on"), _learned_on),
    Step("harm", _for_complaint("harm"), _harm, Ask.FILES, optional=True),
    Step("earlier", _never, _earlier),
    Step("files", _never, None, Ask.FILES, optional=True),
    Step("capacity", _never, None, Ask.NOTHING),
    Step("consent", _never, None, Ask.NOTHING),
    Step(
        "applicant",
        lambda form, territory: "applicant" not in form.skipped and len(lacking(form, territory)) > SINGLY,
        None,
        personal=True,
    ),
    Step("organisation", _of_entity("organisation"), _organisation, personal=True),
    Step("bin", _of_entity("bin"), _bin, personal=True, optional=True),
    Step("full_name", _of_person("full_name"), _full_name, personal=True),
    Step("iin", _of_person("iin"), _iin, personal=True, optional=True),
    Step("phone", lambda form, _: not form.draft.applicant.phone, _phone, Ask.CONTACT, personal=True),
    Step(
        "postal_address",
        lambda form, _: not form.draft.applicant.postal_address,
        _postal_address,
        personal=True,
    ),
    Step("settlement", _settlement_is_open, _settlement, personal=True, optional=True),
    Step(
        "actual_address",
        lambda form, _: form.draft.kind is Kind.COMPLAINT and not form.draft.actual_address,
        _actual_address,
        personal=True,
    ),
    Step(
        "representative",
        lambda form, _: form.draft.capacity in REPRESENTED and not form.draft.representative.full_name,
        _representative,
        personal=True,
    ),
    Step(
        "people",
        lambda form, _: (
            form.draft.capacity is Capacity.GROUP and not form.draft.people and "people" not in form.skipped
        ),
        _people,
        Ask.FILES,
        optional=True,
    ),
)
"""In the order they are asked. What is never needed is only read from the story or changed on request.

Consent is asked by the scenario before the first personal step that is needed.
"""

BY_NAME: Mapping[str, Step] = MappingProxyType({step.name: step for step in STEPS})
FIGURES = frozenset({"began", "learned_on", "iin", "bin", "phone", "people"})
"""Steps that a number or a day answers."""
NAMES = frozenset({"full_name", "representative"})
"""Steps that a person's name answers."""
PERSONAL = frozenset(step.name for step in STEPS if step.personal)
_COMPLAINTS = frozenset({"challenged", "learned_on", "harm", "earlier", "actual_address"})
_ENTITYS = frozenset({"organisation", "bin"})
_PERSONS = frozenset({"full_name", "iin"})
_UNCHANGED = frozenset({"consent", "applicant", "settlement"})


def changeable(form: Form) -> tuple[str, ...]:
    """The fields that can be changed one by one, in the order they are asked."""
    draft = form.draft
    entity = draft.capacity is Capacity.ORGANISATION
    hidden = _UNCHANGED | (_PERSONS if entity else _ENTITYS)
    if draft.kind is not Kind.COMPLAINT:
        hidden |= _COMPLAINTS
    if draft.capacity not in REPRESENTED:
        hidden |= {"representative"}
    if draft.capacity is not Capacity.GROUP:
        hidden |= {"people"}
    return tuple(step.name for step in STEPS if step.name not in hidden)


def following(form: Form, territory: Territory, *, consented: bool) -> str:
    """The name of the next step that is needed; `preview` when nothing is missing."""
    for step in STEPS:
        if step.needed(form, territory):
            return "consent" if step.personal and not consented else step.name
    return "preview"
