"""Which appeals somebody wants to see, in what order, and from where on: the registry's questions as values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from appeals.identifiers import find_phones
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.reference import Reference
from bot.app.records import AppealRecord
from text.bilingual import Locale

A_QUARTER = 92
NO_DUE = date.max
"""Sorts appeals without a due date behind all others."""
_TWELVE_DIGITS = re.compile(r"(?<!\d)\d{6}[ -]?\d{6}(?!\d)")


class Order(StrEnum):
    """DUE: the most urgent first, those without a term last. RECEIVED: the newest first."""

    DUE = "due"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None is without end."""

    first: date | None = None
    last: date | None = None

    def few(self) -> bool:
        """Whether they are no more than a quarter."""
        return self.first is not None and self.last is not None and (self.last - self.first).days <= A_QUARTER

    def overlap(self, other: Days) -> Days:
        """The days of both."""
        firsts = [first for first in (self.first, other.first) if first]
        lasts = [last for last in (self.last, other.last) if last]
        return Days(max(firsts, default=None), min(lasts, default=None))


EVER = Days()


@dataclass(frozen=True, slots=True)
class Changes:
    """Steps that somebody else than `reader`, an account's id, took from `since` on."""

    since: datetime
    reader: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What the appeals have in common; a part that is not given does not narrow.

    words: each has to occur in any form and letters. identities: see `identities_in`. statuses: one of these.
    topics: codes, one of these. places: the first and the last КАТО code of an area.
    executor_id: whose it is; unassigned: nobody's. received and due: days in Kazakhstan.
    """

    words: str = ""
    identities: tuple[str, ...] = ()
    statuses: frozenset[Status] | None = None
    is_open: bool | None = None
    kind: Kind | None = None
    topics: frozenset[str] | None = None
    places: tuple[str, str] | None = None
    body_id: str | None = None
    locale: Locale | None = None
    channel: str | None = None
    executor_id: str | None = None
    unassigned: bool = False
    received: Days = EVER
    due: Days = EVER
    changed: Changes | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an order that stays where it is while appeals come and go."""

    key: date | datetime
    ordinal: int

    def __str__(self) -> str:
        return f"{self.key.isoformat()}~{self.ordinal}"

    @staticmethod
    def parse(text: str, order: Order) -> Position:
        """The inverse of `str`. ValueError for anything else."""
        key, _, ordinal = text.partition("~")
        if order is Order.DUE:
            return Position(date.fromisoformat(key), int(ordinal))
        moment = datetime.fromisoformat(key)
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return Position(moment, int(ordinal))

    @staticmethod
    def of(appeal: AppealRecord, order: Order) -> Position:
        """Where an appeal stands."""
        ordinal = Reference.parse(appeal.reference).ordinal
        return Position((appeal.due or NO_DUE) if order is Order.DUE else appeal.created_at, ordinal)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of an order; `before` and `after` lead to its neighbours, None at the ends. number: how many appeals are
    in the whole order, if they were counted."""

    appeals: Sequence[AppealRecord]
    before: Position | None
    after: Position | None
    number: int | None = None


def identities_in(words: str) -> tuple[tuple[str, ...], str]:
    """The numbers of persons and telephones a search names, each with its kind, and the words that are left.

    Such numbers are compared whole, by their keyed digest only.
    """
    found: list[str] = []
    for start, end, number in reversed(list(find_phones(words))):
        found.append(f"phone:{number}")
        words = f"{words[:start]} {words[end:]}"
    for match in reversed(list(_TWELVE_DIGITS.finditer(words))):
        found.append(f"iin:{re.sub(r'[ -]', '', match.group())}")
        words = f"{words[: match.start()]} {words[match.end() :]}"
    return tuple(found), words.strip()


def identities_of(appeal: AppealRecord) -> tuple[str, ...]:
    """The numbers an appeal's applicant is found by."""
    applicant = appeal.draft.applicant
    pairs = (("iin", applicant.iin), ("iin", applicant.bin), ("phone", applicant.phone))
    return tuple(f"{kind}:{value}" for kind, value in pairs if value)
