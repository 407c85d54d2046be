"""What passes between the product and other systems, whatever the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from appeals.appeal import Draft
from appeals.lifecycle import Status
from text.bilingual import Bilingual, Locale

CREATED = "appeal.created"
"""The event of an appeal's filing; the others are `appeal.` and the status it came to."""
YEARS = range(2000, 2101)
"""What another system dates otherwise is a mistake, and terms counted from the ends of the calendar run over them."""


@dataclass(frozen=True, slots=True)
class AppealSnapshot:
    """An appeal as it stands. `version` grows with every change; a receiver drops a lower one than it has seen.

    `place`: whole name of the place, without the address.
    `consented`: the applicant agreed that their personal data are handled and passed on.
    """

    reference: str
    version: int
    status: Status
    body: str
    locale: Locale
    synthetic: bool
    consented: bool
    created_at: datetime
    updated_at: datetime
    draft: Draft
    topic: Bilingual | None = None
    place: Bilingual | None = None
    number: str | None = None
    registered_on: date | None = None
    due: date | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class AppealEvent:
    """Something that happened to an appeal, with the appeal as it stands when the event is sent."""

    name: str
    at: datetime
    appeal: AppealSnapshot


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other system has it. `external_id`: its own number. `token`: stands for a number it gives later."""

    external_id: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class ExternalCase:
    """An appeal in another system, to be followed there."""

    reference: str
    external_id: str | None
    token: str | None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """An appeal's state as another system reports it: always the whole state, so that a later report replaces all before.

    `id` is the message's, the same when it is repeated. `sequence` grows with each report on this appeal. `at`: when it
    came to that state. `note`: words for the citizen.
    """

    id: str
    sequence: int
    reference: str
    status: Status
    at: datetime
    external_id: str | None = None
    number: str | None = None
    registered_on: date | None = None
    due: date | None = None
    body: str | None = None
    answer: str | None = None
    note: str = ""
