"""Everything the content of this package says, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from appeals.bodies import Bodies
from appeals.calendar import MovedDays
from appeals.territory import Territory
from appeals.topics import Topics


@dataclass(frozen=True, slots=True)
class Domain:
    """Topics, competent bodies, places, moved working days."""

    topics: Topics
    bodies: Bodies
    territory: Territory
    moved_days: MovedDays
