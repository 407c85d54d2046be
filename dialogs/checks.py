"""What might be bettered before an appeal is sent. Advice only: nothing here stands in the citizen's way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from appeals.appeal import Draft
from appeals.deadlines import complaint_filing
from appeals.domain import Domain
from appeals.insults import insults_in
from appeals.kinds import Kind
from dialogs.messages import Msg, msg
from dialogs.model import Form
from text.addresses import find_crossing
from text.letters import fold
from text.words import words

ENCLOSING = frozenset({"region", "district"})
"""Types of places that hold settlements."""
ADVISED = "advised"
"""In `Form.skipped` once the hints were shown: they are given once."""
ON_THE_SPOT = frozenset({"UTIL", "CITY", "ROAD", "HOUSING"})
"""Groups of topics whose matters have a house or a street."""
HINTS_AT_ONCE = 2
SHORT_WORDS = 6
_AUTHORISED = re.compile(r"\bдоверенност|\bсенимхат")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said, and the form's field that it is about."""

    text: Msg
    field: str


def advice(form: Form, domain: Domain, today: date) -> tuple[Advice, ...]:
    """Warnings, which stay while their cause does, and at most two hints, which are given once."""
    hints = () if ADVISED in form.skipped else _hints(form.draft, domain)[:HINTS_AT_ONCE]
    return (*_warnings(form.draft, today), *hints)


def _warnings(draft: Draft, today: date) -> tuple[Advice, ...]:
    insulting = insults_in("\n".join(filter(None, (draft.text, draft.complaint.harm))))
    said = Advice(msg("check.insult", words=", ".join(f"«{word}»" for word in insulting)), "text")
    late = _late(draft, today)
    return (*((said,) if insulting else ()), *((late,) if late else ()))


def _late(draft: Draft, today: date) -> Advice | None:
    """A term that has passed is said, never held against the citizen (art. 92)."""
    learned = draft.complaint.learned_on
    if draft.kind is not Kind.COMPLAINT or learned is None:
        return None
    usual, longer = complaint_filing(learned).on, complaint_filing(learned, ways_named=False).on
    if today <= usual:
        return None
    return Advice(
        msg("check.term_longer" if today <= longer else "check.term_passed", usual=usual, longer=longer),
        "text",
    )


def _hints(draft: Draft, domain: Domain) -> tuple[Advice, ...]:
    """In the order of what helps most."""
    topic = domain.topics.find(draft.topic or "")
    local = topic is not None and topic.group in ON_THE_SPOT and draft.kind is not Kind.INQUIRY
    place = domain.territory.find(draft.place or "")
    wide = place is not None and place.type in ENCLOSING
    possible = (
        (local and wide, Advice(msg("check.no_settlement", place=place.name if place else ""), "place")),
        (local and not draft.address, Advice(msg("check.no_street"), "address")),
        (local and not _numbered(draft.address), Advice(msg("check.no_house"), "address")),
        (
            not _numbered(draft.applicant.postal_address),
            Advice(msg("check.no_postal_house"), "postal_address"),
        ),
        (_owes_authority(draft), Advice(msg("check.no_authority"), "files")),
        (
            draft.kind is Kind.COMPLAINT and not draft.attachments,
            Advice(msg("check.no_documents"), "files"),
        ),
        (len(words(draft.text or "")) < SHORT_WORDS, Advice(msg("check.short"), "text")),
    )
    by_field: dict[str, Advice] = {}
    for holds, hint in possible:
        if holds:
            by_field.setdefault(hint.field, hint)
    return tuple(by_field.values())


def _owes_authority(draft: Draft) -> bool:
    """Whether a power of attorney is spoken of that no file is named after: a photo may show a pit as well."""
    names = [fold(file.name) for file in draft.attachments]
    return _AUTHORISED.search(fold(draft.representative.authority or "")) is not None and not any(
        map(_AUTHORISED.search, names)
    )


def _numbered(address: str | None) -> bool:
    """A corner of two streets needs no number."""
    if not address:
        return False
    return any(letter.isdigit() for letter in address) or find_crossing(address) is not None
