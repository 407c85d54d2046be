"""An appeal while it is written: what is known of it, what the law still asks for, and its stored form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar

from appeals.kinds import Kind
from text.bilingual import Bilingual, Locale

FORMAT_VERSION = 2

T = TypeVar("T")


class Capacity(str, Enum):
    """For whom the appeal is filed: oneself, another person (art. 68), a group, a legal entity."""

    SELF = "self"
    ANOTHER = "another"
    GROUP = "group"
    ORGANISATION = "organisation"


REPRESENTED = frozenset({Capacity.ANOTHER, Capacity.ORGANISATION})
"""Capacities in which somebody else than the applicant signs."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose appeal it is: a person as in the identity document (of a group the first one), or a legal entity.

    `phone`, `iin` and `bin` as `identifiers` gives them; `organisation` and `bin` only for a legal entity.
    """

    full_name: str | None = None
    iin: str | None = None
    phone: str | None = None
    postal_address: str | None = None
    email: str | None = None
    organisation: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class Representative:
    """Who files for another person or for a legal entity; `authority`: relation, office or power of attorney."""

    full_name: str | None = None
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept elsewhere under `id`; `size` in bytes, `sha256` in hexadecimal."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What only a complaint holds: whose act or inaction is challenged, since when it is known, and why.

    harm: what it led to. earlier: number of the appeal or act it is about.
    """

    challenged: str | None = None
    learned_on: date | None = None
    circumstances: str | None = None
    evidence: str | None = None
    harm: str | None = None
    earlier: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is known of an appeal not yet filed; every part may still be unknown.

    topic: code of the taxonomy. body_id: id of the addressee. place: КАТО code. address: of the matter,
    free text. text: in the citizen's own words. actual_address: where the complainant lives. began: the day
    since which the matter lasts, where that is known to the day; lasts: for how long, in the citizen's own words. people:
    how many a group's appeal is from.
    """

    kind: Kind | None = None
    topic: str | None = None
    body_id: str | None = None
    place: str | None = None
    address: str | None = None
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    applicant: Applicant = field(default_factory=Applicant)
    complaint: Complaint = field(default_factory=Complaint)
    actual_address: str | None = None
    began: date | None = None
    lasts: str | None = None
    capacity: Capacity = Capacity.SELF
    representative: Representative = field(default_factory=Representative)
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A part the law asks for. `field` is its path in `Draft`; `article` of the Code, language-neutral."""

    field: str
    article: str


PART_NAMES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "applicant.full_name": Bilingual("тегі, аты, әкесінің аты", "фамилия, имя, отчество"),
        "applicant.iin": Bilingual("ЖСН", "ИИН"),
        "applicant.postal_address": Bilingual("пошталық мекенжай", "почтовый адрес"),
        "body_id": Bilingual("жолданым жіберілетін орган", "орган, которому адресовано обращение"),
        "text": Bilingual("жолданымның мәні", "суть обращения"),
        "actual_address": Bilingual("нақты тұратын мекенжай", "адрес фактического проживания"),
        "complaint.challenged": Bilingual("кімге шағым берілгені", "на кого жалоба"),
        "complaint.circumstances": Bilingual("мән-жайлар", "обстоятельства"),
        "complaint.evidence": Bilingual("дәлелдер", "доказательства"),
        "signature": Bilingual("қолтаңба (ЭЦҚ)", "подпись (ЭЦП)"),
    }
)
"""What a citizen is told that their appeal lacks, by its path in `Draft`; the signature comes with filing."""


def asked_for(lacking: Iterable[str], words: str, locale: Locale) -> str:
    """What a citizen is asked to add: the parts the law demands, then the official's own words."""
    parts = ", ".join(PART_NAMES[path].of(locale) for path in lacking if path in PART_NAMES)
    return f"{parts}. {words}" if parts and words else parts or words


def missing(draft: Draft) -> tuple[Missing, ...]:
    """What art. 63 (2), and for a complaint art. 93 (2), still asks for, in the order of the Code.

    ИИН and БИН are asked for only "if any", telephone and e-mail not at all. Date and signature come with filing.
    """
    applicant = draft.applicant
    entity = draft.capacity is Capacity.ORGANISATION
    needed: list[tuple[str, str, object]] = [
        ("kind", "4", draft.kind),
        ("applicant.organisation", "63 (2)", applicant.organisation)
        if entity
        else ("applicant.full_name", "63 (2)", applicant.full_name),
        ("applicant.postal_address", "63 (2)", applicant.postal_address),
        ("body_id", "63 (2)", draft.body_id),
        ("text", "63 (2)", draft.text),
    ]
    if draft.capacity in REPRESENTED:
        needed.append(("representative", "63 (2)" if entity else "68", draft.representative.full_name))
    if draft.kind is Kind.COMPLAINT:
        needed += [
            ("actual_address", "93 (2)", draft.actual_address),
            ("complaint.challenged", "93 (2)", draft.complaint.challenged),
            ("complaint.circumstances", "93 (2)", draft.complaint.circumstances),
            ("complaint.evidence", "93 (2)", draft.complaint.evidence or draft.attachments),
        ]
    return tuple(Missing(name, article) for name, article, value in needed if _is_empty(value))


def to_json(draft: Draft) -> dict[str, Any]:
    """The draft as a JSON object (strings, numbers, lists, objects and null), with the version in "v"."""
    return {
        "v": FORMAT_VERSION,
        "kind": draft.kind.value if draft.kind else None,
        "topic": draft.topic,
        "body_id": draft.body_id,
        "place": draft.place,
        "address": draft.address,
        "text": draft.text,
        "attachments": attachments_to_json(draft.attachments),
        "applicant": _plain_fields(draft.applicant),
        "complaint": _plain_fields(draft.complaint),
        "actual_address": draft.actual_address,
        "began": draft.began.isoformat() if draft.began else None,
        "lasts": draft.lasts,
        "capacity": draft.capacity.value,
        "representative": _plain_fields(draft.representative),
        "people": draft.people,
    }


def from_json(data: Mapping[str, Any]) -> Draft:
    """The draft stored by `to_json`, of this or another version.

    Unknown keys are ignored, values of a wrong type read as unknown: a citizen must not lose a draft to an
    update. ValueError when `data` is no object at all.
    """
    if not isinstance(data, Mapping):
        raise ValueError("a stored draft is a JSON object")  # noqa: TRY004 - a fault in data, not in the program
    applicant, complaint = _mapping(data.get("applicant")), _mapping(data.get("complaint"))
    representative = _mapping(data.get("representative"))
    return Draft(
        kind=_read(data.get("kind"), Kind),
        topic=_string(data.get("topic")),
        body_id=_string(data.get("body_id")),
        place=_string(data.get("place")),
        address=_string(data.get("address")),
        text=_string(data.get("text")),
        attachments=attachments_from_json(data.get("attachments")),
        applicant=Applicant(**{part.name: _string(applicant.get(part.name)) for part in fields(Applicant)}),
        complaint=Complaint(
            challenged=_string(complaint.get("challenged")),
            learned_on=_read(complaint.get("learned_on"), date.fromisoformat),
            circumstances=_string(complaint.get("circumstances")),
            evidence=_string(complaint.get("evidence")),
            harm=_string(complaint.get("harm")),
            earlier=_string(complaint.get("earlier")),
        ),
        actual_address=_string(data.get("actual_address")),
        began=_read(data.get("began"), date.fromisoformat),
        lasts=_string(data.get("lasts")),
        capacity=_read(data.get("capacity"), Capacity) or Capacity.SELF,
        representative=Representative(
            _string(representative.get("full_name")), _string(representative.get("authority"))
        ),
        people=_whole(data.get("people")),
    )


def attachments_to_json(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Files as a JSON array."""
    return [_plain_fields(attachment) for attachment in attachments]


def attachments_from_json(rows: object) -> tuple[Attachment, ...]:
    """Inverse of `attachments_to_json`; what is no file is left out."""
    if not isinstance(rows, Sequence):
        return ()
    return tuple(attachment for row in rows if (attachment := _attachment(_mapping(row))))


def _is_empty(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else not value


def _plain_fields(part: Applicant | Attachment | Complaint | Representative) -> dict[str, str | int | None]:
    values = {item.name: getattr(part, item.name) for item in fields(part)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _attachment(row: Mapping[str, Any]) -> Attachment | None:
    texts = {name: _string(row.get(name)) for name in ("id", "name", "media_type", "sha256")}
    size = _whole(row.get("size"))
    if any(value is None for value in texts.values()) or size is None:
        return None
    return Attachment(
        id=texts["id"] or "",
        name=texts["name"] or "",
        media_type=texts["media_type"] or "",
        size=size,
        sha256=texts["sha256"] or "",
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read(value: object, parse: Callable[[str], T]) -> T | None:
    if not isinstance(value, str):
        return None
    try:
        return parse(value)
    except ValueError:
        return None
