"""The steps of a guided appeal as one table: when a step is needed, and what becomes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from appeals.appeal import Applicant, Draft
from appeals.identifiers import check_iin, normalise_phone
from appeals.kinds import Kind
from dialogs.messages import Msg, msg
from dialogs.model import Form
from dialogs.replies import Ask
from dialogs.rules import Rules
from text.letters import fold
from text.moments import find_date, since
from text.words import words

ADDRESS_WORDS = (
    "кош",
    "ул",
    "дом",
    "село",
    "ауыл",
    "аул",
    "кент",
    "пос",
    "мкр",
    "микро",
    "ыкшам",
    "пр",
    "дангыл",
    "кв",
    "пат",
)


NO_ADDRESS = frozenset({"нет", "жок", "no", "joq", "убрать", "керек", "емес"})
"""An answer of these words alone takes a wrongly read address away."""
LONGEST_DATE = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that does not fit; the step is asked again with this said first."""

    text: Msg


@dataclass(frozen=True, slots=True)
class Step:
    """`needed` looks at the form only. `take` reads a text answer; None where only buttons or files answer."""

    name: str
    needed: Callable[[Form], bool]
    take: Callable[[Draft, str, date, Rules], Draft | Problem] | None
    ask: Ask = Ask.TEXT
    personal: bool = False


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
    learned = since(answer, today)
    if learned is None:
        return Problem(msg("form.date_wrong"))
    if learned > today:
        return Problem(msg("form.date_future"))
    return replace(draft, complaint=replace(draft.complaint, learned_on=learned))


def _full_name(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    parts = answer.split()
    letters = all(
        part.replace("-", "").replace("’", "").replace("'", "").replace(".", "").isalpha() for part in parts
    )
    if not 2 <= len(parts) <= 5 or not letters or len(answer) > rules.field_limit:
        return Problem(msg("form.name_wrong"))
    return _applicant(draft, full_name=" ".join(parts))


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
    return replace(draft, address=None if set(words(fold(answer))) <= NO_ADDRESS else answer)


def _is_address(answer: str, rules: Rules) -> bool:
    """Two words at least, with a number or the name of a street or a place's kind among them."""
    spoken = words(answer)
    named = any(fold(word).startswith(ADDRESS_WORDS) for word in spoken)
    return (
        len(spoken) >= 2 and len(answer) <= rules.field_limit and (named or any(c.isdigit() for c in answer))
    )


def _postal_address(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not _is_address(answer, rules):
        return Problem(msg("form.address_wrong"))
    return _applicant(draft, postal_address=answer)


def _actual_address(draft: Draft, answer: str, today: date, rules: Rules) -> Draft | Problem:
    if not _is_address(answer, rules):
        return Problem(msg("form.address_wrong"))
    return replace(draft, actual_address=answer)


def _applicant(draft: Draft, **fields: str) -> Draft:
    return replace(draft, applicant=replace(draft.applicant or Applicant(), **fields))


def _lacks(field: str) -> Callable[[Form], bool]:
    return lambda form: not getattr(form.draft.applicant, field)


STEPS: tuple[Step, ...] = (
    Step("topic", lambda form: not form.draft.topic, None),
    Step("place", lambda form: not form.draft.place, None, Ask.PLACE),
    Step("address", lambda _: False, _address),
    Step("text", lambda form: not form.draft.text, _text),
    Step(
        "challenged",
        lambda form: form.draft.kind is Kind.COMPLAINT and not form.draft.complaint.challenged,
        _challenged,
    ),
    Step(
        "learned_on",
        lambda form: form.draft.kind is Kind.COMPLAINT and not form.draft.complaint.learned_on,
        _learned_on,
    ),
    Step("files", lambda form: "files" not in form.skipped and not form.draft.attachments, None, Ask.FILES),
    Step("consent", lambda _: False, None, Ask.NOTHING),
    Step("full_name", _lacks("full_name"), _full_name, personal=True),
    Step("iin", _lacks("iin"), _iin, personal=True),
    Step("phone", _lacks("phone"), _phone, Ask.CONTACT, personal=True),
    Step("postal_address", _lacks("postal_address"), _postal_address, personal=True),
    Step(
        "actual_address",
        lambda form: form.draft.kind is Kind.COMPLAINT and not form.draft.actual_address,
        _actual_address,
        personal=True,
    ),
)
"""In the order they are asked. The address of the matter is only read from the story or changed on request.

Consent is asked by the scenario before the first personal step that is needed.
"""

BY_NAME: Mapping[str, Step] = MappingProxyType({step.name: step for step in STEPS})
CHANGEABLE = (
    "topic",
    "place",
    "address",
    "text",
    "challenged",
    "learned_on",
    "files",
    "full_name",
    "iin",
    "phone",
    "postal_address",
    "actual_address",
)


def following(form: Form, consented: bool) -> str:
    """The name of the next step that is needed; `preview` when nothing is missing."""
    for step in STEPS:
        if step.needed(form):
            return "consent" if step.personal and not consented else step.name
    return "preview"
