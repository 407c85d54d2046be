"""Between our values and GeoReport v2: what is sent, what is found again, what an answer means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from appeals.lifecycle import Status
from integrations.dto import YEARS, AppealEvent, ExternalCase, Receipt, StatusReport
from integrations.open311.documents import Malformed, Row, is_true, text_of

DESCRIPTION_LIMIT = 4000
PAGE_LIMIT = 1000
"""As many requests a query gives at most."""
SPAN = timedelta(days=90)
"""As far as a query reaches at most."""
_SKEW = timedelta(days=1)
"""How far clocks and time zones of the other side may be off."""
_REASON_LIMIT = 200
_NUMBERS = re.compile(r"\d[\d \-()]{4,}\d")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One GeoReport server. `services`: topic -> service code there; other topics do not go.

    `reference_attribute`: code of an attribute that takes our reference, if the server has one. `personal_data`: name
    and contacts are passed on where the applicant has consented.
    """

    address: str
    api_key: str = field(repr=False)
    services: Mapping[str, str]
    jurisdiction: str = ""
    notation: str = "json"
    reference_attribute: str = ""
    personal_data: bool = False


class NothingToSend(ValueError):
    """The appeal lacks what a service request cannot do without."""


def request_form(event: AppealEvent, endpoint: Endpoint) -> dict[str, str]:
    """The fields of POST /requests. Raises NothingToSend without a place."""
    appeal, draft = event.appeal, event.appeal.draft
    form = {
        "api_key": endpoint.api_key,
        "jurisdiction_id": endpoint.jurisdiction,
        "service_code": endpoint.services[draft.topic or ""],
        "address_string": _address(event),
        "description": _description(event),
    }
    if endpoint.reference_attribute:
        form[f"attribute[{endpoint.reference_attribute}]"] = appeal.reference
    if endpoint.personal_data and appeal.consented:
        last, _, first = (draft.applicant.full_name or "").partition(" ")
        form |= {
            "last_name": last,
            "first_name": first,
            "phone": draft.applicant.phone or "",
            "email": draft.applicant.email or "",
        }
    return {name: value for name, value in form.items() if value}


def unfillable(definition: Row, endpoint: Endpoint) -> list[str]:
    """Codes of attributes the service asks for and nobody can fill in."""
    attributes = definition.get("attributes")
    rows = [row for row in attributes if isinstance(row, dict)] if isinstance(attributes, list) else []
    return [
        text_of(row, "code")
        for row in rows
        if is_true(row.get("required"))
        and is_true(row.get("variable"))
        and text_of(row, "code") != endpoint.reference_attribute
    ]


def read_receipt(rows: list[Row], *, blackbox: bool) -> Receipt:
    """The answer to POST /requests. Raises Malformed: without number and token nobody knows what became of it."""
    row = rows[0] if len(rows) == 1 else {}
    receipt = Receipt(text_of(row, "service_request_id") or None, text_of(row, "token") or None)
    if not blackbox and receipt == Receipt():
        raise Malformed("has neither service_request_id nor token")
    return receipt


def look_up_window(event: AppealEvent, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when an unclear request must have been made there; None when that is more than a query reaches."""
    first, last = event.at - _SKEW, now + _SKEW
    return (first, last) if last - first <= SPAN else None


def find_own(rows: Iterable[Row], reference: str) -> Receipt | None:
    """The request that begins with our reference, or carries it in an attribute."""
    for row in rows:
        number = text_of(row, "service_request_id")
        if number and text_of(row, "description").startswith(f"{reference}\n"):
            return Receipt(number)
    return None


def shows_enough(rows: list[Row]) -> bool:
    """Whether a request would have been seen in such a list, had it arrived: complete, and with descriptions."""
    return len(rows) < PAGE_LIMIT and all(text_of(row, "description") for row in rows)


def read_status(row: Row, case: ExternalCase, now: datetime) -> StatusReport:
    """How a request stands. The number there is the registration number; closed is answered with its notes.

    Raises Malformed.
    """
    number, state = text_of(row, "service_request_id"), text_of(row, "status").casefold()
    if number != case.external_id or state not in ("open", "closed"):
        raise Malformed("is not the request asked for, or has no status")
    updated = _moment(text_of(row, "updated_datetime"))
    closed = state == "closed"
    # The standard has no count of changes; its time has whole seconds, and the end comes last within one.
    sequence = 2 * int(updated.timestamp()) + closed if updated else 1 + closed
    return StatusReport(
        id=f"{number}:{sequence}",
        sequence=sequence,
        reference=case.reference,
        status=Status.ANSWERED if closed else Status.REGISTERED,
        at=min(updated or now, now),
        external_id=number,
        number=number[:64],
        answer=text_of(row, "status_notes")[:10_000] or None if closed else None,
    )


def refusal(rows: Iterable[Row], sent: Mapping[str, str]) -> str:
    """What an error says, without anything of what was sent: it is kept in the log of deliveries."""
    told = "; ".join(text_of(row, "description") for row in rows if text_of(row, "description"))
    for name, value in sent.items():
        if name not in ("service_code", "jurisdiction_id") and value in told:
            told = told.replace(value, "•")
    return _NUMBERS.sub("•", told)[:_REASON_LIMIT]


def _address(event: AppealEvent) -> str:
    """From the most specific to the most general, as the standard wants it."""
    appeal = event.appeal
    place = appeal.place.of(appeal.locale).split(", ")[::-1] if appeal.place else []
    parts = [part for part in ((appeal.draft.address or "").strip(), *place) if part]
    if not parts:
        raise NothingToSend("place")
    return ", ".join(parts)


def _description(event: AppealEvent) -> str:
    """Our reference in a line of its own, by which the request is found again; then the words of the citizen."""
    appeal = event.appeal
    head = f"{appeal.reference}\n"
    text = (appeal.draft.text or "").strip()
    room = DESCRIPTION_LIMIT - len(head)
    return head + (text if len(text) <= room else f"{text[: room - 1].rstrip()}…")


def _moment(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo and at.year in YEARS else None
