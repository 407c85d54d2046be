"""Truth is a type: whatever a citizen is told carries what it rests on and whether a person reviewed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from text.bilingual import Bilingual


class Basis(str, Enum):
    """What a statement rests on: a named act, an official page, or general knowledge."""

    LAW = "law"
    OFFICIAL = "official"
    GENERAL = "general"


class Review(str, Enum):
    """Whether a named person has checked the statement."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Basis, review state and the day by which a person must look again.

    `article` is language-neutral ("76 (1–2)"). ValueError when something is called reviewed without a
    reviewer, names a reviewer while still a draft, or rests on a law without naming the act.
    """

    basis: Basis
    status: Review
    review_by: date
    reviewed_by: str | None = None
    act: Bilingual | None = None
    article: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        reviewer = (self.reviewed_by or "").strip()
        if self.status is Review.REVIEWED and not reviewer:
            raise ValueError("reviewed content names its reviewer")
        if self.status is Review.DRAFT and reviewer:
            raise ValueError("a draft has no reviewer")
        if self.basis is Basis.LAW and self.act is None:
            raise ValueError("a legal basis names its act")
